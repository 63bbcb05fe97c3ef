-- Threads: replies to one message, in the same log. A reply that stands in its thread alone is not one of the room's own: `said`, `own_after` and the
-- mentions of the room leave it out.

ALTER TABLE entries ADD COLUMN thread  INTEGER;                      -- of a message: the first message of the thread that it stands in
ALTER TABLE entries ADD COLUMN nth     INTEGER;                      -- which reply of its thread it is, from 1; deleted ones are counted
ALTER TABLE entries ADD COLUMN in_room INTEGER NOT NULL DEFAULT 1;   -- 0: it stands in its thread alone
CREATE INDEX entries_thread ON entries (room_id, thread, seq, author, deleted) WHERE thread IS NOT NULL;
CREATE INDEX entries_replies ON entries (room_id, seq) WHERE thread IS NOT NULL;
DROP INDEX entries_deleted;
CREATE INDEX entries_deleted ON entries (room_id, seq, author, kind, deleted, in_room) WHERE kind = 0 AND deleted = 1;

ALTER TABLE mentions ADD COLUMN thread  INTEGER;                     -- as of its message
ALTER TABLE mentions ADD COLUMN in_room INTEGER NOT NULL DEFAULT 1;

-- What the first message of a thread says of its replies.
CREATE TABLE threads (
    room_id  INTEGER NOT NULL,
    root     INTEGER NOT NULL,
    n        INTEGER NOT NULL,                      -- replies, deleted ones counted
    last_seq INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    by1      INTEGER NOT NULL,                      -- who wrote last, and before them
    by2      INTEGER,
    by3      INTEGER,
    PRIMARY KEY (room_id, root)
) STRICT, WITHOUT ROWID;

-- Who follows which thread, and how far they have read it. A row stays when somebody follows it no more: they are not made to again by a reply that
-- does not name them.
CREATE TABLE follows (
    user_id   INTEGER NOT NULL,
    room_id   INTEGER NOT NULL,
    root      INTEGER NOT NULL,
    following INTEGER NOT NULL,
    read_seq  INTEGER NOT NULL,
    gen       INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, room_id, root)
) STRICT, WITHOUT ROWID;
CREATE INDEX follows_of_thread ON follows (room_id, root);
