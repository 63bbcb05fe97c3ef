//! Rooms and their members in a transaction that writes.

use std::collections::HashMap;

use protocol::{
    ListOrder, PreferencesPatch, ReadPosition, RoomId, RoomSetting, Seq, UserId, name_looks,
};
use rusqlite::{Connection, Row, params};

use super::{
    rows::{
        Columns as _, ForEach, all, first, int, notify_int, returned, room_kind_int, run, value,
    },
    tx::Tx,
};
use crate::{
    auth::rights::Place,
    store::{
        codes::direct_key,
        rules::{HiddenRoom, LogEnd, RoomRow, RoomRows, Seat, StoreResult, UnreadRoom},
    },
};

/// Read by [`seat`].
const SEAT: &str = "SELECT r.kind, r.created_by, r.last_seq,
      COALESCE((SELECT e.said FROM entries e WHERE e.room_id = r.id AND e.seq = r.last_seq), 0),
      m.user_id IS NOT NULL, COALESCE(m.read_seq, 0), r.read_only, r.archived, r.hidden_at, r.hidden_by, r.name,
      COALESCE(m.gen, 0)
    FROM rooms r LEFT JOIN members m ON m.room_id = r.id AND m.user_id = ?2
    WHERE r.id = ?1 AND r.deleted_at IS NULL";

fn seat(row: &Row<'_>) -> StoreResult<Seat> {
    Ok(Seat {
        place: Place {
            kind: row.room_kind(0)?,
            created_by: Some(row.user(1)?),
            member: row.get(4)?,
            read_only: row.get(6)?,
            archived: row.get(7)?,
        },
        read: ReadPosition {
            generation: row.get(11)?,
            seq: row.get(5)?,
        },
        head: LogEnd {
            seq: row.get(2)?,
            said: row.get(3)?,
        },
    })
}

