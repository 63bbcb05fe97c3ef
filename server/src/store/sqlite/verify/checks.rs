//! The checks that the database can make by itself. Each is a statement that finds, in its only column, a line for each thing
//! that is wrong. The log is the truth: `entries` is held against itself, and everything else against it.

/// Those that are always made, cheap ones first. Comments tell what keeps them cheap in a store of millions.
pub(super) const ALWAYS: &[&str] = &[
    HOLES, HEADS, NO_ROOM, NO_ACK, QUIET_ACKS, KINDS, TARGETS, TEXTS, DELETES, EDITS, EDITED, SAID,
    OWN, REACTIONS, UNGIVEN, MEMBERS, READS, MENTIONS,
];

/// Counted first: only a room with too few entries is walked through for its holes.
const HOLES: &str = "
    WITH off AS MATERIALIZED (SELECT room_id FROM entries GROUP BY room_id HAVING COUNT(*) <> MAX(seq)),
      walk AS (SELECT e.room_id, e.seq, LAG(e.seq, 1, 0) OVER (PARTITION BY e.room_id ORDER BY e.seq) AS before
        FROM off CROSS JOIN entries e ON e.room_id = off.room_id)
    SELECT 'the log has a hole: room ' || room_id || ' seq ' || (before + 1)
      || CASE WHEN seq - before > 2 THEN ' to ' || (seq - 1) ELSE '' END
    FROM walk WHERE before + 1 <> seq";

const HEADS: &str = "
    SELECT 'the room does not end where its log does: room ' || id || ' last_seq ' || last_seq || ', the log ends at ' || ends
    FROM (SELECT id, last_seq, COALESCE((SELECT MAX(seq) FROM entries e WHERE e.room_id = r.id), 0) AS ends
      FROM rooms r WHERE deleted_at IS NULL)
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

/// A reaction that changed nothing is acked with the entry that made it so, or with the message.
const QUIET_ACKS: &str = "
    SELECT 'a reaction was acked that is not there: room ' || c.room_id || ' seq ' || c.seq
      || ' author ' || c.author || ' id ' || lower(hex(c.id))
    FROM commands c LEFT JOIN entries e ON e.room_id = c.room_id AND e.seq = c.seq AND e.at = c.at
      AND (e.kind = 0 OR (e.kind = 3 AND e.author = c.author))
    WHERE c.kind = 3 AND e.seq IS NULL AND c.room_id IN (SELECT id FROM rooms WHERE deleted_at IS NULL)";

/// Whether there are other numbers of acks than of entries, reactions aside.
pub(super) const ACKS_WITHOUT_ENTRIES: &str = "
    SELECT (SELECT COUNT(*) FROM commands WHERE kind <> 3 AND room_id IN (SELECT id FROM rooms WHERE deleted_at IS NULL))
      <> (SELECT COUNT(*) FROM entries WHERE kind BETWEEN 0 AND 2)";

/// Made only where there are: it looks up every entry.
pub(super) const ACKS: &str = "
    SELECT 'an acked id has no entry: room ' || c.room_id || ' seq ' || c.seq
      || ' author ' || c.author || ' id ' || lower(hex(c.id))
    FROM commands c LEFT JOIN entries e ON e.room_id = c.room_id AND e.seq = c.seq AND e.author = c.author AND e.id = c.id
    WHERE c.kind <> 3 AND e.seq IS NULL AND c.room_id IN (SELECT id FROM rooms WHERE deleted_at IS NULL)";

const KINDS: &str = "
    SELECT 'an entry is not made as its kind is: room ' || room_id || ' seq ' || seq FROM entries
    WHERE kind NOT BETWEEN 0 AND 6 OR (kind BETWEEN 0 AND 3) <> (id IS NOT NULL) OR (kind = 3) <> (emoji IS NOT NULL)
      OR (kind = 3) <> (flag IS NOT NULL) OR (kind BETWEEN 1 AND 5 AND target IS NULL)
      OR (kind <> 0 AND (now_text IS NOT NULL OR edited_at IS NOT NULL))
      OR author NOT IN (SELECT id FROM users)";

const TARGETS: &str = "
    SELECT CASE e.kind WHEN 0 THEN 'a reply' WHEN 1 THEN 'an edit' WHEN 2 THEN 'a delete' ELSE 'a reaction' END
      || ' is about no message before it: room ' || e.room_id || ' seq ' || e.seq || ' about ' || e.target
    FROM entries e LEFT JOIN entries t ON t.room_id = e.room_id AND t.seq = e.target AND t.kind = 0 AND t.seq < e.seq
    WHERE (e.kind BETWEEN 1 AND 3 OR (e.kind = 0 AND e.target IS NOT NULL)) AND t.seq IS NULL";

