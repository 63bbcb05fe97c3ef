//! Mentions: `@name` and `@here`.

use std::ops::Range;

use protocol::category_group;
use unicode_properties::GeneralCategoryGroup as Group;

use crate::{
    markdown::{each_words, parse},
    room::MAX_ROOMS,
    scan::{Mark, marks},
    script::{self, Script},
};
pub use protocol::HERE;
use protocol::limits::NAME_CHARS;

/// Most `@` of a text that are looked at (contract, "Mentions"): what a hostile text can cost is bounded.
pub const MAX_CALLS: usize = 100;
/// Most names that all `@` of a text may mean together: a text in a script without spaces may mean fifty with each.
pub const MAX_NAMES: usize = 1_000;

/// An `@` in a text that may name somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Where the sign is, in bytes.
    start: usize,
    /// Where a name may end, longest first: in the text, and in the key.
    ends: Vec<(usize, usize)>,
    /// The [`handle_key`] of the longest name.
    key: String,
}

impl Call {
    /// Where the sign is, in bytes.
    pub const fn start(&self) -> usize {
        self.start
    }

    /// The keys of the names that may be meant, longest first ([`handle_key`]).
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.ends.iter().filter_map(|&(_, end)| self.key.get(..end))
    }

    /// From the sign to the end of the longest name, without the marks that may end a sentence; none where nothing else is left.
    pub(crate) fn longest(&self, text: &str) -> Option<Range<usize>> {
        let &(end, _) = self.ends.first()?;
        let word = text.get(self.start..end)?.trim_end_matches(['.', '_', '-']);
        let named = word.chars().any(char::is_alphanumeric);
        named.then(|| self.start..self.start + word.len())
    }

    /// The same call in a text with `by` bytes more before it.
    fn moved(mut self, by: usize) -> Self {
        self.start += by;
        self.ends.iter_mut().for_each(|(end, _)| *end += by);
        self
    }

    /// Whom it means: the longest name that `who` knows by its key, and where in the text it ends.
    pub fn resolve<P>(&self, mut who: impl FnMut(&str) -> Option<P>) -> Option<(usize, P)> {
        self.ends
            .iter()
            .find_map(|&(end, key)| Some((end, who(self.key.get(..key)?)?)))
    }
}

/// The calls of `text`, in order, without those in code and in addresses.
pub fn calls(text: &str) -> Vec<Call> {
    if !has_sign(text) {
        return Vec::new();
    }
    let (mut found, mut budget) = (Vec::new(), Budget::default());
    each_words(&parse(text), &mut |content, at| {
        let mut marks = marks(content.text(), at, budget);
        for mark in &mut marks {
            if let Mark::Call(call) = mark {
                let moved = content.moved(call.start);
                found.push(call.moved(moved));
            }
        }
        budget = marks.calls;
    });
    found
}

/// Whether `text` mentions the user `name` or everybody. `known` tells whether a key is another user's, so that a longer name wins.
pub fn mentions(text: &str, name: &str, mut known: impl FnMut(&str) -> bool) -> bool {
    let me = handle_key(name);
    let mut who = |key: &str| {
        let to_me = key == HERE || key == me;
        (to_me || known(key)).then_some(to_me)
    };
    calls(text)
        .iter()
        .any(|call| matches!(call.resolve(&mut who), Some((_, true))))
}

/// What a mention is compared by: the name in lower case, letter by letter.
pub fn handle_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    name.chars().for_each(|c| push_lower(&mut key, c));
    key
}

/// A sigma at the end of a word is a sigma.
pub(crate) fn push_lower(key: &mut String, c: char) {
    match c {
        'ς' => key.push('σ'),
        _ => key.extend(c.to_lowercase()),
    }
}

fn has_sign(text: &str) -> bool {
    text.contains(['@', '＠', '﹫'])
}

/// How long the sign at a byte is: `@`, or one of its wide and small forms.
pub(crate) fn sign(text: &str, at: usize) -> Option<usize> {
    let c = text.get(at..)?.chars().next()?;
    matches!(c, '@' | '＠' | '﹫').then(|| c.len_utf8())
}

