//! Pages of messages, as they stood when the server read them.

use protocol::{ErrorCode, Message, Page, Seq};

use super::{FetchedPage, Fetching, view_of};
use crate::{
    Edge, Failure, RoomSnapshot,
    people::People,
    requests::{Flying, Want},
    room::Room,
};

impl Fetching<'_, '_, '_> {
    /// Takes the page that was asked for.
    pub(crate) fn take(&mut self, flying: &Flying, page: Page) {
        for message in page.root.as_deref().into_iter().chain(&page.messages) {
            self.scope.who_is(message.by);
            for by in message.replies.iter().flat_map(|replies| &replies.by) {
                self.scope.who_is(*by);
            }
        }
        for note in &page.notes {
            self.scope.who_did(note);
        }
        match flying.want {
            Want::Counts => self.count(&page),
            _ => self.show(flying, page),
        }
        self.landed();
    }

    /// Takes messages that others answer, of those that were `asked` for.
    pub(crate) fn take_quoted(&mut self, asked: &[Seq], messages: Vec<Message>) {
        for message in &messages {
            self.scope.who_is(message.by);
        }
        let views = messages.into_iter().map(|message| view_of(message, false));
        self.room.quoted.tell(asked, views.collect());
        self.scope.timeline_changed();
    }

    /// Takes the counts of a page. A server that does not know of them leaves the number as it is.
    fn count(&mut self, page: &Page) {
        match (page.counts, &page.thread) {
            (Some(counts), _) => self.room.take_counts(counts, true),
            (None, Some(thread)) => {
                let upto = page.last_seq.unwrap_or_default();
                self.room.take_thread(thread, upto, true);
            }
            (None, None) => self.room.counts.doubtful = false,
        }
        if self.room.recap() {
            self.scope.summary_changed();
        }
    }

    fn show(&mut self, flying: &Flying, mut page: Page) {
        let want = flying.want;
        if page.thread.is_some() {
            self.count(&page);
            // Before, it may not be known how far a thread was read.
            if !self.room.held.loaded && self.room.reading.new_mark.is_none() {
                self.room.mark_new();
            }
        }
        // Of a thread that is not looked at any more what follows is not held: its page would seem to be all there is.
        if !self.room.held.kept {
            return;
        }
        let Some(asof) = page.last_seq else {
            // What was changed since could be applied twice, or not at all. Every page of history says it (contract, "Commands").
            let why = Failure {
                code: ErrorCode::Unavailable,
                message: "a page that is of no moment".to_owned(),
            };
            return self.give_up(flying, why);
        };
        let (from, to) = covers(flying, &page, asof);
        let newest = last(&page.messages, 0);
        if !self.room.held.passing.covers(asof) {
            self.scope.want(want);
            return;
        }
        if let Want::Around(seq) = want {
            let found = page.messages.iter().any(|message| message.seq == seq);
            self.located(seq, found);
        }
        if let (Some(first), Some(state)) = (page.root.take(), self.room.thread.as_deref_mut()) {
            state.take_first(*first, asof, &self.room.held.passing, self.scope.people);
        }
        let cursor = self.room.log.cursor();
        let fetched = FetchedPage {
            messages: page.messages,
            notes: page.notes,
            from,
            to,
            asof,
        };
        let held = &mut self.room.held;
        held.insert(fetched, cursor, self.scope.people);
        held.loaded |= matches!(want, Want::Newest | Want::Around(_));
        if matches!(want, Want::Refresh { .. }) {
            held.forget_stale(cursor);
        }
        if self.room.thread.is_some() {
            self.room.log.exists(newest);
        } else if newest > self.room.log.head() {
            self.room.heard_of(newest, self.scope);
        }
        self.room.trim(self.scope);
    }
}

impl Room {
    /// Takes the messages of a page that the server rendered.
    pub(crate) fn seed(&mut self, open: RoomSnapshot, people: &People) {
        let RoomSnapshot {
            room: _,
            messages,
            notes,
            quoted,
            more,
            more_after,
            around,
            last_seq,
        } = open;
        let cursor = self.log.cursor();
        let from = begins(&messages, more, last_seq + 1);
        let to = if more_after {
            last(&messages, 0)
        } else {
            last_seq
        };
        self.held.insert(
            FetchedPage {
                messages,
                notes,
                from,
                to,
                asof: last_seq,
            },
            cursor,
            people,
        );
        let views = quoted.into_iter().map(|message| view_of(message, false));
        self.quoted.know(views);
        self.held.loaded = true;
        self.reading.at = around;
        self.mark_new();
    }
}

/// Where a page of older messages begins: with its first one, or with the log.
fn begins(messages: &[Message], more: bool, end: Seq) -> Seq {
    if more {
        messages.first().map_or(end, |message| message.seq)
    } else {
        1
    }
}

fn last(messages: &[Message], or: Seq) -> Seq {
    messages.last().map_or(or, |message| message.seq)
}

/// The part of the log that a page tells all messages of, when the log ended at `end`.
fn covers(flying: &Flying, page: &Page, end: Seq) -> (Seq, Seq) {
    let Page { messages, more, .. } = page;
    match flying.want {
        Want::Newest => (begins(messages, *more, end + 1), end),
        Want::Around(_) => {
            let to = if page.more_after == Some(false) {
                end
            } else {
                last(messages, 0)
            };
            (begins(messages, *more, to + 1), to)
        }
        Want::Unread { .. }
        | Want::Gap {
            edge: Edge::Top, ..
        } => (
            flying.at + 1,
            if *more {
                last(messages, flying.at)
            } else {
                end
            },
        ),
        _ => (
            begins(messages, *more, flying.at),
            flying.at.saturating_sub(1),
        ),
    }
}
