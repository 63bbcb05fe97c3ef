//! Emoji among words: where a sequence begins and ends (UTS #51, section 1.4.9), and whether it is drawn as a picture.

use protocol::category;
use unicode_properties::{EmojiStatus as S, GeneralCategory};

const JOINER: char = '\u{200d}';
const PICTURE: char = '\u{fe0f}';
const TEXT: char = '\u{fe0e}';
const KEYCAP: char = '\u{20e3}';

/// The sequence at the beginning of `text`: its length in bytes, and whether it is drawn as a picture. None where there is no emoji.
pub(crate) fn at(text: &str) -> Option<(usize, bool)> {
    let first = text.chars().next()?;
    if !may_begin(first) {
        return None;
    }
    let (mut end, mut picture) = element(text)?;
    loop {
        // What stands on the last picture belongs to it.
        let on = text[end..].chars().take_while(|&c| goes_on(c));
        end += on.map(char::len_utf8).sum::<usize>();
        if !text[..end].ends_with(JOINER) {
            break;
        }
        let Some((more, _)) = element(&text[end..]) else {
            break;
        };
        end += more;
        picture = true;
    }
    Some((end, picture))
}

/// One of the parts that joiners join: a flag, a keycap, or an emoji with what changes it.
fn element(text: &str) -> Option<(usize, bool)> {
    let mut chars = text.chars().peekable();
    let first = chars.next()?;
    let mut length = first.len_utf8();
    if is_indicator(first) {
        let pair = chars.next_if(|&c| is_indicator(c));
        return Some((length + pair.map_or(0, char::len_utf8), true));
    }
    let status = status(first);
    if !is_emoji(status) {
        return None;
    }
    let mut picture = has_presentation(status);
    match chars.peek().copied() {
        Some(PICTURE) => {
            length += PICTURE.len_utf8();
            chars.next();
            picture = true;
        }
        Some(TEXT) => {
            chars.next();
            length += TEXT.len_utf8();
            picture = false;
        }
        Some(c) if is_modifier(c) => {
            chars.next();
            length += c.len_utf8();
            picture = true;
        }
        _ => {}
    }
    if let Some(c) = chars.next_if_eq(&KEYCAP) {
        return Some((length + c.len_utf8(), true));
    }
    if first.is_ascii() && length == 1 {
        return None;
    }
    while let Some(c) = chars.next_if(|&c| is_tag(c)) {
        length += c.len_utf8();
    }
    Some((length, picture))
}

/// The cheapest look: most characters are none.
pub(crate) fn may_begin(c: char) -> bool {
    matches!(c, '#' | '*' | '0'..='9' | '\u{a9}' | '\u{ae}' | '\u{203c}'..='\u{3299}' | '\u{1f000}'..='\u{1ffff}')
}

/// Of characters that this version of Unicode has not assigned, those in the blocks of pictures will be pictures.
pub(crate) fn status(c: char) -> S {
    let known = protocol::emoji_status(c);
    if known == S::NonEmoji && protocol::is_later_picture(c) {
        S::EmojiPresentation
    } else {
        known
    }
}

pub(crate) const fn is_emoji(status: S) -> bool {
    !matches!(status, S::NonEmoji | S::NonEmojiButEmojiComponent)
}

/// `Emoji_Presentation`: drawn as a picture by itself.
pub(crate) const fn has_presentation(status: S) -> bool {
    matches!(
        status,
        S::EmojiPresentation
            | S::EmojiPresentationAndModifierBase
            | S::EmojiPresentationAndEmojiComponent
            | S::EmojiPresentationAndModifierAndEmojiComponent
    )
}

pub(crate) const fn is_modifier(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

pub(crate) const fn is_indicator(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

const fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0020}'..='\u{e007f}')
}

/// What is drawn on, or joined to, whatever is before it (UAX #29, Extend).
pub(crate) fn goes_on(c: char) -> bool {
    c == JOINER || is_modifier(c) || is_tag(c) || is_mark(c)
}

/// A mark that stands on the letter before it.
pub(crate) fn is_mark(c: char) -> bool {
    c >= '\u{300}'
        && matches!(
            category(c),
            GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark
        )
}
