//! Threads, and who follows them.

use std::collections::HashMap;

use protocol::{
    Message, ReadPosition, Replies, RoomId, Seq, ThreadSummary, UserId, limits::THREAD_UNREAD,
};
use rusqlite::{Connection, Row, params};
use serde_json::json;

use super::{
    mentions::EVERYBODY,
    rows::{Columns as _, ForEach, all, corrupt, first, int, run, user_id},
    tx::Tx,
};
use crate::store::{
    FollowedThread, Moment,
    rules::{FollowRow, StoreResult, ThreadRows},
};

/// Read by [`replies`], from this column on.
const REPLIES: &str = "t.n, t.last_seq, t.last_at, t.by1, t.by2, t.by3";

fn replies(row: &Row<'_>, from: usize) -> StoreResult<Replies> {
    let mut by = Vec::with_capacity(protocol::THREAD_WRITERS);
    for column in from + 3..from + 6 {
        if let Some(user) = row.get(column)? {
            by.push(user_id(user)?);
        }
    }
    Ok(Replies {
        n: row.get(from)?,
        last_seq: row.get(from + 1)?,
        last_at: row.get(from + 2)?,
        by,
    })
}

impl ThreadRows for Tx<'_> {
    async fn replies(
        &mut self,
        at: &[(RoomId, Seq)],
    ) -> StoreResult<HashMap<(RoomId, Seq), Replies>> {
        let mut found = HashMap::new();
        let sql = format!("SELECT {REPLIES} FROM threads t WHERE room_id = ? AND root = ?");
        let mut asking = ForEach::new(self.db, &sql)?;
        for &(room, root) in at {
            let known = asking.first(params![room.get(), int(root)], |row| replies(row, 0))?;
            found.extend(known.map(|known| ((room, root), known)));
        }
        Ok(found)
    }

    async fn set_replies(
        &mut self,
        (room, root): (RoomId, Seq),
        replies: &Replies,
    ) -> StoreResult<()> {
        let by = |place: usize| replies.by.get(place).map(|user| user.get());
        run(
            self.db,
            "INSERT INTO threads (room_id, root, n, last_seq, last_at, by1, by2, by3) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (room_id, root) DO UPDATE SET n = excluded.n, last_seq = excluded.last_seq, last_at = excluded.last_at,
               by1 = excluded.by1, by2 = excluded.by2, by3 = excluded.by3",
            params![
                room.get(),
                root,
                replies.n,
                replies.last_seq,
                replies.last_at,
                by(0),
                by(1),
                by(2)
            ],
        )?;
        Ok(())
    }

    async fn followers(
        &mut self,
        (room, root): (RoomId, Seq),
    ) -> StoreResult<Vec<(UserId, FollowRow)>> {
        followers(self.db, (room, root))
    }

    async fn followed(
        &mut self,
        (room, root): (RoomId, Seq),
        user: UserId,
    ) -> StoreResult<Option<FollowRow>> {
        first(
            self.db,
            "SELECT following, read_seq, gen FROM follows WHERE user_id = ? AND room_id = ? AND root = ?",
            params![user.get(), room.get(), int(root)],
            follow,
        )
    }

    async fn follow(
        &mut self,
        (room, root): (RoomId, Seq),
        user: UserId,
        FollowRow { on, read }: FollowRow,
    ) -> StoreResult<()> {
        run(
            self.db,
            "INSERT INTO follows (user_id, room_id, root, following, read_seq, gen) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (user_id, room_id, root) DO UPDATE SET following = excluded.following, read_seq = excluded.read_seq, gen = excluded.gen",
            params![
                user.get(),
                room.get(),
                int(root),
                on,
                read.seq,
                read.generation
            ],
        )?;
        Ok(())
    }
}

/// [`crate::store::Personal::followers`].
pub(super) fn followers(
    db: &Connection,
    (room, root): (RoomId, Seq),
) -> StoreResult<Vec<(UserId, FollowRow)>> {
    all(
        db,
        "SELECT following, read_seq, gen, user_id FROM follows WHERE room_id = ? AND root = ? ORDER BY user_id",
        params![room.get(), int(root)],
        |row| Ok((row.user(3)?, follow(row)?)),
    )
}

fn follow(row: &Row<'_>) -> StoreResult<FollowRow> {
    Ok(FollowRow {
        on: row.get(0)?,
        read: ReadPosition {
            seq: row.get(1)?,
            generation: row.get(2)?,
        },
    })
}

