-- The schema of the store in PostgreSQL. Columns are those of SQLite's, but where a comment says why not. Times are milliseconds since the
-- epoch; ids and places are positive. Flags are 0 or 1, as in SQLite, so that both databases are checked by the same statements.
--
-- Names and keys sort by their bytes (COLLATE "C"), whatever the database's own order is.

CREATE TABLE users (
    id           BIGINT   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         TEXT     NOT NULL,
    name_key     TEXT     COLLATE "C" NOT NULL UNIQUE,  -- case, width and look folded
    -- What a text says after `@`. SQLite's store has it in memory; here other nodes make accounts as well.
    handle_key   TEXT     COLLATE "C" NOT NULL,
    display_name TEXT     NOT NULL,
    role         SMALLINT NOT NULL DEFAULT 0,           -- 0 member, 1 moderator, 2 admin, 3 owner
    password     TEXT     NOT NULL,                     -- argon2id, PHC string
    created_at   BIGINT   NOT NULL,
    banned_at    BIGINT,
    tz           TEXT
);
CREATE INDEX users_by_handle ON users (handle_key, id);

CREATE TABLE name_looks (
    look    TEXT     COLLATE "C" NOT NULL,
    user_id BIGINT   NOT NULL REFERENCES users (id),
    shown   SMALLINT NOT NULL,                          -- 1 of the display name, 0 of the name
    PRIMARY KEY (look, user_id, shown)
);
CREATE INDEX name_looks_of_user ON name_looks (user_id, shown);

CREATE TABLE sign_ins (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id      BIGINT NOT NULL REFERENCES users (id),
    device       TEXT   NOT NULL,
    label        TEXT   NOT NULL,
    address      TEXT   NOT NULL,
    refresh_hash BYTEA  NOT NULL,                       -- SHA-256 of the refresh token that is good now
    spent_hash   BYTEA  NOT NULL DEFAULT '',            -- of the one that it replaced
    spent_at     BIGINT NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL,
    seen_at      BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    revoked_at   BIGINT
);
CREATE INDEX sign_ins_of_user ON sign_ins (user_id, id) WHERE revoked_at IS NULL;
CREATE INDEX sign_ins_by_device ON sign_ins (user_id, device);

CREATE TABLE invites (
    code       TEXT     COLLATE "C" PRIMARY KEY,
    created_by BIGINT   NOT NULL REFERENCES users (id),
    created_at BIGINT   NOT NULL,
    expires_at BIGINT   NOT NULL,
    uses       BIGINT   NOT NULL,                       -- still left
    rooms      BIGINT[] NOT NULL
);
CREATE INDEX invites_by_age ON invites (created_at, code);

CREATE TABLE resets (
    user_id    BIGINT PRIMARY KEY REFERENCES users (id),
    hash       BYTEA  NOT NULL UNIQUE,                  -- SHA-256 of the code
    created_by BIGINT NOT NULL REFERENCES users (id),
    expires_at BIGINT NOT NULL
);

CREATE TABLE rooms (
    id         BIGINT   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       SMALLINT NOT NULL,                       -- 0 public, 1 private, 2 direct
    name       TEXT     NOT NULL,
    name_key   TEXT     COLLATE "C" NOT NULL,
    name_look  TEXT     COLLATE "C" NOT NULL,
    topic      TEXT     NOT NULL,
    direct_key TEXT     COLLATE "C" UNIQUE,             -- the sorted user ids of a direct room, a list of JSON
    created_by BIGINT   NOT NULL REFERENCES users (id),
    created_at BIGINT   NOT NULL,
    read_only  SMALLINT NOT NULL DEFAULT 0,
    archived   SMALLINT NOT NULL DEFAULT 0,
    hidden_at  BIGINT,
    hidden_by  BIGINT,
    deleted_at BIGINT
);
CREATE UNIQUE INDEX rooms_public_name ON rooms (name_key) WHERE kind = 0 AND deleted_at IS NULL AND hidden_at IS NULL;
CREATE INDEX rooms_public_look ON rooms (name_look) WHERE kind = 0 AND deleted_at IS NULL;
CREATE INDEX rooms_hidden ON rooms (hidden_at) WHERE hidden_at IS NOT NULL;

-- Where a room's log ends. Apart from the room, since it changes with every entry: rows are narrow, and half of each page is left free, so
-- that a change stays on its page and needs no index entry. Every write of a room takes the lock of its row first.
CREATE TABLE heads (
    room_id  BIGINT PRIMARY KEY,
    last_seq BIGINT NOT NULL DEFAULT 0,
    said     BIGINT NOT NULL DEFAULT 0,                 -- the room's own messages in the log
    last_at  BIGINT NOT NULL DEFAULT 0                  -- times in a log do not run backwards, whichever node's clock is late
) WITH (fillfactor = 40);

