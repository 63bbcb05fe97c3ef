//! Rooms and their members in a transaction that writes.

use std::collections::HashMap;

use protocol::{
    ListOrder, PreferencesPatch, ReadPosition, RoomId, RoomSetting, Seq, UserId, name_looks,
};
use tokio_postgres::Row;

use super::{
    rows::{Db, Number as _, PgColumns as _, small},
    tx::PgTx,
};
use crate::{
    auth::rights::Place,
    store::{
        codes::{direct_key, notify_int, room_kind_int, room_kind_of},
        rules::{HiddenRoom, LogEnd, RoomRow, RoomRows, Seat, StoreResult, UnreadRoom},
    },
};

/// Read by [`seat`].
const SEATS: &str = "SELECT r.kind, r.created_by, h.last_seq, h.said, m.user_id IS NOT NULL, COALESCE(m.read_seq, 0), r.read_only, r.archived,
      r.hidden_at, r.hidden_by, r.name, COALESCE(m.gen, 0), r.id, asked.person
    FROM UNNEST ($1::bigint[], $2::bigint[]) AS asked (room, person)
    JOIN rooms r ON r.id = asked.room AND r.deleted_at IS NULL JOIN heads h ON h.room_id = r.id
    LEFT JOIN members m ON m.room_id = r.id AND m.user_id = asked.person";

fn seat(row: &Row) -> StoreResult<Seat> {
    Ok(Seat {
        place: Place {
            kind: room_kind_of(row.small(0)?)?,
            created_by: Some(row.user(1)?),
            member: row.of(4)?,
            read_only: row.flag(6)?,
            archived: row.flag(7)?,
        },
        read: ReadPosition {
            generation: row.number(11)?,
            seq: row.number(5)?,
        },
        head: LogEnd {
            seq: row.number(2)?,
            said: row.number(3)?,
        },
    })
}

impl RoomRows for PgTx {
    async fn seats(
        &mut self,
        at: &[(RoomId, UserId)],
    ) -> StoreResult<HashMap<(RoomId, UserId), Seat>> {
        let rooms: Vec<i64> = at.iter().map(|(room, _)| room.n()).collect();
        let users: Vec<i64> = at.iter().map(|(_, user)| user.n()).collect();
        let sql = format!("{SEATS} WHERE r.hidden_at IS NULL");
        let found = self
            .db()
            .all(&sql, &[&rooms, &users], |row| {
                Ok(((row.room(12)?, row.user(13)?), seat(row)?))
            })
            .await?;
        Ok(found.into_iter().collect())
    }

    async fn members(&mut self, room: RoomId) -> StoreResult<Vec<UserId>> {
        let sql = "SELECT user_id FROM members WHERE room_id = $1 ORDER BY user_id";
        self.db().all(sql, &[&room.n()], |row| row.user(0)).await
    }

