//! Lists of messages of all rooms: what is saved, and what is for one.

use leptos::prelude::*;
use protocol::{ForYouMessage, NotifyLevel, RoomId, RoomKind, RoomSummary, SavedPlace};

use super::{Live, drive::set_if_new, rooms::room_label};
use crate::{
    boot::ListPage,
    route::{Listing, encode},
};
use view::{Derived, derived, watch};

/// The id of the pane.
pub(crate) const PANE: &str = "list-pane";

/// The id of the list's title, which has the focus when there is nothing else.
pub(crate) const TITLE: &str = "list-title";

/// Most pages without a message that are asked for one after the other, before one is asked whether to go on.
const EMPTY_PAGES: u32 = 20;

/// Most messages that are listed, however many there are.
const MAX_LISTED: usize = 1_000;

/// How long it is waited, in milliseconds, before a list is asked for again since something was said in one of its rooms: a message of the
/// list may have been edited or deleted.
const GATHER_MS: u64 = 2_000;

/// The id of a message's link in the list.
pub(crate) fn link_id(place: SavedPlace) -> String {
    format!("listed-{}-{}", place.room, place.seq)
}

/// Where a message of the list is.
pub(crate) const fn place_of(item: &ForYouMessage) -> SavedPlace {
    SavedPlace {
        room: item.room,
        seq: item.message.seq,
    }
}

impl Live {
    /// What a list is called.
    pub(crate) fn list_title(self, list: Listing) -> &'static str {
        let words = &self.ui().words.personal;
        match list {
            Listing::ForYou => words.for_you,
            Listing::Saved => words.saved,
        }
    }

    /// How many messages are for one, in all rooms and in the threads that one follows.
    pub(crate) fn to_me(self) -> u64 {
        let rooms: u64 = self.rooms().with(|rooms| rooms.iter().map(to_me).sum());
        let threads = self.threads();
        threads.with(|threads| rooms + threads.iter().map(|(_, unread, _)| unread).sum::<u64>())
    }
}

/// How many unread messages of a room are to one: mentions, or all of a direct room, unless that is muted.
pub(crate) fn to_me(room: &RoomSummary) -> u64 {
    if room.kind == RoomKind::Direct && !room.muted {
        room.unread
    } else {
        room.mentions
    }
}

/// How many unread messages of a room count in the title of the tab, by the level that one set for it.
pub(super) fn told(room: &RoomSummary) -> u64 {
    match room.notify {
        NotifyLevel::Nothing => 0,
        NotifyLevel::All if !room.muted => room.unread,
        _ => to_me(room),
    }
}

/// A page of a list.
enum Which {
    First,
    /// The one of this cursor.
    Next(String),
}

/// What tells that a list has changed.
#[derive(Clone, Copy)]
struct ListVersion {
    /// How many messages are to one, or how often something was saved or let go of.
    changes: u64,
    /// The ends of the logs of its rooms, and of the direct ones of what is for one.
    said: u64,
    /// Whether the connection is down: there is more to ask for once it is back.
    down: bool,
}

/// A list, while it is shown. It is asked for anew when what it lists has changed.
#[derive(Clone, Copy)]
pub(crate) struct MessageList {
    /// The page.
    pub(crate) live: Live,
    /// Which list.
    pub(crate) list: Listing,
    /// What the server told, all pages of it; none until it did.
    told: RwSignal<Option<ListPage>>,
    /// Whether it could not be had.
    pub(crate) failed: RwSignal<bool>,
    /// The id of the link of the message whose link or button has the focus, or had it last.
    pub(crate) active: RwSignal<String>,
    busy: StoredValue<bool>,
    /// What to ask for once the answer is there.
    next: StoredValue<Option<Which>>,
    /// Pages without a message since the last one that had any.
    empty: StoredValue<u32>,
    /// Whether it will be asked for soon.
    waits: StoredValue<bool>,
}

impl MessageList {
    /// Asks for it, unless the page was loaded with it.
    pub(crate) fn new(live: Live, list: Listing) -> Self {
        let first = live.first_page().try_update_value(Option::take).flatten();
        let list = Self {
            live,
            list,
            told: RwSignal::new(first),
            failed: RwSignal::new(false),
            active: RwSignal::new(String::new()),
            busy: StoredValue::new(false),
            next: StoredValue::new(None),
            empty: StoredValue::new(0),
            waits: StoredValue::new(false),
        };
        let seen = StoredValue::new(None);
        watch(move || {
            let now = list.state();
            let before = seen.try_update_value(|seen| seen.replace(now)).flatten();
            untrack(|| match before {
                None if list.told.with_untracked(Option::is_none) => list.load(),
                Some(before) if before.changes != now.changes || before.down && !now.down => {
                    list.load();
                }
                Some(before) if before.said != now.said => list.load_soon(),
                _ => {}
            });
        });
        list
    }

