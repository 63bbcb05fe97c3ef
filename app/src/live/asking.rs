//! Lookups of what is drawn and not known: people without a name, and messages that others answer. Asked for over HTTP, in batches.

use std::fmt::Write;

use client::{
    Input,
    rows::{Row, RowKind},
};
use leptos::prelude::*;
use protocol::{ErrorCode, Page, RoomId, Seq, UserId, Users, limits::MAX_IDS};

use super::Live;

/// How long others are waited for that are asked about at the same time.
const GATHER_MS: u64 = 30;
/// How long after a failure it is tried again.
const AGAIN_MS: u64 = 5_000;

/// Who is to be asked about.
#[derive(Clone, Copy)]
pub(crate) struct Asking {
    people: StoredValue<Vec<UserId>>,
    busy: StoredValue<bool>,
}

impl Asking {
    pub(super) fn new() -> Self {
        Self {
            people: StoredValue::new(Vec::new()),
            busy: StoredValue::new(false),
        }
    }
}

/// What is drawn and not known: people without a name, messages that are quoted. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct Lookups(pub(super) Live);

impl Lookups {
    /// Somebody is not known by name.
    pub(super) fn who_is(self, user: UserId) {
        self.ask_about(vec![user], GATHER_MS);
    }

    /// Whoever was drawn without a name is asked about.
    pub(crate) fn ask_unknown(self) {
        let unknown = self.0.people().take_unknown();
        if !unknown.is_empty() {
            self.ask_about(unknown, GATHER_MS);
        }
    }

    fn ask_about(self, users: Vec<UserId>, ms: u64) {
        self.0.asking().people.update_value(|people| {
            for user in users {
                if !people.contains(&user) {
                    people.push(user);
                }
            }
        });
        self.ask_soon(ms);
    }

    fn ask_soon(self, ms: u64) {
        let busy = self.0.asking().busy;
        if busy.get_value() {
            return;
        }
        self.0.ui().browser(|browser| {
            busy.set_value(true);
            browser.after(ms, Box::new(move || self.ask_people()));
        });
    }

    /// One request at a time, each for as many as it may name.
    fn ask_people(self) {
        let asking = self.0.asking();
        let mut ids = Vec::new();
        asking.people.update_value(|people| {
            people.retain(|&id| !self.0.people().is_known(id));
            ids = people.split_off(people.len().saturating_sub(MAX_IDS));
        });
        if ids.is_empty() {
            asking.busy.set_value(false);
            return;
        }
        let path = format!("/users?ids={}", list(&ids));
        self.0.api().get(&path, move |answer: Result<Users, _>| {
            asking.busy.set_value(false);
            match answer {
                Ok(found) => {
                    self.0.api().learn(found.users);
                    if asking.people.with_value(|people| !people.is_empty()) {
                        self.ask_soon(GATHER_MS);
                    }
                }
                Err(why) if why.code.is_worth_a_retry() => {
                    self.ask_about(ids, AGAIN_MS);
                }
                Err(_) => {}
            }
        });
    }

    /// What is drawn quotes messages that are not held: they are asked for.
    pub(super) fn ask_quotes(self, room: RoomId, rows: &[Row]) {
        let far = rows.iter().filter_map(|row| match &row.kind {
            RowKind::Message {
                quote: Some(quote), ..
            } if quote.message.is_none() => Some(quote.seq),
            _ => None,
        });
        let far: Vec<Seq> = far.take(MAX_IDS).collect();
        if far.is_empty() || self.0.ui().browser(|_| ()).is_none() {
            return;
        }
        let mut asked = Vec::new();
        self.0.session().update_value(|session| {
            asked = session.ask_quoted(room, far.into_iter());
        });
        if asked.is_empty() {
            return;
        }
        let path = format!("/rooms/{room}/messages?seqs={}", list(&asked));
        self.0
            .api()
            .get(&path, move |answer: Result<Page, _>| match answer {
                Ok(page) => {
                    // What did not fit is asked for again.
                    let last = page.messages.last().map_or(0, |message| message.seq);
                    let (told, cut): (Vec<Seq>, Vec<Seq>) = asked
                        .into_iter()
                        .partition(|&seq| !page.more || seq <= last);
                    self.0
                        .session()
                        .update_value(|session| session.forget_asked(room, &cut));
                    self.quoted(room, told, page.messages);
                }
                // Nothing is known of them, so they are asked for again.
                Err(why) if why.code == ErrorCode::Unavailable || why.code.is_worth_a_retry() => {
                    self.0.ui().browser(|browser| {
                        let again = move || {
                            self.0
                                .session()
                                .update_value(|session| session.forget_asked(room, &asked));
                            if self.0.route().get_untracked().room() == Some(room) {
                                self.0.view().see_timeline(room);
                            }
                        };
                        browser.after(AGAIN_MS, Box::new(again));
                    });
                }
                Err(_) => {}
            });
    }

    fn quoted(self, room: RoomId, asked: Vec<Seq>, messages: Vec<protocol::Message>) {
        self.0.driver().input(Input::Quoted {
            room,
            asked,
            messages,
        });
    }
}

/// Ids as a query names them.
fn list<T: std::fmt::Display>(ids: &[T]) -> String {
    let mut out = String::new();
    for (at, id) in ids.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(out, "{}{id}", if at == 0 { "" } else { "," });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_listed() {
        assert_eq!(list::<u64>(&[]), "");
        assert_eq!(list(&[3_u64]), "3");
        assert_eq!(list(&[3_u64, 12, 7]), "3,12,7");
    }
}
