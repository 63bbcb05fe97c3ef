#!/usr/bin/env -S node --experimental-websocket
// What one address, or one member, costs the others: how long their sends wait for an ack, and how much memory the server takes, while
// somebody does the worst that they can, and 10 s later. Each attack gets a server of its own, with the default settings and an empty
// folder: tools/cost.mjs [BINARY] [SECONDS] [WORDS]; with WORDS only attacks of that name. The stranger calls from 127.0.0.2.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [binary = 'target/release/hubbub', seconds = '15', only = ''] = process.argv.slice(2);
const PASSWORD = 'a sentence is the best password';
const HUGE = '\ufdfa'.repeat(80_000);
const LONGEST = '🦀'.repeat(7_990);
const STRANGER = '127.0.0.2';
const MEMBERS = 8;
const SENDS_PER_S = 5;
const RESTS_MS = 10_000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts a server, with an owner and members in its first room who say something now and then. */
const open = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hubbub-cost-'));
  const server = spawn(binary, ['--addr', '127.0.0.1:0', '--data-dir', folder], { stdio: ['ignore', 'pipe', 'ignore'] });
  const url = await new Promise((resolve, reject) => {
    let said = '';
    server.on('exit', () => reject(new Error('the server ended')));
    server.stdout.on('data', (text) => {
      said += text;
      const found = /listening on (http:\S+)/.exec(said);
      if (found) resolve(found[1]);
    });
  });
  const house = { url, server, folder, timers: [], waits: [], closing: [] };
  const owner = await call(house, 'POST', '/accounts', { name: 'owner', password: PASSWORD });
  const { invite } = await call(house, 'POST', '/invites', { uses: MEMBERS }, owner.access_token);
  house.members = [];
  for (let n = 0; n < MEMBERS; n++) {
    house.members.push(await call(house, 'POST', '/accounts', { name: `member-${n}`, password: PASSWORD, invite: invite.code }));
  }
  house.attacker = owner;
  for (const { access_token: token } of house.members) {
    const sent = new Map();
    const socket = await hello(house, token, (frame) => {
      if (frame.t === 'ack') house.waits.push(performance.now() - sent.get(frame.id));
    });
    house.timers.push(setTimeout(() => house.timers.push(setInterval(() => {
      const id = randomUUID();
      sent.set(id, performance.now());
      socket.send(JSON.stringify({ t: 'send', id, room: 1, text: 'how long does this take?' }));
    }, 1000 / SENDS_PER_S)), Math.random() * 200));
    house.timers.push(setInterval(() => socket.send(JSON.stringify({ t: 'ping', n: 1 })), 10_000));
  }
  return house;
};

const close = async ({ server, folder, timers }) => {
  for (const timer of timers) clearInterval(timer);
  server.removeAllListeners('exit');
  const ended = new Promise((resolve) => server.on('exit', resolve));
  server.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true });
};

/** The process's memory in MB. */
const memory = ({ server }) => (Number(readFileSync(`/proc/${server.pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 1e6;

const call = async ({ url }, method, path, body, token) => {
  for (;;) {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    if (answer.ok) return answer.status === 204 ? null : answer.json();
    const why = await answer.text();
    if (answer.status !== 429) throw new Error(`${method} ${path}: ${answer.status} ${why}`);
    await pause(200);
  }
};

const hello = ({ url }, token, heard = () => {}) => new Promise((resolve) => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`);
  socket.onopen = () => socket.send(JSON.stringify({ t: 'hello', v: 1, device: randomUUID(), client: 'cost', token }));
  socket.onmessage = ({ data }) => {
    const frame = JSON.parse(data);
    if (frame.t === 'welcome') resolve(socket);
    heard(frame);
  };
});

/** Asks from the stranger's address over so many connections until the time is over; counts the statuses. */
const asks = (connections, path, body) => async (house, ms, count) => {
  const until = performance.now() + ms;
  const agent = new Agent({ keepAlive: true, maxSockets: connections, localAddress: STRANGER });
  const once = ({ type, text }) => new Promise((done) => {
    const headers = { 'content-type': type, 'content-length': Buffer.byteLength(text) };
    const asked = request(house.url + path, { agent, method: 'POST', headers, localAddress: STRANGER }, (answer) => {
      answer.on('data', () => {}).on('end', () => done(answer.statusCode)).on('error', () => done('broken'));
    });
    asked.on('error', () => done('broken'));
    asked.end(text);
  });
  await Promise.all(Array.from({ length: connections }, async () => {
    while (performance.now() < until) count(await once(body()));
  }));
  agent.destroy();
};

/** Says frames as one member over four connections, as fast as the contract lets a connection speak. */
const says = (frame) => async (house, ms, count) => {
  const sockets = await Promise.all(Array.from({ length: 4 }, () => hello(house, house.attacker.access_token, ({ t, code }) => {
    if (t === 'ack' || t === 'nack' || t === 'error') count(code ?? t);
  })));
  const until = performance.now() + ms;
  while (performance.now() < until) {
    for (const socket of sockets) for (let n = 0; n < 5; n++) socket.send(JSON.stringify(frame()));
    await pause(55);
  }
  for (const socket of sockets) socket.close();
};

/** Opens connections, says something on each and reads nothing, until the time is over. */
const holds = (connections, words, from = STRANGER) => async (house, ms, count) => {
  const { hostname, port } = new URL(house.url);
  const said = await words(house);
  const sockets = Array.from({ length: connections }, () => {
    const socket = connect({ host: hostname, port, localAddress: from });
    socket.on('error', () => count('reset')).on('close', () => count('closed'));
    socket.once('connect', () => socket.write(said)).pause();
    return socket;
  });
  await pause(ms);
  for (const socket of sockets) socket.removeAllListeners('close').removeAllListeners('error').on('error', () => {}).destroy();
};

