//! What stands in words, from left to right.

use std::ops::Range;

use crate::{
    address::{self, Address},
    mention::{self, Budget, Call},
    room,
};

/// Something that is not words.
pub(crate) enum Mark {
    /// An address that is safe to link.
    Link(Range<usize>),
    /// What looks like an address and is none: words, in which nobody is mentioned.
    Opaque(Range<usize>),
    /// An `@` that may name somebody.
    Call(Call),
    /// A `#` that may name a room: where it is.
    Room(usize),
}

/// What stands in a piece of `text`, in order; none reaches into another, but for the candidates of a [`Mark::Call`] and the name of a [`Mark::Room`].
pub(crate) fn marks<'t>(text: &'t str, at: &Range<usize>, calls: Budget) -> Marks<'t> {
    Marks {
        text: text.get(..at.end).unwrap_or(text),
        at: at.start,
        used: at.start,
        calls,
    }
}

pub(crate) struct Marks<'t> {
    text: &'t str,
    at: usize,
    /// Up to where the caller used the text up.
    used: usize,
    /// What the text may still cost.
    pub(crate) calls: Budget,
}

impl Marks<'_> {
    /// The text, to the end of the piece.
    pub(crate) const fn text(&self) -> &'_ str {
        self.text
    }

    /// The caller used up the text to here.
    pub(crate) fn skip_to(&mut self, end: usize) {
        self.at = self.at.max(end);
        self.used = self.used.max(end);
    }

    fn next_at(&mut self, at: usize, byte: u8) -> Option<Mark> {
        if byte == b':' {
            let (range, is) = address::at_colon(self.text, at)?;
            self.at = range.end;
            return Some(match is {
                // A name took its scheme: what is left is no address, nor is anybody mentioned in it.
                _ if range.start < self.used => Mark::Opaque(self.used..range.end),
                Address::Link => Mark::Link(range),
                Address::Opaque => Mark::Opaque(range),
            });
        }
        if byte == b'#' {
            let rooms = self.calls.rooms.checked_sub(1)?;
            self.calls.rooms = rooms;
            return room::may_begin(self.text, at).then_some(Mark::Room(at));
        }
        let sign = mention::sign(self.text, at)?;
        self.at = at + sign;
        mention::call(self.text, at, sign, &mut self.calls).map(Mark::Call)
    }
}

impl Iterator for Marks<'_> {
    type Item = Mark;

    fn next(&mut self) -> Option<Mark> {
        while let Some(rest) = self.text.as_bytes().get(self.at..) {
            // All signs are ASCII, but for the wide forms of `@`, which begin with this byte.
            let begins = |byte: &u8| matches!(byte, b':' | b'@' | b'#' | 0xef);
            let at = self.at + rest.iter().position(begins)?;
            self.at = at + 1;
            let byte = self.text.as_bytes()[at];
            if let Some(mark) = self.next_at(at, byte) {
                return Some(mark);
            }
        }
        None
    }
}
