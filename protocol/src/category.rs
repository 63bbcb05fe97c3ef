//! General categories of characters (The Unicode Standard, section 4.5), by the crate `unicode-properties` and packed: its own table is 42 KB of
//! the browser's module and 15 KB as sent; packed it is 9 KB and 3.

use std::sync::OnceLock;

use unicode_properties::{GeneralCategory as C, GeneralCategoryGroup as Group};

/// What `build.rs` packed.
const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/categories.bin"));

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

/// Where each run of characters of one category ends, in order, and its category.
static RUNS: OnceLock<Vec<(u32, C)>> = OnceLock::new();

/// The general category of a character.
pub fn category(c: char) -> C {
    let runs = RUNS.get_or_init(unpacked);
    let at = runs.partition_point(|(end, _)| *end <= u32::from(c));
    runs.get(at)
        .map_or(C::Unassigned, |(_, category)| *category)
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

fn unpacked() -> Vec<(u32, C)> {
    let (mut runs, mut end) = (Vec::new(), 0);
    let (mut length, mut shift) = (0, 0);
    let mut bytes = PACKED.iter();
    while let Some(&byte) = bytes.next() {
        length |= u32::from(byte & 0x7f) << shift;
        shift += 7;
        if byte > 0x7f {
            continue;
        }
        end += std::mem::take(&mut length);
        shift = 0;
        let number = bytes
            .next()
            .map_or(usize::MAX, |number| usize::from(*number));
        runs.push((end, NUMBERED.get(number).copied().unwrap_or(C::Unassigned)));
    }
    runs
}

#[cfg(test)]
mod tests {
    use unicode_properties::UnicodeGeneralCategory as _;

    use super::*;

    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "what is packed is held against it"
    )]
    fn every_character_has_the_category_of_the_library() {
        for c in '\0'..=char::MAX {
            assert_eq!(category(c), c.general_category(), "{c:?}");
            assert_eq!(category_group(c), c.general_category_group(), "{c:?}");
        }
    }
}