    async fn room_is_called(
        &mut self,
        looks: &[String; 2],
        except: Option<RoomId>,
    ) -> StoreResult<bool> {
        let looks: Vec<&str> = looks.iter().map(String::as_str).collect();
        let except = except.map_or(0, RoomId::n);
        self.db()
            .one(
                "SELECT EXISTS (SELECT 1 FROM rooms WHERE kind = 0 AND deleted_at IS NULL AND hidden_at IS NULL
                   AND (name_key = ANY ($1) OR name_look = ANY ($1)) AND id <> $2)",
                &[&looks, &except],
                |row| row.of(0),
            )
            .await
    }

    async fn direct_room(&mut self, people: &[UserId]) -> StoreResult<Option<RoomId>> {
        let sql = "SELECT id FROM rooms WHERE direct_key = $1";
        let key = direct_key(people);
        self.db().first(sql, &[&key], |row| row.room(0)).await
    }

    async fn first_room(&mut self) -> StoreResult<Option<RoomId>> {
        let sql = "SELECT id FROM rooms WHERE kind = 0 AND deleted_at IS NULL AND hidden_at IS NULL AND archived = 0 ORDER BY id LIMIT 1";
        self.db().first(sql, &[], |row| row.room(0)).await
    }

    /// How many own messages follow the position is brought up to date. Only where the member's last own message lies behind the new position
    /// are entries counted, those between the two positions. The room's head is locked: nobody says anything meanwhile.
    async fn read(&mut self, room: RoomId, user: UserId, upto: Seq) -> StoreResult<()> {
        self.db()
            .run(
                "UPDATE members m SET read_seq = $3,
                   own_after = CASE WHEN m.own_last <= $3 THEN 0
                     ELSE m.own_after - (SELECT COUNT(*) FROM entries e WHERE e.room_id = $1 AND e.seq > m.read_seq AND e.seq <= $3
                       AND e.kind = 0 AND e.in_room = 1 AND e.author = $2) END
                 WHERE m.room_id = $1 AND m.user_id = $2",
                &[&room.n(), &user.n(), &upto.n()],
            )
            .await?;
        Ok(())
    }

    /// The entries after the position are looked through; the rule bounds how many there may be.
    async fn set_back(
        &mut self,
        room: RoomId,
        user: UserId,
        position: ReadPosition,
    ) -> StoreResult<()> {
        let (after, last) = self
            .db()
            .one(
                "SELECT COUNT(*), MAX(seq) FROM entries WHERE room_id = $1 AND seq > $2 AND kind = 0 AND in_room = 1 AND author = $3",
                &[&room.n(), &position.seq.n(), &user.n()],
                |row| Ok((row.number(0)?, row.some(1)?)),
            )
            .await?;
        self.db()
            .run(
                "UPDATE members SET read_seq = $3, gen = $4, own_after = $5, own_last = COALESCE($6, own_last)
                 WHERE room_id = $1 AND user_id = $2",
                &[
                    &room.n(),
                    &user.n(),
                    &position.seq.n(),
                    &position.generation.n(),
                    &after.n(),
                    &last.map(u64::n),
                ],
            )
            .await?;
        Ok(())
    }

    async fn unread_rooms(
        &mut self,
        user: UserId,
        after: u64,
        limit: u32,
    ) -> StoreResult<Vec<UnreadRoom>> {
        self.db()
            .all(
                "SELECT r.id, m.gen, m.read_seq, h.last_seq
                 FROM members m JOIN rooms r ON r.id = m.room_id AND r.deleted_at IS NULL AND r.hidden_at IS NULL JOIN heads h ON h.room_id = r.id
                 WHERE m.user_id = $1 AND m.room_id > $2 AND m.read_seq < h.last_seq ORDER BY m.room_id LIMIT $3",
                &[&user.n(), &after.n(), &i64::from(limit)],
                |row| {
                    Ok(UnreadRoom {
                        room: row.room(0)?,
                        read: ReadPosition {
                            generation: row.number(1)?,
                            seq: row.number(2)?,
                        },
                        end: row.number(3)?,
                    })
                },
            )
            .await
    }

    async fn prefer(
        &mut self,
        room: RoomId,
        user: UserId,
        patch: PreferencesPatch,
    ) -> StoreResult<()> {
        let order = patch.order.flatten().map(ListOrder::get);
        let notify = patch.notify.map(|level| small(notify_int(level)));
        self.db()
            .run(
                "UPDATE members SET notify = COALESCE($3, notify), muted = COALESCE($4, muted), favourite = COALESCE($5, favourite),
                   place = CASE WHEN $6 THEN $7 ELSE place END
                 WHERE room_id = $1 AND user_id = $2",
                &[
                    &room.n(),
                    &user.n(),
                    &notify,
                    &patch.muted.map(i16::from),
                    &patch.favourite.map(i16::from),
                    &patch.order.is_some(),
                    &order,
                ],
            )
            .await?;
        Ok(())
    }

    async fn add_member(
        &mut self,
        room: RoomId,
        user: UserId,
        at: u64,
        read: Seq,
    ) -> StoreResult<()> {
        self.db()
            .run(
                "INSERT INTO members (room_id, user_id, joined_at, read_seq) VALUES ($1, $2, $3, $4)",
                &[&room.n(), &user.n(), &at.n(), &read.n()],
            )
            .await?;
        Ok(())
    }

    async fn remove_member(&mut self, room: RoomId, user: UserId) -> StoreResult<bool> {
        let (of, who) = (room.n(), user.n());
        let sql = "DELETE FROM members WHERE room_id = $1 AND user_id = $2";
        let gone = self.db().run(sql, &[&of, &who]).await?;
        let sql = "DELETE FROM follows WHERE room_id = $1 AND user_id = $2";
        self.db().run(sql, &[&of, &who]).await?;
        Ok(gone > 0)
    }

    async fn add_room(&mut self, new: RoomRow<'_>) -> StoreResult<RoomId> {
        let [key, look] = name_looks(new.name);
        let direct = (!new.people.is_empty()).then(|| direct_key(new.people));
        let room = self
            .db()
            .one(
                "INSERT INTO rooms (kind, name, name_key, name_look, topic, direct_key, created_by, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
                &[
                    &small(room_kind_int(new.kind)),
                    &new.name,
                    &key,
                    &look,
                    &new.topic,
                    &direct,
                    &new.by.n(),
                    &new.at.n(),
                ],
                |row| row.room(0),
            )
            .await?;
        let sql = "INSERT INTO heads (room_id) VALUES ($1)";
        self.db().run(sql, &[&room.n()]).await?;
        Ok(room)
    }

    async fn set(&mut self, room: RoomId, setting: &RoomSetting) -> StoreResult<bool> {
        let of = room.n();
        let changed = match setting {
            RoomSetting::Name(name) => {
                let [key, look] = name_looks(name);
                let sql = "UPDATE rooms SET name = $1, name_key = $2, name_look = $3 WHERE id = $4 AND name <> $1";
                self.db().run(sql, &[name, &key, &look, &of]).await?
            }
            RoomSetting::ReadOnly(on) => {
                let sql = "UPDATE rooms SET read_only = $1 WHERE id = $2 AND read_only <> $1";
                self.db().run(sql, &[&i16::from(*on), &of]).await?
            }
            RoomSetting::Archived(on) => {
                let sql = "UPDATE rooms SET archived = $1 WHERE id = $2 AND archived <> $1";
                self.db().run(sql, &[&i16::from(*on), &of]).await?
            }
        };
        Ok(changed > 0)
    }

    async fn set_topic(&mut self, room: RoomId, topic: &str) -> StoreResult<bool> {
        let sql = "UPDATE rooms SET topic = $1 WHERE id = $2 AND topic <> $1";
        Ok(self.db().run(sql, &[&topic, &room.n()]).await? > 0)
    }

    async fn hide_room(&mut self, room: RoomId, hidden: Option<(u64, UserId)>) -> StoreResult<()> {
        let (at, by) = hidden.map(|(at, by)| (at.n(), by.n())).unzip();
        let sql = "UPDATE rooms SET hidden_at = $1, hidden_by = $2 WHERE id = $3";
        self.db().run(sql, &[&at, &by, &room.n()]).await?;
        Ok(())
    }

    async fn hidden_room(&mut self, room: RoomId, user: UserId) -> StoreResult<Option<HiddenRoom>> {
        let sql = format!("{SEATS} WHERE r.hidden_at IS NOT NULL");
        let (rooms, users) = (vec![room.n()], vec![user.n()]);
        self.db()
            .first(&sql, &[&rooms, &users], |row| {
                Ok(HiddenRoom {
                    seat: seat(row)?,
                    at: row.number(8)?,
                    by: row.user(9)?,
                    name: row.of(10)?,
                })
            })
            .await
    }

    async fn hidden_before(&mut self, at: u64) -> StoreResult<Option<RoomId>> {
        hidden_before(self.db(), at).await
    }

    async fn delete_room(&mut self, room: RoomId, at: u64) -> StoreResult<()> {
        let of = room.n();
        let sql =
            "UPDATE rooms SET deleted_at = $1, hidden_at = NULL, hidden_by = NULL WHERE id = $2";
        self.db().run(sql, &[&at.n(), &of]).await?;
        for sql in [
            "DELETE FROM members WHERE room_id = $1",
            "DELETE FROM mentions WHERE room_id = $1",
            "DELETE FROM reactions WHERE room_id = $1",
            "DELETE FROM pins WHERE room_id = $1",
            "DELETE FROM saved WHERE room_id = $1",
            "DELETE FROM threads WHERE room_id = $1",
            "DELETE FROM follows WHERE room_id = $1",
            "DELETE FROM entries WHERE room_id = $1",
        ] {
            self.db().run(sql, &[&of]).await?;
        }
        Ok(())
    }
}

/// A room that is hidden since before that time: the first of them.
pub(super) async fn hidden_before(db: &mut Db, at: u64) -> StoreResult<Option<RoomId>> {
    let sql = "SELECT id FROM rooms WHERE hidden_at IS NOT NULL AND hidden_at < $1 ORDER BY hidden_at, id LIMIT 1";
    db.first(sql, &[&at.n()], |row| row.room(0)).await
}