const TEXTS: &str = "
    SELECT CASE deleted WHEN 1 THEN 'a deleted message still has its text' ELSE 'a message has no text' END
      || ': room ' || room_id || ' seq ' || seq
    FROM entries WHERE kind = 0
      AND CASE deleted WHEN 1 THEN text IS NOT NULL OR now_text IS NOT NULL OR edited_at IS NOT NULL ELSE text IS NULL END";

/// After the first wrong one all others are.
const SAID: &str = "
    SELECT 'the messages are counted wrong: room ' || room_id || ' from seq ' || MIN(seq)
    FROM (SELECT room_id, seq, said,
        COUNT(*) FILTER (WHERE kind = 0) OVER (PARTITION BY room_id ORDER BY seq ROWS UNBOUNDED PRECEDING) AS counted
      FROM entries)
    WHERE said IS NOT counted GROUP BY room_id";

/// Whoever left and came back begins to count anew.
const OWN: &str = "
    SELECT 'the own messages that a member has not read are counted wrong: room ' || m.room_id || ' user ' || m.user_id
    FROM members m LEFT JOIN (SELECT e.room_id, e.author, COUNT(*) FILTER (WHERE e.seq > n.read_seq) AS after, MAX(e.seq) AS last
        FROM entries e CROSS JOIN members n ON n.room_id = e.room_id AND n.user_id = e.author
        WHERE e.kind = 0 GROUP BY e.room_id, e.author) o
      ON o.room_id = m.room_id AND o.author = m.user_id
    WHERE m.own_after <> COALESCE(o.after, 0) OR m.own_last > COALESCE(o.last, 0) OR (o.after > 0 AND m.own_last <> o.last)";

/// The index of deleted messages tells which they are.
const DELETES: &str = "
    WITH marked AS MATERIALIZED (SELECT room_id, seq FROM entries INDEXED BY entries_deleted WHERE kind = 0 AND deleted = 1),
      said AS MATERIALIZED (SELECT room_id, target FROM entries WHERE kind = 2)
    SELECT 'a message is deleted that nobody deleted: room ' || room_id || ' seq ' || seq
      FROM (SELECT * FROM marked EXCEPT SELECT * FROM said)
    UNION ALL
    SELECT 'a deleted message still stands: room ' || room_id || ' seq ' || target
      FROM (SELECT * FROM said EXCEPT SELECT * FROM marked) gone
      WHERE EXISTS (SELECT 1 FROM entries m WHERE m.room_id = gone.room_id AND m.seq = gone.target AND m.kind = 0)";

/// The index of edits goes before the messages that they are of.
const EDITS: &str = "
    SELECT CASE WHEN m.deleted = 0 AND e.deleted = 0 AND e.text IS NOT NULL THEN 'an edit is not seen in its message'
        WHEN m.deleted = 0 THEN 'an edit has no text'
        ELSE 'an edit of a deleted message still has its text' END
      || ': room ' || e.room_id || ' seq ' || e.seq || ' of ' || e.target
    FROM entries e INDEXED BY entries_edits
    CROSS JOIN entries m ON m.room_id = e.room_id AND m.seq = e.target AND m.kind = 0
    WHERE e.kind = 1 AND (e.deleted <> m.deleted OR (e.deleted = 1) <> (e.text IS NULL) OR (m.deleted = 0 AND m.edited_at IS NULL))";

/// Only messages that say that they were edited are held against their last edit.
const EDITED: &str = "
    SELECT 'a message does not stand as its last edit says: room ' || m.room_id || ' seq ' || m.seq
    FROM entries m LEFT JOIN entries x ON x.room_id = m.room_id
      AND x.seq = (SELECT MAX(y.seq) FROM entries y INDEXED BY entries_edits WHERE y.kind = 1 AND y.room_id = m.room_id AND y.target = m.seq)
    WHERE m.kind = 0 AND m.deleted = 0 AND (m.now_text IS NOT NULL OR m.edited_at IS NOT NULL)
      AND (x.seq IS NULL OR m.now_text IS NOT x.text OR m.edited_at IS NOT x.at)";

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
    FROM members m JOIN rooms r ON r.id = m.room_id WHERE m.read_seq NOT BETWEEN 0 AND r.last_seq";

const MENTIONS: &str = "
    SELECT 'a mention stands of a message that is not there: room ' || n.room_id || ' seq ' || n.seq || ' user ' || n.user_id
    FROM mentions n
    LEFT JOIN entries e ON e.room_id = n.room_id AND e.seq = n.seq AND e.kind = 0 AND e.deleted = 0 AND e.author = n.author
    WHERE e.seq IS NULL";
