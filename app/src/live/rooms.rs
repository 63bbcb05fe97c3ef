//! Actions on rooms and people, over HTTP.

use client::Input;
use leptos::prelude::*;
use protocol::{
    Act, Invite, InviteBody, NewDirect, NewInvite, NewMember, NewRoom, PreferencesPatch, ReadRooms,
    RoomBody, RoomId, RoomKind, RoomList, RoomPatch, RoomSummary, UserId, UserSummary, Users,
    WhichRooms, limits::MAX_ID,
};
use serde::de::IgnoredAny;

use super::{
    Live,
    api::{ApiRefusal, bare, request},
};
use crate::route::{Others, Route, encode};
use crate::text::isolated;

/// How a room is called in a sentence: `#general`; a private room by its name alone, a direct one by its people.
pub(crate) fn room_label(room: &RoomSummary) -> String {
    match room.kind {
        RoomKind::Direct | RoomKind::Private => isolated(&room.name).into_owned(),
        RoomKind::Public => format!("#{}", isolated(&room.name)),
    }
}

/// What one does with rooms: make, join, leave, invite, and finding people for them. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct RoomActions(pub(super) Live);

impl RoomActions {
    /// Shows a room that the session may not have heard of yet.
    pub(super) fn enter(self, room: RoomSummary) {
        let id = room.id;
        self.0.dialog().set(None);
        self.0.driver().input(Input::Room(Box::new(room)));
        if self.0.route().get_untracked().room() == Some(id) {
            // It is open, and was gone.
            self.0.driver().input(Input::OpenRoom(id));
        }
        self.0.navigation().go(Route::Room(id, None));
    }

    /// Goes to a room: one's own, or a public one to read.
    pub(crate) fn visit(self, room: RoomSummary) {
        self.enter(room);
    }

    /// Makes a room and goes there.
    pub(crate) fn make_room(self, room: &NewRoom, refused: impl FnOnce(ApiRefusal) + 'static) {
        self.0.api().post(
            "/rooms",
            room,
            move |answer: Result<RoomBody, _>| match answer {
                Ok(made) => self.enter(made.room),
                Err(why) => refused(why),
            },
        );
    }

    /// The public rooms, and one's own.
    pub(crate) fn all_rooms(self, then: impl FnOnce(Option<Vec<RoomSummary>>) + 'static) {
        self.more_rooms(None, Vec::new(), then);
    }

    fn more_rooms(
        self,
        cursor: Option<String>,
        before: Vec<RoomSummary>,
        then: impl FnOnce(Option<Vec<RoomSummary>>) + 'static,
    ) {
        const MAX_ROOMS: usize = 1_000;
        let query =
            cursor.map_or_else(String::new, |cursor| format!("?cursor={}", encode(&cursor)));
        self.0.api().get(
            &format!("/rooms{query}"),
            move |answer: Result<RoomList, _>| {
                let Ok(page) = answer else { return then(None) };
                let mut rooms = before;
                rooms.extend(page.rooms);
                match page.next {
                    Some(next) if rooms.len() < MAX_ROOMS => {
                        self.more_rooms(Some(next), rooms, then);
                    }
                    _ => then(Some(rooms)),
                }
            },
        );
    }

    /// Joins a public room and goes there.
    pub(crate) fn join(self, room: RoomSummary) {
        self.0.api().post(
            &format!("/rooms/{}/members", room.id),
            &NewMember::default(),
            move |answer: Result<IgnoredAny, _>| match answer {
                Ok(_) => self.enter(room),
                Err(_) => self.0.api().complain(),
            },
        );
    }

    /// Comes back to the public room that is open; what was not sent to it goes out.
    pub(crate) fn join_again(self, room: RoomSummary) {
        let id = room.id;
        self.0.api().post(
            &format!("/rooms/{id}/members"),
            &NewMember::default(),
            move |answer: Result<IgnoredAny, _>| match answer {
                Ok(_) => {
                    self.0.driver().input(Input::RetryShutOut(id));
                    self.enter(room);
                }
                Err(_) => self.0.api().complain(),
            },
        );
    }

    /// Leaves a room.
    pub(crate) fn leave(self, room: RoomId) {
        let me = self.0.me().with_untracked(|me| me.id);
        self.0.dialog().set(None);
        self.0.ui().ask(
            bare("DELETE", &format!("/rooms/{room}/members/{me}")),
            move |answer: Result<IgnoredAny, _>| match answer {
                Ok(_) if self.0.route().get_untracked().room() == Some(room) => {
                    self.0.navigation().go(Route::Rooms);
                }
                Ok(_) => {}
                Err(_) => self.0.api().complain(),
            },
        );
    }

    /// Changes a room: what is in the patch. The dialog that asked for it closes.
    pub(crate) fn change_room(
        self,
        room: RoomId,
        patch: &RoomPatch,
        refused: impl FnOnce(ApiRefusal) + 'static,
    ) {
        self.0.ui().ask(
            request("PATCH", &format!("/rooms/{room}"), patch),
            move |answer: Result<IgnoredAny, _>| match answer {
                Ok(_) => self.0.dialog().set(None),
                Err(why) => refused(why),
            },
        );
    }

    /// Turns a setting of a room on or off; the log tells it to everybody, oneself too.
    pub(crate) fn set(self, room: RoomId, patch: &RoomPatch) {
        self.change_room(room, patch, move |_| self.0.api().complain());
    }

