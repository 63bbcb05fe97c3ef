//! Queries of the tables: pages, logs, counts.

use std::collections::BTreeMap;

use protocol::{
    EarlierText, Event, EventKind, Message, PinnedMessage, RoomId, RoomKind, RoomSetting,
    RoomSummary, Seq, UserId, name_key, rights::Place,
};
use server::parts::{latin, reads_as};
use server::store::{
    Account, Author, GivenEmoji, LOOK_BACK, MessagePage, Newest, PageAt, RoomPage,
    StandingMessage as Seen, ThreadPage, UserPage, UsersAsked,
};

use super::tables::{MemberTable, MessageTable, RoomTable, Tables};

/// What an entry weighs on the wire besides its text, in bytes, about.
const ENTRY_BYTES: usize = 160;

impl MessageTable {
    /// Who gives which emoji, in the order in which each emoji was first given.
    fn given(&self) -> Vec<GivenEmoji> {
        let mut by_emoji: BTreeMap<&str, (Seq, Vec<UserId>)> = BTreeMap::new();
        for ((emoji, by), given) in self.reactions.iter().filter(|(_, given)| given.on) {
            let (since, all) = by_emoji.entry(emoji).or_insert((given.since, Vec::new()));
            *since = (*since).min(given.since);
            all.push(*by);
        }
        let mut sorted: Vec<_> = by_emoji
            .into_iter()
            .filter(|_| !self.message.deleted)
            .collect();
        sorted.sort_by_key(|(_, (since, _))| *since);
        let given = |(emoji, (_, by)): (&str, _)| GivenEmoji {
            emoji: emoji.to_owned(),
            by,
        };
        sorted.into_iter().map(given).collect()
    }

    fn standing(&self) -> Seen {
        Seen {
            message: self.message.clone(),
            given: self.given(),
        }
    }

    fn seen_by(&self, user: UserId) -> Message {
        self.standing().seen_by(user)
    }
}

impl RoomTable {
    pub(super) fn newest(&self, limit: u32) -> Newest {
        let mut all = self.own_messages().rev();
        let newest = all.by_ref().take(limit as usize);
        let mut messages: Vec<_> = newest.map(MessageTable::standing).collect();
        messages.reverse();
        Newest {
            more: all.next().is_some(),
            messages,
            last_seq: self.last_seq(),
        }
    }

    pub(super) fn notes(&self, from: Seq, to: Seq, limit: u32) -> Vec<Event> {
        let is_note = |event: &&Event| event.kind.is_note() && (from..=to).contains(&event.seq);
        let newest = self.log.iter().rev().filter(is_note).take(limit as usize);
        let mut notes: Vec<Event> = newest.cloned().collect();
        notes.reverse();
        notes
    }

    pub(super) fn mentions(&self, user: UserId, after: Seq, limit: u32) -> Vec<Seq> {
        let of_others = |one: &MessageTable| !one.message.deleted && one.message.by != user;
        self.messages
            .range(after.saturating_add(1)..)
            .filter(|(_, one)| of_others(one) && one.names.names(user))
            .map(|(&seq, _)| seq)
            .take(limit as usize)
            .collect()
    }

    pub(super) fn givers(&self, seq: Seq, limit: usize) -> Vec<GivenEmoji> {
        let Some(message) = self.messages.get(&seq) else {
            return Vec::new();
        };
        let mut given = message.given();
        for one in &mut given {
            let since = |user: &UserId| {
                let key = (one.emoji.clone(), *user);
                message.reactions.get(&key).map(|given| given.seq)
            };
            one.by.sort_by_key(since);
            one.by.truncate(limit);
        }
        given
    }

    pub(super) fn earlier_texts(&self, seq: Seq, limit: usize) -> Vec<EarlierText> {
        let version = |event: &Event| {
            let text = match &event.kind {
                EventKind::Message { text, .. } if event.seq == seq => text,
                EventKind::Edit { of, text, .. } if *of == seq => text,
                _ => return None,
            };
            let text = text.clone()?;
            Some(EarlierText { at: event.at, text })
        };
        let newest = self.log.iter().rev().filter_map(version);
        newest.skip(1).take(limit).collect()
    }

    pub(super) fn log(&self, after: Seq, limit: u32, bytes: usize) -> Vec<Event> {
        let mut weight = 0;
        let mut events = Vec::new();
        let from = usize::try_from(after).unwrap_or(usize::MAX);
        for event in self.log.iter().skip(from).take(limit as usize) {
            weight += ENTRY_BYTES + text_of(&event.kind).map_or(0, str::len);
            if weight > bytes && !events.is_empty() {
                break;
            }
            events.push(event.clone());
        }
        events
    }
}

