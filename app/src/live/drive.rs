//! Between the session and the browser: inputs go in, effects are carried out, changes become signals.

use client::{Change, Effect, EndReason, Input, Link, OutboxEntry, Refused, Rng};
use leptos::prelude::*;
use protocol::{Act, RoomSummary};

use super::{LinkState, Live, favourites::arranged, members::Members, room_names};
use crate::{i18n::TimeFormat, ports::Browser, route::Route};

/// The browser's randomness, for the session.
struct Random<'b>(&'b dyn Browser);

impl Rng for Random<'_> {
    fn next_u64(&mut self) -> u64 {
        self.0.random()
    }
}

/// The way between the session and the page: inputs, effects, and what is seen of a step. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct Driver(pub(super) Live);

impl Driver {
    /// Something happened. Tells why a command was not taken, if it was not.
    pub(crate) fn input(self, input: Input) -> Option<Refused> {
        let input = self.0.within(input);
        let effects = self.0.ui().browser(|browser| {
            let mut effects = Vec::new();
            self.0.session().update_value(|session| {
                effects = session.step(input, browser.now(), &mut Random(browser));
            });
            effects
        })?;
        self.carry_out(effects)
    }

    fn carry_out(self, effects: Vec<Effect>) -> Option<Refused> {
        // One step tells each change once.
        let mut changes = Vec::new();
        let mut refused = None;
        let mut told = Vec::new();
        for effect in effects {
            match effect {
                Effect::Changed(change) => {
                    changes.push(change);
                }
                Effect::Refused { why, .. } => refused = Some(why),
                Effect::Connect => self.with_browser(|browser| browser.connect()),
                Effect::Probe => self.with_browser(|browser| browser.probe()),
                Effect::Disconnect { code, reason } => {
                    self.with_browser(|browser| browser.disconnect(code, &reason));
                }
                Effect::Transmit(frame) => self.with_browser(|browser| browser.transmit(&frame)),
                Effect::WakeAt(at) => self.with_browser(|browser| browser.wake_at(at)),
                Effect::Save(entry) => self.with_browser(|browser| browser.save(&entry)),
                Effect::Forget(id) => self.with_browser(|browser| browser.forget(id)),
                other => told.push(other),
            }
        }
        self.see_all(&changes);
        for effect in told {
            self.hear(effect);
        }
        refused
    }

    /// What is told once and changes nothing by itself.
    fn hear(self, effect: Effect) {
        match effect {
            Effect::Arrived {
                room,
                thread,
                seq,
                to_me,
            } => {
                let place = thread.map_or(self.0, |_| self.0.beside());
                place.announcements().arrived(room, seq, to_me);
            }
            Effect::Failed(failed) => self.0.composer().command_failed(&failed),
            Effect::Located {
                room,
                thread,
                seq,
                found,
            } => {
                let place = thread.map_or(self.0, |_| self.0.beside());
                place.scroll().located(room, seq, found);
            }
            Effect::WhoIs { user, .. } => self.0.lookups().who_is(user),
            Effect::Saved(change) => self.0.saved_actions().heard(change),
            Effect::Notice(text) => self.0.announcements().toast(&text),
            _ => {}
        }
    }

    /// What changed in a step becomes signals, each once: a new count of the open room is drawn with its timeline, before the next paint.
    fn see_all(self, changes: &[Change]) {
        let open = self.0.route().get_untracked().room();
        let draws = |change: &Change| matches!(change, Change::Room(room) | Change::Timeline(room) if Some(*room) == open);
        let lists = |change: &Change| matches!(change, Change::Rooms | Change::Room(_));
        if changes.iter().any(lists) {
            self.see(Change::Rooms);
        }
        for change in changes
            .iter()
            .filter(|change| !lists(change) && !draws(change))
        {
            self.see(*change);
        }
        if changes.iter().any(draws) {
            self.0.view().see_timeline_soon();
            if self.0.root().is_some() {
                self.0.beside().view().see_timeline_soon();
            }
        }
    }

    fn with_browser(self, ask: impl FnOnce(&dyn Browser)) {
        self.0.ui().browser(ask);
    }

