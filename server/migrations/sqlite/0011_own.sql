-- What is one person's own of a room: how often they set their read position back, how much they want to hear of it, and where it stands in their
-- list; and the messages that they saved.

ALTER TABLE members ADD COLUMN gen       INTEGER NOT NULL DEFAULT 0; -- the generation of read_seq: "unread from here" begins the next one
ALTER TABLE members ADD COLUMN notify    INTEGER NOT NULL DEFAULT 0; -- 0 all, 1 mentions, 2 nothing
ALTER TABLE members ADD COLUMN muted     INTEGER NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN place     REAL;                       -- among the member's rooms; none where they did not say

CREATE TABLE saved (
    user_id INTEGER NOT NULL REFERENCES users (id),
    room_id INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,                       -- when it was saved
    n       INTEGER NOT NULL,                       -- which of the user's it is, in the order in which they saved them
    PRIMARY KEY (user_id, room_id, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX saved_in_order ON saved (user_id, n);
-- A room that is deleted takes what was saved of it along.
CREATE INDEX saved_of_room ON saved (room_id);