CREATE TABLE members (
    room_id   BIGINT   NOT NULL,
    user_id   BIGINT   NOT NULL,
    joined_at BIGINT   NOT NULL,
    read_seq  BIGINT   NOT NULL DEFAULT 0,
    own_after BIGINT   NOT NULL DEFAULT 0,
    own_last  BIGINT   NOT NULL DEFAULT 0,
    gen       BIGINT   NOT NULL DEFAULT 0,
    notify    SMALLINT NOT NULL DEFAULT 0,
    muted     SMALLINT NOT NULL DEFAULT 0,
    favourite SMALLINT NOT NULL DEFAULT 0,
    place     DOUBLE PRECISION,
    PRIMARY KEY (room_id, user_id)
) WITH (fillfactor = 70);
CREATE INDEX members_of_user ON members (user_id, room_id);

CREATE TABLE entries (
    room_id   BIGINT   NOT NULL,
    seq       BIGINT   NOT NULL CHECK (seq > 0),
    kind      SMALLINT NOT NULL,
    author    BIGINT   NOT NULL,
    at        BIGINT   NOT NULL,
    id        UUID,                                     -- the sender's; none for joins, leaves, topics, settings
    target    BIGINT,                                   -- of edit, delete, reaction; reply_to of a message; user of join, leave
    text      TEXT,                                     -- as first said; none once deleted
    emoji     TEXT     COLLATE "C",
    flag      SMALLINT,                                 -- on of a reaction, a pin, a setting
    now_text  TEXT,                                     -- of a message: the newest edit
    edited_at BIGINT,
    deleted   SMALLINT NOT NULL DEFAULT 0,
    said      BIGINT   NOT NULL,
    sum       BIGINT,
    thread    BIGINT,
    nth       BIGINT,
    in_room   SMALLINT NOT NULL DEFAULT 1,
    PRIMARY KEY (room_id, seq)
);
CREATE INDEX entries_edits ON entries (room_id, target) WHERE kind = 1;
CREATE INDEX entries_thread ON entries (room_id, thread, seq) WHERE thread IS NOT NULL;
CREATE INDEX entries_deleted ON entries (room_id, seq) WHERE kind = 0 AND deleted = 1;

CREATE TABLE commands (
    id      UUID     NOT NULL,
    author  BIGINT   NOT NULL,
    room_id BIGINT   NOT NULL,
    seq     BIGINT   NOT NULL,
    at      BIGINT   NOT NULL,
    kind    SMALLINT NOT NULL,
    PRIMARY KEY (id, author)
);

CREATE TABLE reactions (
    room_id BIGINT   NOT NULL,
    target  BIGINT   NOT NULL,
    emoji   TEXT     COLLATE "C" NOT NULL,
    user_id BIGINT   NOT NULL,
    given   SMALLINT NOT NULL,                          -- 1 given, 0 taken back
    seq     BIGINT   NOT NULL,                          -- the entry that made it so
    since   BIGINT   NOT NULL,                          -- the entry that brought this emoji under this message
    PRIMARY KEY (room_id, target, emoji, user_id)
);

CREATE TABLE pins (
    room_id BIGINT   NOT NULL,
    target  BIGINT   NOT NULL,
    pinned  SMALLINT NOT NULL,                          -- 1 pinned, 0 unpinned
    seq     BIGINT   NOT NULL,                          -- the entry that made it so
    PRIMARY KEY (room_id, target)
);
CREATE INDEX pins_now ON pins (room_id, seq) WHERE pinned = 1;

CREATE TABLE mentions (
    user_id BIGINT   NOT NULL,                          -- 0 for everybody
    room_id BIGINT   NOT NULL,
    seq     BIGINT   NOT NULL,
    author  BIGINT   NOT NULL,
    thread  BIGINT,
    in_room SMALLINT NOT NULL DEFAULT 1,
    -- When the message was sent: what is for somebody over all rooms is one way down an index here.
    at      BIGINT   NOT NULL,
    PRIMARY KEY (user_id, room_id, seq)
);
CREATE INDEX mentions_of_message ON mentions (room_id, seq);
CREATE INDEX mentions_by_time ON mentions (user_id, at, room_id, seq);

CREATE TABLE saved (
    user_id BIGINT NOT NULL,
    room_id BIGINT NOT NULL,
    seq     BIGINT NOT NULL,
    at      BIGINT NOT NULL,                            -- when it was saved
    n       BIGINT NOT NULL,                            -- which of the user's it is, in the order in which they saved them
    PRIMARY KEY (user_id, room_id, seq)
);
CREATE UNIQUE INDEX saved_in_order ON saved (user_id, n);
CREATE INDEX saved_of_room ON saved (room_id);

CREATE TABLE threads (
    room_id  BIGINT NOT NULL,
    root     BIGINT NOT NULL,
    n        BIGINT NOT NULL,                           -- replies, deleted ones counted
    last_seq BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    by1      BIGINT NOT NULL,                           -- who wrote last, and before them
    by2      BIGINT,
    by3      BIGINT,
    PRIMARY KEY (room_id, root)
) WITH (fillfactor = 70);

CREATE TABLE follows (
    user_id   BIGINT   NOT NULL,
    room_id   BIGINT   NOT NULL,
    root      BIGINT   NOT NULL,
    following SMALLINT NOT NULL,
    read_seq  BIGINT   NOT NULL,
    gen       BIGINT   NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, room_id, root)
) WITH (fillfactor = 70);
CREATE INDEX follows_of_thread ON follows (room_id, root);