const fixed = (type, text) => () => ({ type, text });
const json = (body) => ['application/json', JSON.stringify(body)];
const form = (fields) => ['application/x-www-form-urlencoded', new URLSearchParams(fields).toString()];
const send = (text) => () => ({ t: 'send', id: randomUUID(), room: 1, text });

/** The first room full of the longest texts, and what a request of its owner begins with. */
const full = (path) => async (house) => {
  const token = house.attacker.access_token;
  for (let n = 0; n < 100; n++) await call(house, 'POST', '/rooms/1/messages', { id: randomUUID(), text: LONGEST }, token);
  const signed = await fetch(`${house.url}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'owner', password: PASSWORD, device: '0123456789abcdef' }),
  });
  const cookies = signed.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
  house.waits.length = 0;
  return `GET ${path} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${token}\r\nCookie: ${cookies}\r\n\r\n`;
};

/** Everybody makes the rooms that they may make in a day, and fills them with the longest texts. */
const busy = async (house, ms, count) => {
  const voices = await Promise.all([house.attacker, ...house.members].map(async ({ access_token: token }, who) => {
    const rooms = [];
    for (let n = 0; n < 100; n++) {
      const { room } = await call(house, 'POST', '/rooms', { kind: 'public', name: `room ${who} ${n}` }, token);
      rooms.push(room.id);
    }
    return { rooms, socket: await hello(house, token, ({ t, code }) => { if (t === 'nack') count(code); if (t === 'ack') count(t); }) };
  }));
  // 64 MiB are 2,000 of these.
  for (let n = 0; n < 400; n++) {
    for (const { rooms, socket } of voices) {
      socket.send(JSON.stringify({ t: 'send', id: randomUUID(), room: rooms[n % rooms.length], text: LONGEST }));
    }
    await pause(110);
  }
  for (const { socket } of voices) socket.close();
};

const HEAD = `POST /api/v1/sessions HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n\r\n`;
const attacks = {
  'nobody does anything': (_, ms) => pause(ms),
  'an address: sign-ins with a name of 240 KB, four connections': asks(4, '/api/v1/sessions', fixed(...json({ name: HUGE, password: PASSWORD }))),
  'an address: the sign-in form with a name of 2 MB, four connections': asks(4, '/sign-in', fixed(...form({ name: HUGE, password: PASSWORD }))),
  'an address: an invite that does not exist, four connections': asks(4, '/join/nonsense', () => fixed(...form({ name: randomUUID(), password: PASSWORD }))()),
  'an address: the same, 80 connections': asks(80, '/join/nonsense', () => fixed(...form({ name: randomUUID(), password: PASSWORD }))()),
  'an address: wrong passwords, four connections': asks(4, '/api/v1/sessions', () => fixed(...json({ name: randomUUID(), password: PASSWORD }))()),
  'a member: messages of `@` and 50 Thai letters, 150 times, four connections': says(send(`@${'ก'.repeat(50)} `.repeat(150))),
  'a member: messages of `@a`, four connections': says(send('@a '.repeat(2_600))),
  'a member: messages of marks, four connections': says(send('a\u0301\u0335\u0321\u030d'.repeat(1_590))),
  'a member: messages of addresses, four connections': says(send('https://a.example/路?x=1 '.repeat(330))),
  'a member: read positions, four connections': says(() => ({ t: 'read', room: 1 + Math.floor(Math.random() * 500), seq: Math.floor(Math.random() * 500) })),
  'an address: 800 bodies of 200 KB that never end': holds(800, () => HEAD + ' '.repeat(199_999)),
  'an address: 600 heads of 400 KB that never end': holds(600, () => `GET / HTTP/1.1\r\nHost: h\r\n${`X-Y: ${'x'.repeat(990)}\r\n`.repeat(400)}`),
  'a member: 300 requests for a page of 100 of the longest messages, none read': holds(300, full('/api/v1/rooms/1/messages?limit=100')),
  'a member: 300 requests for that room drawn, none read': holds(300, full('/rooms/1')),
  'nine members: 900 rooms full of the longest messages': busy,
};

console.log('| who does what | acks | p50 ms | p99 ms | most ms | idle MB | above idle MB | 10 s later | answers |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
for (const [name, attack] of Object.entries(attacks).filter(([name]) => name.includes(only))) {
  const house = await open();
  await pause(4_000);
  const idle = memory(house);
  let most = idle;
  const sampler = setInterval(() => { most = Math.max(most, memory(house)); }, 50);
  const answers = {};
  house.waits.length = 0;
  await attack(house, 1000 * Number(seconds), (what) => { answers[what] = (answers[what] ?? 0) + 1; });
  const waits = house.waits.splice(0).sort((one, other) => one - other);
  clearInterval(sampler);
  await pause(RESTS_MS);
  const after = memory(house);
  const at = (part) => waits[Math.min(waits.length - 1, Math.floor(waits.length * part))].toFixed(1);
  const mb = (number) => number.toFixed(0);
  console.log(`| ${name} | ${waits.length} | ${at(0.5)} | ${at(0.99)} | ${at(1)} | ${mb(idle)} | ${mb(most - idle)} | ${mb(after - idle)} | ${JSON.stringify(answers)} |`);
  await close(house);
}
process.exit(0);
