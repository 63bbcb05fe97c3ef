//! Addresses of the web in a text: where one ends, and whether its host is what it seems.
//!
//! Which address it is, and how it is written in ASCII, the WHATWG's rules say: the `url` crate on the server, the browser's own
//! `URL` in a page. Here it is only decided where an address begins and ends, and hosts are refused of which a reader could think
//! that they are others, or on which parsers do not agree. What is refused is no link at all.

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    ops::Range,
};

use protocol::{category, category_group};
use unicode_properties::{GeneralCategory as C, GeneralCategoryGroup as Group};

use crate::script::{self, Script};

/// What stands around `://`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// `http` or `https` with a host that can be linked.
    Link,
    /// Another scheme, or a host that is refused.
    Opaque,
}

/// The address whose `://` begins at `colon`, from its scheme to its end.
pub(crate) fn at_colon(text: &str, colon: usize) -> Option<(Range<usize>, Address)> {
    let rest = text[colon..].strip_prefix("://")?;
    let start = scheme(&text[..colon])?;
    let name = &text[start..colon];
    let from = colon + 3;
    let extent = AddressExtent::of(rest, &text[..start]);
    let range = start..from + extent.length;
    let web = name.eq_ignore_ascii_case("http") || name.eq_ignore_ascii_case("https");
    let is = if web && !extent.torn && is_fit(&rest[..extent.length]) {
        Address::Link
    } else {
        Address::Opaque
    };
    Some((range, is))
}

/// Where the scheme begins that `before` ends in (RFC 3986, section 3.1).
fn scheme(before: &str) -> Option<usize> {
    // Longer than any scheme in use; a run without an end is not read again at every colon.
    const MAX_SCHEME: usize = 32;
    let run = before
        .bytes()
        .rev()
        .take(MAX_SCHEME)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
        .count();
    let start = before.len() - run;
    let letter = before[start..]
        .bytes()
        .position(|b| b.is_ascii_alphabetic())?;
    Some(start + letter)
}

/// How far an address reaches.
struct AddressExtent {
    /// Bytes after `://`.
    length: usize,
    /// It ends within the host, at something that is no end of a sentence: the host may go on for another parser, or another reader.
    torn: bool,
}

impl AddressExtent {
    fn of(rest: &str, before: &str) -> Self {
        let mut open = [0u32; PAIRS.len()];
        let mut host = true;
        let (mut length, mut torn) = (rest.len(), false);
        for (at, c) in rest.char_indices() {
            if ends_always(c) || closes_unmatched(c, &mut open) {
                length = at;
                torn = host && goes_on(c, rest[at + c.len_utf8()..].chars().next());
                break;
            }
            host &= !matches!(c, '/' | '?' | '#');
        }
        Self {
            length: without_sentence_end(&rest[..length], before),
            torn,
        }
    }
}

/// Brackets and quotes that may stand within an address in pairs, as in `/wiki/Rust_(language)`.
const PAIRS: [(char, char); 5] = [('(', ')'), ('[', ']'), ('{', '}'), ('“', '”'), ('«', '»')];

fn closes_unmatched(c: char, open: &mut [u32; PAIRS.len()]) -> bool {
    for (&(opening, closing), open) in PAIRS.iter().zip(open) {
        if c == opening {
            *open += 1;
        } else if c == closing {
            if *open == 0 {
                return true;
            }
            *open -= 1;
        }
    }
    false
}

/// White space, controls, what addresses are put between, and the punctuation of texts without spaces.
fn ends_always(c: char) -> bool {
    matches!(c, '<' | '>' | '"' | '`')
        || c.is_whitespace()
        || c.is_control()
        || is_wide_punctuation(c)
        || is_unseen(c)
}

/// Punctuation of Chinese and Japanese, wide forms of the ASCII one, too; not the middle dot and the wave dash, which are in names.
const fn is_wide_punctuation(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301b}' | '\u{301d}'..='\u{301f}'
        | '\u{fe10}'..='\u{fe19}' | '\u{fe30}'..='\u{fe6b}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}'
        | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff5d}' | '\u{ff5f}'..='\u{ff65}')
}

