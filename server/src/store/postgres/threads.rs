//! Threads, and who follows them.

use std::collections::HashMap;

use protocol::{
    Message, ReadPosition, Replies, RoomId, Seq, ThreadSummary, UserId, limits::THREAD_UNREAD,
};
use tokio_postgres::Row;

use super::{
    rows::{Db, Number as _, PgColumns as _, numbers},
    tx::PgTx,
};
use crate::store::{
    FollowedThread, Moment,
    codes::{EVERYBODY, user_id},
    rules::{FollowRow, StoreResult, ThreadRows},
};

/// Read by [`replies`], from this column on.
const REPLIES: &str = "t.n, t.last_seq, t.last_at, t.by1, t.by2, t.by3";

fn replies(row: &Row, from: usize) -> StoreResult<Replies> {
    let mut by = Vec::with_capacity(protocol::THREAD_WRITERS);
    for column in from + 3..from + 6 {
        if let Some(user) = row.some(column)? {
            by.push(user_id(user)?);
        }
    }
    Ok(Replies {
        n: row.number(from)?,
        last_seq: row.number(from + 1)?,
        last_at: row.number(from + 2)?,
        by,
    })
}

impl ThreadRows for PgTx {
    async fn replies(
        &mut self,
        at: &[(RoomId, Seq)],
    ) -> StoreResult<HashMap<(RoomId, Seq), Replies>> {
        let rooms: Vec<i64> = at.iter().map(|(room, _)| room.n()).collect();
        let roots: Vec<i64> = at.iter().map(|(_, root)| root.n()).collect();
        let sql = format!(
            "SELECT {REPLIES}, t.room_id, t.root FROM UNNEST ($1::bigint[], $2::bigint[]) AS asked (room, root)
             JOIN threads t ON t.room_id = asked.room AND t.root = asked.root"
        );
        let found = self
            .db()
            .all(&sql, &[&rooms, &roots], |row| {
                Ok(((row.room(6)?, row.number(7)?), replies(row, 0)?))
            })
            .await?;
        Ok(found.into_iter().collect())
    }

    async fn set_replies(
        &mut self,
        (room, root): (RoomId, Seq),
        replies: &Replies,
    ) -> StoreResult<()> {
        let by = |place: usize| replies.by.get(place).map(|user| user.n());
        self.db()
            .run(
                "INSERT INTO threads (room_id, root, n, last_seq, last_at, by1, by2, by3) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                 ON CONFLICT (room_id, root) DO UPDATE SET n = excluded.n, last_seq = excluded.last_seq, last_at = excluded.last_at,
                   by1 = excluded.by1, by2 = excluded.by2, by3 = excluded.by3",
                &[
                    &room.n(),
                    &root.n(),
                    &replies.n.n(),
                    &replies.last_seq.n(),
                    &replies.last_at.n(),
                    &by(0),
                    &by(1),
                    &by(2),
                ],
            )
            .await?;
        Ok(())
    }

    async fn followers(
        &mut self,
        (room, root): (RoomId, Seq),
    ) -> StoreResult<Vec<(UserId, FollowRow)>> {
        followers(self.db(), (room, root)).await
    }

    async fn followed(
        &mut self,
        (room, root): (RoomId, Seq),
        user: UserId,
    ) -> StoreResult<Option<FollowRow>> {
        self.db()
            .first(
                "SELECT following, read_seq, gen FROM follows WHERE user_id = $1 AND room_id = $2 AND root = $3",
                &[&user.n(), &room.n(), &root.n()],
                follow,
            )
            .await
    }

    async fn follow(
        &mut self,
        (room, root): (RoomId, Seq),
        user: UserId,
        FollowRow { on, read }: FollowRow,
    ) -> StoreResult<()> {
        self.db()
            .run(
                "INSERT INTO follows (user_id, room_id, root, following, read_seq, gen) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (user_id, room_id, root)
                 DO UPDATE SET following = excluded.following, read_seq = excluded.read_seq, gen = excluded.gen",
                &[
                    &user.n(),
                    &room.n(),
                    &root.n(),
                    &i16::from(on),
                    &read.seq.n(),
                    &read.generation.n(),
                ],
            )
            .await?;
        Ok(())
    }
}

/// [`crate::store::Personal::followers`].
pub(super) async fn followers(
    db: &mut Db,
    (room, root): (RoomId, Seq),
) -> StoreResult<Vec<(UserId, FollowRow)>> {
    db.all(
        "SELECT following, read_seq, gen, user_id FROM follows WHERE room_id = $1 AND root = $2 ORDER BY user_id",
        &[&room.n(), &root.n()],
        |row| Ok((row.user(3)?, follow(row)?)),
    )
    .await
}