impl Tables {
    /// Asks a room; the answer is empty if there is none.
    pub(super) fn in_room<T: Default>(&self, room: RoomId, ask: impl FnOnce(&RoomTable) -> T) -> T {
        self.rooms.get(&room).map(ask).unwrap_or_default()
    }

    pub(super) fn history(
        &self,
        (room, thread): (RoomId, Option<Seq>),
        user: UserId,
        at: PageAt,
        limit: u32,
    ) -> MessagePage {
        let mut page = MessagePage {
            last_seq: self.rooms.get(&room).map_or(0, RoomTable::last_seq),
            ..MessagePage::default()
        };
        let none = BTreeMap::new();
        let messages = self.rooms.get(&room).map_or(&none, |room| &room.messages);
        let is_meant = |(_, one): &(&Seq, &MessageTable)| match thread {
            Some(_) => one.message.thread == thread,
            None => one.message.counts_in_room(),
        };
        let limit = limit as usize;
        let (older, newer) = match at {
            PageAt::Newest => (Some((Seq::MAX, limit)), None),
            PageAt::Before(seq) => (Some((seq, limit)), None),
            PageAt::After(seq) => (None, Some((seq, limit))),
            PageAt::Around(seq) => {
                let half = limit.div_ceil(2);
                (
                    Some((seq.saturating_add(1), half)),
                    Some((seq, limit - half)),
                )
            }
        };
        if let Some((before, most)) = older {
            let mut all = messages.range(..before).rev().filter(is_meant);
            page.messages = all
                .by_ref()
                .take(most)
                .map(|(_, one)| one.seen_by(user))
                .collect();
            page.messages.reverse();
            page.more = all.next().is_some();
        }
        if let Some((after, most)) = newer {
            let after = after.saturating_add(1);
            let mut all = messages.range(after..).filter(is_meant);
            page.messages
                .extend(all.by_ref().take(most).map(|(_, one)| one.seen_by(user)));
            let more = all.next().is_some();
            match at {
                PageAt::After(_) => page.more = more,
                _ => page.more_after = Some(more),
            }
        }
        page
    }

    pub(super) fn thread_page(
        &self,
        (room, root): (RoomId, Seq),
        user: UserId,
        at: PageAt,
        limit: u32,
    ) -> Option<ThreadPage> {
        Some(ThreadPage {
            root: self.message(room, user, root)?,
            replies: self.history((room, Some(root)), user, at, limit),
            thread: self.thread(user, (room, root)),
        })
    }

    fn message(&self, room: RoomId, user: UserId, seq: Seq) -> Option<Message> {
        Some(self.rooms.get(&room)?.messages.get(&seq)?.seen_by(user))
    }

    pub(super) fn messages(&self, room: RoomId, user: UserId, seqs: &[Seq]) -> Vec<Message> {
        let mut found: Vec<_> = seqs
            .iter()
            .filter_map(|&seq| self.message(room, user, seq))
            .collect();
        found.sort_by_key(|message| message.seq);
        found.dedup_by_key(|message| message.seq);
        found
    }

    pub(super) fn pins(&self, room: RoomId, user: UserId) -> Vec<PinnedMessage> {
        let Some(room) = self.rooms.get(&room) else {
            return Vec::new();
        };
        let pinned = |one: &MessageTable| {
            let (_, seq) = one.pin.filter(|(on, _)| *on)?;
            let by = room.entry(seq)?;
            let pin = PinnedMessage {
                message: one.seen_by(user),
                by: by.by,
                at: by.at,
            };
            Some((seq, pin))
        };
        let mut pins: Vec<_> = room.messages.values().filter_map(pinned).collect();
        pins.sort_by_key(|(seq, _)| std::cmp::Reverse(*seq));
        pins.into_iter().map(|(_, pin)| pin).collect()
    }

    fn summary(&self, id: RoomId, room: &RoomTable, user: UserId) -> RoomSummary {
        let member = room.members.get(&user).copied();
        let MemberTable { read, preferences } = member.unwrap_or_default();
        let of_others = |one: &&MessageTable| {
            let message = &one.message;
            message.counts_in_room() && !message.deleted && message.by != user
        };
        let after = room.messages.range(read.seq.saturating_add(1)..);
        let unread: Vec<&MessageTable> = after
            .map(|(_, one)| one)
            .filter(|_| member.is_some())
            .filter(of_others)
            .collect();
        let direct = room.kind == RoomKind::Direct;
        let users: Vec<UserId> = room.members.keys().copied().filter(|_| direct).collect();
        let others = users.iter().filter(|id| **id != user);
        let names: Vec<&str> = others
            .filter_map(|id| self.users.get(id))
            .map(|account| account.display_name.as_str())
            .collect();
        let name = if direct {
            names.join(", ")
        } else {
            room.name.clone()
        };
        RoomSummary {
            id,
            kind: room.kind,
            latin: latin(&name),
            name,
            topic: room.topic.clone(),
            last_seq: room.last_seq(),
            read_seq: read.seq,
            generation: read.generation,
            unread: unread.len() as u64,
            mentions: unread.iter().filter(|one| one.names.names(user)).count() as u64,
            member: member.is_some(),
            users,
            created_by: Some(room.created_by),
            read_only: room.read_only,
            archived: room.archived,
            ..RoomSummary::new(id, room.kind, String::new()).preferred(preferences)
        }
    }

