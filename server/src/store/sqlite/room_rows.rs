//! Rooms and their members in a transaction that writes.

use std::collections::HashMap;

use protocol::{RoomId, Seq, UserId, name_looks};
use rusqlite::params;
use serde_json::json;

use super::{
    rows::{Columns as _, all, first, returned, room_kind_int, run, value},
    tx::Tx,
};
use crate::{
    auth::rights::Place,
    store::rules::{Answer, Head, NewRoom, RoomRows, Seat},
};

impl RoomRows for Tx<'_> {
    async fn seats(&mut self, at: &[(RoomId, UserId)]) -> Answer<HashMap<(RoomId, UserId), Seat>> {
        let mut found = HashMap::with_capacity(at.len());
        for &(room, user) in at {
            let seat = first(
                self.db,
                "SELECT r.kind, r.created_by, r.last_seq,
                   COALESCE((SELECT e.said FROM entries e WHERE e.room_id = r.id AND e.seq = r.last_seq), 0),
                   m.user_id IS NOT NULL, COALESCE(m.read_seq, 0)
                 FROM rooms r LEFT JOIN members m ON m.room_id = r.id AND m.user_id = ?2
                 WHERE r.id = ?1 AND r.deleted_at IS NULL",
                params![room.get(), user.get()],
                |row| {
                    Ok(Seat {
                        place: Place {
                            kind: row.room_kind(0)?,
                            created_by: Some(row.user(1)?),
                            member: row.get(4)?,
                        },
                        read: row.get(5)?,
                        head: Head {
                            seq: row.get(2)?,
                            said: row.get(3)?,
                        },
                    })
                },
            )?;
            found.extend(seat.map(|seat| ((room, user), seat)));
        }
        Ok(found)
    }

    async fn members(&mut self, room: RoomId) -> Answer<Vec<UserId>> {
        let statement = "SELECT user_id FROM members WHERE room_id = ?";
        all(self.db, statement, [room.get()], |row| row.user(0))
    }

    async fn room_is_called(
        &mut self,
        [key, look]: &[String; 2],
        except: Option<RoomId>,
    ) -> Answer<bool> {
        value(
            self.db,
            "SELECT EXISTS (SELECT 1 FROM rooms
             WHERE kind = 0 AND deleted_at IS NULL AND (name_key IN (?1, ?2) OR name_look IN (?1, ?2)) AND id <> ?3)",
            params![key, look, except.map_or(0, RoomId::get)],
        )
    }

    async fn direct_room(&mut self, people: &[UserId]) -> Answer<Option<RoomId>> {
        let statement = "SELECT id FROM rooms WHERE direct_key = ?";
        first(self.db, statement, [direct_key(people)], |row| row.room(0))
    }

    async fn first_room(&mut self) -> Answer<Option<RoomId>> {
        let statement =
            "SELECT id FROM rooms WHERE kind = 0 AND deleted_at IS NULL ORDER BY id LIMIT 1";
        first(self.db, statement, [], |row| row.room(0))
    }

    /// How many own messages follow the position is brought up to date. Only where the member's last own message lies behind the new position
    /// are entries counted, those between the two positions.
    async fn read(&mut self, room: RoomId, user: UserId, upto: Seq) -> Answer<()> {
        run(
            self.db,
            "UPDATE members SET read_seq = ?3,
               own_after = CASE WHEN own_last <= ?3 THEN 0
                 ELSE own_after - (SELECT COUNT(*) FROM entries e WHERE e.room_id = ?1 AND e.seq > members.read_seq AND e.seq <= ?3
                   AND e.kind = 0 AND e.author = ?2) END
             WHERE room_id = ?1 AND user_id = ?2",
            params![room.get(), user.get(), upto],
        )?;
        Ok(())
    }

    async fn add_member(&mut self, room: RoomId, user: UserId, at: u64, read: Seq) -> Answer<()> {
        run(
            self.db,
            "INSERT INTO members (room_id, user_id, joined_at, read_seq) VALUES (?, ?, ?, ?)",
            params![room.get(), user.get(), at, read],
        )?;
        Ok(())
    }

    async fn remove_member(&mut self, room: RoomId, user: UserId) -> Answer<bool> {
        let statement = "DELETE FROM members WHERE room_id = ? AND user_id = ?";
        let gone = run(self.db, statement, params![room.get(), user.get()])?;
        Ok(gone > 0)
    }

    async fn add_room(&mut self, new: NewRoom<'_>) -> Answer<RoomId> {
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

    async fn rename_room(&mut self, room: RoomId, name: &str) -> Answer<()> {
        let [key, look] = name_looks(name);
        run(
            self.db,
            "UPDATE rooms SET name = ?, name_key = ?, name_look = ? WHERE id = ?",
            params![name, key, look, room.get()],
        )?;
        Ok(())
    }

    async fn set_topic(&mut self, room: RoomId, topic: &str) -> Answer<bool> {
        let statement = "UPDATE rooms SET topic = ?1 WHERE id = ?2 AND topic <> ?1";
        let changed = run(self.db, statement, params![topic, room.get()])?;
        Ok(changed > 0)
    }

    async fn delete_room(&mut self, room: RoomId, at: u64) -> Answer<()> {
        let statement = "UPDATE rooms SET deleted_at = ? WHERE id = ?";
        run(self.db, statement, params![at, room.get()])?;
        for statement in [
            "DELETE FROM members WHERE room_id = ?",
            "DELETE FROM mentions WHERE room_id = ?",
            "DELETE FROM reactions WHERE room_id = ?",
            "DELETE FROM entries WHERE room_id = ?",
        ] {
            run(self.db, statement, [room.get()])?;
        }
        Ok(())
    }
}

/// `rooms.direct_key`: the people of a direct room, a list of JSON.
fn direct_key(people: &[UserId]) -> String {
    json!(people).to_string()
}
