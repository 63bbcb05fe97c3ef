//! `@name` and `@here` in a text. What counts as a mention is decided here for the server's counts and the page's colours alike.

use std::ops::Range;

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::limits::NAME_CHARS;

/// The mention that means everybody in the room.
pub const HERE: &str = "here";

/// Most mentions that are looked at in one text: what a hostile text can cost is bounded.
const MOST: usize = 100;

/// A place in a text that may name somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Where the `@` is, in bytes.
    pub start: usize,
    /// Where a name may end, in bytes, longest first. Which of them are names, the caller knows.
    pub ends: Vec<usize>,
}

impl Candidate {
    /// The names that may be meant, longest first, without the `@`.
    pub fn names<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        let start = self.start + 1;
        self.ends
            .iter()
            .filter_map(move |&end| text.get(start..end))
    }

    /// The bytes from the `@` to the end of the longest name that `is_name` accepts.
    pub fn resolve(
        &self,
        text: &str,
        mut is_name: impl FnMut(&str) -> bool,
    ) -> Option<Range<usize>> {
        let end = self
            .ends
            .iter()
            .copied()
            .find(|&end| text.get(self.start + 1..end).is_some_and(&mut is_name))?;
        Some(self.start..end)
    }
}

/// The places in `text` that may name somebody, in order; the first 100 of them.
///
/// An `@` counts at the start or after a character that cannot be part of a name, so that a mail address is no mention. A
/// name ends before a character that cannot be part of one, before punctuation that ends a sentence, and, in scripts
/// without spaces, after any letter.
pub fn mention_candidates(text: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut before: Option<char> = None;
    for (start, c) in text.char_indices() {
        let free = before.is_none_or(|b| !is_name_char(b) || is_unspaced(b));
        before = Some(c);
        if c != '@' || !free {
            continue;
        }
        let ends = name_ends(text, start + 1);
        if !ends.is_empty() {
            found.push(Candidate { start, ends });
        }
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// Whether `text` names `name` (in any case) or everybody. `known` tells other names, so that a longer one wins.
pub fn mentions(text: &str, name: &str, mut known: impl FnMut(&str) -> bool) -> bool {
    let me = name.to_lowercase();
    mention_candidates(text).iter().any(|candidate| {
        candidate
            .names(text)
            .find(|word| is_here(word) || word.to_lowercase() == me || known(word))
            .is_some_and(|word| is_here(word) || word.to_lowercase() == me)
    })
}

fn is_here(word: &str) -> bool {
    word.eq_ignore_ascii_case(HERE)
}

fn name_ends(text: &str, from: usize) -> Vec<usize> {
    let rest = &text[from..];
    let mut ends = Vec::new();
    let mut trailing = true;
    let mut length = rest.len();
    for (count, (at, c)) in rest.char_indices().enumerate() {
        if !is_name_char(c) || count == NAME_CHARS {
            length = at;
            trailing = !is_name_char(c) || count < NAME_CHARS;
            break;
        }
    }
    if trailing && length > 0 {
        ends.push(length);
    }
    for (at, c) in rest[..length].char_indices().rev() {
        let after = at + c.len_utf8();
        let ends_here = is_unspaced(c)
            || rest[after..length]
                .chars()
                .all(|c| matches!(c, '.' | '_' | '-'));
        let next_unspaced = rest[after..length].chars().next().is_some_and(is_unspaced);
        if after < length && (ends_here || next_unspaced) {
            ends.push(after);
        }
    }
    ends.iter().map(|end| from + end).collect()
}

fn is_name_char(c: char) -> bool {
    use GeneralCategoryGroup as G;
    c.is_ascii_alphanumeric()
        || matches!(c, '.' | '_' | '-')
        || (!c.is_ascii() && matches!(c.general_category_group(), G::Letter | G::Number | G::Mark))
}

/// Letters of scripts that put no spaces between words: Han, kana, Thai, Lao, Khmer, Burmese.
const fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str, name: &str) -> bool {
        let people = [
            "ada",
            "adam",
            "林晓",
            "林晓雨",
            "周明",
            "ada.m",
            "relay-bot",
        ];
        mentions(text, name, |word| {
            people.contains(&word.to_lowercase().as_str())
        })
    }

    #[test]
    fn names_are_whole_words() {
        for yes in [
            "@ada",
            "hi @Ada!",
            "(@ada)",
            "@ada, look",
            "@ada. Look",
            "@ada.",
            "你好@ada你好",
            "@ada\n",
            "x\n@ada",
        ] {
            assert!(named(yes, "ada"), "{yes}");
        }
        for no in [
            "ada",
            "@adam",
            "mail@ada.com",
            "@ada.m",
            "@ada_x",
            "@ ada",
            "@@",
            "@adamada",
        ] {
            assert!(!named(no, "ada"), "{no}");
        }
        assert!(named("@relay-bot-", "relay-bot"));
    }

    #[test]
    fn scripts_without_spaces() {
        assert!(named("@林晓雨你好", "林晓雨"));
        assert!(named("请@周明看一下", "周明"));
        assert!(!named("@林晓雨你好", "林晓"));
        assert!(named("@林晓你好", "林晓"));
    }

    #[test]
    fn here_is_everybody() {
        assert!(named("@here please", "ada"));
        assert!(named("@Here", "周明"));
        assert!(!named("@hereabouts", "ada"));
    }

    #[test]
    fn hostile_texts_are_bounded() {
        assert_eq!(mention_candidates(&"@a ".repeat(5_000)).len(), MOST);
        let long = format!("@{}", "x".repeat(5_000));
        assert!(mention_candidates(&long).is_empty());
    }
}
