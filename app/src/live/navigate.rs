//! From one room to the next, without loading the page anew.

use client::Input;
use leptos::prelude::*;
use protocol::{ErrorCode, Page, RoomId, Seq};

use super::{Live, api::ApiRefusal, compose::FIELD, members::Members, returning::ReadingPlace};
use crate::{ports::Layout, route::Route};

/// From one place of the page to another, and the address that says so. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct Navigation(pub(super) Live);

impl Navigation {
    /// Away from the people, back to their room.
    pub(crate) fn close_people(self) {
        if let Route::People(room) = self.0.route().get_untracked() {
            self.go(Route::Room(room, None));
        }
    }

    /// Away from what stands beside the room, or over it.
    pub(crate) fn close_side(self) {
        self.close_people();
        self.close_thread();
    }

    /// Follows a link of the page. False when it leads to a page that is loaded as a whole.
    pub(crate) fn follow(self, path: &str) -> bool {
        self.0.view().note_place();
        let Some(route) = Route::parse(path) else {
            return false;
        };
        if !route.room().is_none_or(|room| self.knows(room)) {
            return false;
        }
        self.go(route);
        true
    }

    /// Goes somewhere, and says so in the address.
    pub(crate) fn go(self, route: Route) {
        let before = self.0.route().get_untracked();
        let same_room = before.room() == route.room();
        if before.path() != route.path() {
            self.0.view().note_place();
            // A room that was made by its first message stands where the talk stood.
            let made = matches!((before, route), (Route::Talk(_), Route::Room(..)));
            let jumps = matches!((before, route), (Route::Room(..), Route::Room(..)));
            // A link to a message that stands in its thread alone: one step back leads to where the link was.
            let found = matches!((before, route), (Route::Room(_, Some(at)), Route::Thread(.., Some(to))) if at == to);
            let replace = made || same_room && (jumps || found);
            self.0
                .ui()
                .browser(|browser| browser.address(&route.path(), replace));
        }
        self.arrive(route, None);
    }

    /// Looks for a message that does not stand in the timeline where it was looked for, and goes to where it stands: in its thread alone, or
    /// in the room. Without one it says so.
    pub(super) fn seek(self, room: RoomId, seq: Seq) {
        let from = self.0.route().get_untracked();
        let thread = self.0.root().filter(|_| self.0.in_thread());
        let path = format!("/rooms/{room}/messages?seqs={seq}");
        self.0
            .api()
            .get(&path, move |answer: Result<Page, ApiRefusal>| {
                // One went elsewhere meanwhile.
                if self.0.route().get_untracked() != from {
                    return;
                }
                let found = match answer {
                    Ok(page) => page.messages.into_iter().next(),
                    Err(why) if why.code == ErrorCode::Unavailable => {
                        return self.0.api().complain();
                    }
                    Err(_) => None,
                };
                let place = found.map(|message| Route::of_message(room, &message));
                match place.filter(|place| place.thread() != thread) {
                    Some(place) => self.go(place),
                    None => self
                        .0
                        .announcements()
                        .toast_bad(self.0.ui().words.message.gone),
                }
            });
    }

    /// The address changed by itself: back or forth, or with `inside` to a part of a page. False when the page must be loaded.
    pub(crate) fn went(self, path: &str, inside: bool) -> bool {
        let Some(route) = Route::parse(path) else {
            return false;
        };
        if !route.room().is_none_or(|room| self.knows(room)) {
            return false;
        }
        let noted = self.0.view().noted();
        let same = matches!(self.0.route().get_untracked(), Route::Room(room, _) if route == Route::Room(room, None));
        self.arrive(route, noted);
        // An entry of the same room that has no place was at its end.
        if same && noted.is_none() && !inside {
            self.0.scroll().to_end();
        }
        true
    }

    /// Whether a room can be shown without asking for its page.
    fn knows(self, room: RoomId) -> bool {
        self.0
            .session()
            .with_value(|session| session.room(room).is_some())
    }

    /// `noted` is where one read there before.
    fn arrive(self, route: Route, noted: Option<ReadingPlace>) {
        let before = self.0.route().get_untracked();
        self.0.dialog().set(None);
        let talk = |route| matches!(route, Route::Talk(_));
        if before == route || (before.room() == route.room() && !talk(before) && !talk(route)) {
            self.0.route().set(route);
            self.follow_people(before, route);
        } else {
            self.change_room(route);
        }
        self.follow_thread(before);
        match route {
            // The people were beside the room, or over it: it stands where it stood.
            Route::Room(room, _) if before == Route::People(room) => {}
            Route::Room(room, _) if let Some(reading) = noted => {
                self.0.view().return_to(room, reading);
            }
            Route::Room(room, Some(seq)) => self.0.scroll().jump(room, seq),
            Route::Thread(room, root, Some(seq)) if before.thread() == Some(root) => {
                self.0.beside().scroll().jump(room, seq);
            }
            Route::Room(room, None) if before.room() != Some(room) => {
                self.0.scroll().begin_at_new(room);
            }
            _ => {}
        }
    }

