//! Completion in the composer: the people, rooms and emoji that fit a name which is begun before the caret, with `@`, `#` or `:`.

use leptos::prelude::*;
use protocol::{RoomKind, RoomSummary};
use text::{HERE, handle_key};

use super::{
    Live,
    compose::FIELD,
    drive::set_if_new,
    emoji::{called, find},
    people::ShownPerson,
};
use crate::{
    ranking::{MAX_FOUND, best, room_names},
    route::Route,
};

/// Longest name that is completed, in characters.
const MAX_BEGUN: usize = 50;

/// A name that is begun before the caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BegunName {
    /// What it begins with: `@`, `#` or `:`.
    sign: char,
    /// Where the sign is, and where the caret is, in UTF-16 units as browsers count.
    from: usize,
    to: usize,
    /// What is typed of it, without the sign.
    pub(crate) what: String,
}

impl BegunName {
    /// The name that `text` ends with. Nothing in an address, as `ada@example`, in a heading or in code. An emoji's has two letters, and
    /// is a word of its own: the colon of a time, of an address or of a sentence begins none.
    fn last_of(text: &str) -> Option<Self> {
        let what = text
            .char_indices()
            .rev()
            .take(MAX_BEGUN + 1)
            .find(|(_, c)| is_sign(*c) || c.is_whitespace());
        let (at, sign) = what.filter(|(_, c)| is_sign(*c))?;
        let (before, begun) = text.split_at(at);
        let inside = before.chars().next_back().is_some_and(|c| {
            c.is_ascii_alphanumeric()
                || matches!(c, '.' | '_' | '-' | '/' | '#' | '@')
                || sign == EMOJI && (c == EMOJI || c.is_alphanumeric())
        });
        let what: String = begun.chars().skip(1).collect();
        if inside || in_code(before) || sign == EMOJI && !is_code(&what) {
            return None;
        }
        let from = utf16(before);
        Some(Self {
            sign: if matches!(sign, '#' | EMOJI) {
                sign
            } else {
                '@'
            },
            from,
            to: from + utf16(begun),
            what,
        })
    }

    /// Whether it is an emoji's.
    pub(crate) const fn is_emoji(&self) -> bool {
        self.sign == EMOJI
    }
}

/// The sign of an emoji. The colon of Chinese is none: it is part of sentences.
const EMOJI: char = ':';

/// The sign of a person, a room or an emoji; a person's also as it is written in Chinese.
const fn is_sign(c: char) -> bool {
    matches!(c, '@' | '＠' | '﹫' | '#' | EMOJI)
}

/// Whether an emoji may be called so: two letters at least, and not a number alone.
fn is_code(what: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() || matches!(c, '_' | '+' | '-');
    what.chars().nth(1).is_some()
        && what.chars().all(letter)
        && !what.chars().all(|c| c.is_ascii_digit())
}

/// Whether a text ends in a fence of code, or within a line behind a backtick that has no other one.
fn in_code(text: &str) -> bool {
    let line = text.rsplit('\n').next().unwrap_or_default();
    line.matches('`').count() % 2 == 1 || text::ends_in_fence(text)
}

fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The part of `text` before a place in UTF-16 units.
fn before(text: &str, units: usize) -> &str {
    let mut left = units;
    for (at, c) in text.char_indices() {
        match left.checked_sub(c.len_utf16()) {
            Some(rest) if left > 0 => left = rest,
            _ => return &text[..at],
        }
    }
    text
}

/// What a begun name may be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Offer {
    /// Somebody; whether they are in the room, and so are told.
    Person(ShownPerson, bool),
    /// Everybody else who is in the room: how many.
    Here(u64),
    /// A room.
    Room(RoomSummary),
    /// An emoji: its line of the table.
    Emoji(String),
}

impl Offer {
    /// What stands in the text for it, without the sign.
    fn name(&self) -> &str {
        match self {
            Self::Person(person, _) => &person.handle,
            Self::Here(_) => HERE,
            Self::Room(room) => &room.name,
            Self::Emoji(_) => "",
        }
    }
}

/// The completion as signals.
#[derive(Clone, Copy)]
pub(crate) struct CompletionSignals {
    /// The name that is begun before the caret, and may be completed.
    pub(crate) begun: RwSignal<Option<BegunName>>,
    /// Which of the offers for it is chosen.
    pub(crate) chosen: RwSignal<usize>,
    /// Where a name begins that one wants to stay as it is typed.
    left: StoredValue<Option<usize>>,
}

impl CompletionSignals {
    pub(super) fn new() -> Self {
        Self {
            begun: RwSignal::new(None),
            chosen: RwSignal::new(0),
            left: StoredValue::new(None),
        }
    }
}

/// Completing the name that is begun before the caret. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct Completion(pub(super) Live);

