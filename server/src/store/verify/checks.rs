//! The checks that the database can make by itself. Each is a statement that finds, in its only column, a line for each thing
//! that is wrong. The log is the truth: `entries` is held against itself, and everything else against it.
//!
//! A statement is written once for both databases; [`Dialect`](super::dialect::Dialect) says what is put in for each.

/// Those that are always made, of the log; cheap ones first. Comments tell what keeps them cheap in a store of millions.
pub(super) const OF_LOG: &[&str] = &[
    HOLES, HEADS, NO_ROOM, NO_ACK, QUIET_ACKS, KINDS, TARGETS, TEXTS, DELETES, EDITS, EDITED,
];
/// Those that are always made, of what stands beside it.
pub(super) const OF_WHAT_STANDS: &[&str] = &[REACTIONS, UNGIVEN, MEMBERS, READS, MENTIONS];

/// Those of pins.
pub(super) const OF_PINS: &[&str] = &[PINS, UNPINNED];

/// Those of settings of rooms.
pub(super) const OF_SETTINGS: &[&str] = &[SETTINGS, UNSET];
/// Those of what is a person's own of rooms, and of saved messages.
pub(super) const OF_OWN: &[&str] = &[SEATS, SAVED];
/// Those of threads, where the store keeps any.
pub(super) const OF_THREADS: &[&str] = &[
    SAID, OWN, REPLIES, PLACES, COUNTED, UNREPLIED, FOLLOWS, MENTIONED,
];
/// Those that are made where it keeps none: every message is the room's own.
pub(super) const BEFORE_THREADS: &[&str] = &[SAID_BY_ALL, OWN_OF_ALL];

/// Counted first: only a room with too few entries is walked through for its holes.
const HOLES: &str = "
    WITH short AS MATERIALIZED (SELECT room_id FROM entries GROUP BY room_id HAVING COUNT(*) <> MAX(seq)),
      walk AS (SELECT e.room_id, e.seq, LAG(e.seq, 1, 0) OVER (PARTITION BY e.room_id ORDER BY e.seq) AS before
        FROM short /*sqlite CROSS*/ JOIN entries e ON e.room_id = short.room_id)
    SELECT 'the log has a hole: room ' || room_id || ' seq ' || (before + 1)
      || CASE WHEN seq - before > 2 THEN ' to ' || (seq - 1) ELSE '' END
    FROM walk WHERE before + 1 <> seq";

const HEADS: &str = "
    SELECT 'the room does not end where its log does: room ' || id || ' last_seq ' || last_seq || ', the log ends at ' || ends
    FROM (SELECT r.id, COALESCE(h.last_seq, 0) AS last_seq, COALESCE((SELECT MAX(seq) FROM entries e WHERE e.room_id = r.id), 0) AS ends
      FROM rooms r LEFT JOIN {heads} h ON h.room_id = r.id WHERE r.deleted_at IS NULL) AS held
    WHERE last_seq <> ends";

/// From room to room by the primary key, not from entry to entry.
const NO_ROOM: &str = "
    WITH RECURSIVE found(room) AS (SELECT MIN(room_id) FROM entries UNION ALL
      SELECT (SELECT MIN(room_id) FROM entries WHERE room_id > room) FROM found WHERE room IS NOT NULL)
    SELECT 'an entry stands in a room that does not exist: room ' || room || ' seq '
      || (SELECT MIN(seq) FROM entries WHERE room_id = room)
    FROM found WHERE room IS NOT NULL AND room NOT IN (SELECT id FROM rooms WHERE deleted_at IS NULL)";