/// What changes the direction of what is read, or is not seen at all. Joiners are letters' own, in Persian and in emoji.
const fn is_unseen(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Whether a host that `c` ends may seem to go on with `next`: after a dot of another width, or after something unseen.
fn goes_on(c: char, next: Option<char>) -> bool {
    let Some(next) = next else {
        return false;
    };
    if is_unseen(c) {
        return !next.is_whitespace();
    }
    let wide =
        matches!(next, '\u{ff10}'..='\u{ff19}' | '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}');
    // The forms that a host's parser takes for `.`, `/`, `\`, `?`, `#`, `@`, `:` and `%`.
    let reads_as_sign = matches!(
        c,
        '。' | '．'
            | '｡'
            | '﹒'
            | '／'
            | '＼'
            | '﹨'
            | '？'
            | '＃'
            | '﹟'
            | '＠'
            | '﹫'
            | '：'
            | '％'
            | '﹪'
    );
    reads_as_sign && (next.is_ascii_alphanumeric() || wide)
}

/// An address without the punctuation of the sentence that it ends, and without marks that may end what began `before` it in
/// its line.
fn without_sentence_end(address: &str, before: &str) -> usize {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let mut end = address.len();
    while let Some(last) = address[..end].chars().next_back() {
        let ends_sentence = matches!(
            last,
            '.' | ','
                | ':'
                | ';'
                | '!'
                | '?'
                | '\''
                | '’'
                | '…'
                | '⋯'
                | '‥'
                | '～'
                | '〜'
                | '('
                | '['
                | '{'
                | '“'
                | '‘'
                | '«'
        );
        let is_mark = matches!(last, '*' | '_' | '~' | '|') && line.contains(last);
        if !ends_sentence && !is_mark {
            break;
        }
        end -= last.len_utf8();
    }
    end
}

/// Whether the host of an address (what follows `://`) can be linked. A user's name before it, a backslash, a `%`, and
/// whatever else makes parsers and readers find different hosts, is refused.
fn is_fit(rest: &str) -> bool {
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, after) = rest.split_at(end);
    if after.starts_with('\\') {
        return false;
    }
    let (host, port) = match authority.rfind([':', ']']) {
        Some(at) if authority[at..].starts_with(':') => {
            (&authority[..at], Some(&authority[at + 1..]))
        }
        _ => (authority, None),
    };
    port.is_none_or(is_port) && is_host(host)
}

fn is_port(port: &str) -> bool {
    port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok()
}

/// RFC 1035, section 2.3.4.
const HOST_BYTES: usize = 253;
const LABEL_BYTES: usize = 63;

fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[') {
        return inner
            .strip_suffix(']')
            .is_some_and(|inner| inner.parse::<Ipv6Addr>().is_ok());
    }
    // The root's dot at the end may be written.
    let host = host.strip_suffix('.').unwrap_or(host);
    let last = host.rsplit('.').next().unwrap_or_default();
    if host.len() > HOST_BYTES || !host.split('.').all(is_label) {
        return false;
    }
    if host.is_ascii() {
        // A parser reads a host that ends in a number as an address of IPv4, in many ways; only the usual one is shown as what it is.
        let number = last.bytes().all(|b| b.is_ascii_digit())
            || last.get(..2).is_some_and(|x| x.eq_ignore_ascii_case("0x"));
        return !number || host.parse::<Ipv4Addr>().is_ok();
    }
    let top = last.chars().any(|c| script::of(c) != Script::None);
    host.contains('.') && top && !seems_latin(host, last)
}

/// A label: letters, digits, marks, inner hyphens and underscores, none of them unseen, and not mixed of scripts that look alike.
fn is_label(label: &str) -> bool {
    let ascii = label.is_ascii();
    if label.is_empty()
        || label.starts_with('-')
        || label.ends_with('-')
        || (ascii && label.len() > LABEL_BYTES)
    {
        return false;
    }
    label.chars().any(char::is_alphanumeric)
        && label.chars().all(|c| {
            c.is_ascii_alphanumeric()
                || matches!(c, '-' | '_')
                || (!c.is_ascii() && is_host_char(c))
        })
        && !is_mixed(label)
}

fn is_host_char(c: char) -> bool {
    match category(c) {
        C::DecimalNumber => true,
        C::NonspacingMark | C::SpacingMark => {
            !matches!(c, '\u{34f}' | '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{17b4}' | '\u{17b5}' | '\u{e0100}'..='\u{e01ef}')
        }
        other => is_letter(other) && protocol::is_visible(c),
    }
}

fn is_letter(category: C) -> bool {
    matches!(
        category,
        C::UppercaseLetter
            | C::LowercaseLetter
            | C::TitlecaseLetter
            | C::ModifierLetter
            | C::OtherLetter
    )
}

/// Scripts whose letters look like one another's, side by side in one label.
fn is_mixed(label: &str) -> bool {
    let mut found = None;
    for c in label.chars() {
        let is = script::of(c);
        let alike = matches!(
            is,
            Script::Latin | Script::Greek | Script::Cyrillic | Script::Armenian | Script::Cherokee
        );
        if alike && found.replace(is).is_some_and(|other| other != is) {
            return true;
        }
    }
    false
}

/// Whether a label of Cyrillic or Greek letters that all look like Latin ones stands before an ASCII top level, as in `аррӏе.com`.
fn seems_latin(host: &str, top: &str) -> bool {
    const LATIN_LOOKS: &str =
        "асԁеһіїјӏорԗԛѕԝхуъҽпгѵѡкмтвнЕАВСНІЈКМОРЅТХҮУοιανρτυκχγΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";
    top.is_ascii()
        && host.split('.').any(|label| {
            let mut letters = label
                .chars()
                .filter(|&c| category_group(c) == Group::Letter);
            !label.is_ascii() && letters.all(|c| LATIN_LOOKS.contains(c))
        })
}
