//! Which emoji are the same reaction.

use thiserror::Error;

use crate::emoji::{has_presentation, is_emoji, is_indicator, is_modifier, status};
use protocol::emoji_status;
use unicode_properties::EmojiStatus;

/// It cannot be a reaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a reaction is exactly one emoji")]
pub struct NotEmoji;

/// Longest of Unicode's list: 35 bytes; what is longer is not looked at.
const MAX_BYTES: usize = 64;

/// The one way to write an emoji: the fully-qualified form of Unicode's list (UTS #51, emoji-test.txt), of the version that the
/// `emojis` crate has. With and without U+FE0F it is the same emoji. An emoji that is newer than the list is one where it is
/// made of characters that the list's version leaves to emoji, or of known ones in another skin tone.
pub fn reaction_key(emoji: &str) -> Result<String, NotEmoji> {
    validate_emoji_shape(emoji)?;
    let key = qualified(emoji).ok_or(NotEmoji)?;
    if emojis::get(&key).is_some_and(|known| known.as_str() == key) || is_newer(&key) {
        Ok(key)
    } else {
        Err(NotEmoji)
    }
}

/// What of [`reaction_key`] can be told without Unicode's list, which a page would have to load: it is short, and not plain
/// text. The server tells the rest.
pub fn validate_emoji_shape(emoji: &str) -> Result<(), NotEmoji> {
    let is_plain = emoji.chars().all(|c| c.is_ascii() || c.is_whitespace());
    if emoji.len() > MAX_BYTES || is_plain {
        Err(NotEmoji)
    } else {
        Ok(())
    }
}

const JOINER: char = '\u{200d}';
const PICTURE: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';

/// With U+FE0F behind every character that is not drawn as a picture by itself or by a skin tone, and behind no other. None
/// where one stands that has nothing to stand on.
fn qualified(emoji: &str) -> Option<String> {
    let mut key = String::with_capacity(emoji.len() + 6);
    let mut chars = emoji.chars().peekable();
    let mut before = None;
    while let Some(c) = chars.next() {
        if c == PICTURE {
            // One behind an emoji was read with it.
            return None;
        }
        key.push(c);
        let is = status(c);
        if is_emoji(is) {
            chars.next_if_eq(&PICTURE);
            let toned = chars.peek().is_some_and(|&c| is_modifier(c));
            if !has_presentation(is) && !toned {
                key.push(PICTURE);
            }
        } else if c == KEYCAP && before.is_none_or(|c: char| !c.is_ascii()) {
            return None;
        }
        before = Some(c);
    }
    Some(key)
}

