//! The length of a text in the composer: far from the limit, near it, or over it.

use protocol::{is_visible, limits::TEXT_CHARS};

/// From here on, what is left is counted.
const COUNTED_FROM: usize = TEXT_CHARS - 500;

/// How long a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    /// Nothing that can be seen.
    Blank,
    /// Far from the limit.
    Fine,
    /// Near it: so many characters.
    Near(u64),
    /// So many over it.
    Over(u64),
}

/// How long a text is, in the characters that the server counts.
pub(crate) fn length(text: &str) -> Length {
    if !text.chars().any(is_visible) {
        return Length::Blank;
    }
    let count = if text.len() < COUNTED_FROM {
        0
    } else {
        text.chars().count()
    };
    match count {
        0..COUNTED_FROM => Length::Fine,
        COUNTED_FROM..=TEXT_CHARS => Length::Near(count as u64),
        _ => Length::Over((count - TEXT_CHARS) as u64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_counted_near_the_limit() {
        assert_eq!(
            [length(""), length(" \n"), length("hi")],
            [Length::Blank, Length::Blank, Length::Fine]
        );
        assert_eq!(length(&"字".repeat(7_499)), Length::Fine);
        assert_eq!(length(&"字".repeat(7_500)), Length::Near(7_500));
        assert_eq!(length(&"x".repeat(8_000)), Length::Near(8_000));
        assert_eq!(length(&"x".repeat(8_212)), Length::Over(212));
    }
}
