//! Which script a text is in: for glyphs, line breaks, direction and avatars.

use std::borrow::Cow;

/// Whether there is a Han character in it.
pub(crate) fn has_han(text: &str) -> bool {
    text.chars().any(is_han)
}

/// The language tag of a text with Han: `ja` when there is kana too, else `zh`. None without Han: the reader's own is right.
pub(crate) fn lang_of(text: &str) -> Option<&'static str> {
    let kana = |c: char| matches!(c, '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9d}');
    if text.chars().any(kana) {
        return Some("ja");
    }
    has_han(text).then_some("zh")
}

const fn is_han(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// What stands on a person's avatar: of a Latin name the first letters of its first and last word, of a Han name its second
/// character.
pub(crate) fn avatar_letters(name: &str) -> String {
    let han: Vec<char> = name.chars().filter(|&c| is_han(c)).take(2).collect();
    let first = name.chars().find(|c| !c.is_whitespace());
    if first.is_some_and(is_han)
        && let Some(&c) = han.get(1).or(han.first())
    {
        return c.to_string();
    }
    let mut words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter_map(|word| word.chars().next());
    let Some(one) = words.next() else {
        return first.map(String::from).unwrap_or_default();
    };
    match words.next_back() {
        Some(other) => [one, other].iter().collect(),
        None => one.to_string(),
    }
}

/// A name for the middle of a sentence that is plain text: a title, a label, an announcement. A name with letters that are
/// written from right to left stands between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (Unicode Standard Annex #9, 2.4.2), as
/// `bdi` does where there are elements; without them it would turn round what stands beside it.
pub(crate) fn isolated(name: &str) -> Cow<'_, str> {
    let turns = |c: char| matches!(u32::from(c), 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x1_0800..=0x1_0fff | 0x1_e800..=0x1_efff);
    // A list of names is made of isolated ones already.
    if name.contains(turns) && !name.contains('\u{2068}') {
        Cow::Owned(format!("\u{2068}{name}\u{2069}"))
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn avatars() {
        for (name, letters) in [
            ("Ada Marlow", "AM"),
            ("Tomás José Oliveira", "TO"),
            ("林晓雨", "晓"),
            ("周明", "明"),
            ("李", "李"),
            ("relay-bot", "rb"),
            ("ada", "a"),
            ("👻", "👻"),
            ("Ada 林", "A林"),
            (" ", ""),
        ] {
            assert_eq!(avatar_letters(name), letters, "{name}");
        }
    }

    #[test]
    fn languages() {
        assert_eq!(
            [
                lang_of("你好 hi"),
                lang_of("こんにちは"),
                lang_of("hi"),
                lang_of("日本の")
            ],
            [Some("zh"), Some("ja"), None, Some("ja")]
        );
    }

    #[test]
    fn names_that_run_from_right_to_left_are_isolated_and_no_others() {
        for name in ["Ada", "王小明", "Łukasz 🦀", "", "#42"] {
            assert_eq!(isolated(name), name);
        }
        for name in ["دانا", "שירה", "Ada שירה", "ﷺ", "𞤀𞤣"] {
            let once = format!("\u{2068}{name}\u{2069}");
            assert_eq!(isolated(name), once);
            assert_eq!(isolated(&once), once);
        }
    }
}
