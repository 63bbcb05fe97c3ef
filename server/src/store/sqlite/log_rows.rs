//! Logs in a transaction that writes. Statements of one row are run again and again: on this thread each costs a few microseconds, and
//! less than reading a list of rows as JSON does.

use std::collections::HashMap;

use protocol::{Ack, ActKind, Event, MessageId, RoomId, Seq, ThreadPlace, UserId};
use rusqlite::{Connection, params};

use super::{
    mentions::{MentionPlace, forget_names, name},
    rows::{Columns as _, ForEach, first, int, returned, run, value},
    tx::Tx,
};
use crate::store::{
    Authored, Named, StoredAck,
    codes::entry_columns,
    rules::{LogRows, MessageRow, NewEntry, PinFacts, Reacted, ReactionRow, StoreResult, Target},
    sums::sum,
};

impl LogRows for Tx<'_> {
    async fn acks(
        &mut self,
        ids: &[(UserId, MessageId)],
    ) -> StoreResult<HashMap<(UserId, MessageId), (StoredAck, ActKind)>> {
        let mut found = HashMap::new();
        let mut ack = ForEach::new(
            self.db,
            "SELECT room_id, seq, at, kind FROM commands WHERE id = ? AND author = ?",
        )?;
        for &(author, id) in ids {
            let known = ack.first(params![id.as_bytes(), author.get()], |row| {
                let ack = StoredAck {
                    room: row.room(0)?,
                    seq: row.get(1)?,
                    at: row.get(2)?,
                };
                Ok((ack, row.act_kind(3)?))
            })?;
            found.extend(known.map(|known| ((author, id), known)));
        }
        Ok(found)
    }

    async fn targets(
        &mut self,
        at: &[(RoomId, Seq)],
    ) -> StoreResult<HashMap<(RoomId, Seq), Target>> {
        let mut found = HashMap::new();
        let mut target = ForEach::new(
            self.db,
            "SELECT author, at, deleted, thread, in_room FROM entries WHERE room_id = ? AND seq = ? AND kind = 0",
        )?;
        for &(room, seq) in at {
            let target = target.first(params![room.get(), int(seq)], |row| {
                Ok(Target {
                    author: row.user(0)?,
                    at: row.get(1)?,
                    deleted: row.get(2)?,
                    thread: row.get(3)?,
                    in_room: row.get(4)?,
                })
            })?;
            found.extend(target.map(|target| ((room, seq), target)));
        }
        Ok(found)
    }

    async fn reacted(
        &mut self,
        (room, of): (RoomId, Seq),
        emoji: &str,
        by: UserId,
    ) -> StoreResult<Reacted> {
        let mine = first(
            self.db,
            "SELECT r.given, r.seq, e.at FROM reactions r CROSS JOIN entries e ON e.room_id = r.room_id AND e.seq = r.seq
             WHERE r.room_id = ? AND r.target = ? AND r.emoji = ? AND r.user_id = ?",
            params![room.get(), of, emoji, by.get()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let all = first(
            self.db,
            "SELECT MIN(CASE WHEN emoji = ?3 THEN since END), COUNT(DISTINCT emoji) FROM reactions
             WHERE room_id = ?1 AND target = ?2 AND given = 1",
            params![room.get(), of, emoji],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let (since, different) = all.unwrap_or_default();
        Ok(Reacted {
            mine,
            since,
            different,
        })
    }

    async fn named(&mut self, one: &Authored) -> StoreResult<Named> {
        Ok(one.named(|key| self.user_called(key)))
    }

    async fn say(&mut self, new: &[MessageRow<'_>]) -> StoreResult<()> {
        // How many of the room's own messages each author said in each room, and the last of them.
        let mut own: HashMap<(RoomId, UserId), (u64, Seq)> = HashMap::new();
        let mut heads: HashMap<RoomId, Seq> = HashMap::new();
        let mut inserts = Inserts::new(self.db)?;
        for message in new {
            inserts.run(message)?;
            let (room, author) = (message.one.command.room, message.one.who.id);
            heads.insert(room, message.at.seq);
            if ThreadPlace::counts_in_room(message.thread) {
                let (count, last) = own.entry((room, author)).or_default();
                *count += 1;
                *last = message.at.seq;
            }
            let place = MentionPlace::of(message.thread);
            name(
                self.db,
                (room, message.at.seq),
                (author, place),
                message.named,
            )?;
        }
        let mut head = ForEach::new(self.db, "UPDATE rooms SET last_seq = ? WHERE id = ?")?;
        for (room, seq) in heads {
            head.run(params![seq, room.get()])?;
        }
        let mut counts = ForEach::new(
            self.db,
            "UPDATE members SET own_after = own_after + ?, own_last = ? WHERE room_id = ? AND user_id = ?",
        )?;
        for ((room, author), (count, last)) in own {
            counts.run(params![count, last, room.get(), author.get()])?;
        }
        Ok(())
    }

    async fn append(&mut self, new: NewEntry<'_>) -> StoreResult<Event> {
        append(self.db, new)
    }

    async fn ack(&mut self, author: UserId, ack: Ack, kind: ActKind) -> StoreResult<()> {
        let Ack { id, room, seq, at } = ack;
        run(
            self.db,
            "INSERT INTO commands (author, id, room_id, seq, at, kind) VALUES (?, ?, ?, ?, ?, ?)",
            params![
                author.get(),
                id.as_bytes(),
                room.get(),
                seq,
                at,
                kind as i64
            ],
        )?;
        Ok(())
    }

    async fn edit(
        &mut self,
        (room, seq): (RoomId, Seq),
        target: Target,
        text: &str,
        at: u64,
        named: &Named,
    ) -> StoreResult<()> {
        run(
            self.db,
            "UPDATE entries SET now_text = ?, edited_at = ? WHERE room_id = ? AND seq = ?",
            params![text, at, room.get(), seq],
        )?;
        forget_names(self.db, (room, seq))?;
        let place = MentionPlace {
            thread: target.thread,
            in_room: target.in_room,
        };
        name(self.db, (room, seq), (target.author, place), named)
    }

    async fn erase(&mut self, (room, seq): (RoomId, Seq)) -> StoreResult<()> {
        let message = params![room.get(), seq];
        run(
            self.db,
            "UPDATE entries SET deleted = 1, text = NULL, now_text = NULL, edited_at = NULL, sum = NULL
             WHERE room_id = ?1 AND seq = ?2",
            message,
        )?;
        run(
            self.db,
            "UPDATE entries SET deleted = 1, text = NULL, sum = NULL WHERE room_id = ?1 AND kind = 1 AND target = ?2",
            message,
        )?;
        let statement = "DELETE FROM pins WHERE room_id = ?1 AND target = ?2";
        run(self.db, statement, message)?;
        forget_names(self.db, (room, seq))
    }

    async fn react(
        &mut self,
        (room, of): (RoomId, Seq),
        emoji: &str,
        by: UserId,
        ReactionRow { on, seq, since }: ReactionRow,
    ) -> StoreResult<()> {
        run(
            self.db,
            "INSERT INTO reactions (room_id, target, emoji, user_id, given, seq, since) VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (room_id, target, emoji, user_id)
             DO UPDATE SET given = excluded.given, seq = excluded.seq, since = excluded.since",
            params![room.get(), of, emoji, by.get(), on, seq, since],
        )?;
        Ok(())
    }

    async fn pinned(&mut self, (room, of): (RoomId, Seq)) -> StoreResult<PinFacts> {
        let stands = first(
            self.db,
            "SELECT p.pinned, p.seq, e.at FROM pins p CROSS JOIN entries e ON e.room_id = p.room_id AND e.seq = p.seq
             WHERE p.room_id = ? AND p.target = ?",
            params![room.get(), of],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let statement = "SELECT COUNT(*) FROM pins WHERE room_id = ? AND pinned = 1";
        let pinned = value(self.db, statement, [room.get()])?;
        Ok(PinFacts { stands, pinned })
    }

    async fn pin(&mut self, (room, of): (RoomId, Seq), on: bool, seq: Seq) -> StoreResult<()> {
        run(
            self.db,
            "INSERT INTO pins (room_id, target, pinned, seq) VALUES (?, ?, ?, ?)
             ON CONFLICT (room_id, target) DO UPDATE SET pinned = excluded.pinned, seq = excluded.seq",
            params![room.get(), of, on, seq],
        )?;
        Ok(())
    }
}

/// What keeps messages, and what their ids are acked with.
struct Inserts<'db> {
    of_room: ForEach<'db>,
    of_thread: ForEach<'db>,
    ack: ForEach<'db>,
}

impl<'db> Inserts<'db> {
    fn new(db: &'db Connection) -> StoreResult<Self> {
        Ok(Self {
            // What is in no thread needs no more values than before there were threads.
            of_room: ForEach::new(
                db,
                "INSERT INTO entries (room_id, seq, author, at, id, target, text, said, sum, kind) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            )?,
            of_thread: ForEach::new(
                db,
                "INSERT INTO entries (room_id, seq, author, at, id, target, text, said, sum, kind, thread, nth, in_room) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)",
            )?,
            ack: ForEach::new(
                db,
                "INSERT INTO commands (id, author, room_id, seq, at, kind) VALUES (?, ?, ?, ?, ?, 0)",
            )?,
        })
    }

    fn run(&mut self, new: &MessageRow<'_>) -> StoreResult<()> {
        let (one, at) = (new.one, new.at);
        let (room, author) = (one.command.room.get(), one.who.id.get());
        let id = one.command.id.as_bytes();
        let sum = sum(new.text.as_bytes());
        #[rustfmt::skip]
        match new.thread {
            None => self.of_room.run(params![
                room, at.seq, author, one.now, id, new.reply_to, new.text, at.said, sum,
            ])?,
            Some(place) => self.of_thread.run(params![
                room, at.seq, author, one.now, id, new.reply_to, new.text, at.said, sum,
                place.root, place.n, ThreadPlace::counts_in_room(new.thread),
            ])?,
        };
        self.ack.run(params![id, author, room, at.seq, one.now])?;
        Ok(())
    }
}

/// Allots the room's next `seq` to an entry that is no message, in the transaction that stores it. Messages get theirs in
/// `store/rules/sends.rs`.
fn append(db: &Connection, new: NewEntry<'_>) -> StoreResult<Event> {
    let NewEntry {
        room,
        by,
        at,
        id,
        kind,
    } = new;
    let seq: Seq = returned(
        db,
        "UPDATE rooms SET last_seq = last_seq + 1 WHERE id = ? RETURNING last_seq",
        [room.get()],
        |row| Ok(row.get(0)?),
    )?;
    let (number, target, text, emoji, flag) = entry_columns(kind);
    run(
        db,
        "INSERT INTO entries (room_id, seq, kind, author, at, id, target, text, emoji, flag, sum, said)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,
           COALESCE((SELECT said FROM entries WHERE room_id = ?1 AND seq = ?2 - 1), 0))",
        params![
            room.get(),
            seq,
            number,
            by.get(),
            at,
            id.as_ref().map(MessageId::as_bytes),
            target,
            text,
            emoji,
            flag,
            text.map(|text| sum(text.as_bytes()))
        ],
    )?;
    Ok(Event {
        room,
        seq,
        at,
        by,
        kind: kind.clone(),
    })
}
