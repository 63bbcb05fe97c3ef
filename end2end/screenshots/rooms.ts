// Draws docs/screenshots: a small radio station on an ordinary morning.

import { resolve } from 'node:path';

import type { BrowserContextOptions, Page } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';
import { NOBODY_LISTENS } from '../support/watch';

const folder = resolve(__dirname, '../../docs/screenshots');

const wide: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, colorScheme: 'light', reducedMotion: 'reduce' };
const phone: BrowserContextOptions = {
  ...wide,
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
};

test.use({ settings: { HUBBUB_NAME: 'Lantern Street', HUBBUB_SEND_PER_S: '0' } });

async function draw(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: resolve(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
}

interface Station {
  ada: Person;
  wren: Person;
  xiaoyu: Person;
  transmitter: number;
}

async function joins(room: number, ...people: Person[]): Promise<void> {
  for (const person of people) {
    await person.api('POST', `/rooms/${room}/members`, {});
  }
}

type Visits = (name: string, options?: BrowserContextOptions) => Promise<Person>;

/** People, rooms, and what was said this morning. */
async function station(ada: Person, guest: Visits): Promise<Station> {
  const xiaoyu = await guest('林晓雨', wide);
  const wren = await guest('Wren Fairchild', wide);
  const ming = await guest('周明');
  const ngozi = await guest('Ngozi Adeyemi');
  const tomas = await guest('Tomás Oliveira');
  const others = [await guest('陈思远'), await guest('Juno Castellanos'), await guest('Olu Bankole')];

  const transmitter = await ada.makeRoom('transmitter');
  await ada.api('PATCH', `/rooms/${transmitter}`, { topic: 'The mast, the feed line and the backup stream' });
  const rooms = [transmitter];
  for (const name of ['schedule', 'music-desk', 'newcomers', '中文频道', 'workshop-and-spare-parts-exchange']) {
    rooms.push(await ada.makeRoom(name));
  }
  await ada.makeRoom('board', 'private');
  for (const room of rooms) {
    await joins(room, xiaoyu, wren, ming, ngozi, tomas, ...others);
  }
  const [, schedule = 1, music = 1, , chinese = 1] = rooms;

  const inspection = await tomas.post(
    transmitter,
    'Mast inspection is done. Two guy wires retensioned, the feed line is dry, nothing loose at the top.',
  );
  await xiaoyu.post(transmitter, '早。昨晚备份推流掉了三次，每次大概四秒。日志里都是同一行：`broken pipe, reconnect in 4.0s`');
  await xiaoyu.post(transmitter, '我怀疑是路由器的空闲超时，中午换一台试试。');
  const keepalive = await ada.post(
    transmitter,
    'Likely. I set a keepalive on both encoders, please try this before you swap hardware:\n```sh\n# both encoders: keepalive, then give up after 15 s\nffmpeg -re -i "$STUDIO" -c:a libopus -b:a 96k \\\n  -tcp_keepalive 1 -timeout 15000000 \\\n  "icecast://relay@mast:8000/backup.ogg"\n```',
  );
  await ming.post(transmitter, '加了 keepalive 以后很稳，跑了一个小时一次都没断，频谱也干净多了。谢谢！', { reply_to: keepalive });
  await ngozi.post(transmitter, 'For the binder: the new feed point is taken from the ladder, see https://lantern.example/binder/feed-point');
  await wren.post(transmitter, '@Ada-Marlow can you be at the desk at 17:30? The schedule has nobody for the hand-over.');
  await wren.post(transmitter, '@林晓雨 offered to stay until six if your train is late.');
  await ada.post(transmitter, "I'll be there at 17:15 and bring the spare fuses.");
  for (const [person, of, emoji] of [
    [wren, inspection, '👍'],
    [xiaoyu, inspection, '👍'],
    [ngozi, inspection, '🎉'],
  ] as const) {
    await react(person, transmitter, of, emoji);
  }
  for (const text of ['Who takes the late shift?', 'Ask Juno, she wanted to learn the desk.', 'Juno says yes.']) {
    await wren.post(music, text);
  }
  await tomas.post(schedule, '@Ada-Marlow Friday is yours if you want it.');
  await ming.post(chinese, '大家好，今晚八点有粤语节目。');
  const direct = await xiaoyu.api<{ room: { id: number } }>('POST', '/direct', { users: [1] });
  await xiaoyu.post(direct.room.id, '保险丝在左边的柜子里。');
  await xiaoyu.post(direct.room.id, '钥匙我放在你桌上了。');
  await ada.api('POST', '/direct', { users: [await id(tomas)] });
  return { ada, wren, xiaoyu, transmitter };
}

async function id(person: Person): Promise<number> {
  return (await person.api<{ user: { id: number } }>('GET', '/users/me')).user.id;
}

/** By the page: there is no call for it. The page stays, and sees the server go in the end. */
async function react(person: Person, room: number, of: number, emoji: string): Promise<void> {
  person.watch.expect(NOBODY_LISTENS);
  await person.enter(`/rooms/${room}?at=${of}`);
  await person.page.keyboard.press('+');
  await person.page.getByRole('dialog', { name: 'React' }).getByRole('button', { name: emoji }).click();
  await expect(person.page.getByRole('button', { name: new RegExp(`^${emoji}, .*you too`) })).toBeVisible();
}

/** Leaves the line "New" where somebody who was away finds it. */
async function opens(person: Person, room: number): Promise<void> {
  await person.enter(`/rooms/${room}`);
  await expect(person.message("I'll be there at 17:15")).toBeVisible();
}

test('sign-in and first run', async ({ visitor }) => {
  for (const [name, colorScheme] of [['first', 'light'], ['first-dark', 'dark']] as const) {
    const { page } = await visitor({ ...wide, colorScheme });
    await page.goto('/');
    await draw(page, name);
  }
});

test('the station', async ({ owner, guest, visitor, server }) => {
  const ada = await owner('Ada Marlow', wide);
  const { wren, xiaoyu, transmitter } = await station(ada, (name, options) => guest(ada, name, options));
  ada.watch.expect(NOBODY_LISTENS);

  const stranger = await visitor(wide);
  await stranger.page.goto('/sign-in');
  await draw(stranger.page, 'sign-in');

  await wren.enter(`/rooms/${transmitter}`);
  await xiaoyu.enter(`/rooms/${transmitter}`);
  await opens(ada, transmitter);
  await xiaoyu.field.pressSequentially('正在');
  await expect(ada.page.getByText('林晓雨 is writing…')).toBeVisible();
  await draw(ada.page, 'room-light');
  await ada.page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await xiaoyu.field.pressSequentially('写');
  await draw(ada.page, 'room-dark');

  for (const colorScheme of ['light', 'dark'] as const) {
    const hand = await visitor({ ...phone, colorScheme });
    await hand.form('/sign-in', { name: 'Ada Marlow', password: 'a sentence is the best password' });
    hand.watch.expect(NOBODY_LISTENS);
    if (colorScheme === 'light') {
      await hand.enter('/');
      await draw(hand.page, 'phone-rooms');
    }
    await opens(hand, transmitter);
    await draw(hand.page, `phone-${colorScheme}`);
  }

  const chinese = await visitor({ ...wide, locale: 'zh-CN' });
  await chinese.form('/sign-in', { name: '林晓雨', password: 'a sentence is the best password' });
  chinese.watch.expect(NOBODY_LISTENS);
  await opens(chinese, transmitter);
  await draw(chinese.page, 'chinese');

  await ada.page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await server.kill();
  await expect(ada.banner('Connection lost.')).toBeVisible();
  await ada.say('And the key for the cabinet?');
  await expect(ada.banner('Connection lost.').getByRole('timer')).toHaveText(/in \d+ s/, { timeout: 30_000 });
  await draw(ada.page, 'connection-lost');
  await server.restart();
});