    /// Draws everything from the session: the first paint.
    pub(crate) fn see_everything(self) {
        self.see(Change::Rooms);
        self.see(Change::Users);
        if let Some(room) = self.0.route().get_untracked().room() {
            self.see(Change::Room(room));
            self.see(Change::Timeline(room));
            if self.0.root().is_some() {
                self.0.thread().see(room);
                self.0.beside().view().see_timeline(room);
            }
        }
    }

    pub(super) fn see(self, change: Change) {
        let open = self.0.route().get_untracked().room();
        match change {
            Change::Link | Change::Outbox => {
                self.see_link();
                self.0.drafts().see_unsent();
            }
            // Whoever is not let in any more is shown nothing that is inside.
            _ if self.is_over() => {}
            Change::Me => self.0.session().with_value(|session| {
                if let Some(me) = session.me() {
                    set_if_new(self.0.me(), me.clone());
                }
            }),
            Change::Rooms => {
                self.0.drafts().see_unsent();
                self.see_rooms();
                let threads = self.0.session().with_value(|session| {
                    let all: Vec<_> = session.unread_threads().collect();
                    all
                });
                set_if_new(self.0.threads(), threads);
                if let Some(room) = open {
                    self.see_room(room);
                }
            }
            Change::Users => self.see_users(),
            Change::Room(_) => self.see(Change::Rooms),
            Change::Timeline(room) if open == Some(room) => self.0.view().see_timeline(room),
            Change::Typing(room) if open == Some(room) => {
                let typing = self
                    .0
                    .session()
                    .with_value(|session| session.room(room).map(|room| room.typing()));
                set_if_new(self.0.typing(), typing.unwrap_or_default());
            }
            Change::Thread(room, root) if self.0.route().get_untracked().thread() == Some(root) => {
                if open == Some(room) {
                    self.0.thread().see(room);
                }
            }
            Change::Timeline(_) | Change::Typing(_) | Change::Thread(..) => {}
        }
    }

    fn see_link(self) {
        let (link, unsent) = self.0.session().with_value(|session| {
            let sends = |entry: &&OutboxEntry| matches!(entry.command.act, Act::Send { .. });
            (session.link(), session.outbox().filter(sends).count())
        });
        let before = self.0.link().get_untracked();
        let now = self.0.ui().browser(|browser| browser.now());
        let live_at_ms = match now {
            Some(now) if link.is_live() || before.link.is_live() => now.wall_ms,
            _ => before.live_at_ms,
        };
        let now_ms = now.map_or(before.now_ms, |now| now.mono_ms);
        set_if_new(
            self.0.link(),
            LinkState {
                link,
                unsent: unsent as u64,
                now_ms,
                live_at_ms,
            },
        );
        if counts_down(link) && !counts_down(before.link) {
            self.tick();
        }
        if self.is_over() {
            self.empty();
        }
        if link.is_live() && !before.link.is_live() {
            self.0.room_actions().online_again();
        }
    }

    /// Whether one is not signed in any more.
    pub(crate) fn is_over(self) -> bool {
        let link = self.0.session().with_value(client::Session::link);
        matches!(
            link,
            Link::Ended(EndReason::SignedOut | EndReason::Unauthorized | EndReason::Banned)
        )
    }

    /// Takes away what is shown of the rooms. What was typed is kept, and what was not sent.
    fn empty(self) {
        self.0.drafts().save_drafts();
        self.0.dialog().set(None);
        self.0.rooms().set(Vec::new());
        self.0.open().set(None);
        self.0.typing().set(Vec::new());
        self.0.members().set(Members::default());
        self.0.timeline().reset();
        self.0
            .timeline()
            .extent
            .update(|extent| extent.loaded = true);
        let name = self.0.ui().server.get_value();
        self.with_browser(|browser| {
            browser.title(&name);
            browser.forget_boot();
        });
    }

    /// The countdown, once a second while there is one.
    fn tick(self) {
        let link = self.0.link().get_untracked();
        if !counts_down(link.link) {
            return;
        }
        self.with_browser(|browser| {
            self.0
                .link()
                .update(|link| link.now_ms = browser.now().mono_ms);
            browser.after(1_000, Box::new(move || self.tick()));
        });
    }