/// An id has one ack, by its primary key: of two entries with one id, one is not where its ack says.
const NO_ACK: &str = "
    SELECT CASE
        WHEN c.id IS NULL THEN 'an entry was never acked'
        WHEN c.room_id = e.room_id AND c.seq = e.seq THEN 'an entry was acked with another time or kind'
        WHEN EXISTS (SELECT 1 FROM entries t WHERE t.room_id = c.room_id AND t.seq = c.seq AND t.author = e.author AND t.id = e.id)
          THEN 'one (author, id) made two entries'
        ELSE 'an entry was acked with another place'
      END || ': room ' || e.room_id || ' seq ' || e.seq
      || CASE WHEN c.room_id <> e.room_id OR c.seq <> e.seq THEN ' and room ' || c.room_id || ' seq ' || c.seq ELSE '' END
    FROM entries e LEFT JOIN commands c ON c.author = e.author AND c.id = e.id
    WHERE e.id IS NOT NULL AND (c.id IS NULL OR c.room_id <> e.room_id OR c.seq <> e.seq OR c.at <> e.at OR c.kind <> e.kind)";

/// A reaction or a pin that changed nothing is acked with the entry that made it so, or with the message. Whoever made that entry, a pin is the room's.
const QUIET_ACKS: &str = "
    SELECT CASE c.kind WHEN 3 THEN 'a reaction' ELSE 'a pin' END || ' was acked that is not there: room ' || c.room_id || ' seq ' || c.seq
      || ' author ' || c.author || ' id ' || {id}
    FROM commands c LEFT JOIN entries e ON e.room_id = c.room_id AND e.seq = c.seq AND e.at = c.at
      AND (e.kind = 0 OR (e.kind = c.kind AND (e.kind = 7 OR e.author = c.author)))
    WHERE c.kind IN (3, 7) AND e.seq IS NULL AND c.room_id IN (SELECT id FROM rooms WHERE deleted_at IS NULL)";

/// Whether there are other numbers of acks than of entries, reactions and pins aside.
pub(super) const ACKS_WITHOUT_ENTRIES: &str = "
    SELECT (SELECT COUNT(*) FROM commands WHERE kind NOT IN (3, 7) AND room_id IN (SELECT id FROM rooms WHERE deleted_at IS NULL))
      <> (SELECT COUNT(*) FROM entries WHERE kind BETWEEN 0 AND 2)";

/// Made only where there are: it looks up every entry.
pub(super) const ACKS: &str = "
    SELECT 'an acked id has no entry: room ' || c.room_id || ' seq ' || c.seq
      || ' author ' || c.author || ' id ' || {id}
    FROM commands c LEFT JOIN entries e ON e.room_id = c.room_id AND e.seq = c.seq AND e.author = c.author AND e.id = c.id
    WHERE c.kind NOT IN (3, 7) AND e.seq IS NULL AND c.room_id IN (SELECT id FROM rooms WHERE deleted_at IS NULL)";

const KINDS: &str = "
    SELECT 'an entry is not made as its kind is: room ' || room_id || ' seq ' || seq FROM entries
    WHERE kind NOT BETWEEN 0 AND 8 OR (kind IN (0, 1, 2, 3, 7)) <> (id IS NOT NULL) OR (kind = 3) <> (emoji IS NOT NULL)
      OR (kind IN (3, 7) OR (kind = 8 AND target IN (1, 2))) <> (flag IS NOT NULL) OR (kind IN (1, 2, 3, 4, 5, 7, 8) AND target IS NULL)
      OR (kind = 8 AND (target NOT BETWEEN 0 AND 2 OR (target = 0) <> (text IS NOT NULL)))
      OR (kind <> 0 AND (now_text IS NOT NULL OR edited_at IS NOT NULL))
      OR author NOT IN (SELECT id FROM users)";

const TARGETS: &str = "
    SELECT CASE e.kind WHEN 0 THEN 'a reply' WHEN 1 THEN 'an edit' WHEN 2 THEN 'a delete' WHEN 3 THEN 'a reaction' ELSE 'a pin' END
      || ' is about no message before it: room ' || e.room_id || ' seq ' || e.seq || ' about ' || e.target
    FROM entries e LEFT JOIN entries t ON t.room_id = e.room_id AND t.seq = e.target AND t.kind = 0 AND t.seq < e.seq
    WHERE (e.kind IN (1, 2, 3, 7) OR (e.kind = 0 AND e.target IS NOT NULL)) AND t.seq IS NULL";