    fn state(self) -> ListVersion {
        let changes = match self.list {
            Listing::ForYou => self.live.to_me(),
            Listing::Saved => self.live.saved_actions().changes(),
        };
        let listed = |room: &&RoomSummary| {
            let own = room.kind == RoomKind::Direct && self.list == Listing::ForYou;
            own || self.told.with_untracked(|told| {
                let mut items = told.iter().flat_map(|told| &told.items);
                items.any(|item| item.room == room.id)
            })
        };
        let said = self.live.rooms().with(|rooms| {
            let listed = rooms.iter().filter(listed);
            listed.map(|room| room.last_seq).sum()
        });
        ListVersion {
            changes,
            said,
            down: self.live.link().with(|link| link.is_down()),
        }
    }

    fn load_soon(self) {
        if self.waits.get_value() {
            return;
        }
        let load = move || {
            if self.waits.try_set_value(false).is_none() {
                self.load();
            }
        };
        self.live.ui().browser(|browser| {
            self.waits.set_value(true);
            browser.after(GATHER_MS, Box::new(load));
        });
    }

    /// Asks for it, once more where it could not be had.
    pub(crate) fn load(self) {
        self.empty.set_value(0);
        self.ask(Which::First);
    }

    /// Asks for the next page.
    pub(crate) fn more(self) {
        self.empty.set_value(0);
        self.go_on();
    }

    fn go_on(self) {
        let next = self
            .told
            .with_untracked(|told| told.as_ref().and_then(|told| told.next.clone()));
        if let Some(next) = next {
            self.ask(Which::Next(next));
        }
    }

    /// Whether there are more pages.
    pub(crate) fn has_more(self) -> bool {
        let more = |told: &ListPage| told.next.is_some() && told.items.len() < MAX_LISTED;
        self.told.with(|told| told.as_ref().is_some_and(more))
    }

    /// One request at a time; what is asked for meanwhile follows.
    fn ask(self, which: Which) {
        if self.busy.get_value() {
            self.next.set_value(Some(which));
            return;
        }
        if self.live.ui().browser(|_| ()).is_none() {
            return;
        }
        self.busy.set_value(true);
        set_if_new(self.failed, false);
        if self.list == Listing::Saved {
            self.live.saved_actions().need();
        }
        let turn = self.live.ui().focus_turn();
        let path = self.list.path();
        let (path, more) = match which {
            Which::First => (path.to_owned(), false),
            Which::Next(cursor) => (format!("{path}?cursor={}", encode(&cursor)), true),
        };
        self.live
            .api()
            .get(&path, move |answer: Result<ListPage, _>| {
                // The list may not be shown any more.
                if self.busy.try_set_value(false).is_some() {
                    return;
                }
                match answer {
                    Ok(page) => self.take(page, more, turn),
                    Err(_) => set_if_new(self.failed, true),
                }
                if let Some(next) = self.next.try_update_value(Option::take).flatten() {
                    self.ask(next);
                }
            });
    }

    fn take(self, page: ListPage, more: bool, turn: u32) {
        let begins = self.told.with_untracked(Option::is_none);
        let none = page.items.is_empty();
        let before = untrack(|| self.items().len());
        self.told.update(|told| match told {
            Some(told) => join(told, page, more),
            None => *told = Some(page),
        });
        let items = untrack(|| self.items());
        // Whoever opened the list, or asked for more of it, goes on with what came.
        let to = items.get(if more { before } else { 0 });
        if let Some(to) = to.filter(|_| begins || more) {
            let id = link_id(place_of(to));
            self.live
                .ui()
                .browser(|browser| browser.focus_since(turn, &id));
        }
        self.live.lookups().ask_unknown();
        let empty = self.empty.get_value() + 1;
        if none && empty < EMPTY_PAGES {
            self.empty.set_value(empty);
            self.go_on();
        }
    }

    /// Whether anything was told yet.
    pub(crate) fn is_told(self) -> bool {
        self.told.with(Option::is_some)
    }

    /// What it lists, without what is known to be saved no longer.
    pub(crate) fn items(self) -> Vec<ForYouMessage> {
        let saved = self.live.saved_actions();
        self.told.with(|told| {
            let told = told.iter().flat_map(|told| &told.items);
            let gone =
                |item: &ForYouMessage| self.list == Listing::Saved && saved.is_gone(place_of(item));
            told.filter(|item| !gone(item)).cloned().collect()
        })
    }

    /// The id of the link that is the stop for Tab: the one in use, or the first.
    pub(crate) fn tab_stop(self) -> Derived<String> {
        derived(move || {
            let (items, active) = (self.items(), self.active.get());
            let ids: Vec<String> = items.iter().map(|item| link_id(place_of(item))).collect();
            if ids.contains(&active) {
                return active;
            }
            ids.into_iter().next().unwrap_or_default()
        })
    }

