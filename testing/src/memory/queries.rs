//! Queries of the tables: pages, logs, counts.

use std::collections::BTreeMap;

use protocol::{Event, EventKind, Message, RoomId, RoomKind, RoomSummary, Seq, UserId, name_key};
use server::{
    auth::rights::Place,
    store::{
        Account, Author, Given, LOOK_BACK, MessagePage, Newest, PageAt, RoomPage, Standing as Seen,
        UserPage,
    },
};

use super::tables::{Room, Standing, Tables};

/// What an entry weighs on the wire besides its text, in bytes, about.
const ENTRY_BYTES: usize = 160;

impl Standing {
    /// Who gives which emoji, in the order in which each emoji was first given.
    fn given(&self) -> Vec<Given> {
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
        let given = |(emoji, (_, by)): (&str, _)| Given {
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

impl Tables {
    pub(super) fn history(
        &self,
        room: RoomId,
        user: UserId,
        at: PageAt,
        limit: u32,
    ) -> MessagePage {
        let mut page = MessagePage {
            last_seq: self.rooms.get(&room).map_or(0, Room::last_seq),
            ..MessagePage::default()
        };
        let none = BTreeMap::new();
        let messages = self.rooms.get(&room).map_or(&none, |room| &room.messages);
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
            let mut all = messages.range(..before).rev();
            page.messages = all
                .by_ref()
                .take(most)
                .map(|(_, one)| one.seen_by(user))
                .collect();
            page.messages.reverse();
            page.more = all.next().is_some();
        }
        if let Some((after, most)) = newer {
            let mut all = messages.range(after.saturating_add(1)..);
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

    pub(super) fn newest(&self, room: RoomId, limit: u32) -> Newest {
        let none = BTreeMap::new();
        let all = self.rooms.get(&room).map_or(&none, |room| &room.messages);
        let newest = all.values().rev().take(limit as usize);
        let mut messages: Vec<_> = newest.map(Standing::standing).collect();
        messages.reverse();
        Newest {
            more: all.len() > messages.len(),
            messages,
            last_seq: self.rooms.get(&room).map_or(0, Room::last_seq),
        }
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

    pub(super) fn notes(&self, room: RoomId, from: Seq, to: Seq, limit: u32) -> Vec<Event> {
        let log = self.rooms.get(&room).map_or(&[][..], |room| &room.log);
        let is_note = |event: &&Event| {
            let kind = matches!(
                event.kind,
                EventKind::Join { .. } | EventKind::Leave { .. } | EventKind::Topic { .. }
            );
            kind && (from..=to).contains(&event.seq)
        };
        let newest = log.iter().rev().filter(is_note).take(limit as usize);
        let mut notes: Vec<Event> = newest.cloned().collect();
        notes.reverse();
        notes
    }

    pub(super) fn mentions(&self, room: RoomId, user: UserId, after: Seq, limit: u32) -> Vec<Seq> {
        let none = BTreeMap::new();
        let messages = self.rooms.get(&room).map_or(&none, |room| &room.messages);
        let of_others = |one: &Standing| !one.message.deleted && one.message.by != user;
        messages
            .range(after.saturating_add(1)..)
            .filter(|(_, one)| of_others(one) && one.names.names(user))
            .map(|(&seq, _)| seq)
            .take(limit as usize)
            .collect()
    }

    pub(super) fn log(&self, room: RoomId, after: Seq, limit: u32, bytes: usize) -> Vec<Event> {
        let Some(room) = self.rooms.get(&room) else {
            return Vec::new();
        };
        let mut weight = 0;
        let mut events = Vec::new();
        let from = usize::try_from(after).unwrap_or(usize::MAX);
        for event in room.log.iter().skip(from).take(limit as usize) {
            weight += ENTRY_BYTES + text_of(&event.kind).map_or(0, str::len);
            if weight > bytes && !events.is_empty() {
                break;
            }
            events.push(event.clone());
        }
        events
    }

    fn summary(&self, id: RoomId, room: &Room, user: UserId) -> RoomSummary {
        let member = room.members.get(&user).copied();
        let read_seq = member.unwrap_or(0);
        let of_others = |one: &&Standing| !one.message.deleted && one.message.by != user;
        let after = room.messages.range(read_seq.saturating_add(1)..);
        let unread: Vec<&Standing> = after
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
        RoomSummary {
            id,
            kind: room.kind,
            name: if direct {
                names.join(", ")
            } else {
                room.name.clone()
            },
            topic: room.topic.clone(),
            last_seq: room.last_seq(),
            read_seq,
            unread: unread.len() as u64,
            mentions: unread.iter().filter(|one| one.names.names(user)).count() as u64,
            member: member.is_some(),
            users,
            created_by: Some(room.created_by),
        }
    }

    pub(super) fn rooms_of(&self, user: UserId) -> Vec<RoomSummary> {
        let mine = self
            .rooms
            .iter()
            .filter(|(_, room)| room.members.contains_key(&user));
        mine.map(|(id, room)| self.summary(*id, room, user))
            .collect()
    }

    pub(super) fn rooms_page(&self, user: UserId, after: u64, limit: u32) -> RoomPage {
        let seen = |(id, room): &(&RoomId, &Room)| {
            id.get() > after && (room.kind == RoomKind::Public || room.members.contains_key(&user))
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
        let found = self.rooms.get(&room)?;
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

    pub(super) fn users_page(&self, query: &str, after: u64, limit: u32) -> UserPage {
        let fits = named_with(query);
        let fits = |account: &&Account| !account.banned && fits(account);
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
        EventKind::Topic { text } => Some(text),
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
