//! A server in plain words: every room is a list of entries, and everything else is computed from it anew each time it is asked.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{
    Ack, ErrorCode, Event, EventKind, History, Message, MessageId, Page, Reaction, ReadPosition,
    Replies, RoomCounts, RoomId, RoomKind, RoomSummary, Seq, ThreadSummary, UserId, UserSummary,
    limits::UNREAD_BACK,
};
use text::mentions;

pub(crate) fn room_id(n: u64) -> RoomId {
    RoomId::new(n).unwrap()
}

pub(crate) fn user_id(n: u64) -> UserId {
    UserId::new(n).unwrap()
}

pub(crate) fn name(user: UserId) -> String {
    format!("user{user}")
}

pub(crate) fn person(user: UserId) -> UserSummary {
    UserSummary::new(user, name(user), format!("User {user}"))
}

#[derive(Clone, Debug, Default)]
pub(crate) struct RoomLog {
    pub(crate) topic: String,
    pub(crate) entries: Vec<Event>,
    pub(crate) members: BTreeSet<UserId>,
    pub(crate) read: BTreeMap<UserId, ReadPosition>,
    /// Who follows a thread or did, by its first message, and how far they have read it.
    pub(crate) follows: BTreeMap<(Seq, UserId), (bool, ReadPosition)>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    pub(crate) rooms: BTreeMap<RoomId, RoomLog>,
    pub(crate) acks: BTreeMap<(UserId, MessageId), Ack>,
    pub(crate) now: u64,
}

pub(crate) type Answer = Result<Ack, ErrorCode>;

impl Model {
    pub(crate) fn last(&self, room: RoomId) -> Seq {
        self.rooms
            .get(&room)
            .map_or(0, |log| log.entries.len() as Seq)
    }

    pub(crate) fn is_member(&self, room: RoomId, user: UserId) -> bool {
        self.rooms
            .get(&room)
            .is_some_and(|log| log.members.contains(&user))
    }

    pub(crate) fn rooms_of(&self, user: UserId) -> Vec<RoomId> {
        self.rooms
            .keys()
            .copied()
            .filter(|&room| self.is_member(room, user))
            .collect()
    }

    /// Adds an entry; its place.
    pub(crate) fn add(&mut self, room: RoomId, by: UserId, mut kind: EventKind) -> Ack {
        if let EventKind::Message {
            thread: Some(place),
            ..
        } = &mut kind
        {
            place.n = self.replies(room, place.root, by).len() as u64 + 1;
        }
        let log = self.rooms.get_mut(&room).unwrap();
        let seq = log.entries.len() as Seq + 1;
        let id = match &kind {
            EventKind::Message { id, .. } => *id,
            EventKind::Topic { text } => {
                log.topic.clone_from(text);
                MessageId::from_u128(1)
            }
            _ => MessageId::from_u128(1),
        };
        log.entries.push(Event {
            room,
            seq,
            at: self.now,
            by,
            kind,
        });
        self.follow_by_reply(room, seq);
        Ack {
            id,
            room,
            seq,
            at: self.now,
        }
    }

    /// The author of a thread's first message, who writes in it and who is named in it follow it.
    fn follow_by_reply(&mut self, room: RoomId, seq: Seq) {
        let event = self.rooms[&room].entries[index(seq)].clone();
        let (Some(place), EventKind::Message { text, .. }) = (event.kind.thread(), &event.kind)
        else {
            return;
        };
        let begins = self.rooms[&room].entries[index(place.root)].by;
        let text = text.as_deref().unwrap_or_default();
        for user in (1..=4).map(user_id) {
            let wrote = user == event.by;
            let named = text.contains(&format!("@{}", name(user)));
            let log = self.rooms.get_mut(&room).unwrap();
            let known = log.follows.get(&(place.root, user)).copied();
            let asks = wrote || named;
            let stays = known.is_some_and(|(on, _)| on || !asks);
            if stays || !(asks || user == begins) || !log.members.contains(&user) {
                continue;
            }
            let at = known.unwrap_or_default().1;
            let read = at.seq.max(if wrote { seq } else { seq - 1 });
            let at = ReadPosition { seq: read, ..at };
            log.follows.insert((place.root, user), (true, at));
        }
    }

