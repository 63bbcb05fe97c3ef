//! The pass: what stands in a text, from left to right.

use std::ops::Range;

use crate::{
    address::{self, Address},
    code,
    mention::{self, Budget, Call},
};

/// Something that is not words.
pub(crate) enum Mark {
    /// A span of code, with its marks.
    Code(Range<usize>),
    /// A block of code, with its lines of marks.
    Fence(Range<usize>),
    /// An address that is safe to link.
    Link(Range<usize>),
    /// What looks like an address and is none: words, in which nobody is mentioned.
    Opaque(Range<usize>),
    /// An `@` that may name somebody.
    Call(Call),
}

/// The marks of `text`, in order; none reaches into another, but for the candidates of a [`Mark::Call`].
pub(crate) fn marks(text: &str) -> Marks<'_> {
    Marks {
        text,
        at: 0,
        used: 0,
        calls: Budget::default(),
    }
}

pub(crate) struct Marks<'t> {
    text: &'t str,
    at: usize,
    /// Up to where the caller used the text up.
    used: usize,
    calls: Budget,
}

impl Marks<'_> {
    /// The caller used up the text to here.
    pub(crate) fn skip_to(&mut self, end: usize) {
        self.at = self.at.max(end);
        self.used = self.used.max(end);
    }

    fn next_at(&mut self, at: usize, byte: u8) -> Option<Mark> {
        match byte {
            b'`' => {
                let found = code::fence(self.text, at)
                    .map(Mark::Fence)
                    .or_else(|| code::span(self.text, at).map(Mark::Code));
                self.at = match &found {
                    Some(Mark::Fence(range) | Mark::Code(range)) => range.end,
                    // A run of marks is passed at once: what is in it cannot begin anything.
                    _ => at + code::run(&self.text[at..]),
                };
                found
            }
            b':' => {
                let (range, is) = address::at_colon(self.text, at)?;
                self.at = range.end;
                Some(match is {
                    // A name took its scheme: what is left is no address, nor is anybody mentioned in it.
                    _ if range.start < self.used => Mark::Opaque(self.used..range.end),
                    Address::Link => Mark::Link(range),
                    Address::Opaque => Mark::Opaque(range),
                })
            }
            _ => {
                let sign = mention::sign(self.text, at)?;
                self.at = at + sign;
                mention::call(self.text, at, sign, &mut self.calls).map(Mark::Call)
            }
        }
    }
}

impl Iterator for Marks<'_> {
    type Item = Mark;

    fn next(&mut self) -> Option<Mark> {
        while let Some(rest) = self.text.as_bytes().get(self.at..) {
            // All signs are ASCII, but for the wide forms of `@`, which begin with this byte.
            let begins = |byte: &u8| matches!(byte, b'`' | b':' | b'@' | 0xef);
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
