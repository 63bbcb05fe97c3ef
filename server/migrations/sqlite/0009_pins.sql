-- Pinned messages of rooms. A row stays when its message is unpinned, so that what changes nothing is acked with the entry that made it so; it goes
-- with the message's text.
CREATE TABLE pins (
    room_id INTEGER NOT NULL,
    target  INTEGER NOT NULL,
    pinned  INTEGER NOT NULL,                       -- 1 pinned, 0 unpinned
    seq     INTEGER NOT NULL,                       -- the entry that made it so
    PRIMARY KEY (room_id, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX pins_now ON pins (room_id, seq) WHERE pinned = 1;
