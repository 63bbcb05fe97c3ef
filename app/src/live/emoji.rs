//! Emoji: the table of them, which the page fetches when it first needs one, what is found in it, and what one chose before. Everything is
//! kept in texts and read line by line: of each further kind of signal and list the page would load its code.

use leptos::prelude::*;

/// So many that were chosen last are kept: three rows of the picker.
const MAX_RECENT: usize = 27;
/// Most that are shown for what is looked for.
const MAX_FOUND: usize = 90;
/// The lightest skin tone, which the table has; the others stand in its place.
const LIGHT: char = '\u{1f3fb}';

/// A line of the table, `public/emoji.txt`; what is in it, and how, says `tools/emoji.mjs`.
#[derive(Clone, Copy)]
pub(crate) struct Emoji<'t>(pub(crate) &'t str);

impl<'t> Emoji<'t> {
    fn part(self, at: usize) -> &'t str {
        self.0.split('\t').nth(at).unwrap_or_default()
    }

    /// As Unicode qualifies it, without a skin tone.
    pub(crate) fn plain(self) -> &'t str {
        self.part(0)
    }

    /// Its short codes, with spaces between, the usual one first.
    fn codes(self) -> std::str::Split<'t, char> {
        self.part(2).split(' ')
    }

    /// Its names, in English and in Chinese.
    pub(crate) fn names(self) -> [&'t str; 2] {
        [self.part(3), self.part(4)]
    }

    /// More words to find it by, with commas between.
    fn words(self) -> &'t str {
        self.part(5)
    }

    /// In a skin tone from 1, the lightest, to 5, where it takes one; 0 is none.
    pub(crate) fn toned(self, tone: u8) -> String {
        let light = self.part(1);
        let tone = tone.checked_sub(1).filter(|_| !light.is_empty());
        match tone.and_then(|tone| char::from_u32(u32::from(LIGHT) + u32::from(tone))) {
            Some(tone) => light.replace(LIGHT, tone.encode_utf8(&mut [0; 4])),
            None => self.plain().to_owned(),
        }
    }

    /// The code to show for what is looked for: one that begins so, or the usual one.
    pub(crate) fn code_for(self, what: &str) -> &'t str {
        let begins = self.codes().find(|code| code.starts_with(what));
        begins.or(self.codes().next()).unwrap_or_default()
    }

    /// The name or word by which it was found, where that is not the code that is shown, or its Chinese name.
    pub(crate) fn found_by(self, what: &str) -> Option<&'t str> {
        let says = |text: &str| place(text, what).is_some();
        let [english, chinese] = self.names();
        if says(self.code_for(what)) || says(chinese) {
            return None;
        }
        if says(english) {
            return Some(english);
        }
        self.words().split(',').find(|word| says(word))
    }

    /// How well it fits what is looked for, in small letters: a code or a name, the beginning of one, a word of one, another word.
    fn rank(self, what: &str) -> Option<u8> {
        let mut best = place(self.words(), what).map(|_| 3);
        for name in self.codes().chain(self.names()) {
            let fits = match place(name, what) {
                None => continue,
                Some(0) => u8::from(name.len() > what.len()),
                Some(_) => 2,
            };
            best = Some(best.unwrap_or(fits).min(fits));
        }
        best
    }
}

/// Where a word of `text` begins with `what`. In Chinese every character does.
fn place(text: &str, what: &str) -> Option<usize> {
    let begins = |at: &usize| !text[..*at].ends_with(|c: char| c.is_ascii_alphanumeric());
    text.match_indices(what).map(|(at, _)| at).find(begins)
}

/// A group of the table, or a skin tone: what stands for it, and its names in English and in Chinese.
pub(crate) fn titled(line: &str) -> (&str, [&str; 2]) {
    let of = Emoji(line);
    let sign = of.plain().trim_start_matches(['=', '~']);
    (sign, [of.part(1), of.part(2)])
}

/// The lines that begin so: `~`, the skin tones, none first, or `=`, the groups, of which the first is what is often used.
pub(crate) fn titles(table: &str, sign: char) -> Vec<&str> {
    let begins = |line: &&str| line.starts_with(sign);
    table.lines().filter(begins).collect()
}

/// What is in a group, by its place.
fn group(table: &str, group: usize) -> Vec<&str> {
    let after = table.split("\n=").nth(group + 1).unwrap_or_default();
    after.lines().skip(1).collect()
}

