-- Settings of rooms. Every change of one is an entry of its own (entries.kind 8: target tells the setting, 0 name 1 read_only 2 archived; text or
-- flag its value); the row has what they come to.
ALTER TABLE rooms ADD COLUMN read_only INTEGER NOT NULL DEFAULT 0; -- 1: its creator and admins write in it
ALTER TABLE rooms ADD COLUMN archived  INTEGER NOT NULL DEFAULT 0; -- 1: nothing is said in it any more

-- A room that was deleted, and can be brought back for a while: nobody sees it, and everything of it is there. Then it is deleted_at, and empty.
ALTER TABLE rooms ADD COLUMN hidden_at INTEGER;
ALTER TABLE rooms ADD COLUMN hidden_by INTEGER;
DROP INDEX rooms_public_name;
CREATE UNIQUE INDEX rooms_public_name ON rooms (name_key) WHERE kind = 0 AND deleted_at IS NULL AND hidden_at IS NULL;
CREATE INDEX rooms_hidden ON rooms (hidden_at) WHERE hidden_at IS NOT NULL;

-- Links by which somebody chooses a new password: one a person, good once.
CREATE TABLE resets (
    user_id    INTEGER PRIMARY KEY REFERENCES users (id),
    hash       BLOB    NOT NULL UNIQUE,             -- SHA-256 of the code
    created_by INTEGER NOT NULL REFERENCES users (id),
    expires_at INTEGER NOT NULL
) STRICT;
