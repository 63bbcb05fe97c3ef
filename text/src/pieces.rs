//! A text as the page draws it.

use std::ops::Range;

use protocol::RoomId;

use crate::{
    emoji,
    mention::{Budget, Call},
    room,
    scan::{Mark, marks},
};

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<P> {
    /// Where it is in the text, in bytes.
    pub at: Range<usize>,
    /// What it is.
    pub kind: Kind<P>,
}

/// What a piece of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<P> {
    /// Plain text.
    Plain,
    /// Words under so many marks that they would be drawn over the lines around them.
    Tall,
    /// An address, `http` or `https`, that may be linked where the rules of the WHATWG can parse it.
    Link,
    /// `@somebody`: who it is.
    Mention(P),
    /// `#room`: which one it is.
    Room(RoomId),
    /// Emoji: bold text would pick a monochrome glyph.
    Emoji,
}

/// Tells which room's name stands behind a `#`, and how many bytes it has there ([`crate::longest_room`]).
pub type FindRoom = Box<dyn FnMut(&str) -> Option<(usize, RoomId)>>;

/// Takes the words of a message apart, in their order.
pub struct Pieces<W> {
    who: W,
    rooms: Option<FindRoom>,
    calls: Budget,
}

impl<W> Pieces<W> {
    /// `who` tells whom a key means ([`crate::handle_key`]); it is asked for every name that may be meant, longest first.
    pub fn new(who: W) -> Self {
        Self {
            who,
            rooms: None,
            calls: Budget::default(),
        }
    }

    /// Rooms are pieces too, as far as this knows them.
    #[must_use]
    pub fn with_rooms(self, rooms: FindRoom) -> Self {
        Self {
            rooms: Some(rooms),
            ..self
        }
    }

    /// The pieces of [`crate::Inline::Words`]: in their order they are the whole of it, and none is empty.
    pub fn of<P>(&mut self, text: &str, at: &Range<usize>) -> Vec<Piece<P>>
    where
        W: FnMut(&str) -> Option<P>,
    {
        let mut out = Vec::new();
        let mut marks = marks(text, at, self.calls);
        let mut from = at.start;
        while let Some(mark) = marks.next() {
            let piece = match mark {
                Mark::Link(at) => (at, Kind::Link),
                Mark::Opaque(at) => (at, Kind::Plain),
                Mark::Room(at) => {
                    let rooms = self.rooms.as_mut();
                    let named = rooms.and_then(|find| room::named(marks.text(), at, find));
                    match named {
                        Some((at, room)) => (at, Kind::Room(room)),
                        None => continue,
                    }
                }
                Mark::Call(call) => match called(&call, &mut self.who) {
                    Some(piece) => piece,
                    None => continue,
                },
            };
            let (at, kind) = piece;
            marks.skip_to(at.end);
            if matches!(kind, Kind::Plain) {
                continue;
            }
            words(text, from..at.start, &mut out);
            from = at.end;
            out.push(Piece { at, kind });
        }
        words(text, from..at.end, &mut out);
        self.calls = marks.calls;
        out
    }
}

/// The pieces of words in which nobody is mentioned and nothing is linked.
pub fn plain_pieces<P>(text: &str, at: &Range<usize>) -> Vec<Piece<P>> {
    let mut out = Vec::new();
    words(text, at.clone(), &mut out);
    out
}

fn called<P>(
    call: &Call,
    who: &mut impl FnMut(&str) -> Option<P>,
) -> Option<(Range<usize>, Kind<P>)> {
    let (end, who) = call.resolve(who)?;
    Some((call.start()..end, Kind::Mention(who)))
}

/// Marks over or under one letter from which on it is cut off at its line.
const TALL: usize = 4;

/// What a letter or an emoji is drawn as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Plain,
    Emoji,
    Tall,
}

/// Splits words into words, emoji, and letters that are too tall.
fn words<P>(text: &str, at: Range<usize>, out: &mut Vec<Piece<P>>) {
    let mut push = |at: Range<usize>, is: Word| {
        if !at.is_empty() {
            let kind = match is {
                Word::Plain => Kind::Plain,
                Word::Emoji => Kind::Emoji,
                Word::Tall => Kind::Tall,
            };
            out.push(Piece { at, kind });
        }
    };
    let Range { mut start, end } = at;
    let (mut here, mut is) = (start, Word::Plain);
    while let Some(rest) = text.get(here..end).filter(|rest| !rest.is_empty()) {
        let (length, next) = match emoji::at(rest) {
            Some((length, true)) => (length, Word::Emoji),
            Some((length, false)) => (length, Word::Plain),
            None => letter(rest),
        };
        if next != is {
            push(start..here, is);
            (start, is) = (here, next);
        }
        here += length;
    }
    push(start..end, is);
}

/// The letter at the beginning of `rest`, with the marks that stand on it.
fn letter(rest: &str) -> (usize, Word) {
    let mut chars = rest.chars();
    let mut length = chars.next().map_or(0, char::len_utf8);
    let mut marks = 0;
    for c in chars.take_while(|&c| emoji::goes_on(c)) {
        length += c.len_utf8();
        marks += usize::from(emoji::is_mark(c));
    }
    (
        length,
        if marks < TALL {
            Word::Plain
        } else {
            Word::Tall
        },
    )
}