impl Completion {
    /// Looks whether a name is begun before the caret.
    pub(crate) fn look(self) {
        let completing = self.0.completing();
        let caret = self
            .0
            .ui()
            .browser(|browser| browser.caret(self.0.own(FIELD)))
            .flatten();
        let begun = self.0.compose().text.with_untracked(|text| {
            let begun = BegunName::last_of(before(text, caret?))?;
            // A room is looked for once a letter of it is typed: `#` alone begins other things too.
            (begun.sign == '@' || !begun.what.is_empty()).then_some(begun)
        });
        if let Some((known, to)) = completing.begun.get_untracked().zip(caret)
            && self.close_code(&known, to)
        {
            return;
        }
        let left = completing.left.get_value();
        if left.is_some() && left != begun.as_ref().map(|begun| begun.from) {
            completing.left.set_value(None);
        }
        if begun == completing.begun.get_untracked() {
            return;
        }
        completing.chosen.set(0);
        let known = completing.begun.get_untracked().map(|known| known.from);
        if let Some(begun) = begun.as_ref().filter(|begun| begun.is_emoji())
            && known != Some(begun.from)
        {
            self.0.emoji_choice().want();
        }
        if let Some(begun) = begun
            .as_ref()
            .filter(|begun| begun.sign == '@' && !begun.what.is_empty())
        {
            // Not everybody is known to the page.
            self.0.room_actions().find_people(&begun.what, |_| ());
        }
        completing.begun.set(begun);
    }

    /// Puts an emoji in place of its whole code, once the colon that ends it is typed. Whether it did.
    fn close_code(self, begun: &BegunName, to: usize) -> bool {
        let text = self.0.compose().text;
        let closed = begun.is_emoji()
            && to == begun.to + 1
            && self.0.completing().left.get_value() != Some(begun.from)
            && text.with_untracked(|text| before(text, to).ends_with(EMOJI));
        let table = self.0.emoji().table;
        let emoji = table.with_untracked(|table| Some(called(table, &begun.what)?.to_owned()));
        let Some(emoji) = emoji.filter(|_| closed) else {
            return false;
        };
        let text = self.0.emoji_choice().take(&emoji);
        self.put(begun.from, to, &text);
        true
    }

    /// What of a text stands before the caret; all of it where that is not to be had.
    pub(super) fn before_caret(self, text: &str) -> &str {
        let caret = self
            .0
            .ui()
            .browser(|browser| browser.caret(self.0.own(FIELD)))
            .flatten();
        caret.map_or(text, |caret| before(text, caret))
    }

    /// Nothing is offered while the caret is elsewhere.
    pub(crate) fn close(self) {
        set_if_new(self.0.completing().begun, None);
    }

    /// Nothing is completed any more; what is typed stays, and the name is not completed again.
    pub(crate) fn leave(self) {
        let begun = self.0.completing().begun.get_untracked();
        self.0
            .completing()
            .left
            .set_value(begun.map(|begun| begun.from));
        set_if_new(self.0.completing().begun, None);
    }

    /// What the begun name may be, the best first; people who are in the room before those who are not. Nothing once it is typed in full.
    pub(crate) fn offers(self) -> Vec<Offer> {
        let Some(begun) = self.0.completing().begun.get() else {
            return Vec::new();
        };
        if self.0.completing().left.get_value() == Some(begun.from) {
            return Vec::new();
        }
        let offers = match begun.sign {
            EMOJI => {
                let offer = |line: &str| Offer::Emoji(line.to_owned());
                return self.0.emoji().table.with(|table| {
                    let found = find(table, &begun.what, MAX_FOUND);
                    found.into_iter().map(offer).collect()
                });
            }
            '#' => self.rooms_like(&begun.what),
            _ => self.people_like(&begun.what),
        };
        let key = handle_key(&begun.what);
        let whole = |offer: &Offer| handle_key(offer.name()) == key;
        if offers.iter().any(whole) {
            return Vec::new();
        }
        offers
    }

    fn rooms_like(self, what: &str) -> Vec<Offer> {
        let rooms: Vec<RoomSummary> = self.0.rooms().with(|rooms| {
            let named = rooms.iter().filter(|room| room.kind != RoomKind::Direct);
            named.cloned().collect()
        });
        let names: Vec<_> = rooms.iter().map(room_names).collect();
        let found = best(&names, what, |names| self.0.driver().in_order(names));
        let offer = |at| rooms.get(at).cloned().map(Offer::Room);
        found.into_iter().filter_map(offer).collect()
    }

    fn people_like(self, what: &str) -> Vec<Offer> {
        self.0.people().version.track();
        let me = self.0.me().with(|me| me.id);
        let others = |person: &ShownPerson| person.id != me;
        let people: Vec<_> = self.0.people().all().into_iter().filter(others).collect();
        let (inside, outside): (Vec<_>, Vec<_>) =
            people.into_iter().partition(|person| self.is_told(person));
        let here = self
            .here_count()
            .filter(|_| HERE.starts_with(&what.to_lowercase()));
        let space = MAX_FOUND - usize::from(here.is_some());
        let like = |people: Vec<ShownPerson>, told| {
            let names: Vec<_> = people.iter().map(ShownPerson::names).collect();
            let found = best(&names, what, |names| self.0.driver().in_order(names));
            let offer = move |at| people.get(at).cloned().map(|one| Offer::Person(one, told));
            found.into_iter().filter_map(offer)
        };
        let mut offers: Vec<Offer> = like(inside, true).take(space).collect();
        if !what.is_empty() {
            let left = space - offers.len();
            offers.extend(like(outside, false).take(left));
        }
        offers.extend(here.map(Offer::Here));
        offers
    }

