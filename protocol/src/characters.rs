//! Properties of characters: general categories (The Unicode Standard, section 4.5) and how they stand to emoji (UTS #51), by the crate
//! `unicode-properties` and packed: its own tables are 49 KB of the browser's module and 16 KB as sent; packed they are 10 KB and 4.

use std::sync::OnceLock;

use unicode_properties::{EmojiStatus as E, GeneralCategory as C, GeneralCategoryGroup as Group};

/// What `build.rs` packed.
const CATEGORIES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/categories.bin"));
const EMOJI: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/emoji.bin"));

/// The categories by their numbers.
const NUMBERED: [C; 30] = [
    C::UppercaseLetter,
    C::LowercaseLetter,
    C::TitlecaseLetter,
    C::ModifierLetter,
    C::OtherLetter,
    C::NonspacingMark,
    C::SpacingMark,
    C::EnclosingMark,
    C::DecimalNumber,
    C::LetterNumber,
    C::OtherNumber,
    C::ConnectorPunctuation,
    C::DashPunctuation,
    C::OpenPunctuation,
    C::ClosePunctuation,
    C::InitialPunctuation,
    C::FinalPunctuation,
    C::OtherPunctuation,
    C::MathSymbol,
    C::CurrencySymbol,
    C::ModifierSymbol,
    C::OtherSymbol,
    C::SpaceSeparator,
    C::LineSeparator,
    C::ParagraphSeparator,
    C::Control,
    C::Format,
    C::Surrogate,
    C::PrivateUse,
    C::Unassigned,
];

/// How characters stand to emoji, by their numbers.
const NUMBERED_EMOJI: [E; 9] = [
    E::NonEmoji,
    E::NonEmojiButEmojiComponent,
    E::EmojiPresentation,
    E::EmojiModifierBase,
    E::EmojiPresentationAndModifierBase,
    E::EmojiOther,
    E::EmojiPresentationAndEmojiComponent,
    E::EmojiPresentationAndModifierAndEmojiComponent,
    E::EmojiOtherAndEmojiComponent,
];

/// Where each run of characters of one kind ends, in order, and the kind.
type Runs<K> = OnceLock<Vec<(u32, K)>>;

static CATEGORY_RUNS: Runs<C> = OnceLock::new();
static EMOJI_RUNS: Runs<E> = OnceLock::new();

/// The general category of a character.
pub fn category(c: char) -> C {
    let runs = CATEGORY_RUNS.get_or_init(|| unpacked(CATEGORIES, &NUMBERED));
    look_up(runs, c).unwrap_or(C::Unassigned)
}

/// How a character stands to emoji.
pub fn emoji_status(c: char) -> E {
    let runs = EMOJI_RUNS.get_or_init(|| unpacked(EMOJI, &NUMBERED_EMOJI));
    look_up(runs, c).unwrap_or(E::NonEmoji)
}

fn look_up<K: Copy>(runs: &[(u32, K)], c: char) -> Option<K> {
    let at = runs.partition_point(|(end, _)| *end <= u32::from(c));
    runs.get(at).map(|(_, kind)| *kind)
}

/// The group of a character's general category.
pub fn category_group(c: char) -> Group {
    match category(c) {
        C::UppercaseLetter
        | C::LowercaseLetter
        | C::TitlecaseLetter
        | C::ModifierLetter
        | C::OtherLetter => Group::Letter,
        C::NonspacingMark | C::SpacingMark | C::EnclosingMark => Group::Mark,
        C::DecimalNumber | C::LetterNumber | C::OtherNumber => Group::Number,
        C::ConnectorPunctuation
        | C::DashPunctuation
        | C::OpenPunctuation
        | C::ClosePunctuation
        | C::InitialPunctuation
        | C::FinalPunctuation
        | C::OtherPunctuation => Group::Punctuation,
        C::MathSymbol | C::CurrencySymbol | C::ModifierSymbol | C::OtherSymbol => Group::Symbol,
        C::SpaceSeparator | C::LineSeparator | C::ParagraphSeparator => Group::Separator,
        C::Control | C::Format | C::Surrogate | C::PrivateUse | C::Unassigned => Group::Other,
    }
}

fn unpacked<K: Copy>(packed: &[u8], numbered: &[K]) -> Vec<(u32, K)> {
    let (mut runs, mut end) = (Vec::new(), 0);
    let (mut length, mut shift) = (0, 0);
    let mut bytes = packed.iter();
    while let Some(&byte) = bytes.next() {
        length |= u32::from(byte & 0x7f) << shift;
        shift += 7;
        if byte > 0x7f {
            continue;
        }
        end += std::mem::take(&mut length);
        shift = 0;
        let number = bytes.next().map(|number| usize::from(*number));
        let kind = number.and_then(|number| numbered.get(number));
        runs.extend(kind.map(|kind| (end, *kind)));
    }
    runs
}

#[cfg(test)]
mod tests {
    use unicode_properties::{UnicodeEmoji as _, UnicodeGeneralCategory as _};

    use super::*;

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "what is packed is held against it"
    )]
    fn every_character_is_what_it_is_to_the_library() {
        for c in '\0'..=char::MAX {
            assert_eq!(category(c), c.general_category(), "{c:?}");
            assert_eq!(category_group(c), c.general_category_group(), "{c:?}");
            assert_eq!(emoji_status(c), c.emoji_status(), "{c:?}");
        }
    }
}