    /// Changes what one wants of a room: the connection tells when it is so, here and elsewhere.
    pub(crate) fn prefer(self, room: RoomId, patch: &PreferencesPatch) {
        let request = request("PUT", &format!("/rooms/{room}/me"), patch);
        self.0
            .ui()
            .ask(request, move |answer: Result<IgnoredAny, _>| {
                if answer.is_err() {
                    self.0.api().complain();
                }
            });
    }

    /// Reads all rooms to their ends; the connection tells it of each.
    pub(crate) fn read_all(self) {
        let rooms = ReadRooms {
            rooms: WhichRooms::All,
        };
        self.0
            .api()
            .post("/read", &rooms, move |answer: Result<IgnoredAny, _>| {
                if answer.is_err() {
                    self.0.api().complain();
                }
            });
    }

    /// People whose name holds `what`; everybody for nothing.
    pub(crate) fn find_people(self, what: &str, then: impl FnOnce(Vec<UserSummary>) + 'static) {
        let query = if what.is_empty() {
            String::new()
        } else {
            format!("?q={}", encode(what))
        };
        self.0.api().get(
            &format!("/users{query}"),
            move |answer: Result<Users, _>| {
                let users = answer.map(|page| page.users).unwrap_or_default();
                self.0.api().learn(users.clone());
                then(users);
            },
        );
    }

    /// Goes to the direct room of these people. One that is not there yet is made by its first message, so that nobody has a
    /// room in their list in which nothing was said.
    pub(crate) fn write_to(self, users: &[UserId]) {
        let me = self.0.me().with_untracked(|me| me.id);
        let Some(others) = Others::new(users) else {
            return;
        };
        let same = |room: &&RoomSummary| {
            let users: Vec<UserId> = room
                .users
                .iter()
                .copied()
                .filter(|user| *user != me)
                .collect();
            room.kind == RoomKind::Direct && Others::new(&users) == Some(others)
        };
        let known = self
            .0
            .rooms()
            .with_untracked(|rooms| rooms.iter().find(same).map(|room| room.id));
        self.0.dialog().set(None);
        self.0
            .navigation()
            .go(known.map_or(Route::Talk(others), |room| Route::Room(room, None)));
    }

    /// A direct room before it is made, as it will be shown.
    pub(super) fn talk_summary(self, others: Others) -> Option<RoomSummary> {
        let users = others.users();
        // The server gives no room this number.
        let (id, name) = (RoomId::new(MAX_ID)?, self.names(&users));
        Some(RoomSummary {
            users,
            ..RoomSummary::new(id, RoomKind::Direct, name)
        })
    }

    /// A direct room of several, named as the page's language lists names. The server, which knows no language, joins them by a comma
    /// and a space; that name stays until each of them is known.
    pub(super) fn named(self, room: RoomSummary) -> RoomSummary {
        let me = self.0.me().with_untracked(|me| me.id);
        let others: Vec<UserId> = room
            .users
            .iter()
            .copied()
            .filter(|&user| user != me)
            .collect();
        let several = room.kind == RoomKind::Direct && others.len() > 1;
        if !several || !others.iter().all(|&user| self.0.people().is_known(user)) {
            return room;
        }
        RoomSummary {
            name: self.names(&others),
            ..room
        }
    }

    fn names(self, users: &[UserId]) -> String {
        let (one, people) = (users.len() == 1, self.0.people());
        let names = users.iter().map(|&user| people.name(user));
        if one {
            return names.collect();
        }
        let names: Vec<String> = names.map(|name| isolated(&name).into_owned()).collect();
        names.join(self.0.ui().words.common.comma)
    }

    /// Makes a direct room by its first message.
    pub(super) fn begin_talk(self, others: Others, text: String) {
        if self.0.compose().beginning.get_value() {
            return;
        }
        self.0.compose().beginning.set_value(true);
        let ask = NewDirect {
            users: others.users(),
        };
        self.0
            .api()
            .post("/direct", &ask, move |answer: Result<RoomBody, _>| {
                self.0.compose().beginning.set_value(false);
                let Ok(made) = answer else {
                    return self.0.api().complain();
                };
                let room = made.room.id;
                self.0.driver().input(Input::Room(Box::new(made.room)));
                let said = Input::Act {
                    room,
                    act: Act::Send {
                        text,
                        reply_to: None,
                        thread: None,
                    },
                };
                match self.0.driver().input(said) {
                    Some(why) => self.0.composer().not_taken(why),
                    None if self.0.route().get_untracked() == Route::Talk(others) => {
                        self.0.composer().write("");
                        self.0.navigation().go(Route::Room(room, None));
                    }
                    None => {}
                }
            });
    }

    /// Brings somebody into a private room.
    pub(crate) fn add_member(self, room: RoomId, user: UserId, then: impl FnOnce(bool) + 'static) {
        let body = NewMember { user: Some(user) };
        self.0.api().post(
            &format!("/rooms/{room}/members"),
            &body,
            move |answer: Result<IgnoredAny, _>| {
                if answer.is_err() {
                    self.0.api().complain();
                }
                then(answer.is_ok());
            },
        );
    }

    /// Makes an invite.
    pub(crate) fn invite(self, invite: &NewInvite, then: impl FnOnce(Option<Invite>) + 'static) {
        self.0
            .api()
            .post("/invites", invite, move |answer: Result<InviteBody, _>| {
                if answer.is_err() {
                    self.0.api().complain();
                }
                then(answer.ok().map(|made| made.invite));
            });
    }

    /// The connection is back: what has no push is asked for again.
    pub(super) fn online_again(self) {
        if let Some(room) = self.0.route().get_untracked().room() {
            self.0.member_list().load_members(room);
        }
        self.0.saved_actions().online_again();
    }
}