/// The best of what fits what is looked for, in English or Chinese.
pub(crate) fn find<'t>(table: &'t str, what: &str, most: usize) -> Vec<&'t str> {
    let what = what.trim().to_lowercase();
    let mut found = Vec::new();
    if what.is_empty() {
        return found;
    }
    for wanted in 0..=3 {
        // What is often used stands first in the table, and once more in its group.
        for line in table.lines() {
            let emoji = !line.starts_with(['#', '=', '~']) && line.contains(&what);
            if emoji && Emoji(line).rank(&what) == Some(wanted) && !found.contains(&line) {
                found.push(line);
            }
            if found.len() == most {
                return found;
            }
        }
    }
    found
}

/// The emoji that has this code.
pub(crate) fn called<'t>(table: &'t str, code: &str) -> Option<&'t str> {
    let has = |line: &&str| Emoji(line).codes().any(|one| one == code);
    table.lines().find(has)
}

/// The skin tone that is kept: 1 to 5; 0 is none.
pub(super) fn tone_of(kept: &str) -> u8 {
    let tone = kept.bytes().next().unwrap_or_default();
    if matches!(tone, b'1'..=b'5') {
        tone - b'0'
    } else {
        0
    }
}

/// What is kept once the tone is another one, or an emoji was chosen: the tone, and what was chosen last, the newest first.
pub(super) fn keep(kept: &str, tone: u8, chosen: &str) -> String {
    let mut now = tone.to_string();
    let before = kept.split(' ').skip(1).filter(|one| *one != chosen);
    for emoji in [chosen]
        .into_iter()
        .chain(before)
        .filter(|one| !one.is_empty())
        .take(MAX_RECENT)
    {
        now.push(' ');
        now.push_str(emoji);
    }
    now
}

/// What is shown in the first group: what was chosen last, then what is often used.
fn often<'t>(table: &'t str, kept: &str) -> Vec<&'t str> {
    let mut often = Vec::new();
    for plain in kept.split(' ').skip(1).take(MAX_RECENT) {
        often.extend(table.lines().find(|line| Emoji(line).plain() == plain));
    }
    for line in group(table, 0) {
        if !often.contains(&line) {
            often.push(line);
        }
    }
    often.truncate(MAX_RECENT);
    often
}

/// The table, what is kept, and how the picker stands, as signals.
#[derive(Clone, Copy)]
pub(crate) struct EmojiSignals {
    /// The table's text; empty until it is there.
    pub(crate) table: RwSignal<String>,
    /// Whether it did not come.
    pub(crate) failed: RwSignal<bool>,
    /// It is there, or on its way.
    pub(super) asked: StoredValue<bool>,
    /// What this browser keeps.
    pub(super) kept: RwSignal<String>,
    /// Whether the picker was opened.
    pub(crate) opened: RwSignal<bool>,
    /// What is looked for in it.
    pub(crate) typed: RwSignal<String>,
    /// The group that it shows.
    pub(crate) group: RwSignal<usize>,
    /// The place of the chosen one among those that it shows.
    pub(crate) active: RwSignal<usize>,
}

impl EmojiSignals {
    pub(super) fn new() -> Self {
        Self {
            table: RwSignal::new(String::new()),
            failed: RwSignal::new(false),
            asked: StoredValue::new(false),
            kept: RwSignal::new(String::new()),
            opened: RwSignal::new(false),
            typed: RwSignal::new(String::new()),
            group: RwSignal::new(0),
            active: RwSignal::new(0),
        }
    }

    /// A choice of its own from the same emoji.
    pub(super) fn beside(self) -> Self {
        let Self {
            opened,
            typed,
            group,
            active,
            ..
        } = Self::new();
        Self {
            opened,
            typed,
            group,
            active,
            ..self
        }
    }

    /// The skin tone that was chosen.
    pub(crate) fn tone(self) -> u8 {
        self.kept.with(|kept| tone_of(kept))
    }