/// Notes what first messages say of their replies.
pub(super) fn note_replies(
    db: &Connection,
    room: RoomId,
    messages: &mut [Message],
) -> StoreResult<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let own = messages.iter().filter(|one| one.thread.is_none());
    let own: Vec<Seq> = own.map(|one| one.seq).collect();
    let statement = format!(
        "SELECT {REPLIES}, t.root FROM json_each(?2) j CROSS JOIN threads t ON t.room_id = ?1 AND t.root = j.value"
    );
    let asked = params![room.get(), json!(own).to_string()];
    let found = all(db, &statement, asked, |row| {
        Ok((row.get::<_, Seq>(6)?, replies(row, 0)?))
    })?;
    let mut found: HashMap<Seq, Replies> = found.into_iter().collect();
    for message in messages {
        message.replies = found.remove(&message.seq);
    }
    Ok(())
}

/// How a user stands to thread `t`, which there may not be yet, of a room; `p` is their row. Counted as far as [`THREAD_UNREAD`].
fn summary_columns() -> String {
    format!(
        "p.room_id, p.root, COALESCE(t.n, 0), COALESCE(t.last_seq, 0), COALESCE(p.read_seq, 0), COALESCE(p.gen, 0), COALESCE(p.following, 0),
         (SELECT COUNT(*) FROM (SELECT 1 FROM entries e INDEXED BY entries_thread
           WHERE p.following = 1 AND e.room_id = p.room_id AND e.thread = p.root AND e.seq > p.read_seq AND e.author <> p.user_id
             AND e.deleted = 0 LIMIT {THREAD_UNREAD})) AS unread,
         (SELECT COUNT(*) FROM (SELECT DISTINCT n.seq FROM mentions n
           WHERE p.following = 1 AND n.user_id IN ({EVERYBODY}, p.user_id) AND n.room_id = p.room_id AND n.seq > p.read_seq
             AND n.thread = p.root AND n.author <> p.user_id LIMIT {THREAD_UNREAD})) AS named,
         COALESCE(t.last_at, 0) AS at"
    )
}

fn summary(row: &Row<'_>) -> StoreResult<ThreadSummary> {
    Ok(ThreadSummary {
        room: row.room(0)?,
        root: row.get(1)?,
        n: row.get(2)?,
        last_seq: row.get(3)?,
        read_seq: row.get(4)?,
        generation: row.get(5)?,
        following: row.get(6)?,
        unread: row.get(7)?,
        mentions: row.get(8)?,
    })
}

/// [`crate::store::Personal::threads`].
pub(super) fn followed(
    db: &Connection,
    user: UserId,
    unread: bool,
    (before, limit): (Option<Moment>, u32),
) -> StoreResult<Vec<FollowedThread>> {
    let statement = format!(
        "SELECT * FROM (SELECT {} FROM follows p
           CROSS JOIN rooms r ON r.id = p.room_id AND r.deleted_at IS NULL AND r.hidden_at IS NULL
           LEFT JOIN threads t ON t.room_id = p.room_id AND t.root = p.root
           WHERE p.user_id = ?1 AND p.following = 1 AND (NOT ?2 OR t.last_seq > p.read_seq)) AS s
         WHERE (unread > 0) = ?2 AND (?3 IS NULL OR (at, room_id, root) < (?3, ?4, ?5))
         ORDER BY at DESC, room_id DESC, root DESC LIMIT +?6",
        summary_columns()
    );
    let (at, place) = before
        .map(|before| (int(before.at), (before.room.get(), int(before.seq))))
        .unzip();
    let (room, root) = place.unzip();
    let asked = params![user.get(), unread, at, room, root, limit];
    all(db, &statement, asked, |row| {
        Ok(FollowedThread {
            thread: summary(row)?,
            at: row.get(9)?,
        })
    })
}

/// How a user stands to one thread, whether they follow it or not.
pub(super) fn standing(
    db: &Connection,
    user: UserId,
    (room, root): (RoomId, Seq),
) -> StoreResult<ThreadSummary> {
    let statement = format!(
        "SELECT {} FROM (SELECT ?1 AS user_id, ?2 AS room_id, ?3 AS root, f.read_seq, f.gen, f.following
           FROM (SELECT 1) LEFT JOIN follows f ON f.user_id = ?1 AND f.room_id = ?2 AND f.root = ?3) p
         LEFT JOIN threads t ON t.room_id = p.room_id AND t.root = p.root",
        summary_columns()
    );
    let asked = params![user.get(), room.get(), int(root)];
    let found = first(db, &statement, asked, summary)?;
    found.ok_or_else(|| corrupt("a question without an answer"))
}
