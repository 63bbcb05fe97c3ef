//! What is one person's own over all rooms.

use async_trait::async_trait;
use protocol::{RoomId, Seq, UserId, limits::SAVED};

use super::{
    PostgresStore, for_you,
    rows::{Number as _, PgColumns as _},
    threads,
    tx::PgTx,
};
use crate::{
    auth::rights::Place,
    store::{
        FollowedThread, ForYouPage, Moment, Personal, SavedRow, StoreError,
        codes::room_kind_of,
        rules::{FollowRow, SavedFacts, SavedRows, StoreResult},
    },
};

impl SavedRows for PgTx {
    async fn saved(&mut self, user: UserId, (room, seq): (RoomId, Seq)) -> StoreResult<SavedFacts> {
        let (is, count) = self
            .db()
            .one(
                "SELECT COALESCE(BOOL_OR(room_id = $2 AND seq = $3), FALSE), COUNT(*) FROM saved WHERE user_id = $1",
                &[&user.n(), &room.n(), &seq.n()],
                |row| Ok((row.of(0)?, row.number(1)?)),
            )
            .await?;
        Ok(SavedFacts {
            is,
            count: u32::try_from(count).unwrap_or(u32::MAX),
        })
    }

    async fn save(&mut self, user: UserId, (room, seq): (RoomId, Seq), at: u64) -> StoreResult<()> {
        self.db()
            .run(
                "INSERT INTO saved (user_id, room_id, seq, at, n)
                 VALUES ($1, $2, $3, $4, COALESCE((SELECT MAX(n) FROM saved WHERE user_id = $1), 0) + 1)",
                &[&user.n(), &room.n(), &seq.n(), &at.n()],
            )
            .await?;
        Ok(())
    }

    async fn unsave(&mut self, user: UserId, (room, seq): (RoomId, Seq)) -> StoreResult<()> {
        let sql = "DELETE FROM saved WHERE user_id = $1 AND room_id = $2 AND seq = $3";
        self.db()
            .run(sql, &[&user.n(), &room.n(), &seq.n()])
            .await?;
        Ok(())
    }
}

#[async_trait]
impl Personal for PostgresStore {
    async fn saved(&self, user: UserId) -> Result<Vec<SavedRow>, StoreError> {
        self.read(|db| {
            Box::pin(async move {
                let most = i64::from(SAVED);
                db.all(
                    "SELECT s.room_id, s.seq, s.at, s.n, r.kind, r.created_by, m.user_id IS NOT NULL, r.read_only, r.archived
                     FROM saved s JOIN rooms r ON r.id = s.room_id AND r.deleted_at IS NULL AND r.hidden_at IS NULL
                     LEFT JOIN members m ON m.room_id = s.room_id AND m.user_id = s.user_id
                     WHERE s.user_id = $1 ORDER BY s.n DESC LIMIT $2",
                    &[&user.n(), &most],
                    |row| {
                        Ok(SavedRow {
                            room: row.room(0)?,
                            seq: row.number(1)?,
                            at: row.number(2)?,
                            number: row.number(3)?,
                            place: Place {
                                kind: room_kind_of(row.small(4)?)?,
                                created_by: Some(row.user(5)?),
                                member: row.of(6)?,
                                read_only: row.flag(7)?,
                                archived: row.flag(8)?,
                            },
                        })
                    },
                )
                .await
            })
        })
        .await
    }

    async fn for_you(
        &self,
        user: UserId,
        before: Option<Moment>,
        limit: u32,
    ) -> Result<ForYouPage, StoreError> {
        self.read(|db| Box::pin(for_you::page(db, user, before, limit)))
            .await
    }

    async fn threads(
        &self,
        user: UserId,
        unread: bool,
        before: Option<Moment>,
        limit: u32,
    ) -> Result<Vec<FollowedThread>, StoreError> {
        self.read(|db| Box::pin(threads::followed(db, user, unread, (before, limit))))
            .await
    }

    async fn followers(
        &self,
        thread: (RoomId, Seq),
    ) -> Result<Vec<(UserId, FollowRow)>, StoreError> {
        self.read(|db| Box::pin(threads::followers(db, thread)))
            .await
    }
}