    /// Where the people are not beside the room they take the focus when they come, and give it back.
    fn follow_people(self, before: Route, route: Route) {
        let people = |route| matches!(route, Route::People(_));
        if self.0.layout().get_untracked() == Layout::Three || people(before) == people(route) {
            return;
        }
        let to = if people(route) {
            super::members::BACK
        } else {
            super::members::WAY
        };
        // Once it is drawn, and no longer behind the drawer.
        self.0.ui().browser(|browser| {
            let turn = browser.focus_turn();
            let drawn = move || {
                self.0.ui().browser(|browser| browser.focus_since(turn, to));
            };
            browser.after(0, Box::new(drawn));
        });
    }

    fn change_room(self, route: Route) {
        self.0.drafts().save_drafts();
        self.0.timeline().reset();
        self.0.missed().set(None);
        self.0.typing().set(Vec::new());
        self.0.members().set(Members::default());
        let room = route.room();
        let summary = match route {
            Route::Talk(others) => self.0.room_actions().talk_summary(others),
            _ => self
                .0
                .session()
                .with_value(|session| Some(session.room(room?)?.summary().clone()))
                .map(|room| self.0.room_actions().named(room)),
        };
        self.0.open().set(summary);
        self.0
            .ui()
            .browser(|browser| browser.set_value(self.0.own(FIELD), ""));
        self.0.route().set(route);
        match room {
            None => {
                self.0.driver().input(Input::LeaveRoom);
            }
            Some(room) => {
                self.0.driver().input(Input::OpenRoom(room));
                self.0.view().see_timeline(room);
                self.0.member_list().load_members(room);
            }
        }
        // The new room's field is there once the page is drawn.
        self.0.ui().browser(|browser| {
            let turn = browser.focus_turn();
            let drawn = move || {
                self.0.drafts().open_draft();
                self.0.ui().browser(|browser| {
                    if browser.has_mouse() && matches!(route, Route::Room(_, None) | Route::Talk(_))
                    {
                        browser.focus_since(turn, self.0.own(FIELD));
                    }
                });
            };
            browser.after(0, Box::new(drawn));
        });
    }

    /// To the next room of the list.
    pub(crate) fn go_along(self, down: bool, unread: bool) {
        let open = self.0.route().get_untracked().room();
        let listed = self.0.rooms().with_untracked(|rooms| {
            rooms
                .iter()
                .map(|room| (room.id, room.unread > 0))
                .collect::<Vec<_>>()
        });
        if let Some(room) = next_room(&listed, open, down, unread) {
            self.go(Route::Room(room, None));
        }
    }
}

fn next_room(
    listed: &[(RoomId, bool)],
    open: Option<RoomId>,
    down: bool,
    unread: bool,
) -> Option<RoomId> {
    let count = listed.len();
    let at = open.and_then(|open| listed.iter().position(|(room, _)| *room == open));
    let order = (1..=count).map(|step| match (at, down) {
        (Some(at), true) => (at + step) % count,
        (Some(at), false) => (at + count - step) % count,
        (None, true) => step - 1,
        (None, false) => count - step,
    });
    let fits = |&at: &usize| {
        listed
            .get(at)
            .is_some_and(|(room, has)| Some(*room) != open && (*has || !unread))
    };
    order
        .into_iter()
        .find(fits)
        .and_then(|at| listed.get(at))
        .map(|(room, _)| *room)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn along_the_list_and_round_its_ends() {
        let room = |id| RoomId::new(id).unwrap();
        let listed = [
            (room(1), false),
            (room(2), true),
            (room(3), false),
            (room(4), true),
        ];
        let next = |open: Option<u64>, down, unread| {
            next_room(&listed, open.map(room), down, unread).map(RoomId::get)
        };
        assert_eq!(
            [
                next(Some(1), true, false),
                next(Some(4), true, false),
                next(Some(1), false, false)
            ],
            [Some(2), Some(1), Some(4)]
        );
        assert_eq!(
            [
                next(Some(2), true, true),
                next(Some(4), true, true),
                next(Some(2), false, true)
            ],
            [Some(4), Some(2), Some(4)]
        );
        assert_eq!(
            [next(None, true, false), next(None, false, true)],
            [Some(1), Some(4)]
        );
        assert_eq!(next_room(&listed[..1], Some(room(1)), true, false), None);
        assert_eq!(next_room(&[], None, true, false), None);
    }
}
