//! Names in Latin letters: how the Han characters of a name are read, so that it is found by its pinyin and by its initials.

use pinyin::{ToPinyin, ToPinyinMulti};
use text::latin_hit;

/// A name in Latin letters: a syllable for each Han character, by its first reading, and its other words in small letters, with spaces
/// between, as "zhou ming". `ü` is written `v`, as it is typed. None where it has no Han characters.
pub fn latin(name: &str) -> Option<String> {
    in_syllables(name, |c| {
        let first = c.to_pinyin()?;
        Some(first.plain().replace('ü', "v"))
    })
}

/// Whether a name with Han characters reads as what was typed (see [`latin_hit`]). Each reading of a character fits.
pub fn reads_as(name: &str, typed: &str) -> bool {
    if name.is_ascii() || !typed.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
        return false;
    }
    let read = in_syllables(name, |c| {
        let mut readings: Vec<String> = Vec::new();
        for reading in c.to_pinyin_multi()? {
            let plain = reading.plain();
            // Some type it as it looks.
            for written in [plain.replace('ü', "v"), plain.replace('ü', "u")] {
                if !readings.contains(&written) {
                    readings.push(written);
                }
            }
        }
        Some(readings.join("|"))
    });
    read.is_some_and(|read| latin_hit(&read, typed).is_some())
}

/// A name's syllables and words, with spaces between. None where nothing in it has a `reading`.
fn in_syllables(name: &str, reading: impl Fn(char) -> Option<String>) -> Option<String> {
    if name.is_ascii() {
        return None;
    }
    let (mut latin, mut has_reading, mut in_word) = (String::new(), false, false);
    for c in name.chars() {
        let read = if c.is_ascii() { None } else { reading(c) };
        let word = read.is_none() && c.is_alphanumeric();
        if (read.is_some() || word && !in_word) && !latin.is_empty() {
            latin.push(' ');
        }
        if let Some(read) = read {
            latin.push_str(&read);
            has_reading = true;
        } else if word {
            latin.extend(c.to_lowercase());
        }
        in_word = word;
    }
    has_reading.then_some(latin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_is_read_and_the_rest_stays() {
        for (name, expected) in [
            ("周明", Some("zhou ming")),
            ("林晓雨", Some("lin xiao yu")),
            ("吕布", Some("lv bu")),
            ("设计Team 2", Some("she ji team 2")),
            ("Zoë 周", Some("zoë zhou")),
            ("（中文）频道", Some("zhong wen pin dao")),
            ("Ada", None),
            ("Zoë", None),
            ("こんにちは", None),
            ("👻", None),
            ("", None),
        ] {
            assert_eq!(latin(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn each_reading_is_found() {
        for typed in ["cq", "zhongqing", "chongqing", "CHONG", "q"] {
            assert!(reads_as("重庆", typed), "{typed}");
        }
        for (name, typed) in [("吕布", "lvbu"), ("吕布", "lubu"), ("设计Team", "sjteam")] {
            assert!(reads_as(name, typed), "{name} {typed}");
        }
        for (name, typed) in [
            ("周明", "hou"),
            ("周明", "明"),
            ("周明", ""),
            ("Zhou Ming", "zm"),
        ] {
            assert!(!reads_as(name, typed), "{name} {typed}");
        }
    }
}
