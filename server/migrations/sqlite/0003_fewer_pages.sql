-- A message used to write to four pages of its room's and its author's own: the log, two indexes of ordinals, and the ids. Now it writes to one: the
-- log itself tells how many messages there are up to each entry, a member's row how many of their own are unread, and ids, which begin with their
-- time when they are of version 7, stand side by side with those of everybody else.

ALTER TABLE members ADD COLUMN own_after INTEGER NOT NULL DEFAULT 0; -- the member's own messages after read_seq
ALTER TABLE members ADD COLUMN own_last  INTEGER NOT NULL DEFAULT 0; -- the last of them; 0 or before read_seq if there is none
UPDATE members SET
  own_after = (SELECT COUNT(*) FROM entries e INDEXED BY entries_by_author
    WHERE e.room_id = members.room_id AND e.kind = 0 AND e.author = members.user_id AND e.seq > members.read_seq),
  own_last = COALESCE((SELECT MAX(e.seq) FROM entries e INDEXED BY entries_by_author
    WHERE e.room_id = members.room_id AND e.kind = 0 AND e.author = members.user_id), 0);
DROP INDEX entries_by_author;
DROP INDEX entries_messages;
ALTER TABLE entries DROP COLUMN own;

UPDATE entries SET said = numbered.said
  FROM (SELECT room_id AS room, seq AS place,
          COUNT(*) FILTER (WHERE kind = 0) OVER (PARTITION BY room_id ORDER BY seq ROWS UNBOUNDED PRECEDING) AS said
        FROM entries) AS numbered
  WHERE entries.room_id = numbered.room AND entries.seq = numbered.place AND entries.said IS NULL;

CREATE TABLE commands_by_id (
    id      BLOB    NOT NULL CHECK (length(id) = 16),
    author  INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    PRIMARY KEY (id, author)
) STRICT, WITHOUT ROWID;
INSERT INTO commands_by_id SELECT id, author, room_id, seq, at, kind FROM commands ORDER BY id, author;
DROP TABLE commands;
ALTER TABLE commands_by_id RENAME TO commands;
