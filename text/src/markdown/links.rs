//! `[words](address)`: which addresses words may hide.

use std::ops::Range;

use crate::address::{self, Address};

/// Where a link goes, in the text.
pub(super) type LinkTarget = Range<usize>;

/// The `(address)` that begins at `at`, behind a label in brackets, and where it ends.
pub(super) fn target(text: &str, at: usize, label: &str) -> Option<(LinkTarget, usize)> {
    let rest = text.get(at..)?.strip_prefix('(')?;
    let length = extent(rest)?;
    let address = rest.get(..length)?;
    let target = at + 1..at + 1 + length;
    (is_allowed(address) && is_honest(label, address)).then_some((target, at + length + 2))
}

/// Up to the bracket that closes it: no white space is in an address, and brackets are in pairs.
fn extent(rest: &str) -> Option<usize> {
    // More are no address, and a text of brackets is not read again from each.
    const MAX_OPEN: u32 = 32;
    let mut open = 0;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b')' if open == 0 => return Some(at),
            b')' => open -= 1,
            b'(' if open == MAX_OPEN => return None,
            b'(' => open += 1,
            b'<' | b'>' | b'"' | b'`' => return None,
            _ if byte.is_ascii_whitespace() || byte.is_ascii_control() => return None,
            _ => {}
        }
    }
    None
}

fn is_allowed(to: &str) -> bool {
    const MAIL: &str = "mailto:";
    if let Some((scheme, whom)) = to.split_at_checked(MAIL.len())
        && scheme.eq_ignore_ascii_case(MAIL)
    {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".@_+-".contains(&byte);
        return whom.contains('@') && whom.bytes().all(fits);
    }
    let colon = to.find("://");
    colon
        .and_then(|colon| address::at_colon(to, colon))
        .is_some_and(|(whole, is)| whole == (0..to.len()) && is == Address::Link)
}

/// Something must be shown, and no other address than the one it goes to.
fn is_honest(label: &str, to: &str) -> bool {
    !label.trim().is_empty() && (label == to || !label.contains("://"))
}