/// What a text may still cost.
#[derive(Clone, Copy)]
pub(crate) struct Budget {
    calls: usize,
    names: usize,
    pub(crate) rooms: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            calls: MAX_CALLS,
            names: MAX_NAMES,
            rooms: MAX_ROOMS,
        }
    }
}

/// The call of the sign at `start`. A letter or digit before the sign hides it: that is an address of mail.
pub(crate) fn call(text: &str, start: usize, sign: usize, budget: &mut Budget) -> Option<Call> {
    if budget.calls == 0 || budget.names == 0 || is_hidden(&text[..start]) {
        return None;
    }
    let from = start + sign;
    let run: Vec<char> = text[from..]
        .chars()
        .take_while(|&c| is_name_char(c))
        .take(NAME_CHARS + script::SUFFIX_CHARS)
        .collect();
    let mut call = Call {
        start,
        ends: Vec::new(),
        key: String::new(),
    };
    let mut end = from;
    // The last letter before a place decides of which script the name is there.
    let mut before = Script::None;
    for (at, &c) in run.iter().enumerate().take(NAME_CHARS) {
        end += c.len_utf8();
        push_lower(&mut call.key, c);
        let is = script::of(c);
        if is != Script::None {
            before = is;
        }
        if may_end(before, &run[at + 1..]) {
            call.ends.push((end, call.key.len()));
        }
    }
    call.ends.reverse();
    if call.ends.is_empty() {
        return None;
    }
    budget.calls -= 1;
    if call.ends.len() > budget.names {
        // It was looked at all the same.
        budget.names = 0;
        return None;
    }
    budget.names -= call.ends.len();
    Some(call)
}

/// Whether a name may end where `rest` follows, all of it characters of names: before marks that end a sentence, before another
/// script, before any letter where words are not parted by spaces, and before what Korean writes onto a name.
fn may_end(before: Script, rest: &[char]) -> bool {
    let marks = rest
        .iter()
        .take_while(|c| matches!(c, '.' | '_' | '-'))
        .count();
    let Some(&next) = rest.get(marks) else {
        return true;
    };
    if category_group(next) == Group::Mark {
        return false;
    }
    match (before, script::of(next)) {
        (Script::Unspaced, _) | (_, Script::Unspaced) => true,
        (Script::Hangul, Script::Hangul) => script::is_suffix(&rest[marks..]),
        (_, Script::Hangul) => true,
        (Script::None, _) | (_, Script::None) => false,
        (one, other) => one != other,
    }
}

/// Whether a name that is written `name` may end where `rest` follows.
pub(crate) fn ends_before(name: &str, rest: &str) -> bool {
    let mut scripts = name.chars().rev().map(script::of);
    let before = scripts.find(|is| *is != Script::None);
    let run: Vec<char> = rest
        .chars()
        .take_while(|&c| is_name_char(c))
        .take(script::SUFFIX_CHARS)
        .collect();
    may_end(before.unwrap_or(Script::None), &run)
}

/// Whether what is before a sign hides it: a letter or digit of a script whose words are parted by spaces.
pub(crate) fn is_hidden(before: &str) -> bool {
    for c in before.chars().rev() {
        let keycap = c == '\u{20e3}';
        match category_group(c) {
            _ if keycap => return false,
            // It stands on the character before it.
            Group::Mark => {}
            Group::Letter | Group::Number => {
                return !matches!(script::of(c), Script::Unspaced | Script::Hangul);
            }
            _ => return false,
        }
    }
    false
}

/// Where what may be a name ends that begins at `from`, without the marks that may end a sentence.
pub(crate) fn word_end(text: &str, from: usize) -> usize {
    let rest = &text[from..];
    let run = rest.find(|c| !is_name_char(c)).unwrap_or(rest.len());
    from + rest[..run].trim_end_matches(['.', '_', '-']).len()
}

fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '.' | '_' | '-')
        || (!c.is_ascii()
            && matches!(
                category_group(c),
                Group::Letter | Group::Number | Group::Mark
            ))
}