const TEXTS: &str = "
    SELECT CASE deleted WHEN 1 THEN 'a deleted message still has its text' ELSE 'a message has no text' END
      || ': room ' || room_id || ' seq ' || seq
    FROM entries WHERE kind = 0
      AND CASE deleted WHEN 1 THEN text IS NOT NULL OR now_text IS NOT NULL OR edited_at IS NOT NULL ELSE text IS NULL END";

/// After the first wrong one all others are. With what is a message of the room's own.
macro_rules! said {
    ($own:literal) => {
        concat!(
            "
    SELECT 'the messages are counted wrong: room ' || room_id || ' from seq ' || MIN(seq)
    FROM (SELECT room_id, seq, said,
        COUNT(*) FILTER (WHERE ",
            $own,
            ") OVER (PARTITION BY room_id ORDER BY seq ROWS UNBOUNDED PRECEDING) AS counted
      FROM entries) AS numbered
    WHERE said IS DISTINCT FROM counted GROUP BY room_id"
        )
    };
}

const SAID: &str = said!("kind = 0 AND in_room = 1");
const SAID_BY_ALL: &str = said!("kind = 0");

/// Whoever left and came back begins to count anew. With what is a message `e` of the room's own.
macro_rules! own {
    ($own:literal) => {
        concat!("
    SELECT 'the own messages that a member has not read are counted wrong: room ' || m.room_id || ' user ' || m.user_id
    FROM members m LEFT JOIN (SELECT e.room_id, e.author, COUNT(*) FILTER (WHERE e.seq > n.read_seq) AS after, MAX(e.seq) AS last
        FROM entries e /*sqlite CROSS*/ JOIN members n ON n.room_id = e.room_id AND n.user_id = e.author
        WHERE ", $own, " GROUP BY e.room_id, e.author) o
      ON o.room_id = m.room_id AND o.author = m.user_id
    WHERE m.own_after <> COALESCE(o.after, 0) OR m.own_last > COALESCE(o.last, 0) OR (o.after > 0 AND m.own_last <> o.last)")
    };
}

const OWN: &str = own!("e.kind = 0 AND e.in_room = 1");
const OWN_OF_ALL: &str = own!("e.kind = 0");

/// A reply stands in the thread of a message before it that is no reply itself.
const REPLIES: &str = "
    SELECT 'a reply is in no thread that there is: room ' || e.room_id || ' seq ' || e.seq || ' thread ' || e.thread
    FROM entries e /*sqlite INDEXED BY entries_replies*/
    LEFT JOIN entries r ON r.room_id = e.room_id AND r.seq = e.thread AND r.kind = 0 AND r.thread IS NULL AND r.seq < e.seq
    WHERE e.thread IS NOT NULL AND (e.kind <> 0 OR r.seq IS NULL)";

/// Replies are numbered in their order; whatever is none stands in the room.
const PLACES: &str = "
    SELECT 'a reply is numbered wrong: room ' || room_id || ' seq ' || seq || ' thread ' || thread
    FROM (SELECT room_id, seq, thread, nth, ROW_NUMBER() OVER (PARTITION BY room_id, thread ORDER BY seq) AS counted
      FROM entries /*sqlite INDEXED BY entries_replies*/ WHERE thread IS NOT NULL) AS numbered
    WHERE nth IS DISTINCT FROM counted
    UNION ALL
    SELECT 'an entry stands neither in its room nor in a thread: room ' || room_id || ' seq ' || seq
    FROM entries WHERE in_room NOT BETWEEN 0 AND 1 OR (thread IS NULL AND (in_room <> 1 OR nth IS NOT NULL))";

/// What the first message of a thread says of its replies.
const COUNTED: &str = "
    WITH wrote AS (SELECT room_id, thread, author, MAX(seq) AS last FROM entries /*sqlite INDEXED BY entries_replies*/ WHERE thread IS NOT NULL
        GROUP BY room_id, thread, author),
      placed AS (SELECT *, ROW_NUMBER() OVER (PARTITION BY room_id, thread ORDER BY last DESC) AS place FROM wrote),
      counted AS (SELECT room_id, thread, MAX(last) AS last, MAX(CASE place WHEN 1 THEN author END) AS by1,
          MAX(CASE place WHEN 2 THEN author END) AS by2, MAX(CASE place WHEN 3 THEN author END) AS by3
        FROM placed GROUP BY room_id, thread)
    SELECT 'the replies of a thread are told wrong: room ' || c.room_id || ' thread ' || c.thread
    FROM counted c /*sqlite CROSS*/ JOIN entries e ON e.room_id = c.room_id AND e.seq = c.last
    LEFT JOIN threads t ON t.room_id = c.room_id AND t.root = c.thread
    WHERE t.n IS DISTINCT FROM e.nth OR t.last_seq IS DISTINCT FROM c.last OR t.last_at IS DISTINCT FROM e.at OR t.by1 IS DISTINCT FROM c.by1 OR t.by2 IS DISTINCT FROM c.by2
      OR t.by3 IS DISTINCT FROM c.by3";

const UNREPLIED: &str = "
    SELECT 'a thread is told of that has no replies: room ' || t.room_id || ' thread ' || t.root FROM threads t
    WHERE NOT EXISTS (SELECT 1 FROM entries e /*sqlite INDEXED BY entries_thread*/ WHERE e.room_id = t.room_id AND e.thread = t.root)";

const FOLLOWS: &str = "
    SELECT CASE WHEN e.seq IS NULL THEN 'a thread is followed that there is not'
        WHEN m.user_id IS NULL THEN 'a thread is followed by somebody who is not in its room'
        ELSE 'how a thread is followed cannot be read' END
      || ': room ' || f.room_id || ' thread ' || f.root || ' user ' || f.user_id
    FROM follows f LEFT JOIN entries e ON e.room_id = f.room_id AND e.seq = f.root AND e.kind = 0 AND e.thread IS NULL
    LEFT JOIN members m ON m.room_id = f.room_id AND m.user_id = f.user_id
    LEFT JOIN {heads} h ON h.room_id = f.room_id
    WHERE e.seq IS NULL OR m.user_id IS NULL OR f.following NOT BETWEEN 0 AND 1 OR f.gen < 0 OR f.read_seq NOT BETWEEN 0 AND h.last_seq";

/// A mention counts where its message does.
const MENTIONED: &str = "
    SELECT 'a mention counts elsewhere than its message: room ' || n.room_id || ' seq ' || n.seq || ' user ' || n.user_id
    FROM mentions n /*sqlite CROSS*/ JOIN entries e ON e.room_id = n.room_id AND e.seq = n.seq
    WHERE n.thread IS DISTINCT FROM e.thread OR n.in_room <> e.in_room";

/// The index of deleted messages tells which they are.
const DELETES: &str = "
    WITH marked AS MATERIALIZED (SELECT room_id, seq FROM entries /*sqlite INDEXED BY entries_deleted*/ WHERE kind = 0 AND deleted = 1),
      said AS MATERIALIZED (SELECT room_id, target FROM entries WHERE kind = 2)
    SELECT 'a message is deleted that nobody deleted: room ' || room_id || ' seq ' || seq
      FROM (SELECT * FROM marked EXCEPT SELECT * FROM said) AS alone
    UNION ALL
    SELECT 'a deleted message still stands: room ' || room_id || ' seq ' || target
      FROM (SELECT * FROM said EXCEPT SELECT * FROM marked) AS gone
      WHERE EXISTS (SELECT 1 FROM entries m WHERE m.room_id = gone.room_id AND m.seq = gone.target AND m.kind = 0)";

/// The index of edits goes before the messages that they are of.
const EDITS: &str = "
    SELECT CASE WHEN m.deleted = 0 AND e.deleted = 0 AND e.text IS NOT NULL THEN 'an edit is not seen in its message'
        WHEN m.deleted = 0 THEN 'an edit has no text'
        ELSE 'an edit of a deleted message still has its text' END
      || ': room ' || e.room_id || ' seq ' || e.seq || ' of ' || e.target
    FROM entries e /*sqlite INDEXED BY entries_edits*/
    /*sqlite CROSS*/ JOIN entries m ON m.room_id = e.room_id AND m.seq = e.target AND m.kind = 0
    WHERE e.kind = 1 AND (e.deleted <> m.deleted OR (e.deleted = 1) <> (e.text IS NULL) OR (m.deleted = 0 AND m.edited_at IS NULL))";

/// Only messages that say that they were edited are held against their last edit.
const EDITED: &str = "
    SELECT 'a message does not stand as its last edit says: room ' || m.room_id || ' seq ' || m.seq
    FROM entries m LEFT JOIN entries x ON x.room_id = m.room_id
      AND x.seq = (SELECT MAX(y.seq) FROM entries y /*sqlite INDEXED BY entries_edits*/ WHERE y.kind = 1 AND y.room_id = m.room_id AND y.target = m.seq)
    WHERE m.kind = 0 AND m.deleted = 0 AND (m.now_text IS NOT NULL OR m.edited_at IS NOT NULL)
      AND (x.seq IS NULL OR m.now_text IS DISTINCT FROM x.text OR m.edited_at IS DISTINCT FROM x.at)";

/// The last word of everybody about every emoji of a message.
const REACTIONS: &str = "
    WITH said AS (SELECT room_id, target, emoji, author, flag, seq,
        ROW_NUMBER() OVER (PARTITION BY room_id, target, emoji, author ORDER BY seq DESC) AS n FROM entries WHERE kind = 3)
    SELECT 'a reaction does not stand as it was given or taken back: room ' || s.room_id || ' seq ' || s.seq || ' about ' || s.target
    FROM said s
    LEFT JOIN reactions r ON r.room_id = s.room_id AND r.target = s.target AND r.emoji = s.emoji AND r.user_id = s.author
    WHERE s.n = 1 AND (r.seq IS NULL OR r.seq <> s.seq OR r.given <> s.flag)";

const UNGIVEN: &str = "
    SELECT CASE WHEN e.seq IS NULL THEN 'a reaction stands that nobody gave'
        ELSE 'a reaction is told to be older or newer than it is' END
      || ': room ' || r.room_id || ' seq ' || r.seq || ' about ' || r.target || ' user ' || r.user_id
    FROM reactions r
    LEFT JOIN entries e ON e.room_id = r.room_id AND e.seq = r.seq AND e.kind = 3
      AND e.target = r.target AND e.author = r.user_id AND e.emoji = r.emoji AND e.flag = r.given
    LEFT JOIN entries s ON s.room_id = r.room_id AND s.seq = r.since AND s.kind = 3
      AND s.target = r.target AND s.emoji = r.emoji AND s.flag = 1 AND s.seq <= r.seq
    WHERE e.seq IS NULL OR s.seq IS NULL";

/// The last word about every message that stands.
const PINS: &str = "
    WITH said AS (SELECT room_id, target, flag, seq, ROW_NUMBER() OVER (PARTITION BY room_id, target ORDER BY seq DESC) AS n
      FROM entries WHERE kind = 7)
    SELECT 'a message is not pinned or unpinned as it was last said: room ' || s.room_id || ' seq ' || s.seq || ' about ' || s.target
    FROM said s /*sqlite CROSS*/ JOIN entries m ON m.room_id = s.room_id AND m.seq = s.target AND m.deleted = 0
    LEFT JOIN pins p ON p.room_id = s.room_id AND p.target = s.target
    WHERE s.n = 1 AND (p.seq IS NULL OR p.seq <> s.seq OR p.pinned <> s.flag)";

const UNPINNED: &str = "
    SELECT CASE WHEN m.seq IS NULL OR m.deleted = 1 THEN 'a message is pinned that does not stand' ELSE 'a message is pinned that nobody pinned' END
      || ': room ' || p.room_id || ' seq ' || p.seq || ' about ' || p.target
    FROM pins p LEFT JOIN entries m ON m.room_id = p.room_id AND m.seq = p.target AND m.kind = 0
    LEFT JOIN entries e ON e.room_id = p.room_id AND e.seq = p.seq AND e.kind = 7 AND e.target = p.target AND e.flag = p.pinned
    WHERE m.seq IS NULL OR m.deleted = 1 OR e.seq IS NULL
    UNION ALL
    SELECT 'a room has too many pinned messages: room ' || room_id || ' ' || COUNT(*) FROM pins WHERE pinned = 1 GROUP BY room_id HAVING COUNT(*) > 100";

/// The last word about every setting of a room.
const SETTINGS: &str = "
    WITH said AS (SELECT room_id, target, text, flag, seq, ROW_NUMBER() OVER (PARTITION BY room_id, target ORDER BY seq DESC) AS n
      FROM entries WHERE kind = 8)
    SELECT CASE s.target WHEN 0 THEN 'a room is not called' WHEN 1 THEN 'a room is not read only or open' ELSE 'a room is not archived or alive' END
      || ' as it was last said: room ' || s.room_id || ' seq ' || s.seq
    FROM said s /*sqlite CROSS*/ JOIN rooms r ON r.id = s.room_id
    WHERE s.n = 1 AND CASE s.target WHEN 0 THEN r.name <> s.text WHEN 1 THEN r.read_only <> s.flag ELSE r.archived <> s.flag END";

const UNSET: &str = "
    SELECT 'a room is read only or archived, and nobody made it so: room ' || r.id FROM rooms r
    WHERE r.deleted_at IS NULL
      AND ((r.read_only <> 0 AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.room_id = r.id AND e.kind = 8 AND e.target = 1))
        OR (r.archived <> 0 AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.room_id = r.id AND e.kind = 8 AND e.target = 2)))";