    /// Lets go of a saved message; the focus goes to the next one, or to the title.
    pub(crate) fn unsave(self, place: SavedPlace) {
        let items = untrack(|| self.items());
        let at = items.iter().position(|item| place_of(item) == place);
        let near = at.and_then(|at| items.get(at + 1).or_else(|| items.get(at.checked_sub(1)?)));
        let to = near.map_or_else(|| TITLE.to_owned(), |item| link_id(place_of(item)));
        self.live.ui().browser(|browser| browser.focus(&to));
        self.live.saved_actions().set(place, false);
    }

    /// Whether a message is to one and not read yet.
    pub(crate) fn is_unread(self, place: SavedPlace) -> bool {
        let read = self.room(place.room, |room| room.read_seq);
        self.list == Listing::ForYou && read.is_some_and(|read| read < place.seq)
    }

    fn room<T>(self, id: RoomId, of: impl FnOnce(&RoomSummary) -> T) -> Option<T> {
        self.live
            .rooms()
            .with(|rooms| rooms.iter().find(|room| room.id == id).map(of))
    }

    /// Where a message was said, in words.
    pub(crate) fn place_in_words(self, room: RoomId) -> String {
        let words = &self.live.ui().words.personal;
        let says = self.room(room, |room| match (room.kind, self.list) {
            (RoomKind::Direct, Listing::ForYou) => words.to_you.to_owned(),
            (RoomKind::Direct, Listing::Saved) => (words.with_people)(&room_label(room)),
            _ => (words.in_room)(&room_label(room)),
        });
        says.unwrap_or_else(|| words.elsewhere.to_owned())
    }
}

/// Joins a page to what was told: the next one behind it; the first one in place of the first one before, with what only later pages have.
fn join(told: &mut ListPage, page: ListPage, more: bool) {
    let last = page.items.last().map(place_of);
    let at = told
        .items
        .iter()
        .position(|item| Some(place_of(item)) == last);
    let behind = match at.filter(|_| !more && page.next.is_some()) {
        Some(at) => told.items.split_off(at + 1),
        None => Vec::new(),
    };
    let keeps = !behind.is_empty();
    let second = if more {
        page.items
    } else {
        told.items = page.items;
        behind
    };
    if !keeps {
        told.next = page.next;
    }
    for item in second {
        if !told
            .items
            .iter()
            .any(|one| place_of(one) == place_of(&item))
        {
            told.items.push(item);
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Message, MessageId, UserId};

    use super::*;

    fn page(seqs: &[u64], next: Option<&str>) -> ListPage {
        let (room, by) = (RoomId::new(1).unwrap(), UserId::new(2).unwrap());
        let item = |&seq: &u64| ForYouMessage {
            room,
            message: Message::new(seq, MessageId::from_u128(u128::from(seq)), by, 0),
        };
        ListPage {
            items: seqs.iter().map(item).collect(),
            next: next.map(str::to_owned),
        }
    }

    fn joined(told: ListPage, with: ListPage, more: bool) -> (Vec<u64>, Option<String>) {
        let mut told = told;
        join(&mut told, with, more);
        let seqs = told.items.iter().map(|item| item.message.seq);
        (seqs.collect(), told.next)
    }

    #[test]
    fn pages_are_joined() {
        // The next page; what it has again was moved meanwhile.
        assert_eq!(
            joined(page(&[9, 8], Some("8")), page(&[8, 7], None), true),
            (vec![9, 8, 7], None)
        );
        // The first page again: what is new stands before, what is gone is gone.
        assert_eq!(
            joined(page(&[9, 8], None), page(&[10, 9], None), false),
            (vec![10, 9], None)
        );
        // While more than one page is shown, the later ones stay, without what is gone of the first.
        assert_eq!(
            joined(
                page(&[9, 8, 7, 6], Some("6")),
                page(&[9, 7], Some("7")),
                false
            ),
            (vec![9, 7, 6], Some("6".to_owned()))
        );
        assert_eq!(
            joined(
                page(&[9, 8, 7], Some("7")),
                page(&[10, 9], Some("9")),
                false
            ),
            (vec![10, 9, 8, 7], Some("7".to_owned()))
        );
    }

    #[test]
    fn what_is_to_one() {
        let room = |kind, muted| RoomSummary {
            unread: 5,
            mentions: 1,
            muted,
            ..RoomSummary::new(RoomId::new(1).unwrap(), kind, String::new())
        };
        assert_eq!(to_me(&room(RoomKind::Public, false)), 1);
        assert_eq!(to_me(&room(RoomKind::Direct, false)), 5);
        assert_eq!(to_me(&room(RoomKind::Direct, true)), 1);
        let of = |notify, muted| {
            told(&RoomSummary {
                notify,
                ..room(RoomKind::Public, muted)
            })
        };
        assert_eq!(of(NotifyLevel::All, false), 5);
        assert_eq!(of(NotifyLevel::All, true), 1);
        assert_eq!(of(NotifyLevel::Mentions, false), 1);
        assert_eq!(of(NotifyLevel::Nothing, false), 0);
    }
}
