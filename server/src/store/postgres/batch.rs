//! Messages that are stored together: one statement with a list a column, whatever their number.

use std::collections::HashMap;

use protocol::{RoomId, Seq, ThreadPlace, UserId};
use uuid::Uuid;

use super::{
    mentions::NewMentions,
    rows::{Db, Number as _, uuid},
};
use crate::store::{
    StoreError,
    codes::MentionPlace,
    rules::{MessageRow, StoreResult},
    sums::sum,
};

/// Fewer rows than there were means that another node has just used an id, in another room: decided again, it is a repeat or a conflict.
pub(super) fn all_kept(kept: u64, of: usize) -> StoreResult<()> {
    if kept == of as u64 {
        Ok(())
    } else {
        Err(StoreError::Busy)
    }
}

/// Messages to be kept, a list a column.
#[derive(Default)]
pub(super) struct MessageBatch<'m> {
    rooms: Vec<i64>,
    seqs: Vec<i64>,
    authors: Vec<i64>,
    at: Vec<i64>,
    ids: Vec<Uuid>,
    targets: Vec<Option<i64>>,
    texts: Vec<&'m str>,
    said: Vec<i64>,
    sums: Vec<i64>,
    threads: Vec<Option<i64>>,
    nth: Vec<Option<i64>>,
    in_room: Vec<i16>,
    mentions: NewMentions,
    /// Where the log of each room ends: place, messages, time.
    heads: HashMap<RoomId, (Seq, u64, u64)>,
    /// How many of the room's own messages each author said in each room, and the last of them.
    own: HashMap<(RoomId, UserId), (u64, Seq)>,
}

impl<'m> MessageBatch<'m> {
    pub(super) fn of(new: &'m [MessageRow<'m>]) -> Self {
        let mut batch = Self::default();
        for message in new {
            batch.add(message);
        }
        batch
    }

    fn add(&mut self, new: &'m MessageRow<'m>) {
        let (one, place) = (new.one, new.at);
        let (room, author) = (one.command.room, one.who.id);
        let in_room = ThreadPlace::counts_in_room(new.thread);
        self.rooms.push(room.n());
        self.seqs.push(place.seq.n());
        self.authors.push(author.n());
        self.at.push(one.now.n());
        self.ids.push(uuid(one.command.id));
        self.targets.push(new.reply_to.map(u64::n));
        self.texts.push(new.text);
        self.said.push(place.said.n());
        self.sums.push(sum(new.text.as_bytes()));
        self.threads.push(new.thread.map(|place| place.root.n()));
        self.nth.push(new.thread.map(|place| place.n.n()));
        self.in_room.push(in_room.into());
        let stands = (author, MentionPlace::of(new.thread));
        self.mentions
            .add((room, place.seq, one.now), stands, new.named);
        self.heads.insert(room, (place.seq, place.said, one.now));
        if in_room {
            let (count, last) = self.own.entry((room, author)).or_default();
            *count += 1;
            *last = place.seq;
        }
    }

    /// Keeps them, what their ids are acked with, and whom they name.
    pub(super) async fn keep(&self, db: &mut Db) -> StoreResult<()> {
        let kept = db
            .run(
                "INSERT INTO commands (id, author, room_id, seq, at, kind)
                 SELECT id, author, room, seq, at, 0 FROM UNNEST ($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
                   AS new (id, author, room, seq, at) ORDER BY id, author ON CONFLICT DO NOTHING",
                &[&self.ids, &self.authors, &self.rooms, &self.seqs, &self.at],
            )
            .await?;
        all_kept(kept, self.ids.len())?;
        db.run(
            "INSERT INTO entries (room_id, seq, kind, author, at, id, target, text, said, sum, thread, nth, in_room)
             SELECT room, seq, 0, author, at, id, target, text, said, sum, thread, nth, in_room
             FROM UNNEST ($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::bigint[], $7::text[], $8::bigint[],
               $9::bigint[], $10::bigint[], $11::bigint[], $12::smallint[])
               AS new (room, seq, author, at, id, target, text, said, sum, thread, nth, in_room)",
            &[
                &self.rooms,
                &self.seqs,
                &self.authors,
                &self.at,
                &self.ids,
                &self.targets,
                &self.texts,
                &self.said,
                &self.sums,
                &self.threads,
                &self.nth,
                &self.in_room,
            ],
        )
        .await?;
        self.keep_ends(db).await?;
        self.mentions.keep(db).await
    }

    /// Where logs end, and what their writers said themselves.
    async fn keep_ends(&self, db: &mut Db) -> StoreResult<()> {
        let mut heads: [Vec<i64>; 4] = Default::default();
        for (room, &(seq, said, at)) in &self.heads {
            for (column, number) in heads.iter_mut().zip([room.n(), seq.n(), said.n(), at.n()]) {
                column.push(number);
            }
        }
        let [rooms, seqs, said, at] = &heads;
        db.run(
                "UPDATE heads h SET last_seq = new.seq, said = new.said, last_at = GREATEST(h.last_at, new.at)
                 FROM UNNEST ($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS new (room, seq, said, at) WHERE h.room_id = new.room",
                &[rooms, seqs, said, at],
            )
            .await?;
        if self.own.is_empty() {
            return Ok(());
        }
        let mut own: [Vec<i64>; 4] = Default::default();
        for (&(room, user), &(count, last)) in &self.own {
            for (column, number) in own
                .iter_mut()
                .zip([room.n(), user.n(), count.n(), last.n()])
            {
                column.push(number);
            }
        }
        let [rooms, users, counts, last] = &own;
        db.run(
                "UPDATE members m SET own_after = m.own_after + new.count, own_last = new.last
                 FROM UNNEST ($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) AS new (room, person, count, last)
                 WHERE m.room_id = new.room AND m.user_id = new.person",
                &[rooms, users, counts, last],
            )
            .await?;
        Ok(())
    }
}
