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
