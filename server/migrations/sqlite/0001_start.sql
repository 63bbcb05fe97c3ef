-- Ids are positive integers below 2^53; times are milliseconds since the epoch, UTC.

CREATE TABLE users (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT    NOT NULL,
    name_key     TEXT    NOT NULL UNIQUE,           -- case, width and look folded
    display_name TEXT    NOT NULL,
    role         INTEGER NOT NULL DEFAULT 0,        -- 0 member, 1 moderator, 2 admin, 3 owner
    password     TEXT    NOT NULL,                  -- argon2id, PHC string
    created_at   INTEGER NOT NULL,
    banned_at    INTEGER
) STRICT;

CREATE TABLE sign_ins (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id      INTEGER NOT NULL REFERENCES users (id),
    device       TEXT    NOT NULL,
    label        TEXT    NOT NULL,
    address      TEXT    NOT NULL,
    refresh_hash BLOB    NOT NULL,                  -- SHA-256 of the refresh token that is good now
    created_at   INTEGER NOT NULL,
    seen_at      INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    revoked_at   INTEGER
) STRICT;
CREATE INDEX sign_ins_of_user ON sign_ins (user_id) WHERE revoked_at IS NULL;

CREATE TABLE rooms (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       INTEGER NOT NULL,                    -- 0 public, 1 private, 2 direct
    name       TEXT    NOT NULL,
    name_key   TEXT    NOT NULL,
    topic      TEXT    NOT NULL DEFAULT '',
    direct_key TEXT UNIQUE,                         -- the sorted user ids of a direct room
    created_by INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    last_seq   INTEGER NOT NULL DEFAULT 0,
    deleted_at INTEGER
) STRICT;
-- Only public names are unique: an error about a private one would tell that it exists.
CREATE UNIQUE INDEX rooms_public_name ON rooms (name_key) WHERE kind = 0 AND deleted_at IS NULL;

CREATE TABLE members (
    room_id   INTEGER NOT NULL REFERENCES rooms (id),
    user_id   INTEGER NOT NULL REFERENCES users (id),
    joined_at INTEGER NOT NULL,
    read_seq  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (room_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_of_user ON members (user_id, room_id);

-- The log of every room: one row an entry, seq from 1, no holes.
CREATE TABLE entries (
    room_id   INTEGER NOT NULL REFERENCES rooms (id),
    seq       INTEGER NOT NULL CHECK (seq > 0),
    kind      INTEGER NOT NULL,                     -- 0 message 1 edit 2 delete 3 reaction 4 join 5 leave 6 topic
    author    INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    id        BLOB,                                 -- the sender's UUID; none for joins, leaves, topics
    target    INTEGER,                              -- of edit, delete, reaction; reply_to of a message; user of join, leave
    text      TEXT,                                 -- as first said; none once deleted
    emoji     TEXT,
    flag      INTEGER,                              -- on of a reaction
    now_text  TEXT,                                 -- of a message: the newest edit
    edited_at INTEGER,
    deleted   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (room_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX entries_messages ON entries (room_id, seq, author, deleted) WHERE kind = 0;
CREATE INDEX entries_edits ON entries (room_id, target) WHERE kind = 1;

-- What every id of every author was acked with, for ever. A reaction that changed nothing has no entry of its own.
CREATE TABLE commands (
    author  INTEGER NOT NULL,
    id      BLOB    NOT NULL CHECK (length(id) = 16),
    room_id INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    PRIMARY KEY (author, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE reactions (
    room_id INTEGER NOT NULL,
    target  INTEGER NOT NULL,
    emoji   TEXT    NOT NULL,
    user_id INTEGER NOT NULL,
    given   INTEGER NOT NULL,                       -- 1 given, 0 taken back
    seq     INTEGER NOT NULL,                       -- the entry that made it so
    since   INTEGER NOT NULL,                       -- the entry that brought this emoji under this message
    PRIMARY KEY (room_id, target, emoji, user_id)
) STRICT, WITHOUT ROWID;

-- Who is named where; user 0 is everybody here.
CREATE TABLE mentions (
    user_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    author  INTEGER NOT NULL,
    PRIMARY KEY (user_id, room_id, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX mentions_of_message ON mentions (room_id, seq);

CREATE TABLE invites (
    code       TEXT    PRIMARY KEY,
    created_by INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    uses       INTEGER NOT NULL,                    -- still left
    rooms      TEXT    NOT NULL                     -- JSON array of ids
) STRICT, WITHOUT ROWID;