    /// What the picker shows, a line each: what was found for what is typed, or a group.
    pub(crate) fn shown(self) -> String {
        let (typed, at) = (self.typed.get(), self.group.get());
        self.table.with(|table| {
            let lines = match at {
                _ if !typed.trim().is_empty() => find(table, &typed, MAX_FOUND),
                0 => self.kept.with(|kept| often(table, kept)),
                _ => group(table, at),
            };
            lines.join("\n")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = include_str!("../../../public/emoji.txt");

    fn found(what: &str) -> Vec<&'static str> {
        plain(find(TABLE, what, 8))
    }

    fn plain(lines: Vec<&'static str>) -> Vec<&'static str> {
        lines.into_iter().map(|line| Emoji(line).plain()).collect()
    }

    fn of(plain: &str) -> Emoji<'static> {
        let mut lines = TABLE.lines().map(Emoji);
        lines.find(|emoji| emoji.plain() == plain).unwrap()
    }

    fn all() -> Vec<&'static str> {
        let groups = 1..titles(TABLE, '=').len();
        groups.flat_map(|at| group(TABLE, at)).collect()
    }

    #[test]
    fn every_emoji_in_every_tone_is_a_reaction() {
        let all = all();
        assert!(all.len() > 1_800, "{}", all.len());
        for line in all {
            let emoji = Emoji(line);
            assert!(!emoji.code_for("").is_empty(), "{line:?}");
            assert!(!emoji.names().contains(&""), "{line:?}");
            assert_eq!(line.split('\t').count(), 6, "{line:?}");
            for tone in 0..=5 {
                let drawn = emoji.toned(tone);
                assert_eq!(
                    text::reaction_key(&drawn).as_deref(),
                    Ok(&*drawn),
                    "{drawn}"
                );
            }
        }
    }

    #[test]
    fn each_emoji_is_in_one_group_and_what_is_often_used_comes_again() {
        let mut all = all();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        let often = group(TABLE, 0);
        assert_eq!(often.len(), MAX_RECENT);
        assert!(often.iter().all(|line| all.contains(line)));
        let groups = titles(TABLE, '=');
        assert_eq!((groups.len(), titles(TABLE, '~').len()), (9, 6));
        assert_eq!(titled(groups[3]), ("🌿", ["nature", "自然"]));
        assert_eq!(group(TABLE, 9), [""; 0]);
    }

    #[test]
    fn codes_names_and_words_are_found_in_both_languages() {
        assert_eq!(
            (found("tada")[0], found("+1")[0], found("庆祝")[0]),
            ("🎉", "👍", "🎉")
        );
        assert!(found("ta").contains(&"🎉") && found("ta").contains(&"🌮"));
        assert!(found("party").contains(&"🎉") && found("Popper").contains(&"🎉"));
        assert!(found("火").contains(&"🔥"));
        for none in ["", " ", "opper", "xyzzy", "~", "=", "\t"] {
            assert_eq!(found(none), [""; 0], "{none:?}");
        }
        assert_eq!(find("", "tada", 8), [""; 0]);
        assert_eq!(
            called(TABLE, "tada").map(|line| Emoji(line).plain()),
            Some("🎉")
        );
        assert_eq!(called(TABLE, "tad"), None);
        assert_eq!(of("🎉").code_for("pa"), "party");
        assert_eq!(
            (of("🎉").found_by("hoo"), of("🎉").found_by("pop")),
            (Some("hooray"), Some("party popper"))
        );
        assert_eq!(
            (of("🎉").found_by("ta"), of("🎉").found_by("拉")),
            (None, None)
        );
    }

    #[test]
    fn a_skin_tone_is_given_where_there_is_one() {
        assert_eq!(
            [0, 1, 5].map(|tone| of("👋").toned(tone)),
            ["👋", "👋🏻", "👋🏿"]
        );
        assert_eq!(of("👩‍❤️‍👨").toned(3), "👩🏽‍❤️‍👨🏽");
        assert_eq!(of("🎉").toned(3), "🎉");
    }

    #[test]
    fn what_is_kept_is_bounded_and_read_whatever_it_is() {
        let mut kept = keep("3 🎉 👍", 3, "👍");
        assert_eq!(kept, "3 👍 🎉");
        assert_eq!(keep(&kept, 5, ""), "5 👍 🎉");
        assert_eq!(plain(often(TABLE, &kept))[..4], ["👍", "🎉", "👎", "❤️"]);
        for n in 0..100 {
            kept = keep(&kept, 0, &n.to_string());
        }
        assert_eq!(kept.split(' ').count(), 1 + MAX_RECENT);
        assert_eq!(often(TABLE, &kept).len(), MAX_RECENT);
        for (broken, tone) in [("", 0), ("9 👍", 0), ("x", 0), ("5", 5), ("👍", 0)] {
            assert_eq!(tone_of(broken), tone);
            assert_eq!(often(TABLE, broken).len(), MAX_RECENT);
        }
    }
}
