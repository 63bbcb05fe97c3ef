//! Emoji among words.

use std::ops::Range;

use super::{Kind, Node};

/// Splits a piece of `text` into words and emoji.
pub(super) fn split(text: &str, at: Range<usize>, out: &mut Vec<Node>) {
    let Some(piece) = text.get(at.clone()) else {
        return;
    };
    let mut start = at.start;
    let mut emoji = false;
    let mut push = |at: Range<usize>, emoji: bool| {
        if !at.is_empty() {
            out.push(Node {
                at,
                kind: if emoji { Kind::Emoji } else { Kind::Plain },
            });
        }
    };
    let mut chars = piece.char_indices().peekable();
    while let Some((offset, c)) = chars.next() {
        let pictured = chars.peek().is_some_and(|&(_, next)| next == '\u{fe0f}');
        let is = is_emoji(c) || pictured || (emoji && joins(c));
        if is != emoji {
            push(start..at.start + offset, emoji);
            start = at.start + offset;
            emoji = is;
        }
    }
    push(start..at.end, emoji);
}

/// Characters that are drawn in colour of themselves: the pictures of the supplementary planes, flags, and the few of the
/// basic plane that Unicode shows as emoji by default.
const fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{231a}' | '\u{231b}' | '\u{23e9}'..='\u{23ec}' | '\u{23f0}' | '\u{23f3}'
        | '\u{25fd}' | '\u{25fe}' | '\u{2614}' | '\u{2615}' | '\u{2648}'..='\u{2653}' | '\u{267f}' | '\u{2693}' | '\u{26a1}'
        | '\u{26aa}' | '\u{26ab}' | '\u{26bd}' | '\u{26be}' | '\u{26c4}' | '\u{26c5}' | '\u{26ce}' | '\u{26d4}' | '\u{26ea}'
        | '\u{26f2}' | '\u{26f3}' | '\u{26f5}' | '\u{26fa}' | '\u{26fd}' | '\u{2705}' | '\u{270a}' | '\u{270b}' | '\u{2728}'
        | '\u{274c}' | '\u{274e}' | '\u{2753}'..='\u{2755}' | '\u{2757}' | '\u{2795}'..='\u{2797}' | '\u{27b0}' | '\u{27bf}'
        | '\u{2b1b}' | '\u{2b1c}' | '\u{2b50}' | '\u{2b55}')
}

/// What goes on with an emoji: joiner, variation selector, keycap, tags.
const fn joins(c: char) -> bool {
    matches!(
        c,
        '\u{200d}'
            | '\u{fe0f}'
            | '\u{20e3}'
            | '\u{2640}'
            | '\u{2642}'
            | '\u{2695}'
            | '\u{2764}'
            | '\u{e0020}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<(&str, bool)> {
        let mut out = Vec::new();
        split(text, 0..text.len(), &mut out);
        out.into_iter()
            .map(|node| (&text[node.at], node.kind == Kind::Emoji))
            .collect()
    }

    #[test]
    fn sequences_stay_whole() {
        assert_eq!(
            pieces("hi 👩‍🚀🏽!"),
            [("hi ", false), ("👩‍🚀🏽", true), ("!", false)]
        );
        assert_eq!(pieces("🛠️ at"), [("🛠️", true), (" at", false)]);
        assert_eq!(pieces("❤️"), [("❤️", true)]);
        assert_eq!(pieces("3 × 4 © 你好"), [("3 × 4 © 你好", false)]);
        assert_eq!(pieces("🇨🇳🇬🇧"), [("🇨🇳🇬🇧", true)]);
        assert!(pieces("").is_empty());
    }
}
