//! Rooms in a text: `#name`. It is a link where the page knows a room of that name, and calls nobody.

use std::ops::Range;

use protocol::limits::NAME_CHARS;

use crate::mention::{ends_before, is_hidden, push_lower};

/// Most `#` of a text that are looked at: what a hostile text can cost is bounded.
pub const MAX_ROOMS: usize = 100;

/// Whether a `#` here may begin a room's name: not within a word, behind another sign or in what may be an address.
pub(crate) fn may_begin(text: &str, at: usize) -> bool {
    let before = &text[..at];
    !is_hidden(before) && !before.ends_with(['#', '/', '&', '-', '_', '.', '@'])
}

/// The longest of these rooms' names, by their keys ([`crate::handle_key`]), that stands at the beginning of what is behind a `#`: how many
/// bytes it has there, and which room that is. Names may have spaces.
pub fn longest_room<'n, R>(
    behind: &str,
    rooms: impl IntoIterator<Item = (&'n str, R)>,
) -> Option<(usize, R)> {
    let (mut key, mut ends) = (String::new(), Vec::new());
    for (at, c) in behind.char_indices().take(NAME_CHARS) {
        push_lower(&mut key, c);
        ends.push((key.len(), at + c.len_utf8()));
    }
    let mut best: Option<(usize, R)> = None;
    for (name, room) in rooms {
        let begins = !name.is_empty() && key.starts_with(name);
        let end = ends
            .iter()
            .find(|(in_key, _)| begins && *in_key == name.len());
        let Some(&(_, end)) = end else { continue };
        let longer = best.as_ref().is_none_or(|(other, _)| end > *other);
        if longer && ends_before(&behind[..end], &behind[end..]) {
            best = Some((end, room));
        }
    }
    best
}

/// Where a room's name is in a text, from its sign on, and which room it is.
pub(crate) fn named<R>(
    text: &str,
    at: usize,
    find: impl FnOnce(&str) -> Option<(usize, R)>,
) -> Option<(Range<usize>, R)> {
    let from = at + 1;
    let (length, room) = find(text.get(from..)?)?;
    Some((at..from + length, room))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use protocol::RoomId;

    use super::*;
    use crate::{Kind, Piece, Pieces};

    /// The pieces of a text, where everybody has a name of two letters.
    fn pieces(text: &str, rooms: bool) -> Vec<Piece<()>> {
        let mut pieces = Pieces::new(|key: &str| (key.chars().count() == 2).then_some(()));
        if rooms {
            pieces = pieces.with_rooms(Box::new(|behind| {
                let names = ["a", "a b", "中文", "b.a", "http"];
                longest_room(behind, names.into_iter().zip((1..).filter_map(RoomId::new)))
            }));
        }
        pieces.of(text, &(0..text.len()))
    }

    proptest! {
        #[test]
        fn rooms_change_nothing_of_who_is_mentioned(text in "([#@ab :/.中文]|http|://){0,40}") {
            let mentioned = |rooms| {
                let pieces = pieces(&text, rooms).into_iter();
                let mentions = pieces.filter(|piece| matches!(piece.kind, Kind::Mention(())));
                mentions.map(|piece| piece.at).collect::<Vec<_>>()
            };
            prop_assert_eq!(mentioned(true), mentioned(false));
            let mut end = 0;
            for piece in pieces(&text, true) {
                prop_assert_eq!(piece.at.start, end);
                prop_assert!(piece.at.end > end);
                end = piece.at.end;
            }
            prop_assert_eq!(end, text.len());
        }
    }

    #[test]
    fn so_many_signs_are_looked_at() {
        let text = "#a ".repeat(MAX_ROOMS + 50);
        let named = pieces(&text, true);
        let rooms = named
            .iter()
            .filter(|piece| matches!(piece.kind, Kind::Room(_)));
        assert_eq!(rooms.count(), MAX_ROOMS);
    }

    fn longest(behind: &str) -> Option<(usize, u32)> {
        let rooms = [
            "music",
            "music desk",
            "中文频道",
            "中文",
            "v2.0",
            "ｗｉｄｅ",
        ];
        longest_room(behind, rooms.into_iter().zip(1..))
    }

    #[test]
    fn the_longest_name_is_meant() {
        for (behind, expected) in [
            ("music", Some((5, 1))),
            ("Music Desk is loud", Some((10, 2))),
            ("music desks", Some((5, 1))),
            ("music.", Some((5, 1))),
            ("music, and", Some((5, 1))),
            ("musical", None),
            ("music-box", None),
            ("中文频道里", Some((12, 3))),
            ("中文里", Some((6, 4))),
            ("v2.0.", Some((4, 5))),
            ("", None),
            (" music", None),
        ] {
            assert_eq!(longest(behind), expected, "{behind}");
        }
        assert_eq!(longest_room("x", [("", 1)]), None);
    }

    #[test]
    fn a_sign_within_a_word_or_behind_another_begins_nothing() {
        for (text, expected) in [
            ("#", true),
            ("see #", true),
            ("(#", true),
            ("看#", true),
            ("a#", false),
            ("1#", false),
            ("##", false),
            ("/x/#", false),
            ("&#", false),
        ] {
            assert_eq!(may_begin(text, text.len() - 1), expected, "{text}");
        }
    }
}
