//! Pages of messages, as they stood when the server read them.

use protocol::{Message, Page, RoomId, Seq};

use super::Session;
use crate::{
    Change, Edge, Effect, RoomSnapshot,
    ctx::Ctx,
    requests::{Flying, Want},
    room::{Fetched, view_of},
};

/// Pages that a count of unread messages reads at most.
const COUNT_PAGES: u32 = 10;

impl Session {
    pub(super) fn take_page(&mut self, page: Page, ctx: &mut Ctx<'_>) {
        let Some(flying) = page.req.and_then(|req| self.requests.answered(req)) else {
            return;
        };
        if page.room != flying.room || !self.rooms.contains_key(&flying.room) {
            return;
        }
        for message in &page.messages {
            if self.people.is_me(message.by) {
                self.resolve(message.id, ctx);
            }
            self.who_is(flying.room, message.by, ctx);
        }
        for note in &page.notes {
            self.who_did(note, ctx);
        }
        match flying.want {
            Want::Count { pages, .. } => self.count_page(&flying, pages, &page, ctx),
            want => self.show_page(&flying, want, page, ctx),
        }
        self.landed(flying.room, ctx);
    }

    fn show_page(&mut self, flying: &Flying, want: Want, page: Page, ctx: &mut Ctx<'_>) {
        let Some(room) = self.rooms.get_mut(&flying.room) else {
            return;
        };
        let (from, to) = covers(flying, want, &page);
        // A server of before did not say: what was seen when it was asked for is in it.
        let newest = page.messages.last().map_or(0, |message| message.seq);
        let asof = page.last_seq.unwrap_or(flying.asked.max(newest));
        if !room.held.passing.covers(asof) {
            self.requests.want(flying.room, want, ctx.ms());
            return;
        }
        if let Want::Around(seq) = want {
            let found = page.messages.iter().any(|message| message.seq == seq);
            ctx.effect(Effect::Located {
                room: flying.room,
                seq,
                found,
            });
        }
        let (cursor, open) = (room.log.cursor(), self.open == Some(flying.room));
        let fetched = Fetched {
            messages: page.messages,
            notes: page.notes,
            from,
            to,
            asof,
        };
        room.held.insert(fetched, cursor, &self.people);
        room.held.loaded |= matches!(want, Want::Newest | Want::Around(_));
        if matches!(want, Want::Refresh { .. }) {
            room.held.forget_stale(cursor);
        }
        if room.log.exists(newest) && room.log.due_ms.is_none() {
            room.log.due_ms = Some(ctx.after(super::frames::GRACE_MS));
        }
        let keep = if open {
            self.config.keep_open
        } else {
            self.config.keep_closed
        };
        room.held.trim(keep, cursor, room.reading.filter(|_| open));
    }

    /// Counts unread messages of a page, and goes on with the next one.
    fn count_page(&mut self, flying: &Flying, pages: u32, page: &Page, ctx: &mut Ctx<'_>) {
        let Some(room) = self.rooms.get_mut(&flying.room) else {
            return;
        };
        for message in &page.messages {
            if !message.deleted && !self.people.is_me(message.by) {
                let to_me = message
                    .text
                    .as_deref()
                    .is_some_and(|text| self.people.names_me(message.by, text));
                room.counts.found(message.seq, to_me);
            }
        }
        match page.messages.last() {
            Some(last) if page.more && pages + 1 < COUNT_PAGES => {
                self.requests.want(
                    flying.room,
                    Want::Count {
                        after: last.seq,
                        pages: pages + 1,
                    },
                    ctx.ms(),
                );
            }
            Some(_) if page.more => room.counts.give_up(),
            _ => room.counts.recounted(),
        }
        if room.recap() {
            ctx.changed(Change::Rooms);
            ctx.changed(Change::Room(flying.room));
        }
    }

    /// The open room of a page that the server rendered.
    pub(super) fn seed_open(&mut self, open: RoomSnapshot) {
        let RoomSnapshot {
            room: id,
            messages,
            notes,
            quoted,
            more,
            more_after,
            around,
            last_seq,
        } = open;
        self.open = Some(id);
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        let asked = room.log.cursor();
        let from = begins(&messages, more, asked + 1);
        let to = if more_after {
            last(&messages, 0)
        } else {
            last(&messages, asked).max(asked)
        };
        room.held.insert(
            Fetched {
                messages,
                notes,
                from,
                to,
                asof: last_seq.unwrap_or(asked),
            },
            asked,
            &self.people,
        );
        let views = quoted.into_iter().map(|message| view_of(message, false));
        room.quoted.know(views);
        room.held.loaded = true;
        room.reading = around;
        self.mark_new(id);
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

/// The part of the log that a page tells all messages of.
fn covers(flying: &Flying, want: Want, page: &Page) -> (Seq, Seq) {
    let Page { messages, more, .. } = page;
    // A page that nothing follows is as new as what was seen when it was asked for, or newer.
    let end = last(messages, flying.asked).max(flying.asked);
    match want {
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

impl Session {
    /// Fixes the "New" line of a room where it was read to, if something in it is unread.
    pub(super) fn mark_new(&mut self, id: RoomId) {
        if let Some(room) = self.rooms.get_mut(&id) {
            let (after, count) = (room.counts.read(), room.counts.unread());
            room.new_mark = (count > 0).then_some(crate::NewMark { after, count });
        }
    }
}
