//! Logs in a transaction that writes. What a batch asks or keeps goes as one statement with a list a column: each costs a way to the
//! database and back.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
};

use protocol::{Ack, ActKind, Event, MessageId, RoomId, Seq, UserId};

use super::{
    batch::{MessageBatch, all_kept},
    mentions::{NewMentions, forget},
    rows::{Number as _, PgColumns as _, small, uuid},
    tx::PgTx,
};
use crate::store::{
    Authored, Named, StoredAck,
    codes::{MentionPlace, act_kind_of, entry_columns},
    rules::{LogRows, MessageRow, NewEntry, PinFacts, Reacted, ReactionRow, StoreResult, Target},
    sums::sum,
};

impl LogRows for PgTx {
    async fn acks(
        &mut self,
        ids: &[(UserId, MessageId)],
    ) -> StoreResult<HashMap<(UserId, MessageId), (StoredAck, ActKind)>> {
        let authors: Vec<i64> = ids.iter().map(|(author, _)| author.n()).collect();
        let uuids: Vec<_> = ids.iter().map(|&(_, id)| uuid(id)).collect();
        let found = self
            .db()
            .all(
                "SELECT c.author, c.id, c.room_id, c.seq, c.at, c.kind FROM UNNEST ($1::bigint[], $2::uuid[]) AS asked (author, id)
                 JOIN commands c ON c.id = asked.id AND c.author = asked.author",
                &[&authors, &uuids],
                |row| {
                    let ack = StoredAck {
                        room: row.room(2)?,
                        seq: row.number(3)?,
                        at: row.number(4)?,
                    };
                    Ok(((row.user(0)?, row.id(1)?), (ack, act_kind_of(row.small(5)?)?)))
                },
            )
            .await?;
        Ok(found.into_iter().collect())
    }

    async fn targets(
        &mut self,
        at: &[(RoomId, Seq)],
    ) -> StoreResult<HashMap<(RoomId, Seq), Target>> {
        let rooms: Vec<i64> = at.iter().map(|(room, _)| room.n()).collect();
        let seqs: Vec<i64> = at.iter().map(|(_, seq)| seq.n()).collect();
        let found = self
            .db()
            .all(
                "SELECT e.room_id, e.seq, e.author, e.at, e.deleted, e.thread, e.in_room FROM UNNEST ($1::bigint[], $2::bigint[]) AS asked (room, seq)
                 JOIN entries e ON e.room_id = asked.room AND e.seq = asked.seq AND e.kind = 0",
                &[&rooms, &seqs],
                |row| {
                    let target = Target {
                        author: row.user(2)?,
                        at: row.number(3)?,
                        deleted: row.flag(4)?,
                        thread: row.some(5)?,
                        in_room: row.flag(6)?,
                    };
                    Ok(((row.room(0)?, row.number(1)?), target))
                },
            )
            .await?;
        Ok(found.into_iter().collect())
    }

    async fn reacted(
        &mut self,
        (room, of): (RoomId, Seq),
        emoji: &str,
        by: UserId,
    ) -> StoreResult<Reacted> {
        let mine = self
            .db()
            .first(
                "SELECT r.given, r.seq, e.at FROM reactions r JOIN entries e ON e.room_id = r.room_id AND e.seq = r.seq
                 WHERE r.room_id = $1 AND r.target = $2 AND r.emoji = $3 AND r.user_id = $4",
                &[&room.n(), &of.n(), &emoji, &by.n()],
                |row| Ok((row.flag(0)?, row.number(1)?, row.number(2)?)),
            )
            .await?;
        let (since, different) = self
            .db()
            .one(
                "SELECT MIN(CASE WHEN emoji = $3 THEN since END), COUNT(DISTINCT emoji) FROM reactions
                 WHERE room_id = $1 AND target = $2 AND given = 1",
                &[&room.n(), &of.n(), &emoji],
                |row| Ok((row.some(0)?, row.number(1)?)),
            )
            .await?;
        Ok(Reacted {
            mine,
            since,
            different: usize::try_from(different).unwrap_or(usize::MAX),
        })
    }

    /// Twice: first to hear which keys the text asks for, then with what they mean.
    async fn named(&mut self, one: &Authored) -> StoreResult<Named> {
        let asked = {
            let asked = RefCell::new(BTreeSet::new());
            one.named(|key| {
                asked.borrow_mut().insert(key.to_owned());
                None
            });
            asked.into_inner()
        };
        if asked.is_empty() {
            return Ok(one.named(|_| None));
        }
        let keys: Vec<String> = asked.into_iter().collect();
        let sql = "SELECT handle_key, id FROM users WHERE handle_key = ANY ($1) ORDER BY id";
        let known = self
            .db()
            .all(sql, &[&keys], |row| {
                Ok((row.of::<String>(0)?, row.user(1)?))
            })
            .await?;
        let known: HashMap<String, UserId> = known.into_iter().collect();
        Ok(one.named(|key| known.get(key).copied()))
    }