fn follow(row: &Row) -> StoreResult<FollowRow> {
    Ok(FollowRow {
        on: row.flag(0)?,
        read: ReadPosition {
            seq: row.number(1)?,
            generation: row.number(2)?,
        },
    })
}

/// Notes what first messages say of their replies.
pub(super) async fn note_replies(
    db: &mut Db,
    room: RoomId,
    messages: &mut [Message],
) -> StoreResult<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let own = messages.iter().filter(|one| one.thread.is_none());
    let own: Vec<Seq> = own.map(|one| one.seq).collect();
    let sql = format!(
        "SELECT {REPLIES}, t.root FROM threads t WHERE t.room_id = $1 AND t.root = ANY ($2)"
    );
    let found = db
        .all(&sql, &[&room.n(), &numbers(&own)], |row| {
            Ok((row.number(6)?, replies(row, 0)?))
        })
        .await?;
    let mut found: HashMap<Seq, Replies> = found.into_iter().collect();
    for message in messages {
        message.replies = found.remove(&message.seq);
    }
    Ok(())
}

/// How a user stands to thread `t`, which there may not be yet, of a room; `p` is their row. Counted as far as [`THREAD_UNREAD`].
fn summary_columns() -> String {
    format!(
        "p.room_id, p.root, COALESCE(t.n, 0) AS n, COALESCE(t.last_seq, 0) AS last_seq, COALESCE(p.read_seq, 0) AS read_seq,
         COALESCE(p.gen, 0) AS gen, COALESCE(p.following, 0::smallint) AS following,
         (SELECT COUNT(*) FROM (SELECT 1 FROM entries e
           WHERE p.following = 1 AND e.room_id = p.room_id AND e.thread = p.root AND e.seq > p.read_seq AND e.author <> p.user_id
             AND e.deleted = 0 LIMIT {THREAD_UNREAD}) AS counted) AS unread,
         (SELECT COUNT(*) FROM (SELECT DISTINCT n.seq FROM mentions n
           WHERE p.following = 1 AND n.user_id IN ({EVERYBODY}, p.user_id) AND n.room_id = p.room_id AND n.seq > p.read_seq
             AND n.thread = p.root AND n.author <> p.user_id LIMIT {THREAD_UNREAD}) AS counted) AS named,
         COALESCE(t.last_at, 0) AS at"
    )
}

fn summary(row: &Row) -> StoreResult<ThreadSummary> {
    Ok(ThreadSummary {
        room: row.room(0)?,
        root: row.number(1)?,
        n: row.number(2)?,
        last_seq: row.number(3)?,
        read_seq: row.number(4)?,
        generation: row.number(5)?,
        following: row.flag(6)?,
        unread: row.number(7)?,
        mentions: row.number(8)?,
    })
}

/// [`crate::store::Personal::threads`].
pub(super) async fn followed(
    db: &mut Db,
    user: UserId,
    unread: bool,
    (before, limit): (Option<Moment>, u32),
) -> StoreResult<Vec<FollowedThread>> {
    let sql = format!(
        "SELECT * FROM (SELECT {} FROM follows p
           JOIN rooms r ON r.id = p.room_id AND r.deleted_at IS NULL AND r.hidden_at IS NULL
           LEFT JOIN threads t ON t.room_id = p.room_id AND t.root = p.root
           WHERE p.user_id = $1 AND p.following = 1 AND (NOT $2 OR t.last_seq > p.read_seq)) AS s
         WHERE (unread > 0) = $2 AND ($3::bigint IS NULL OR (at, room_id, root) < ($3, $4, $5))
         ORDER BY at DESC, room_id DESC, root DESC LIMIT $6",
        summary_columns()
    );
    let at = before.map(|before| before.at.n());
    let room = before.map_or(0, |before| before.room.n());
    let root = before.map_or(0, |before| before.seq.n());
    let asked: super::rows::Params<'_> =
        &[&user.n(), &unread, &at, &room, &root, &i64::from(limit)];
    db.all(&sql, asked, |row| {
        Ok(FollowedThread {
            thread: summary(row)?,
            at: row.number(9)?,
        })
    })
    .await
}

/// How a user stands to one thread, whether they follow it or not.
pub(super) async fn standing(
    db: &mut Db,
    user: UserId,
    (room, root): (RoomId, Seq),
) -> StoreResult<ThreadSummary> {
    let sql = format!(
        "SELECT {} FROM (SELECT $1::bigint AS user_id, $2::bigint AS room_id, $3::bigint AS root, f.read_seq, f.gen, f.following
           FROM (SELECT 1) AS one LEFT JOIN follows f ON f.user_id = $1 AND f.room_id = $2 AND f.root = $3) p
         LEFT JOIN threads t ON t.room_id = p.room_id AND t.root = p.root",
        summary_columns()
    );
    db.one(&sql, &[&user.n(), &room.n(), &root.n()], summary)
        .await
}