    /// Whether somebody is in the open room, as far as its people are known.
    fn is_told(self, person: &ShownPerson) -> bool {
        match self.0.route().get() {
            Route::Talk(others) => others.users().contains(&person.id),
            _ => self
                .0
                .members()
                .with(|members| members.ids.binary_search(&person.id).is_ok()),
        }
    }

    /// How many others `@here` calls; none where nobody else is there.
    fn here_count(self) -> Option<u64> {
        self.0.route().get().room()?;
        let others = self
            .0
            .members()
            .with(|members| members.total.saturating_sub(1));
        (others > 0).then_some(others)
    }

    /// Goes through the offers; `down` the list or up, around its ends.
    pub(crate) fn choose(self, down: bool) {
        let count = untrack(|| self.offers().len());
        if count > 0 {
            let step = if down { 1 } else { count - 1 };
            self.0
                .completing()
                .chosen
                .update(|at| *at = (*at + step) % count);
        }
    }

    /// Puts the chosen offer in place of what is typed.
    pub(crate) fn take_chosen(self) {
        let at = self.0.completing().chosen.get_untracked();
        if let Some(offer) = untrack(|| self.offers().into_iter().nth(at)) {
            self.take(&offer);
        }
    }

    /// Puts an offer in place of what is typed, and the caret behind it.
    pub(crate) fn take(self, offer: &Offer) {
        let Some(begun) = self.0.completing().begun.get_untracked() else {
            return;
        };
        let text = match offer {
            Offer::Emoji(emoji) => self.0.emoji_choice().take(emoji),
            _ => format!("{}{} ", begun.sign, offer.name()),
        };
        self.put(begun.from, begun.to, &text);
    }

    /// Puts a text in place of what stands there, and the caret behind it.
    fn put(self, from: usize, to: usize, text: &str) {
        set_if_new(self.0.completing().begun, None);
        self.0.ui().browser(|browser| {
            browser.replace(self.0.own(FIELD), from, to, text);
            self.0.composer().typed(browser.value(self.0.own(FIELD)));
            browser.focus(self.0.own(FIELD));
        });
        self.look();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(text: &str) -> Option<(char, usize, String)> {
        BegunName::last_of(text).map(|begun| (begun.sign, begun.from, begun.what))
    }

    #[test]
    fn a_name_begins_with_its_sign_after_anything_but_a_word() {
        let at = |from, what: &str| Some(('@', from, what.to_owned()));
        assert_eq!(begun("@"), at(0, ""));
        assert_eq!(begun("hi @ad"), at(3, "ad"));
        assert_eq!(begun("看这里，@zm"), at(4, "zm"));
        assert_eq!(begun("你好＠周"), at(2, "周"));
        assert_eq!(begun("🎉🎉 @x"), at(5, "x"));
        assert_eq!(begun("(@x"), at(1, "x"));
        assert_eq!(begun("see #ge"), Some(('#', 4, "ge".to_owned())));
        for none in [
            "",
            "ada",
            "ada@example",
            "a.b@c",
            "@ada ",
            "@ada\n",
            "## x",
            "##x",
            "/#anchor",
            "@@a",
        ] {
            assert_eq!(begun(none), None, "{none:?}");
        }
        let long = format!("@{}", "x".repeat(MAX_BEGUN));
        assert!(begun(&long).is_some());
        assert_eq!(begun(&format!("{long}x")), None);
    }

    #[test]
    fn an_emoji_begins_with_two_letters_of_a_word_of_its_own() {
        let at = |from, what: &str| Some((':', from, what.to_owned()));
        assert_eq!(begun(":ta"), at(0, "ta"));
        assert_eq!(begun("done :ta"), at(5, "ta"));
        assert_eq!(begun("（:+1"), at(1, "+1"));
        assert_eq!(begun("🎉:庆祝"), at(2, "庆祝"));
        for none in [
            ":",
            ":t",
            ":)",
            ":-(",
            "10:30",
            "at :30",
            "note:ok",
            "状态:ok",
            "状态：ok",
            "https://ok",
            "std::ok",
            ":ta da",
            "x :tada:",
        ] {
            assert_eq!(begun(none), None, "{none:?}");
        }
    }

    #[test]
    fn nothing_is_completed_in_code() {
        assert_eq!(begun("```\n@x"), None);
        assert_eq!(begun("`a :ta"), None);
        assert_eq!(begun("```\n:ta"), None);
        assert!(begun("`a` :ta").is_some() && begun("it`s\n:ta").is_some());
        assert!(begun("```\n@x\n```\n@y").is_some());
    }

    #[test]
    fn places_are_counted_as_browsers_do() {
        assert_eq!(before("a🎉b", 0), "");
        assert_eq!(before("a🎉b", 1), "a");
        assert_eq!(before("a🎉b", 3), "a🎉");
        assert_eq!(before("a🎉b", 9), "a🎉b");
        // Never within a character.
        assert_eq!(before("🎉b", 1), "");
    }
}