    pub(super) fn rooms_of(&self, user: UserId) -> Vec<RoomSummary> {
        let mine = self
            .rooms
            .iter()
            .filter(|(_, room)| room.hidden.is_none() && room.members.contains_key(&user));
        mine.map(|(id, room)| self.summary(*id, room, user))
            .collect()
    }

    pub(super) fn rooms_page(&self, user: UserId, after: u64, limit: u32) -> RoomPage {
        let seen = |(id, room): &(&RoomId, &RoomTable)| {
            id.get() > after
                && room.hidden.is_none()
                && (room.kind == RoomKind::Public || room.members.contains_key(&user))
        };
        let mut all = self.rooms.iter().filter(seen);
        let first = all.by_ref().take(limit as usize);
        let rooms: Vec<RoomSummary> = first
            .map(|(id, room)| self.summary(*id, room, user))
            .collect();
        let more = all.next().is_some();
        let next = rooms.last().filter(|_| more).map(|room| room.id.get());
        RoomPage { rooms, next }
    }

    pub(super) fn room_of(&self, room: RoomId, user: UserId) -> Option<(RoomSummary, Place)> {
        let found = self.rooms.get(&room).filter(|room| room.hidden.is_none())?;
        Some((self.summary(room, found, user), found.place(user)))
    }

    pub(super) fn members(&self, room: RoomId, query: &str, after: u64, limit: u32) -> UserPage {
        let fits = named_with(query);
        let members = self
            .rooms
            .get(&room)
            .into_iter()
            .flat_map(|room| room.members.keys());
        paged(
            members
                .filter_map(|user| self.users.get(user))
                .filter(|account| fits(account)),
            after,
            limit,
        )
    }

    pub(super) fn users_page(
        &self,
        which: UsersAsked,
        query: &str,
        after: u64,
        limit: u32,
    ) -> UserPage {
        let fits = named_with(query);
        let banned = which == UsersAsked::Banned;
        let fits = |account: &&Account| account.banned == banned && fits(account);
        paged(self.users.values().filter(fits), after, limit)
    }

    pub(super) fn recent_authors(&self, rooms: &[RoomId]) -> Vec<Author> {
        let mut last = BTreeMap::new();
        for (&room, found) in rooms
            .iter()
            .filter_map(|room| self.rooms.get_key_value(room))
        {
            let from = (found.last_seq() + 1).saturating_sub(LOOK_BACK);
            for (&seq, one) in found.messages.range(from..) {
                let (user, at) = (one.message.by, one.message.at);
                last.insert(
                    (room, user),
                    Author {
                        room,
                        user,
                        seq,
                        at,
                    },
                );
            }
        }
        last.into_values().collect()
    }
}

fn text_of(kind: &EventKind) -> Option<&str> {
    match kind {
        EventKind::Message { text, .. } | EventKind::Edit { text, .. } => text.as_deref(),
        EventKind::Topic { text } | EventKind::Set(RoomSetting::Name(text)) => Some(text),
        _ => None,
    }
}

/// Whether a name or display name holds `query`.
fn named_with(query: &str) -> impl Fn(&Account) -> bool {
    let (key, words) = (name_key(query), query.to_ascii_lowercase());
    move |account| {
        key.is_empty()
            || name_key(&account.name).contains(&key)
            || account.display_name.to_ascii_lowercase().contains(&words)
            || reads_as(&account.display_name, &words)
            || reads_as(&account.name, &words)
    }
}

fn paged<'a>(all: impl Iterator<Item = &'a Account>, after: u64, limit: u32) -> UserPage {
    let mut all = all.filter(|account| account.id.get() > after);
    let users: Vec<Account> = all.by_ref().take(limit as usize).cloned().collect();
    let more = all.next().is_some();
    let next = users
        .last()
        .filter(|_| more)
        .map(|account| account.id.get());
    UserPage { users, next }
}