    /// A user follows a thread, or not any more. Whether that is news.
    pub(crate) fn follow(&mut self, room: RoomId, root: Seq, user: UserId, on: bool) -> bool {
        let last = self.last(room);
        let log = self.rooms.get_mut(&room).unwrap();
        let before = log.follows.get(&(root, user)).copied();
        let (was, read) = before.unwrap_or_default();
        let seq = if on && !was { last } else { read.seq };
        let now = (on, ReadPosition { seq, ..read });
        log.follows.insert((root, user), now);
        before != Some(now)
    }

    /// The replies of a thread as they stand now.
    pub(crate) fn replies(&self, room: RoomId, root: Seq, viewer: UserId) -> Vec<Message> {
        let all = (1..=self.last(room)).filter_map(|seq| self.message(room, seq, viewer));
        all.filter(|message| message.thread == Some(root)).collect()
    }

    /// A thread as a user has it.
    pub(crate) fn thread(&self, room: RoomId, root: Seq, user: UserId) -> ThreadSummary {
        let log = &self.rooms[&room];
        let (following, read) = log.follows.get(&(root, user)).copied().unwrap_or_default();
        let replies = self.replies(room, root, user);
        let unread = replies
            .iter()
            .filter(|m| following && m.seq > read.seq && m.by != user && !m.deleted);
        let known: BTreeSet<String> = (1..=6).map(|n| name(user_id(n))).collect();
        let named = |text: &str| mentions(text, &name(user), |key| known.contains(key));
        let to_me = unread
            .clone()
            .filter(|m| m.text.as_deref().is_some_and(named));
        ThreadSummary {
            room,
            root,
            n: replies.len() as u64,
            last_seq: replies.last().map_or(0, |last| last.seq),
            read_seq: read.seq,
            generation: read.generation,
            unread: unread.clone().count() as u64,
            mentions: to_me.count() as u64,
            following,
        }
    }

    /// The threads of a room, by their first messages.
    pub(crate) fn roots(&self, room: RoomId) -> BTreeSet<Seq> {
        let entries = self.rooms[&room].entries.iter();
        entries
            .filter_map(|event| event.kind.thread().map(|place| place.root))
            .collect()
    }

    /// A command with an id: stored once, answered alike for ever.
    pub(crate) fn command(
        &mut self,
        user: UserId,
        id: MessageId,
        room: RoomId,
        kind: EventKind,
    ) -> Answer {
        if let Some(ack) = self.acks.get(&(user, id)) {
            return if ack.room == room {
                Ok(*ack)
            } else {
                Err(ErrorCode::Conflict)
            };
        }
        if !self.is_member(room, user) {
            return Err(ErrorCode::NotFound);
        }
        let ack = Ack {
            id,
            ..self.effect(user, room, kind)?
        };
        self.acks.insert((user, id), ack);
        Ok(ack)
    }

    fn effect(&mut self, user: UserId, room: RoomId, kind: EventKind) -> Answer {
        let of = match &kind {
            EventKind::Edit { of, .. }
            | EventKind::Delete { of }
            | EventKind::Reaction { of, .. }
            | EventKind::Pin { of, .. } => *of,
            _ => return Ok(self.add(room, user, kind)),
        };
        let target = self.message(room, of, user).ok_or(ErrorCode::NotFound)?;
        if target.deleted {
            return Err(ErrorCode::Conflict);
        }
        match &kind {
            EventKind::Edit { .. } if target.by != user => Err(ErrorCode::Forbidden),
            EventKind::Reaction { emoji, on, .. } => {
                let mine = target
                    .reactions
                    .iter()
                    .any(|reaction| &reaction.emoji == emoji && reaction.mine);
                if mine != *on {
                    return Ok(self.add(room, user, kind));
                }
                let seq = self.last_reaction(room, of, user, emoji).unwrap_or(of);
                Ok(self.stands_so(room, seq))
            }
            EventKind::Pin { on, .. } if target.pinned == *on => {
                let pin = |event: &&Event| matches!(&event.kind, EventKind::Pin { of: pinned, .. } if *pinned == of);
                let last = self.rooms[&room].entries.iter().rev().find(pin);
                Ok(self.stands_so(room, last.map_or(of, |event| event.seq)))
            }
            _ => Ok(self.add(room, user, kind)),
        }
    }

    /// It changes nothing: acked with the entry that made it so.
    fn stands_so(&self, room: RoomId, seq: Seq) -> Ack {
        Ack {
            id: MessageId::from_u128(1),
            room,
            seq,
            at: self.rooms[&room].entries[index(seq)].at,
        }
    }