impl RoomRows for Tx<'_> {
    async fn seats(
        &mut self,
        at: &[(RoomId, UserId)],
    ) -> StoreResult<HashMap<(RoomId, UserId), Seat>> {
        let mut found = HashMap::with_capacity(at.len());
        let mut asking = ForEach::new(self.db, &format!("{SEAT} AND r.hidden_at IS NULL"))?;
        for &(room, user) in at {
            let seat = asking.first(params![room.get(), user.get()], seat)?;
            found.extend(seat.map(|seat| ((room, user), seat)));
        }
        Ok(found)
    }

    async fn members(&mut self, room: RoomId) -> StoreResult<Vec<UserId>> {
        let statement = "SELECT user_id FROM members WHERE room_id = ?";
        all(self.db, statement, [room.get()], |row| row.user(0))
    }

    async fn room_is_called(
        &mut self,
        [key, look]: &[String; 2],
        except: Option<RoomId>,
    ) -> StoreResult<bool> {
        value(
            self.db,
            "SELECT EXISTS (SELECT 1 FROM rooms
             WHERE kind = 0 AND deleted_at IS NULL AND hidden_at IS NULL AND (name_key IN (?1, ?2) OR name_look IN (?1, ?2)) AND id <> ?3)",
            params![key, look, except.map_or(0, RoomId::get)],
        )
    }

    async fn direct_room(&mut self, people: &[UserId]) -> StoreResult<Option<RoomId>> {
        let statement = "SELECT id FROM rooms WHERE direct_key = ?";
        first(self.db, statement, [direct_key(people)], |row| row.room(0))
    }

    async fn first_room(&mut self) -> StoreResult<Option<RoomId>> {
        let statement = "SELECT id FROM rooms WHERE kind = 0 AND deleted_at IS NULL AND hidden_at IS NULL AND archived = 0 ORDER BY id LIMIT 1";
        first(self.db, statement, [], |row| row.room(0))
    }

    /// How many own messages follow the position is brought up to date. Only where the member's last own message lies behind the new position
    /// are entries counted, those between the two positions.
    async fn read(&mut self, room: RoomId, user: UserId, upto: Seq) -> StoreResult<()> {
        run(
            self.db,
            "UPDATE members SET read_seq = ?3,
               own_after = CASE WHEN own_last <= ?3 THEN 0
                 ELSE own_after - (SELECT COUNT(*) FROM entries e WHERE e.room_id = ?1 AND e.seq > members.read_seq AND e.seq <= ?3
                   AND e.kind = 0 AND e.in_room = 1 AND e.author = ?2) END
             WHERE room_id = ?1 AND user_id = ?2",
            params![room.get(), user.get(), upto],
        )?;
        Ok(())
    }

    /// The entries after the position are looked through; the rule bounds how many there may be.
    async fn set_back(
        &mut self,
        room: RoomId,
        user: UserId,
        position: ReadPosition,
    ) -> StoreResult<()> {
        let (after, last): (u64, Option<Seq>) = returned(
            self.db,
            "SELECT COUNT(*), MAX(seq) FROM entries WHERE room_id = ? AND seq > ? AND kind = 0 AND in_room = 1 AND author = ?",
            params![room.get(), position.seq, user.get()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        run(
            self.db,
            "UPDATE members SET read_seq = ?3, gen = ?4, own_after = ?5, own_last = COALESCE(?6, own_last)
             WHERE room_id = ?1 AND user_id = ?2",
            params![
                room.get(),
                user.get(),
                position.seq,
                position.generation,
                after,
                last
            ],
        )?;
        Ok(())
    }

    async fn unread_rooms(
        &mut self,
        user: UserId,
        after: u64,
        limit: u32,
    ) -> StoreResult<Vec<UnreadRoom>> {
        all(
            self.db,
            "SELECT r.id, m.gen, m.read_seq, r.last_seq
             FROM members m INDEXED BY members_of_user CROSS JOIN rooms r ON r.id = m.room_id AND r.deleted_at IS NULL AND r.hidden_at IS NULL
             WHERE m.user_id = ? AND m.room_id > ? AND m.read_seq < r.last_seq ORDER BY m.room_id LIMIT +?",
            params![user.get(), int(after), limit],
            |row| {
                Ok(UnreadRoom {
                    room: row.room(0)?,
                    read: ReadPosition {
                        generation: row.get(1)?,
                        seq: row.get(2)?,
                    },
                    end: row.get(3)?,
                })
            },
        )
    }

    async fn prefer(
        &mut self,
        room: RoomId,
        user: UserId,
        patch: PreferencesPatch,
    ) -> StoreResult<()> {
        let order = patch.order.flatten().map(ListOrder::get);
        run(
            self.db,
            "UPDATE members SET notify = COALESCE(?3, notify), muted = COALESCE(?4, muted), favourite = COALESCE(?5, favourite),
               place = CASE WHEN ?6 THEN ?7 ELSE place END
             WHERE room_id = ?1 AND user_id = ?2",
            params![
                room.get(),
                user.get(),
                patch.notify.map(notify_int),
                patch.muted,
                patch.favourite,
                patch.order.is_some(),
                order
            ],
        )?;
        Ok(())
    }

    async fn add_member(
        &mut self,
        room: RoomId,
        user: UserId,
        at: u64,
        read: Seq,
    ) -> StoreResult<()> {
        run(
            self.db,
            "INSERT INTO members (room_id, user_id, joined_at, read_seq) VALUES (?, ?, ?, ?)",
            params![room.get(), user.get(), at, read],
        )?;
        Ok(())
    }

    async fn remove_member(&mut self, room: RoomId, user: UserId) -> StoreResult<bool> {
        let statement = "DELETE FROM members WHERE room_id = ? AND user_id = ?";
        let gone = run(self.db, statement, params![room.get(), user.get()])?;
        let statement = "DELETE FROM follows WHERE room_id = ? AND user_id = ?";
        run(self.db, statement, params![room.get(), user.get()])?;
        Ok(gone > 0)
    }

    async fn add_room(&mut self, new: RoomRow<'_>) -> StoreResult<RoomId> {
        let [key, look] = name_looks(new.name);
        let direct = (!new.people.is_empty()).then(|| direct_key(new.people));
        returned(
            self.db,
            "INSERT INTO rooms (kind, name, name_key, name_look, topic, direct_key, created_by, created_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            params![
                room_kind_int(new.kind),
                new.name,
                key,
                look,
                new.topic,
                direct,
                new.by.get(),
                new.at
            ],
            |row| row.room(0),
        )
    }

    async fn set(&mut self, room: RoomId, setting: &RoomSetting) -> StoreResult<bool> {
        let changed = match setting {
            RoomSetting::Name(name) => {
                let [key, look] = name_looks(name);
                run(
                    self.db,
                    "UPDATE rooms SET name = ?1, name_key = ?2, name_look = ?3 WHERE id = ?4 AND name <> ?1",
                    params![name, key, look, room.get()],
                )
            }
            RoomSetting::ReadOnly(on) => run(
                self.db,
                "UPDATE rooms SET read_only = ?1 WHERE id = ?2 AND read_only <> ?1",
                params![on, room.get()],
            ),
            RoomSetting::Archived(on) => run(
                self.db,
                "UPDATE rooms SET archived = ?1 WHERE id = ?2 AND archived <> ?1",
                params![on, room.get()],
            ),
        };
        Ok(changed? > 0)
    }

    async fn set_topic(&mut self, room: RoomId, topic: &str) -> StoreResult<bool> {
        let statement = "UPDATE rooms SET topic = ?1 WHERE id = ?2 AND topic <> ?1";
        let changed = run(self.db, statement, params![topic, room.get()])?;
        Ok(changed > 0)
    }

    async fn hide_room(&mut self, room: RoomId, hidden: Option<(u64, UserId)>) -> StoreResult<()> {
        let (at, by) = hidden.map(|(at, by)| (at, by.get())).unzip();
        let statement = "UPDATE rooms SET hidden_at = ?, hidden_by = ? WHERE id = ?";
        run(self.db, statement, params![at, by, room.get()])?;
        Ok(())
    }

    async fn hidden_room(&mut self, room: RoomId, user: UserId) -> StoreResult<Option<HiddenRoom>> {
        let statement = format!("{SEAT} AND r.hidden_at IS NOT NULL");
        first(
            self.db,
            &statement,
            params![room.get(), user.get()],
            |row| {
                Ok(HiddenRoom {
                    seat: seat(row)?,
                    at: row.get(8)?,
                    by: row.user(9)?,
                    name: row.get(10)?,
                })
            },
        )
    }

    async fn hidden_before(&mut self, at: u64) -> StoreResult<Option<RoomId>> {
        hidden_before(self.db, at)
    }

    async fn delete_room(&mut self, room: RoomId, at: u64) -> StoreResult<()> {
        let statement =
            "UPDATE rooms SET deleted_at = ?, hidden_at = NULL, hidden_by = NULL WHERE id = ?";
        run(self.db, statement, params![at, room.get()])?;
        for statement in [
            "DELETE FROM members WHERE room_id = ?",
            "DELETE FROM mentions WHERE room_id = ?",
            "DELETE FROM reactions WHERE room_id = ?",
            "DELETE FROM pins WHERE room_id = ?",
            "DELETE FROM saved WHERE room_id = ?",
            "DELETE FROM threads WHERE room_id = ?",
            "DELETE FROM follows WHERE room_id = ?",
            "DELETE FROM entries WHERE room_id = ?",
        ] {
            run(self.db, statement, [room.get()])?;
        }
        Ok(())
    }
}

/// A room that is hidden since before that time: the first of them.
pub(super) fn hidden_before(db: &Connection, at: u64) -> StoreResult<Option<RoomId>> {
    let statement = "SELECT id FROM rooms WHERE hidden_at IS NOT NULL AND hidden_at < ? ORDER BY hidden_at, id LIMIT 1";
    first(db, statement, [at], |row| row.room(0))
}
