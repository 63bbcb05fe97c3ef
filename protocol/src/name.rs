//! The rules of names and topics.

use thiserror::Error;
use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_properties::GeneralCategoryGroup;

use crate::{
    category_group, is_visible,
    limits::{NAME_CHARS, TOPIC_CHARS, TYPED_PER_CHAR},
};

/// The mention that means everybody in the room; nobody has it as a name.
pub const HERE: &str = "here";

/// Why a name is refused (contract, "Names").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NameError {
    /// Nothing, or nothing visible.
    #[error("a name needs at least one character that can be seen")]
    Empty,
    /// Over the limit.
    #[error("a name has at most {NAME_CHARS} characters")]
    TooLong,
    /// Not in Unicode's composed form.
    #[error("a name is written in composed characters (Unicode NFC)")]
    NotNormal,
    /// Invisible, controlling or direction-changing.
    #[error("a name cannot hold invisible or direction-changing characters")]
    Invisible,
    /// A character that does not fit.
    #[error("a name holds letters, digits and . _ - only; {0:?} does not fit")]
    Unfit(char),
    /// Only `._-` and marks.
    #[error("a name needs at least one letter or digit")]
    NoLetter,
    /// A topic over its limit.
    #[error("a topic has at most {TOPIC_CHARS} characters")]
    TopicTooLong,
    /// Reserved: it would name everybody.
    #[error("this name is reserved")]
    Reserved,
}

/// A name as it is judged and kept: in Unicode NFC, since keyboards write one letter in two forms. One that is far over the limit is
/// refused before any work.
pub fn compose_name(typed: &str) -> Result<String, NameError> {
    if typed.chars().nth(NAME_CHARS * TYPED_PER_CHAR).is_some() {
        return Err(NameError::TooLong);
    }
    Ok(typed.nfc().collect())
}

/// Checks a user's name: 1 to 50 letters, digits, marks and `._-` in NFC, at least one of them a letter or digit.
pub fn validate_user_name(name: &str) -> Result<(), NameError> {
    check_name(name, false)?;
    if name_key(name) == name_key(HERE) {
        Err(NameError::Reserved)
    } else {
        Ok(())
    }
}

/// Checks a room's name: as a user's, with single spaces inside.
pub fn validate_room_name(name: &str) -> Result<(), NameError> {
    check_name(name, true)
}

/// What of [`validate_room_name`] can be told without the tables of composed characters, a tenth of what a page would have to
/// load. The server tells the rest.
pub fn validate_room_name_shape(name: &str) -> Result<(), NameError> {
    check_shape(name, true)
}

fn check_name(name: &str, spaces: bool) -> Result<(), NameError> {
    check_shape(name, spaces)?;
    if is_nfc(name) {
        Ok(())
    } else {
        Err(NameError::NotNormal)
    }
}

fn check_shape(name: &str, spaces: bool) -> Result<(), NameError> {
    check_length(name)?;
    if !name.chars().any(is_visible) {
        return Err(NameError::Empty);
    }
    for c in name.chars() {
        check_char(c, spaces)?;
    }
    let spaced = name.starts_with(' ') || name.ends_with(' ') || name.contains("  ");
    if spaced {
        return Err(NameError::Unfit(' '));
    }
    if !name.chars().any(char::is_alphanumeric) {
        return Err(NameError::NoLetter);
    }
    // A mark needs something to stand on.
    if name
        .chars()
        .next()
        .is_some_and(|c| category_group(c) == GeneralCategoryGroup::Mark)
    {
        return Err(NameError::Invisible);
    }
    Ok(())
}

/// Looks no further than the limit.
fn check_length(name: &str) -> Result<(), NameError> {
    if name.chars().nth(NAME_CHARS).is_some() {
        Err(NameError::TooLong)
    } else {
        Ok(())
    }
}

fn check_char(c: char, spaces: bool) -> Result<(), NameError> {
    use GeneralCategoryGroup as G;
    if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') || (spaces && c == ' ') {
        return Ok(());
    }
    let hidden = is_hidden(c);
    match category_group(c) {
        G::Letter | G::Number if !hidden => Ok(()),
        G::Mark if !hidden => Ok(()),
        G::Other => Err(NameError::Invisible),
        _ if hidden => Err(NameError::Invisible),
        _ => Err(NameError::Unfit(c)),
    }
}