/// Whether a sequence that the list does not have can be an emoji of a later one: joined elements, each a known emoji or of
/// characters that are left to later ones; and without its skin tones it is in the list, or one of its characters is new.
fn is_newer(key: &str) -> bool {
    let mut new = false;
    for element in key.split(JOINER) {
        let mut chars = element.chars().filter(|&c| c != PICTURE);
        let Some(first) = chars.next() else {
            return false;
        };
        let base = match emoji_status(first) {
            _ if is_indicator(first) || is_modifier(first) || first.is_ascii() => return false,
            EmojiStatus::NonEmoji if is_emoji(status(first)) => {
                new = true;
                true
            }
            EmojiStatus::EmojiModifierBase | EmojiStatus::EmojiPresentationAndModifierBase => true,
            known if is_emoji(known) => false,
            _ => return false,
        };
        match (chars.next(), chars.next()) {
            (None, _) => {}
            (Some(tone), None) if base && is_modifier(tone) => {}
            _ => return false,
        }
    }
    let toneless: String = key.chars().filter(|&c| !is_modifier(c)).collect();
    new || qualified(&toneless)
        .is_some_and(|key| key.contains(JOINER) && emojis::get(&key).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All of Unicode's list, in every skin tone.
    fn all() -> impl Iterator<Item = &'static str> {
        emojis::iter().flat_map(|one| {
            let tones: Vec<&str> = one
                .skin_tones()
                .map(|tones| tones.map(emojis::Emoji::as_str).collect())
                .unwrap_or_default();
            std::iter::once(one.as_str()).chain(tones)
        })
    }

    #[test]
    fn every_emoji_of_the_list_is_its_own_key_with_and_without_selectors() {
        let mut count = 0;
        for emoji in all() {
            assert_eq!(reaction_key(emoji).as_deref(), Ok(emoji), "{emoji}");
            let bare = emoji.replace(PICTURE, "");
            // A digit without its selector is an emoji only as a keycap.
            assert_eq!(reaction_key(&bare).as_deref(), Ok(emoji), "{bare}");
            // U+FE0F behind what is a picture by itself changes nothing.
            let first = emoji.chars().next().unwrap();
            let over = emoji.replacen(first, &format!("{first}{PICTURE}"), 1);
            let over = over.replace("\u{fe0f}\u{fe0f}", "\u{fe0f}");
            assert_eq!(reaction_key(&over).as_deref(), Ok(emoji), "{over}");
            count += 1;
        }
        assert!(count > 3_700, "{count}");
    }

    #[test]
    fn one_emoji_is_one_key() {
        for (one, other) in [
            ("❤", "❤️"),
            ("👍\u{fe0f}", "👍"),
            ("☺", "☺️"),
            ("©", "©️"),
            ("1\u{20e3}", "1️⃣"),
            ("✌\u{fe0f}🏽", "✌🏽"),
            ("🧑‍⚖", "🧑‍⚖️"),
            ("🏳‍🌈", "🏳️‍🌈"),
            ("⛹🏽‍♂", "⛹🏽‍♂️"),
            ("👁‍🗨", "👁️‍🗨️"),
        ] {
            assert_eq!(reaction_key(one).as_deref(), Ok(other), "{one}");
            assert_eq!(reaction_key(other).as_deref(), Ok(other), "{other}");
        }
    }

    #[test]
    fn what_is_no_emoji() {
        for bad in [
            "",
            "a",
            "1",
            "#",
            "1\u{fe0f}",
            "字",
            "<b>",
            "👍👍",
            "👍 ",
            " 👍",
            "👍a",
            "👍\u{200d}",
            "\u{200d}👍",
            "👍\u{200d}\u{200d}👍",
            "👍‍👍",
            "🏽",
            "🏽🏽",
            "👍🏽🏽",
            "😀🏽",
            "🇩",
            "🇩🇪🇫",
            "🇦🇦",
            "\u{fe0f}",
            "❤\u{fe0f}\u{fe0f}",
            "❤\u{fe0e}",
            "👍\u{301}",
            "👍\u{20e3}",
            "a\u{20e3}",
            "\u{20e3}",
            "🏴\u{e0067}\u{e0062}",
            "🏴\u{e007f}",
            "\u{e0067}",
            "→",
            "🂡",
            "👩‍a",
            "👩‍🇩🇪",
        ] {
            assert_eq!(reaction_key(bad), Err(NotEmoji), "{bad:?}");
        }
    }

    #[test]
    fn an_emoji_newer_than_the_list() {
        for new in [
            "\u{1faff}",
            "\u{1f8ff}",
            "\u{1fffd}",
            "\u{1faff}🏽",
            "🧑‍\u{1faff}",
        ] {
            assert!(
                emojis::get(new).is_none(),
                "{new}: choose one that is still newer"
            );
            assert_eq!(reaction_key(new).as_deref(), Ok(new), "{new}");
            assert_eq!(reaction_key(&format!("{new}{PICTURE}")).as_deref(), Ok(new));
        }
        assert_eq!(reaction_key("\u{1faff}\u{1faff}"), Err(NotEmoji));
        assert_eq!(reaction_key("\u{1faff}\u{200d}"), Err(NotEmoji));
        assert_eq!(reaction_key("\u{e0fff}"), Err(NotEmoji));
    }
}
