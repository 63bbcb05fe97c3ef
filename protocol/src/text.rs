//! The rule of message texts.

use thiserror::Error;
use unicode_properties::GeneralCategory as C;

use crate::{ErrorCode, category, limits::TEXT_CHARS};

/// Why a text cannot be sent (contract, "Text").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// Nothing visible in it.
    #[error("a text needs at least one visible character")]
    Blank,
    /// A NUL in it.
    #[error("a text cannot hold a NUL character")]
    Nul,
    /// Over the limit.
    #[error("a text has at most {TEXT_CHARS} characters; this one has {over} more")]
    TooLong {
        /// Unicode scalar values over the limit.
        over: usize,
    },
}

impl TextError {
    /// The code on the wire.
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::TooLong { .. } => ErrorCode::TooLong,
            Self::Blank | Self::Nul => ErrorCode::Invalid,
        }
    }
}

/// Checks a message's text: 1 to 8,000 Unicode scalar values, at least one of them visible, no NUL. It is kept byte for byte.
pub fn validate_text(text: &str) -> Result<(), TextError> {
    // A text of few bytes has few characters: most texts need no count.
    if text.len() > TEXT_CHARS {
        let count = text.chars().count();
        if count > TEXT_CHARS {
            return Err(TextError::TooLong {
                over: count - TEXT_CHARS,
            });
        }
    }
    if text.contains('\0') {
        return Err(TextError::Nul);
    }
    if text.chars().any(is_visible) {
        Ok(())
    } else {
        Err(TextError::Blank)
    }
}

/// Whether a character leaves a mark of its own: no space, control, format character or lone combining mark, and none
/// of the letters that Unicode makes invisible (Hangul fillers, Braille blank).
pub fn is_visible(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_graphic();
    }
    let blank_letter = matches!(
        c,
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}' | '\u{17b4}' | '\u{17b5}'
    );
    !blank_letter
        && (is_later_picture(c)
            || !matches!(
                category(c),
                C::SpaceSeparator
                    | C::LineSeparator
                    | C::ParagraphSeparator
                    | C::Control
                    | C::Format
                    | C::NonspacingMark
                    | C::EnclosingMark
                    | C::Unassigned
            ))
}

/// Whether this version of Unicode has not assigned a character yet, in the blocks that it keeps for pictures: on a newer device it is an emoji.
pub fn is_later_picture(c: char) -> bool {
    matches!(c, '\u{1f300}'..='\u{1faff}' | '\u{1fc00}'..='\u{1fffd}')
        && category(c) == C::Unassigned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_texts_are_refused() {
        for blank in [
            "",
            " ",
            "\n\t",
            "\u{200b}",
            "\u{3000}",
            "\u{202e}\u{2066}",
            "\u{3164}",
            "\u{fe0f}",
            "\u{ad}",
        ] {
            assert_eq!(validate_text(blank), Err(TextError::Blank), "{blank:?}");
        }
        for good in ["x", " . ", "你", "👍", "\u{200b}a", "ﷺ", "\u{1f8e3}"] {
            assert_eq!(validate_text(good), Ok(()), "{good:?}");
        }
    }

    #[test]
    fn length_is_counted_in_scalar_values() {
        assert_eq!(validate_text(&"字".repeat(TEXT_CHARS)), Ok(()));
        assert_eq!(
            validate_text(&"字".repeat(TEXT_CHARS + 3)),
            Err(TextError::TooLong { over: 3 })
        );
        assert_eq!(validate_text("a\0b"), Err(TextError::Nul));
    }
}
