//! The people of the open room.
//!
//! A room may have many thousands. The page begins with the first 200 and those who are here; the others are loaded page by page while
//! their list is shown, of a room beyond [`EAGER`] as far as one scrolls, and by name where one looks for somebody.

use client::NoteKind;
use leptos::prelude::*;
use protocol::{PresenceState, RoomId, RoomKind, UserId, UserSummary, Users};
use text::latin_hit;

use super::{Live, people::ShownPerson};
use crate::{
    boot::Chat,
    ports::Layout,
    route::{Route, encode},
};

/// The id of the link that leads back from the people, where they are not beside their room.
pub(crate) const BACK: &str = "people-back";
/// The id of the link that leads to the people.
pub(crate) const WAY: &str = "people-link";

/// Members that are loaded as soon as their list is shown.
const EAGER: usize = 5_000;
/// Between two pages: a big room takes a part of the requests that an address may make.
const PAUSE_MS: u64 = 30;
/// How long after a failure it is tried again.
const AGAIN_MS: u64 = 5_000;

/// Who is in the open room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Members {
    /// The room; none is open yet, or its people are not known yet.
    pub(crate) room: Option<RoomId>,
    /// Those who are loaded, by id.
    pub(crate) ids: Vec<UserId>,
    /// How many there are, as the server counts them.
    pub(crate) total: u64,
    /// Where the pages that are not loaded begin.
    next: Option<String>,
    /// Whether some are on their way.
    loading: bool,
}

impl Members {
    /// Those who came with the page.
    pub(crate) fn of(chat: &Chat) -> Self {
        chat.open.as_ref().map_or_else(Self::default, |open| Self {
            room: Some(open.id()),
            // They come by id.
            ids: open.members.iter().map(|user| user.id).collect(),
            total: open.total,
            next: open.next.clone(),
            loading: false,
        })
    }

    /// Whether more are to be loaded now. `far`: what is shown ends beyond those who are loaded.
    pub(crate) fn wants_more(&self, far: bool) -> bool {
        self.next.is_some() && !self.loading && (far || self.ids.len() < EAGER)
    }

    /// Takes in people, whoever of them is known already.
    fn add(&mut self, ids: impl IntoIterator<Item = UserId>) {
        for id in ids {
            if let Err(at) = self.ids.binary_search(&id) {
                self.ids.insert(at, id);
            }
        }
    }

    /// Somebody came or went.
    fn note(&mut self, kind: &NoteKind) {
        match kind {
            NoteKind::Join { user } => {
                let before = self.ids.len();
                self.add([*user]);
                self.total += (self.ids.len() - before) as u64;
            }
            NoteKind::Leave { user } => {
                self.ids.retain(|id| id != user);
                self.total = self.total.saturating_sub(1);
            }
            NoteKind::Topic { .. } | NoteKind::Set(_) => {}
        }
        if self.next.is_none() {
            self.total = self.ids.len() as u64;
        }
    }
}

/// Members who are in the same state, in the order of the list, and how many there are with those who are not loaded.
pub(crate) type Group = (PresenceState, Vec<UserId>, usize);

/// Online, away, offline; nobody stands in a group that is empty. Of those who are not loaded nobody is known to be here.
pub(crate) fn grouped(
    order: &[UserId],
    unloaded: u64,
    state: impl Fn(UserId) -> PresenceState,
) -> Vec<Group> {
    let mut groups = [
        (PresenceState::Online, Vec::new(), 0),
        (PresenceState::Away, Vec::new(), 0),
        (
            PresenceState::Offline,
            Vec::new(),
            usize::try_from(unloaded).unwrap_or_default(),
        ),
    ];
    for &id in order {
        groups[state(id) as usize].1.push(id);
    }
    let mut groups: Vec<Group> = groups.into();
    for (_, ids, count) in &mut groups {
        *count += ids.len();
    }
    groups.retain(|(.., count)| *count > 0);
    groups
}

/// Whether somebody's name or handle holds what was typed, or their name reads so; it is in lower case.
fn fits(person: &ShownPerson, typed: &str) -> bool {
    person.name.to_lowercase().contains(typed)
        || person.handle.to_lowercase().contains(typed)
        || latin_hit(&person.latin, typed).is_some()
}

/// The people of the open room, page by page. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct MemberList(pub(super) Live);

impl MemberList {
    /// Whether the people are shown, beside the room or over it.
    pub(crate) fn people_shown(self) -> bool {
        let beside = self.0.layout().get() == Layout::Three && self.0.side().get();
        beside || matches!(self.0.route().get(), Route::People(_))
    }

    /// The open room's people in the order of their names: those who fit what was typed, with those whom the server found for it.
    pub(crate) fn members_in_order(self, typed: &str, found: &[UserId]) -> Vec<UserId> {
        self.0.people().version.track();
        self.0.ui().alive.track();
        let typed = typed.trim().trim_start_matches('@').to_lowercase();
        let (mut ids, mut names) = (Vec::new(), Vec::new());
        let mut take = |id: UserId| {
            let person = self.0.people().person(id);
            person.with_untracked(|person| {
                if found.contains(&id) || fits(person, &typed) {
                    ids.push(id);
                    names.push(person.name.clone());
                }
            });
        };
        self.0.members().with(|members| {
            let unloaded = |id: &&UserId| members.ids.binary_search(id).is_err();
            found.iter().filter(unloaded).for_each(|id| take(*id));
            members.ids.iter().for_each(|id| take(*id));
        });
        let order = self.0.driver().in_order(&names).into_iter();
        order.filter_map(|at| ids.get(at).copied()).collect()
    }

