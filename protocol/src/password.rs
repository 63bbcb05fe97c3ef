//! The rules of passwords.

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::GeneralCategory;

use crate::{
    category,
    limits::{MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, TYPED_PER_CHAR},
};

/// Why a password is refused (contract, "Passwords").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PasswordError {
    /// Too few characters.
    #[error("a password has at least {MIN_PASSWORD_CHARS} characters; this one has {has}")]
    Short {
        /// How many it has.
        has: usize,
    },
    /// Too many characters.
    #[error("a password has at most {MAX_PASSWORD_CHARS} characters")]
    Long,
    /// One character again and again, or nothing that can be seen.
    #[error("a password cannot be blank or one character again and again; a sentence is best")]
    OneCharacter,
}

/// A password as it is hashed and compared: the `OpaqueString` profile of RFC 8265, section 4.2 (other spaces become U+0020, then
/// Unicode NFC; no case is folded). Keyboards write one letter in two forms. What is far over the limit is refused before any work.
pub fn normal_password(typed: &str) -> Result<String, PasswordError> {
    if typed
        .chars()
        .nth(MAX_PASSWORD_CHARS * TYPED_PER_CHAR)
        .is_some()
    {
        return Err(PasswordError::Long);
    }
    let spaced = typed.chars().map(|c| match category(c) {
        GeneralCategory::SpaceSeparator => ' ',
        _ => c,
    });
    Ok(spaced.nfc().collect())
}

/// Checks a new password and tells its form for hashing: 8 to 256 characters (NIST SP 800-63B, 3.1.1.2, counts them as Unicode code
/// points), not all of them the same or blank.
pub fn new_password(typed: &str) -> Result<String, PasswordError> {
    let password = normal_password(typed)?;
    let has = password.chars().count();
    if has < MIN_PASSWORD_CHARS {
        return Err(PasswordError::Short { has });
    }
    if has > MAX_PASSWORD_CHARS {
        return Err(PasswordError::Long);
    }
    let mut seen = password.chars().filter(|c| !c.is_whitespace());
    let first = seen.next();
    if first.is_none() || seen.all(|c| Some(c) == first) {
        return Err(PasswordError::OneCharacter);
    }
    Ok(password)
}

/// The decomposed form of a password (Unicode NFD): accounts of before this rule may have it.
pub fn decomposed_password(typed: &str) -> String {
    typed.nfd().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_password_in_two_forms_is_one() {
        for (one, other) in [
            ("caf\u{e9} au lait", "cafe\u{301} au lait"),
            (
                "\u{d55c}\u{ad6d}",
                "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}",
            ),
            ("a\u{a0}b\u{3000}c", "a b c"),
            ("\u{1ec7}", "e\u{323}\u{302}"),
        ] {
            assert_eq!(normal_password(one), normal_password(other), "{one}");
        }
        assert_ne!(normal_password("Stra\u{df}e"), normal_password("STRASSE"));
        assert_ne!(normal_password("\u{ff41}"), normal_password("a"));
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        assert_eq!(
            new_password("1234567"),
            Err(PasswordError::Short { has: 7 })
        );
        assert!(new_password("密码密码密码密码").is_ok());
        assert!(new_password(&"xy".repeat(128)).is_ok());
        assert_eq!(new_password(&"xy".repeat(129)), Err(PasswordError::Long));
        // 256 letters that are three each when they are typed apart.
        let apart: String = "\u{d55c}\u{ad6d}".repeat(128).nfd().collect();
        assert!(new_password(&apart).is_ok());
        assert_eq!(
            normal_password(&"\u{fdfa}".repeat(80_000)),
            Err(PasswordError::Long)
        );
    }

    #[test]
    fn one_character_again_and_again_is_none() {
        for bad in [
            "        ",
            "aaaaaaaaaa",
            "\u{a0}\u{a0} \u{3000}     ",
            "x x x x x",
        ] {
            assert_eq!(new_password(bad), Err(PasswordError::OneCharacter), "{bad}");
        }
    }
}