    async fn say(&mut self, new: &[MessageRow<'_>]) -> StoreResult<()> {
        MessageBatch::of(new).keep(self.db()).await
    }

    async fn append(&mut self, new: NewEntry<'_>) -> StoreResult<Event> {
        let NewEntry {
            room,
            by,
            at,
            id,
            kind,
        } = new;
        let (seq, said) = self
            .db()
            .one(
                "UPDATE heads SET last_seq = last_seq + 1, last_at = GREATEST(last_at, $2) WHERE room_id = $1 RETURNING last_seq, said",
                &[&room.n(), &at.n()],
                |row| Ok((row.number(0)?, row.number(1)?)),
            )
            .await?;
        let (number, target, text, emoji, flag) = entry_columns(kind);
        let flag = flag.map(i16::from);
        self.db()
            .run(
                "INSERT INTO entries (room_id, seq, kind, author, at, id, target, text, emoji, flag, sum, said)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                &[
                    &room.n(),
                    &seq.n(),
                    &small(number),
                    &by.n(),
                    &at.n(),
                    &id.map(uuid),
                    &target.map(u64::n),
                    &text,
                    &emoji,
                    &flag,
                    &text.map(|text| sum(text.as_bytes())),
                    &said.n(),
                ],
            )
            .await?;
        Ok(Event {
            room,
            seq,
            at,
            by,
            kind: kind.clone(),
        })
    }

    async fn ack(&mut self, author: UserId, ack: Ack, kind: ActKind) -> StoreResult<()> {
        let Ack { id, room, seq, at } = ack;
        let kept = self
            .db()
            .run(
                "INSERT INTO commands (author, id, room_id, seq, at, kind) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                &[
                    &author.n(),
                    &uuid(id),
                    &room.n(),
                    &seq.n(),
                    &at.n(),
                    &small(kind as i64),
                ],
            )
            .await?;
        all_kept(kept, 1)
    }

    async fn edit(
        &mut self,
        (room, seq): (RoomId, Seq),
        target: Target,
        text: &str,
        at: u64,
        named: &Named,
    ) -> StoreResult<()> {
        self.db()
            .run(
                "UPDATE entries SET now_text = $1, edited_at = $2 WHERE room_id = $3 AND seq = $4",
                &[&text, &at.n(), &room.n(), &seq.n()],
            )
            .await?;
        forget(self.db(), (room, seq)).await?;
        let place = MentionPlace {
            thread: target.thread,
            in_room: target.in_room,
        };
        let mut mentions = NewMentions::default();
        mentions.add((room, seq, target.at), (target.author, place), named);
        mentions.keep(self.db()).await
    }

    async fn erase(&mut self, (room, seq): (RoomId, Seq)) -> StoreResult<()> {
        let (of, at) = (room.n(), seq.n());
        for sql in [
            "UPDATE entries SET deleted = 1, text = NULL, now_text = NULL, edited_at = NULL, sum = NULL WHERE room_id = $1 AND seq = $2",
            "UPDATE entries SET deleted = 1, text = NULL, sum = NULL WHERE room_id = $1 AND kind = 1 AND target = $2",
            "DELETE FROM pins WHERE room_id = $1 AND target = $2",
        ] {
            self.db().run(sql, &[&of, &at]).await?;
        }
        forget(self.db(), (room, seq)).await
    }

    async fn react(
        &mut self,
        (room, of): (RoomId, Seq),
        emoji: &str,
        by: UserId,
        ReactionRow { on, seq, since }: ReactionRow,
    ) -> StoreResult<()> {
        self.db()
            .run(
                "INSERT INTO reactions (room_id, target, emoji, user_id, given, seq, since) VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (room_id, target, emoji, user_id)
                 DO UPDATE SET given = excluded.given, seq = excluded.seq, since = excluded.since",
                &[
                    &room.n(),
                    &of.n(),
                    &emoji,
                    &by.n(),
                    &i16::from(on),
                    &seq.n(),
                    &since.n(),
                ],
            )
            .await?;
        Ok(())
    }

    async fn pinned(&mut self, (room, of): (RoomId, Seq)) -> StoreResult<PinFacts> {
        let stands = self
            .db()
            .first(
                "SELECT p.pinned, p.seq, e.at FROM pins p JOIN entries e ON e.room_id = p.room_id AND e.seq = p.seq
                 WHERE p.room_id = $1 AND p.target = $2",
                &[&room.n(), &of.n()],
                |row| Ok((row.flag(0)?, row.number(1)?, row.number(2)?)),
            )
            .await?;
        let sql = "SELECT COUNT(*) FROM pins WHERE room_id = $1 AND pinned = 1";
        let pinned = self
            .db()
            .one(sql, &[&room.n()], |row| row.number(0))
            .await?;
        Ok(PinFacts {
            stands,
            pinned: u32::try_from(pinned).unwrap_or(u32::MAX),
        })
    }

    async fn pin(&mut self, (room, of): (RoomId, Seq), on: bool, seq: Seq) -> StoreResult<()> {
        self.db()
            .run(
                "INSERT INTO pins (room_id, target, pinned, seq) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (room_id, target) DO UPDATE SET pinned = excluded.pinned, seq = excluded.seq",
                &[&room.n(), &of.n(), &i16::from(on), &seq.n()],
            )
            .await?;
        Ok(())
    }
}