const MEMBERS: &str = "
    WITH said AS MATERIALIZED (SELECT room_id, target AS user_id, kind, seq,
        ROW_NUMBER() OVER (PARTITION BY room_id, target ORDER BY seq DESC) AS n FROM entries WHERE kind IN (4, 5))
    SELECT 'somebody is no member whom the log let in: room ' || s.room_id || ' seq ' || s.seq || ' user ' || s.user_id
      FROM said s LEFT JOIN members m ON m.room_id = s.room_id AND m.user_id = s.user_id
      WHERE s.n = 1 AND s.kind = 4 AND m.user_id IS NULL
    UNION ALL
    SELECT 'somebody is a member whom the log did not let in: room ' || m.room_id || ' user ' || m.user_id
      FROM members m LEFT JOIN said s ON s.room_id = m.room_id AND s.user_id = m.user_id AND s.n = 1 AND s.kind = 4
      WHERE s.user_id IS NULL";

const READS: &str = "
    SELECT 'a read position is not in the log: room ' || m.room_id || ' seq ' || m.read_seq || ' user ' || m.user_id
    FROM members m JOIN {heads} h ON h.room_id = m.room_id WHERE m.read_seq NOT BETWEEN 0 AND h.last_seq";

const SEATS: &str = "
    SELECT 'what a member wants of a room cannot be read: room ' || room_id || ' user ' || user_id
    FROM members WHERE gen < 0 OR notify NOT BETWEEN 0 AND 2 OR muted NOT BETWEEN 0 AND 1 OR favourite NOT BETWEEN 0 AND 1";

const SAVED: &str = "
    SELECT 'a message is saved that is not there: room ' || s.room_id || ' seq ' || s.seq || ' user ' || s.user_id
    FROM saved s LEFT JOIN entries e ON e.room_id = s.room_id AND e.seq = s.seq AND e.kind = 0
    WHERE e.seq IS NULL
    UNION ALL
    SELECT 'somebody saved too many messages: user ' || user_id || ' ' || COUNT(*) FROM saved GROUP BY user_id HAVING COUNT(*) > 1000";

const MENTIONS: &str = "
    SELECT 'a mention stands of a message that is not there: room ' || n.room_id || ' seq ' || n.seq || ' user ' || n.user_id
    FROM mentions n
    LEFT JOIN entries e ON e.room_id = n.room_id AND e.seq = n.seq AND e.kind = 0 AND e.deleted = 0 AND e.author = n.author
    WHERE e.seq IS NULL";
