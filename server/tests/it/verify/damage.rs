//! What is done to the store that was made for it, and every line that is told of it.

/// What is done to a store, and all that is told of it.
pub(super) type Damage = (&'static str, &'static [&'static str]);

/// The log itself.
pub(super) const LOG: &[Damage] = &[
    (
        "DELETE FROM entries WHERE room_id = 1 AND seq = 5",
        &[
            "the log has a hole: room 1 seq 5",
            "the messages are counted wrong: room 1 from seq 6",
            "the own messages that a member has not read are counted wrong: room 1 user 2",
            "an acked id has no entry: room 1 seq 5 author 2 id 00000000000000000000000000000005",
        ],
    ),
    (
        "DELETE FROM entries WHERE room_id = 1 AND seq BETWEEN 1 AND 3",
        &[
            "the log has a hole: room 1 seq 1 to 3",
            "somebody is a member whom the log did not let in: room 1 user 1",
            "somebody is a member whom the log did not let in: room 1 user 2",
            "somebody is a member whom the log did not let in: room 1 user 3",
        ],
    ),
    (
        "DELETE FROM entries WHERE room_id = 1 AND seq IN (2, 5, 13)",
        &[
            "the log has a hole: room 1 seq 2",
            "the log has a hole: room 1 seq 5",
            "the room does not end where its log does: room 1 last_seq 13, the log ends at 12",
            "the messages are counted wrong: room 1 from seq 6",
            "the own messages that a member has not read are counted wrong: room 1 user 2",
            "the own messages that a member has not read are counted wrong: room 1 user 3",
            "somebody is a member whom the log did not let in: room 1 user 2",
            "a mention stands of a message that is not there: room 1 seq 13 user 0",
            "an acked id has no entry: room 1 seq 5 author 2 id 00000000000000000000000000000005",
            "an acked id has no entry: room 1 seq 13 author 3 id 0000000000000000000000000000000d",
        ],
    ),
    (
        "DELETE FROM entries WHERE room_id = 2",
        &[
            "the room does not end where its log does: room 2 last_seq 1, the log ends at 0",
            "somebody is a member whom the log did not let in: room 2 user 1",
        ],
    ),
    (
        "UPDATE rooms SET last_seq = 99 WHERE id = 1",
        &["the room does not end where its log does: room 1 last_seq 99, the log ends at 13"],
    ),
    (
        "UPDATE rooms SET last_seq = 12 WHERE id = 1",
        &["the room does not end where its log does: room 1 last_seq 12, the log ends at 13"],
    ),
    (
        "UPDATE entries SET said = said + 1 WHERE room_id = 1 AND seq = 7",
        &["the messages are counted wrong: room 1 from seq 7"],
    ),
    (
        "UPDATE members SET own_after = own_after + 1 WHERE room_id = 1 AND user_id = 3",
        &["the own messages that a member has not read are counted wrong: room 1 user 3"],
    ),
    (
        "UPDATE members SET own_last = 99 WHERE room_id = 1 AND user_id = 2",
        &["the own messages that a member has not read are counted wrong: room 1 user 2"],
    ),
    (
        "UPDATE entries SET said = NULL WHERE room_id = 1 AND seq = 13",
        &["the messages are counted wrong: room 1 from seq 13"],
    ),
    (
        "UPDATE entries SET room_id = 7 WHERE room_id = 2",
        &[
            "the room does not end where its log does: room 2 last_seq 1, the log ends at 0",
            "an entry stands in a room that does not exist: room 7 seq 1",
            "somebody is no member whom the log let in: room 7 seq 1 user 1",
            "somebody is a member whom the log did not let in: room 2 user 1",
        ],
    ),
    (
        "DELETE FROM rooms WHERE id = 2",
        &["an entry stands in a room that does not exist: room 2 seq 1"],
    ),
    (
        "UPDATE entries SET id = (SELECT id FROM entries WHERE room_id = 1 AND seq = 7) WHERE room_id = 1 AND seq = 13",
        &[
            "one (author, id) made two entries: room 1 seq 13 and room 1 seq 7",
            "an acked id has no entry: room 1 seq 13 author 3 id 0000000000000000000000000000000d",
        ],
    ),
    (
        "UPDATE commands SET seq = 5 WHERE seq = 4 AND author = 1",
        &[
            "an entry was acked with another place: room 1 seq 4 and room 1 seq 5",
            "an acked id has no entry: room 1 seq 5 author 1 id 00000000000000000000000000000004",
        ],
    ),
    (
        "UPDATE commands SET at = 11 WHERE seq = 4 AND author = 1",
        &["an entry was acked with another time or kind: room 1 seq 4"],
    ),
    (
        "UPDATE commands SET kind = 2 WHERE seq = 4 AND author = 1",
        &["an entry was acked with another time or kind: room 1 seq 4"],
    ),
    (
        "DELETE FROM commands WHERE seq = 13",
        &["an entry was never acked: room 1 seq 13"],
    ),
    (
        "INSERT INTO commands VALUES (x'00000000000000000000000000000063', 2, 1, 5, 10, 0)",
        &["an acked id has no entry: room 1 seq 5 author 2 id 00000000000000000000000000000063"],
    ),
    (
        "INSERT INTO commands VALUES (x'00000000000000000000000000000063', 2, 1, 11, 40, 3)",
        &[
            "a reaction was acked that is not there: room 1 seq 11 author 2 id 00000000000000000000000000000063",
        ],
    ),
    (
        "UPDATE commands SET seq = 14 WHERE id = x'0000000000000000000000000000000e'",
        &[
            "a reaction was acked that is not there: room 1 seq 14 author 2 id 0000000000000000000000000000000e",
        ],
    ),
    (
        "UPDATE entries SET kind = 9 WHERE room_id = 1 AND seq = 13",
        &[
            "an entry was acked with another time or kind: room 1 seq 13",
            "an entry is not made as its kind is: room 1 seq 13",
            "the messages are counted wrong: room 1 from seq 13",
            "the own messages that a member has not read are counted wrong: room 1 user 3",
            "a mention stands of a message that is not there: room 1 seq 13 user 0",
        ],
    ),
    (
        "UPDATE entries SET author = 9 WHERE room_id = 1 AND seq = 1",
        &["an entry is not made as its kind is: room 1 seq 1"],
    ),
    (
        "UPDATE entries SET emoji = NULL WHERE room_id = 1 AND seq = 12",
        &[
            "an entry is not made as its kind is: room 1 seq 12",
            "a reaction does not stand as it was given or taken back: room 1 seq 12 about 4",
            "a reaction does not stand as it was given or taken back: room 1 seq 11 about 4",
            "a reaction stands that nobody gave: room 1 seq 12 about 4 user 3",
        ],
    ),
];

/// Edits, deletes, replies and what they are about.
pub(super) const TEXTS: &[Damage] = &[
    (
        "UPDATE entries SET target = 6 WHERE room_id = 1 AND seq = 5",
        &["a reply is about no message before it: room 1 seq 5 about 6"],
    ),
    (
        "UPDATE entries SET target = 13 WHERE room_id = 1 AND seq = 5",
        &["a reply is about no message before it: room 1 seq 5 about 13"],
    ),
    (
        "UPDATE entries SET target = 99 WHERE room_id = 1 AND seq = 6",
        &[
            "an edit is about no message before it: room 1 seq 6 about 99",
            "a message does not stand as its last edit says: room 1 seq 4",
        ],
    ),
    (
        "UPDATE entries SET target = 3 WHERE room_id = 1 AND seq = 9",
        &[
            "a delete is about no message before it: room 1 seq 9 about 3",
            "a message is deleted that nobody deleted: room 1 seq 7",
        ],
    ),
    (
        "UPDATE entries SET target = 11 WHERE room_id = 1 AND seq = 10",
        &[
            "a reaction is about no message before it: room 1 seq 10 about 11",
            "a reaction does not stand as it was given or taken back: room 1 seq 10 about 11",
            "a reaction stands that nobody gave: room 1 seq 10 about 4 user 2",
            "a reaction is told to be older or newer than it is: room 1 seq 12 about 4 user 3",
        ],
    ),
    (
        "UPDATE entries SET text = 'still here' WHERE room_id = 1 AND seq = 7",
        &["a deleted message still has its text: room 1 seq 7"],
    ),
    (
        "UPDATE entries SET now_text = 'still here' WHERE room_id = 1 AND seq = 7",
        &["a deleted message still has its text: room 1 seq 7"],
    ),
    (
        "UPDATE entries SET text = 'still here' WHERE room_id = 1 AND seq = 8",
        &["an edit of a deleted message still has its text: room 1 seq 8 of 7"],
    ),
    (
        "UPDATE entries SET deleted = 0, text = 'back' WHERE room_id = 1 AND seq = 7",
        &[
            "a deleted message still stands: room 1 seq 7",
            "an edit has no text: room 1 seq 8 of 7",
        ],
    ),
    (
        "UPDATE entries SET deleted = 1, text = NULL WHERE room_id = 1 AND seq = 5",
        &["a message is deleted that nobody deleted: room 1 seq 5"],
    ),
    (
        "UPDATE entries SET text = NULL WHERE room_id = 1 AND seq = 5",
        &["a message has no text: room 1 seq 5"],
    ),
    (
        "UPDATE entries SET now_text = 'other, @wren' WHERE room_id = 1 AND seq = 4",
        &["a message does not stand as its last edit says: room 1 seq 4"],
    ),
    (
        "UPDATE entries SET edited_at = 21 WHERE room_id = 1 AND seq = 4",
        &["a message does not stand as its last edit says: room 1 seq 4"],
    ),
    (
        "UPDATE entries SET now_text = NULL, edited_at = NULL WHERE room_id = 1 AND seq = 4",
        &["an edit is not seen in its message: room 1 seq 6 of 4"],
    ),
    (
        "UPDATE entries SET now_text = 'never', edited_at = 1 WHERE room_id = 1 AND seq = 5",
        &["a message does not stand as its last edit says: room 1 seq 5"],
    ),
    (
        "UPDATE entries SET text = NULL WHERE room_id = 1 AND seq = 6",
        &[
            "an edit has no text: room 1 seq 6 of 4",
            "a message does not stand as its last edit says: room 1 seq 4",
        ],
    ),
];

/// What counts are made from.
pub(super) const COUNTS: &[Damage] = &[
    // She came after the text that calls her name: it does not name her.
    (
        "UPDATE users SET created_at = 25 WHERE id = 2; DELETE FROM mentions WHERE seq = 4",
        &[],
    ),
    (
        "DELETE FROM reactions WHERE user_id = 2",
        &["a reaction does not stand as it was given or taken back: room 1 seq 10 about 4"],
    ),
    (
        "UPDATE reactions SET given = 1 WHERE user_id = 3",
        &[
            "a reaction does not stand as it was given or taken back: room 1 seq 12 about 4",
            "a reaction stands that nobody gave: room 1 seq 12 about 4 user 3",
        ],
    ),
    (
        "UPDATE reactions SET seq = 11 WHERE user_id = 2",
        &[
            "a reaction does not stand as it was given or taken back: room 1 seq 10 about 4",
            "a reaction stands that nobody gave: room 1 seq 11 about 4 user 2",
        ],
    ),
    (
        "UPDATE reactions SET since = 4 WHERE user_id = 2",
        &["a reaction is told to be older or newer than it is: room 1 seq 10 about 4 user 2"],
    ),
    (
        "INSERT INTO reactions VALUES (1, 4, '🎉', 1, 1, 10, 10)",
        &["a reaction stands that nobody gave: room 1 seq 10 about 4 user 1"],
    ),
    (
        "INSERT INTO pins VALUES (1, 4, 1, 10)",
        &["a message is pinned that nobody pinned: room 1 seq 10 about 4"],
    ),
    (
        "INSERT INTO pins VALUES (1, 999, 1, 10)",
        &["a message is pinned that does not stand: room 1 seq 10 about 999"],
    ),
    (
        "UPDATE rooms SET archived = 1 WHERE id = 2",
        &["a room is read only or archived, and nobody made it so: room 2"],
    ),
    (
        "INSERT INTO entries (room_id, seq, kind, author, at, target, flag, said) VALUES (2, 2, 8, 1, 90, 1, 1, 0);
         UPDATE rooms SET last_seq = 2 WHERE id = 2",
        &["a room is not read only or open as it was last said: room 2 seq 2"],
    ),
    (
        "INSERT INTO saved VALUES (2, 1, 999, 1, 1)",
        &["a message is saved that is not there: room 1 seq 999 user 2"],
    ),
    (
        "UPDATE members SET notify = 3 WHERE room_id = 1 AND user_id = 2",
        &["what a member wants of a room cannot be read: room 1 user 2"],
    ),
    (
        "DELETE FROM members WHERE room_id = 1 AND user_id = 2",
        &["somebody is no member whom the log let in: room 1 seq 2 user 2"],
    ),
    (
        "INSERT INTO members (room_id, user_id, joined_at, read_seq) VALUES (2, 3, 1, 0)",
        &["somebody is a member whom the log did not let in: room 2 user 3"],
    ),
    (
        "INSERT INTO members (room_id, user_id, joined_at, read_seq) VALUES (1, 9, 1, 0)",
        &["somebody is a member whom the log did not let in: room 1 user 9"],
    ),
    (
        "UPDATE members SET read_seq = 99 WHERE room_id = 1 AND user_id = 2",
        &[
            "the own messages that a member has not read are counted wrong: room 1 user 2",
            "a read position is not in the log: room 1 seq 99 user 2",
        ],
    ),
    (
        "UPDATE members SET read_seq = -1 WHERE room_id = 1 AND user_id = 2",
        &["a read position is not in the log: room 1 seq -1 user 2"],
    ),
    (
        "DELETE FROM mentions WHERE seq = 4",
        &["a mention is not noted: room 1 seq 4 user 2"],
    ),
    (
        "DELETE FROM mentions WHERE user_id = 0",
        &["a mention is not noted: room 1 seq 13 user 0"],
    ),
    (
        "INSERT INTO mentions (user_id, room_id, seq, author) VALUES (3, 1, 4, 1)",
        &["a mention is noted that the text does not make: room 1 seq 4 user 3"],
    ),
    (
        "INSERT INTO mentions (user_id, room_id, seq, author) VALUES (3, 1, 5, 2)",
        &["a mention is noted that the text does not make: room 1 seq 5 user 3"],
    ),
    (
        "INSERT INTO mentions (user_id, room_id, seq, author) VALUES (1, 1, 7, 3)",
        &["a mention stands of a message that is not there: room 1 seq 7 user 1"],
    ),
    (
        "UPDATE mentions SET author = 2 WHERE seq = 4",
        &["a mention stands of a message that is not there: room 1 seq 4 user 2"],
    ),
    (
        "UPDATE users SET created_at = 15 WHERE id = 2; DELETE FROM mentions WHERE seq = 4",
        &["a mention is not noted: room 1 seq 4 user 2"],
    ),
];

/// Threads: 14 to 16 reply to 13, and ada, wren and zhou follow.
pub(super) const THREADS: &[Damage] = &[
    (
        "UPDATE entries SET thread = 5, nth = 1 WHERE seq = 14",
        &[
            "a reply is numbered wrong: room 1 seq 15 thread 13",
            "a reply is numbered wrong: room 1 seq 16 thread 13",
            "the replies of a thread are told wrong: room 1 thread 5",
            "a mention counts elsewhere than its message: room 1 seq 14 user 1",
        ],
    ),
    (
        "UPDATE entries SET thread = 12 WHERE seq = 16",
        &[
            "a reply is in no thread that there is: room 1 seq 16 thread 12",
            "a reply is numbered wrong: room 1 seq 16 thread 12",
            "the replies of a thread are told wrong: room 1 thread 12",
            "the replies of a thread are told wrong: room 1 thread 13",
        ],
    ),
    (
        "UPDATE entries SET nth = 4 WHERE seq = 15",
        &["a reply is numbered wrong: room 1 seq 15 thread 13"],
    ),
    (
        "UPDATE entries SET in_room = 1 WHERE seq = 16",
        &[
            "the messages are counted wrong: room 1 from seq 16",
            "the own messages that a member has not read are counted wrong: room 1 user 2",
        ],
    ),
    (
        "UPDATE entries SET in_room = 0 WHERE seq = 5",
        &[
            "the messages are counted wrong: room 1 from seq 5",
            "the own messages that a member has not read are counted wrong: room 1 user 2",
            "an entry stands neither in its room nor in a thread: room 1 seq 5",
        ],
    ),
    (
        "UPDATE threads SET n = 4",
        &["the replies of a thread are told wrong: room 1 thread 13"],
    ),
    (
        "UPDATE threads SET last_seq = 15",
        &["the replies of a thread are told wrong: room 1 thread 13"],
    ),
    (
        "UPDATE threads SET by2 = by1, by1 = by2",
        &["the replies of a thread are told wrong: room 1 thread 13"],
    ),
    (
        "DELETE FROM threads",
        &["the replies of a thread are told wrong: room 1 thread 13"],
    ),
    (
        "INSERT INTO threads VALUES (1, 4, 1, 5, 10, 2, NULL, NULL)",
        &["a thread is told of that has no replies: room 1 thread 4"],
    ),
    (
        "UPDATE follows SET root = 14 WHERE user_id = 3",
        &["a thread is followed that there is not: room 1 thread 14 user 3"],
    ),
    (
        "INSERT INTO follows VALUES (3, 2, 13, 1, 0, 0)",
        &["a thread is followed that there is not: room 2 thread 13 user 3"],
    ),
    (
        "UPDATE follows SET read_seq = 17 WHERE user_id = 1",
        &["how a thread is followed cannot be read: room 1 thread 13 user 1"],
    ),
    (
        "UPDATE follows SET following = 2 WHERE user_id = 1",
        &["how a thread is followed cannot be read: room 1 thread 13 user 1"],
    ),
    (
        "UPDATE mentions SET in_room = 1 WHERE seq = 14",
        &["a mention counts elsewhere than its message: room 1 seq 14 user 1"],
    ),
];
