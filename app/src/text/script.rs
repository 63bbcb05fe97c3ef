//! Which script a text is in: for glyphs, line breaks and seals.

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

/// What stands on a person's seal: of a Latin name the first letters of its first and last word, of a Han name its second
/// character.
pub(crate) fn seal_letters(name: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seals() {
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
            assert_eq!(seal_letters(name), letters, "{name}");
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
}