    fn last_reaction(&self, room: RoomId, target: Seq, user: UserId, what: &str) -> Option<Seq> {
        let same = |event: &&Event| matches!(&event.kind, EventKind::Reaction { of, emoji, .. } if *of == target && emoji == what);
        self.rooms[&room]
            .entries
            .iter()
            .rev()
            .filter(|event| event.by == user)
            .find(same)
            .map(|event| event.seq)
    }

    fn is_deleted(&self, room: RoomId, seq: Seq) -> bool {
        self.rooms[&room]
            .entries
            .iter()
            .any(|event| matches!(event.kind, EventKind::Delete { of } if of == seq))
    }

    /// An entry as it is replayed: what was deleted since is gone from it.
    pub(crate) fn entry(&self, room: RoomId, seq: Seq) -> Event {
        let mut event = self.rooms[&room].entries[index(seq)].clone();
        match &mut event.kind {
            EventKind::Message { text, deleted, .. } if self.is_deleted(room, seq) => {
                (*text, *deleted) = (None, true);
            }
            EventKind::Edit { of, text, deleted } if self.is_deleted(room, *of) => {
                (*text, *deleted) = (None, true);
            }
            _ => {}
        }
        event
    }

    /// A message as it stands now.
    pub(crate) fn message(&self, room: RoomId, seq: Seq, viewer: UserId) -> Option<Message> {
        let entries = &self.rooms.get(&room)?.entries;
        let event = entries.get(index(seq.max(1)))?;
        let EventKind::Message {
            id,
            text,
            reply_to,
            thread,
            ..
        } = &event.kind
        else {
            return None;
        };
        let mut message = Message {
            text: text.clone(),
            reply_to: *reply_to,
            ..Message::new(seq, *id, event.by, event.at).placed(*thread)
        };
        for event in &entries[index(seq) + 1..] {
            change(&mut message, event, viewer);
        }
        Some(message)
    }

    /// All of the room's own messages as they stand now.
    pub(crate) fn messages(&self, room: RoomId, viewer: UserId) -> Vec<Message> {
        (1..=self.last(room))
            .filter_map(|seq| self.message(room, seq, viewer))
            .filter(Message::counts_in_room)
            .collect()
    }

    pub(crate) fn page(&self, ask: &History, viewer: UserId) -> Page {
        let all = match ask.thread {
            None => self.messages(ask.room, viewer),
            Some(root) => self.replies(ask.room, root, viewer),
        };
        let limit = usize::try_from(ask.limit.unwrap_or(50).min(100)).unwrap();
        let (from, to) = match (ask.before, ask.after, ask.around) {
            (_, Some(after), _) => {
                let from = all.partition_point(|message| message.seq <= after);
                (from, (from + limit).min(all.len()))
            }
            (_, _, Some(around)) => {
                let at = all.partition_point(|message| message.seq <= around);
                (
                    at.saturating_sub(limit.div_ceil(2)),
                    (at + limit / 2).min(all.len()),
                )
            }
            (before, None, None) => {
                let to = before.map_or(all.len(), |before| {
                    all.partition_point(|message| message.seq < before)
                });
                (to.saturating_sub(limit), to)
            }
        };
        let more = if ask.after.is_some() {
            to < all.len()
        } else {
            from > 0
        };
        let more_after = ask.around.is_some().then_some(to < all.len());
        let first = all.get(from).filter(|_| from > 0);
        let first = first.map_or(0, |message| message.seq);
        let last = all.get(to).and(all[..to].last());
        let last = last.map_or(u64::MAX, |message| message.seq);
        let span = match (ask.before, ask.after) {
            (Some(before), _) => first..before,
            (_, Some(after)) => after + 1..last.saturating_add(1),
            _ => first..last.saturating_add(1),
        };
        let is_note = |event: &&Event| {
            ask.thread.is_none() && event.kind.is_note() && span.contains(&event.seq)
        };
        let notes = self.rooms[&ask.room]
            .entries
            .iter()
            .filter(is_note)
            .cloned();
        Page {
            root: ask
                .thread
                .and_then(|root| self.message(ask.room, root, viewer))
                .map(Box::new),
            thread: ask
                .thread
                .filter(|_| ask.counts)
                .map(|root| self.thread(ask.room, root, viewer)),
            notes: notes.collect(),
            req: Some(ask.req),
            room: ask.room,
            messages: all[from..to].to_vec(),
            more,
            more_after,
            last_seq: self.rooms[&ask.room].entries.last().map(|entry| entry.seq),
            counts: (ask.counts && ask.thread.is_none())
                .then(|| RoomCounts::from(&self.summary(ask.room, viewer))),
        }
    }

