#!/usr/bin/env -S node --experimental-websocket
// What a stranger costs the others: how long members' sends wait for their ack while four connections of one address do something dear.
// It needs a server of its own, with an empty data folder and HUBBUB_TRUSTED_PROXIES=127.0.0.1/32, so that the stranger has another
// address than the members: tools/cost.mjs http://127.0.0.1:3000 [SECONDS]
import { Agent, request } from 'node:http';
import { randomUUID } from 'node:crypto';

const [url = 'http://127.0.0.1:3000', seconds = '20'] = process.argv.slice(2);
const PASSWORD = 'a sentence is the best password';
const STRANGER = { 'x-forwarded-for': '198.51.100.1' };
const MEMBERS = 8;
const SENDS_PER_S = 5;

const call = async (method, path, body, token) => {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};

const owner = await call('POST', '/accounts', { name: 'owner', password: PASSWORD });
const { invite } = await call('POST', '/invites', { uses: MEMBERS }, owner.access_token);
const members = [];
for (let n = 0; n < MEMBERS; n++) {
  members.push(await call('POST', '/accounts', { name: `member-${n}`, password: PASSWORD, invite: invite.code }));
}

let waits = [];
for (const { access_token: token } of members) {
  const sent = new Map();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`);
  await new Promise((resolve) => {
    socket.onopen = () => socket.send(JSON.stringify({ t: 'hello', v: 1, device: randomUUID(), client: 'cost', token }));
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      if (frame.t === 'welcome') resolve();
      if (frame.t === 'ack') waits.push(performance.now() - sent.get(frame.id));
    };
  });
  setTimeout(() => setInterval(() => {
    const id = randomUUID();
    sent.set(id, performance.now());
    socket.send(JSON.stringify({ t: 'send', id, room: 1, text: 'how long does this take?' }));
  }, 1000 / SENDS_PER_S), Math.random() * 200);
  setInterval(() => socket.send(JSON.stringify({ t: 'ping', n: 1 })), 10_000);
}

const HUGE = '\ufdfa'.repeat(80_000);
const json = (body) => ({ type: 'application/json', text: JSON.stringify(body) });
const form = (fields) => ({ type: 'application/x-www-form-urlencoded', text: new URLSearchParams(fields).toString() });
const attacks = {
  'nobody': null,
  'a sign-in with a name of 240 KB': ['/api/v1/sessions', () => json({ name: HUGE, password: PASSWORD })],
  'the form with a name of 2 MB': ['/sign-in', () => form({ name: HUGE, password: PASSWORD })],
  'an invite that does not exist': ['/join/nonsense', () => form({ name: randomUUID(), password: PASSWORD })],
  'wrong passwords': ['/api/v1/sessions', () => json({ name: randomUUID(), password: PASSWORD })],
};

const agent = new Agent({ keepAlive: true, maxSockets: 4 });
const once = (path, { type, text }) => new Promise((done) => {
  const asked = request(url + path, { agent, method: 'POST', headers: { ...STRANGER, 'content-type': type, 'content-length': Buffer.byteLength(text) } }, (answer) => {
    answer.on('data', () => {}).on('end', () => done(answer.statusCode)).on('error', () => done('broken'));
  });
  asked.on('error', () => done('broken'));
  asked.end(text);
});

for (const [name, attack] of Object.entries(attacks)) {
  const fixed = attack && name.includes('B') ? attack[1]() : null;
  const until = performance.now() + 1000 * Number(seconds);
  const statuses = {};
  waits = [];
  const wait = new Promise((resolve) => setTimeout(resolve, 1000 * Number(seconds)));
  const strangers = attack ? Array.from({ length: 4 }, async () => {
    while (performance.now() < until) {
      const status = await once(attack[0], fixed ?? attack[1]());
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  }) : [];
  await Promise.all([wait, ...strangers]);
  waits.sort((one, other) => one - other);
  const at = (part) => waits[Math.min(waits.length - 1, Math.floor(waits.length * part))].toFixed(1);
  console.log(`${name}: ${waits.length} acks, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms; answers ${JSON.stringify(statuses)}`);
}
process.exit(0);