/// Letters and marks that leave no mark on the page: fillers, variation selectors, the grapheme joiner.
const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{034f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Checks a display name: 1 to 50 characters, at least one visible, none of them controlling or direction-changing.
pub fn validate_display_name(name: &str) -> Result<(), NameError> {
    check_length(name)?;
    if !name.chars().any(is_visible) {
        return Err(NameError::Empty);
    }
    // Joiners and variation selectors belong to emoji, which a display name may hold.
    let unfit = |c: char| {
        c.is_control() || (is_hidden(c) && !matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{fe0e}'))
    };
    if name.chars().any(unfit) {
        Err(NameError::Invisible)
    } else {
        Ok(())
    }
}

/// Checks a topic: at most 500 characters, one line, no controls; may be empty.
pub fn validate_topic(topic: &str) -> Result<(), NameError> {
    if topic.chars().nth(TOPIC_CHARS).is_some() {
        return Err(NameError::TopicTooLong);
    }
    let bidi = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}');
    if topic.chars().any(|c| c.is_control() || bidi(c)) {
        Err(NameError::Invisible)
    } else {
        Ok(())
    }
}

/// What makes two names the same: case, width and look (UTS #39 skeleton of the compatibility form in lower case).
/// Equal keys mean that a reader could take one for the other.
pub fn name_key(name: &str) -> String {
    // The skeleton of a small letter can be a capital (0 looks like O), and that one's small letter can look like yet another.
    const MAX_ROUNDS: usize = 8;
    let mut key = fold(name);
    for _ in 0..MAX_ROUNDS {
        let looks: String = unicode_security::skeleton(&key).collect();
        let next = fold(&looks);
        if next == key {
            break;
        }
        key = next;
    }
    key
}

/// How a name looks, in small letters ([`name_key`]) and as it is written: two people, or two public rooms, whose looks share one could
/// be taken for each other. Folding the case first would miss what is alike in one case only: a capital `I` and a small `l`.
pub fn name_looks(name: &str) -> [String; 2] {
    let written: String = unicode_security::skeleton(name).collect();
    [name_key(name), name_key(&written)]
}

/// [`name_looks`] of a display name: spaces and what cannot be seen tell nobody apart.
pub fn shown_looks(display_name: &str) -> [String; 2] {
    let seen = |c: &char| !c.is_whitespace() && !is_hidden(*c);
    name_looks(&display_name.chars().filter(seen).collect::<String>())
}

fn fold(text: &str) -> String {
    // By way of the capitals: ß and SS, ς and σ are the same letters in another case.
    text.nfkc()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names() {
        for good in [
            "ada",
            "Ada.Marlow-1_x",
            "林晓雨",
            "Łukasz",
            "محمد",
            "नमस्ते",
            "a",
            &"x".repeat(50),
        ] {
            assert_eq!(validate_user_name(good), Ok(()), "{good:?}");
        }
        let bad = [
            ("", NameError::Empty),
            ("   ", NameError::Empty),
            ("\u{200b}", NameError::Empty),
            (&"x".repeat(51), NameError::TooLong),
            ("a b", NameError::Unfit(' ')),
            ("a@b", NameError::Unfit('@')),
            ("...", NameError::NoLetter),
            ("ad\u{200d}a", NameError::Invisible),
            ("ada\u{202e}", NameError::Invisible),
            ("ad\na", NameError::Invisible),
            ("ada\u{fe0f}", NameError::Invisible),
            ("a\u{3164}", NameError::Invisible),
            ("e\u{301}", NameError::NotNormal),
            ("here", NameError::Reserved),
            ("HERE", NameError::Reserved),
            ("👍a", NameError::Unfit('👍')),
        ];
        for (name, why) in bad {
            assert_eq!(validate_user_name(name), Err(why), "{name:?}");
        }
    }

    #[test]
    fn room_names_may_hold_spaces_inside() {
        assert_eq!(validate_room_name("music desk"), Ok(()));
        for bad in [" a", "a ", "a  b"] {
            assert_eq!(
                validate_room_name(bad),
                Err(NameError::Unfit(' ')),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn look_alikes_share_a_key() {
        for (one, other) in [
            ("Ada", "ada"),
            ("ａｄａ", "ada"),
            ("аdа", "ada"),
            ("O0", "00"),
            ("Straße", "STRASSE"),
            ("σίσυφος", "ΣΊΣΥΦΟΣ"),
        ] {
            assert_eq!(name_key(one), name_key(other), "{one} {other}");
        }
        assert_ne!(name_key("ada"), name_key("adam"));
        assert_ne!(name_key("林晓雨"), name_key("林晓"));
        assert_eq!(name_key(&name_key("O0Il1")), name_key("O0Il1"));
    }

    fn are_alike(one: &str, other: &str) -> bool {
        let others = name_looks(other);
        name_looks(one).iter().any(|look| others.contains(look))
    }

    #[test]
    fn what_looks_alike_in_one_case_only_is_alike() {
        for (one, other) in [
            ("Alice", "AIice"),
            ("alice", "aIice"),
            ("Bill", "BiII"),
            ("O0", "0O"),
            ("paypal", "PaypaI"),
            ("modern", "modem"),
        ] {
            assert!(are_alike(one, other), "{one} {other}");
        }
        assert!(!are_alike("alice", "alicia"));
        assert!(!are_alike("林晓雨", "林晓"));
    }

    /// The table of confusables, character by character: whatever looks like an ASCII letter or digit makes a name that is alike.
    #[test]
    fn whatever_looks_like_a_letter_or_digit_is_alike() {
        let look = |c: char| unicode_security::skeleton(&c.to_string()).collect::<String>();
        let ascii = ('0'..='9').chain('A'..='Z').chain('a'..='z');
        let ascii: Vec<(char, String)> = ascii.map(|letter| (letter, look(letter))).collect();
        let mut checked = 0;
        for c in ('\u{0}'..=char::MAX).filter(|c| check_char(*c, false).is_ok()) {
            let seen = look(c);
            for (letter, _) in ascii.iter().filter(|(_, look)| *look == seen) {
                let (one, other) = (format!("x{c}x"), format!("x{letter}x"));
                assert!(are_alike(&one, &other), "{one} {other}");
                checked += 1;
            }
        }
        assert!(checked > 500, "{checked}");
    }

    #[test]
    fn display_names_that_only_a_machine_tells_apart_are_alike() {
        let alike = |one: &str, other: &str| {
            let others = shown_looks(other);
            shown_looks(one).iter().any(|look| others.contains(look))
        };
        for (one, other) in [
            ("Ada Marlow", "ada  marlow"),
            ("Ada", "A\u{200d}da\u{fe0f}"),
            ("Ada Marlow", "Аda\u{a0}Мarlow"),
            ("Alice", "AIice"),
        ] {
            assert!(alike(one, other), "{one} {other}");
        }
        assert!(!alike("Ada", "Ada 👑"));
    }

    #[test]
    fn names_are_put_together_before_they_are_judged() {
        for (typed, kept) in [
            ("Vie\u{323}\u{302}t", "Vi\u{1ec7}t"),
            ("jose\u{301}", "jos\u{e9}"),
            ("\u{1112}\u{1161}\u{11ab}", "\u{d55c}"),
        ] {
            assert_eq!(compose_name(typed).as_deref(), Ok(kept));
            assert_eq!(validate_user_name(kept), Ok(()));
        }
        let most: String = "\u{1ec7}".repeat(50).nfd().collect();
        assert_eq!(validate_user_name(&compose_name(&most).unwrap()), Ok(()));
        let huge = "\u{fdfa}".repeat(80_000);
        assert_eq!(compose_name(&huge), Err(NameError::TooLong));
    }

    #[test]
    fn display_names_and_topics() {
        assert_eq!(validate_display_name("Ada Marlow 👩‍🚀"), Ok(()));
        assert_eq!(
            validate_display_name("a\u{202e}b"),
            Err(NameError::Invisible)
        );
        assert_eq!(validate_display_name(" \u{3000}"), Err(NameError::Empty));
        assert_eq!(validate_topic(""), Ok(()));
        assert_eq!(validate_topic("a\nb"), Err(NameError::Invisible));
        assert_eq!(
            validate_topic(&"x".repeat(501)),
            Err(NameError::TopicTooLong)
        );
    }
}
