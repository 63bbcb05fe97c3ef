// A room with thousands of members. Thousands of accounts made over the API would be minutes of password hashes, so they are written into
// the store of a server that stands still; `hubbub verify` looks after the test whether it is as the server would have written it.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Server } from './server';

/** Somebody of the crowd: a handle of small letters that look like no others, so that it is its own key; and what is shown. */
export interface Extra {
  name: string;
  shown: string;
}

// They have the owner's password, so that any of them can sign in.
const SCRIPT = `
import json, sqlite3, sys
people = json.load(sys.stdin)
db = sqlite3.connect(sys.argv[1])
with db:
    password, made = db.execute("SELECT password, created_at FROM users ORDER BY id LIMIT 1").fetchone()
    seq, said = db.execute("SELECT COALESCE(MAX(seq), 0), COALESCE(MAX(said), 0) FROM entries WHERE room_id = 1").fetchone()
    for seq, one in enumerate(people, seq + 1):
        user = db.execute("INSERT INTO users (name, name_key, display_name, password, created_at) VALUES (?, ?, ?, ?, ?)",
            (one["name"], one["name"], one["shown"], password, made)).lastrowid
        db.execute("INSERT INTO members (room_id, user_id, joined_at) VALUES (1, ?, ?)", (user, made))
        db.execute("INSERT INTO entries (room_id, seq, kind, author, at, target, said) VALUES (1, ?, 4, ?, ?, ?, ?)",
            (seq, user, made, user, said))
    db.execute("UPDATE rooms SET last_seq = ? WHERE id = 1", (seq,))
db.close()
`;

/** Makes these people members of the first room. The server is stopped for it, and runs again. */
export async function crowd(server: Server, people: Extra[]): Promise<void> {
  await server.stop();
  const run = promisify(execFile)('python3', ['-c', SCRIPT, join(server.data, 'hubbub.db')]);
  run.child.stdin?.end(JSON.stringify(people));
  await run;
  await server.restart();
}

const TALK = `
import sqlite3, sys
count = int(sys.argv[2])
db = sqlite3.connect(sys.argv[1])
with db:
    base, said, at = db.execute("SELECT MAX(seq), MAX(said), MAX(at) FROM entries WHERE room_id = 1").fetchone()
    users = [user for (user,) in db.execute("SELECT user_id FROM members WHERE room_id = 1 ORDER BY user_id")]
    words = "what somebody says in a room is mostly about this long, and now and then it is as long as all of these words together"
    def entries():
        for n in range(1, count + 1):
            text = f"{n}. {words[:20 + n * 13 % 90]}"
            ident = bytes.fromhex("%012x7%03x8%015x" % (at + n, n % 4096, n))
            yield 1, base + n, 0, users[n % len(users)], at + n * 1000 // 50, ident, text, said + n
    db.executemany("INSERT INTO entries (room_id, seq, kind, author, at, id, text, said) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", entries())
    db.execute("INSERT INTO commands SELECT id, author, room_id, seq, at, kind FROM entries WHERE room_id = 1 AND seq > ? ORDER BY id, author", (base,))
    db.execute("UPDATE rooms SET last_seq = ? WHERE id = 1", (base + count,))
    db.execute("UPDATE members SET read_seq = ? WHERE room_id = 1", (base + count,))
    db.execute("""UPDATE members SET own_after = 0, own_last = own.last FROM (SELECT author, MAX(seq) AS last FROM entries
        WHERE room_id = 1 AND kind = 0 GROUP BY author) AS own WHERE room_id = 1 AND user_id = own.author""")
db.close()
`;

/** Puts so many messages of its members into the first room, all read. The server is stopped for it, and runs again. */
export async function talk(server: Server, count: number): Promise<void> {
  await server.stop();
  await promisify(execFile)('python3', ['-c', TALK, join(server.data, 'hubbub.db'), String(count)]);
  await server.restart();
}