    pub(crate) fn summary(&self, room: RoomId, user: UserId) -> RoomSummary {
        let log = &self.rooms[&room];
        let read = log.read.get(&user).copied().unwrap_or_default();
        let known: BTreeSet<String> = (1..=6).map(|n| name(user_id(n))).collect();
        let unread = self.messages(room, user);
        let unread: Vec<_> = unread
            .iter()
            .filter(|m| m.seq > read.seq && m.by != user && !m.deleted)
            .collect();
        let named = |text: &str| mentions(text, &name(user), |key| known.contains(key));
        RoomSummary {
            topic: log.topic.clone(),
            last_seq: self.last(room),
            read_seq: read.seq,
            generation: read.generation,
            unread: unread.len() as u64,
            mentions: unread
                .iter()
                .filter(|m| m.text.as_deref().is_some_and(named))
                .count() as u64,
            member: self.is_member(room, user),
            ..RoomSummary::new(room, RoomKind::Public, format!("room{room}"))
        }
    }

    /// Where the position is now; none for a generation that has not begun.
    pub(crate) fn read(
        &mut self,
        (room, thread, user): (RoomId, Option<Seq>, UserId),
        generation: Option<u64>,
        seq: Seq,
    ) -> Option<ReadPosition> {
        let seq = seq.min(self.last(room));
        let log = self.rooms.get_mut(&room).unwrap();
        let read = match thread {
            None => log.read.entry(user).or_default(),
            Some(root) => &mut log.follows.entry((root, user)).or_default().1,
        };
        let generation = generation.unwrap_or(read.generation);
        if generation > read.generation {
            return None;
        }
        *read = ReadPosition { generation, seq }.max(*read);
        Some(*read)
    }

    /// Sets a position back; none where that is too far, or nowhere. Who does so in a thread follows it.
    pub(crate) fn unread(
        &mut self,
        (room, thread, user): (RoomId, Option<Seq>, UserId),
        seq: Seq,
    ) -> Option<ReadPosition> {
        let last = self.last(room);
        if seq == 0 || seq > last || last - seq > UNREAD_BACK {
            return None;
        }
        let log = self.rooms.get_mut(&room).unwrap();
        let read = match thread {
            None => log.read.entry(user).or_default(),
            Some(root) => {
                let follow = log.follows.entry((root, user)).or_default();
                follow.0 = true;
                &mut follow.1
            }
        };
        read.generation += 1;
        read.seq = seq - 1;
        Some(*read)
    }
}

/// Where an entry is in its room's list.
fn index(seq: Seq) -> usize {
    usize::try_from(seq - 1).unwrap()
}

fn change(message: &mut Message, event: &Event, viewer: UserId) {
    match &event.kind {
        EventKind::Edit { of, text, .. } if *of == message.seq => {
            message.text.clone_from(text);
            message.edited_at = Some(event.at);
        }
        EventKind::Delete { of } if *of == message.seq => {
            message.text = None;
            message.edited_at = None;
            message.deleted = true;
            message.reactions.clear();
            message.pinned = false;
        }
        EventKind::Message {
            thread: Some(place),
            ..
        } if place.root == message.seq => {
            let at = (event.seq, event.at);
            message.replies = Some(Replies::with(message.replies.take(), place.n, at, event.by));
        }
        EventKind::Pin { of, on } if *of == message.seq => message.pinned = *on,
        EventKind::Reaction { of, emoji, on } if *of == message.seq => {
            react(&mut message.reactions, emoji, *on, event.by == viewer);
        }
        _ => {}
    }
}

fn react(reactions: &mut Vec<Reaction>, emoji: &str, on: bool, mine: bool) {
    match reactions
        .iter()
        .position(|reaction| reaction.emoji == emoji)
    {
        Some(at) => {
            reactions[at].count = if on {
                reactions[at].count + 1
            } else {
                reactions[at].count - 1
            };
            if mine {
                reactions[at].mine = on;
            }
            if reactions[at].count == 0 {
                reactions.remove(at);
            }
        }
        None => reactions.push(Reaction {
            emoji: emoji.to_owned(),
            count: 1,
            mine,
        }),
    }
}