    /// Asks who is in a room.
    pub(crate) fn load_members(self, room: RoomId) {
        let open = self.0.open().get_untracked();
        if let Some(open) = open.filter(|open| {
            open.id == room && open.kind == RoomKind::Direct && !open.users.is_empty()
        }) {
            let mut members = Members {
                room: Some(room),
                total: open.users.len() as u64,
                ..Members::default()
            };
            members.add(open.users);
            self.0.members().set(members);
            return;
        }
        self.ask_members(
            room,
            "",
            Box::new(move |page| {
                let Some(page) = page else { return };
                let big = page.next.is_some();
                self.0.members().update(|members| {
                    let total = page.total.unwrap_or_default();
                    let has = |user: &UserSummary| members.ids.binary_search(&user.id).is_ok();
                    let known = members.room == Some(room) && members.total == total;
                    if !known || !page.users.iter().all(has) {
                        // Else it is as before, and what is loaded stays loaded.
                        *members = Members {
                            room: Some(room),
                            ids: page.users.iter().map(|user| user.id).collect(),
                            total,
                            next: page.next,
                            loading: false,
                        };
                    }
                });
                if big {
                    // Whoever is here is seen at once, however many there are.
                    let add = move |page: Option<Users>| {
                        let here = page.into_iter().flat_map(|page| page.users);
                        self.0
                            .members()
                            .update(|members| members.add(here.map(|user| user.id)));
                    };
                    self.ask_members(room, "?here=true", Box::new(add));
                }
            }),
        );
    }

    /// Asks for members; nothing where it failed. What comes when another room is open is dropped.
    fn ask_members(self, room: RoomId, query: &str, then: Box<dyn FnOnce(Option<Users>)>) {
        let path = format!("/rooms/{room}/members{query}");
        self.0.api().get(&path, move |answer: Result<Users, _>| {
            if self.0.route().get_untracked().room() == Some(room) {
                if let Ok(page) = &answer {
                    self.0.api().learn(page.users.clone());
                }
                then(answer.ok());
            }
        });
    }

    /// Members of the open room whose name holds what was typed.
    pub(crate) fn find_members(self, typed: &str, then: impl FnOnce(Vec<UserId>) + 'static) {
        if let Some(room) = self.0.members().with_untracked(|members| members.room) {
            let what = encode(typed.trim().trim_start_matches('@'));
            let told = move |page: Option<Users>| {
                let users = page.into_iter().flat_map(|page| page.users);
                then(users.map(|user| user.id).collect());
            };
            self.ask_members(room, &format!("?q={what}"), Box::new(told));
        }
    }

    /// Loads more of the open room's people.
    pub(crate) fn more_members(self) {
        let mut from = None;
        self.0.members().update(|members| {
            from = members.room.zip(members.next.clone());
            members.loading = true;
        });
        if let Some((room, next)) = from {
            self.member_pages(room, next, Vec::new());
        }
    }

    /// Page after page. Each time that it grows by half the list is drawn anew, so that all of them cost a few drawings.
    fn member_pages(self, room: RoomId, from: String, before: Vec<UserId>) {
        let query = format!("?cursor={}", encode(&from));
        let told = move |page: Option<Users>| {
            let (mut ids, mut next, failed) = (before, Some(from), page.is_none());
            if let Some(page) = page {
                ids.extend(page.users.iter().map(|user| user.id));
                next = page.next;
            }
            let loaded = self.0.members().with_untracked(|members| members.ids.len());
            let goes_on = !failed && ids.len() < loaded / 2;
            let then = move || {
                let Some(next) = next.clone().filter(|_| goes_on) else {
                    self.0.members().update(|members| {
                        // It may be another room's by now.
                        if members.room == Some(room) {
                            members.add(ids);
                            members.next = next;
                            members.loading = false;
                        }
                    });
                    return;
                };
                self.member_pages(room, next, ids);
            };
            let ms = if failed { AGAIN_MS } else { PAUSE_MS };
            self.0
                .ui()
                .browser(|browser| browser.after(ms, Box::new(then)));
        };
        self.ask_members(room, &query, Box::new(told));
    }

    /// Somebody came or went, by the log of the open room.
    pub(super) fn member_noted(self, room: RoomId, kind: &NoteKind) {
        if self.0.members().with_untracked(|members| members.room) == Some(room) {
            self.0.members().update(|members| members.note(kind));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: u64) -> UserId {
        UserId::new(id).unwrap()
    }

    #[test]
    fn groups_keep_the_order_and_are_never_empty() {
        let order = [user(3), user(1), user(2)];
        let state = |id: UserId| match id.get() {
            2 => PresenceState::Offline,
            _ => PresenceState::Online,
        };
        let groups = grouped(&order, 0, state);
        assert_eq!(
            groups,
            [
                (PresenceState::Online, vec![user(3), user(1)], 2),
                (PresenceState::Offline, vec![user(2)], 1)
            ]
        );
        // Who is not loaded is counted where nothing is known of them.
        let groups = grouped(&order[..1], 2_999, state);
        assert_eq!(groups[1], (PresenceState::Offline, vec![], 2_999));
    }

    #[test]
    fn who_comes_and_goes_is_counted_once() {
        let mut members = Members {
            ids: vec![user(1), user(2)],
            total: 3_000,
            next: Some("2".to_owned()),
            ..Members::default()
        };
        members.note(&NoteKind::Join { user: user(9) });
        members.note(&NoteKind::Join { user: user(9) });
        assert_eq!((members.total, members.ids.len()), (3_001, 3));
        members.note(&NoteKind::Leave { user: user(700) });
        assert_eq!((members.total, members.ids.len()), (3_000, 3));
        members.add(vec![user(2), user(3)]);
        assert_eq!(members.ids, [user(1), user(2), user(3), user(9)]);
    }
}
