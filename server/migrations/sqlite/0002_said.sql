-- Unread messages are counted by subtracting instead of by reading them: each message knows how many of its room it makes.

ALTER TABLE entries ADD COLUMN said INTEGER;        -- of a message: messages of the room up to it, deleted ones too
ALTER TABLE entries ADD COLUMN own  INTEGER;        -- of a message: those of its author among them
UPDATE entries SET said = numbered.said, own = numbered.own
  FROM (SELECT room_id AS room, seq AS place,
          ROW_NUMBER() OVER (PARTITION BY room_id ORDER BY seq) AS said,
          ROW_NUMBER() OVER (PARTITION BY room_id, author ORDER BY seq) AS own
        FROM entries WHERE kind = 0) AS numbered
  WHERE entries.room_id = numbered.room AND entries.seq = numbered.place;

DROP INDEX entries_messages;
CREATE INDEX entries_messages ON entries (room_id, seq, said) WHERE kind = 0;
CREATE INDEX entries_by_author ON entries (room_id, author, seq, own) WHERE kind = 0;
-- All that is asked of it, so that no entry is read.
CREATE INDEX entries_deleted ON entries (room_id, seq, author, kind, deleted) WHERE kind = 0 AND deleted = 1;