    fn see_rooms(self) {
        // In the order of their numbers, which those of one name keep.
        let rooms: Vec<RoomSummary> = self.0.session().with_value(|session| {
            session
                .rooms()
                .filter(|room| room.member)
                .map(|room| self.0.room_actions().named(room.clone()))
                .collect()
        });
        // The alphabet, and one's own order of favourites: the list never sorts itself by what happens.
        let names: Vec<String> = rooms.iter().map(|room| room.name.clone()).collect();
        let order = self.in_order(&names);
        let rooms = order.into_iter().filter_map(|at| rooms.get(at).cloned());
        let rooms: Vec<RoomSummary> = arranged(rooms.collect());
        set_if_new(self.0.room_names(), room_names(&rooms));
        set_if_new(self.0.rooms(), rooms);
    }

    /// The places of these names in the alphabet of the page's language. The server, which has no such rules, goes by letters without
    /// regard to case; so does the page until it is alive, as it takes over what the server drew.
    pub(crate) fn in_order(self, names: &[String]) -> Vec<usize> {
        let ui = self.0.ui();
        let lang = ui.alive.get_untracked().then(|| ui.lang.tag());
        ui.browser(|browser| browser.sorted(lang, names))
            .unwrap_or_else(|| by_letters(names))
    }

    fn see_room(self, room: protocol::RoomId) {
        let summary = self
            .0
            .session()
            .with_value(|session| session.room(room).map(|room| room.summary().clone()))
            .map(|room| self.0.room_actions().named(room));
        // A room that one is no longer in keeps its head, and shows what was seen of it.
        let summary = summary.or_else(|| {
            let before = self
                .0
                .open()
                .get_untracked()
                .filter(|open| open.id == room)?;
            Some(RoomSummary {
                member: false,
                ..before
            })
        });
        set_if_new(self.0.open(), summary);
    }

    fn see_users(self) {
        let before = self.0.people().version.get_untracked();
        self.0.session().with_value(|session| {
            for user in session.users().chain(session.me()) {
                // While the connection is down it is not known who is here: what was known stays, and is not shown as present.
                let state = session
                    .presence(user.id)
                    .unwrap_or_else(|| self.0.people().state(user));
                self.0.people().learn(user, state);
            }
        });
        if self.0.people().version.get_untracked() != before {
            self.see(Change::Rooms);
        }
        if let Route::Talk(others) = self.0.route().get_untracked() {
            set_if_new(self.0.open(), self.0.room_actions().talk_summary(others));
        }
    }

    /// The browser runs the page from here on: its zone, its hours, its day, and what it kept.
    pub(crate) fn keep_time(self) {
        self.with_browser(|browser| {
            let now_ms = browser.now().wall_ms;
            let before = self.0.clock().get_untracked();
            let clock = TimeFormat {
                lang: before.lang,
                zone: browser.zone(),
                hour12: browser.hour12(),
                now_ms,
            };
            let same_hours = clock.hour12 == before.hour12;
            if !same_hours || clock.today() != before.today() || clock.zone != before.zone {
                self.0.clock().set(clock);
                if let Some(room) = self.0.route().get_untracked().room() {
                    self.0.view().see_timeline(room);
                }
            }
            browser.after(30_000, Box::new(move || self.keep_time()));
        });
    }
}

const fn counts_down(link: Link) -> bool {
    matches!(
        link,
        Link::Waiting { .. } | Link::Quiet { .. } | Link::Restarting { .. }
    )
}

/// Sets a signal when its value is another one.
pub(super) fn set_if_new<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|before| *before != value) {
        signal.set(value);
    }
}

#[cfg(feature = "ssr")]
fn by_letters(names: &[String]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_cached_key(|at| names[*at].to_lowercase());
    order
}

/// Where there is a browser, it sorts.
#[cfg(not(feature = "ssr"))]
const fn by_letters(_: &[String]) -> Vec<usize> {
    Vec::new()
}
