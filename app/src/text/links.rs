//! Bare addresses in a text.

use std::ops::Range;

/// The addresses in `text`: `http://` or `https://` with a host, ASCII only. A mark that ends a sentence is not part of one.
pub(super) fn links(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find("://")) {
        let marks = from + found;
        from = marks + 3;
        let Some(start) = scheme(&text[..marks]) else {
            continue;
        };
        let end = marks + 3 + length(&text[marks + 3..]);
        if has_host(&text[marks + 3..end]) {
            out.push(start..end);
            from = end;
        }
    }
    out
}

/// Where the scheme begins that `before` ends in.
fn scheme(before: &str) -> Option<usize> {
    let name = ["https", "http"].into_iter().find(|name| {
        let at = before.len().checked_sub(name.len());
        at.and_then(|at| before.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(name))
    })?;
    let start = before.len() - name.len();
    let glued = before[..start]
        .chars()
        .next_back()
        .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    (!glued).then_some(start)
}

/// Only ASCII that may stand in an address (RFC 3986, section 2): what is beyond it could change how the address reads.
fn length(rest: &str) -> usize {
    let fits = |c: char| {
        c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '\\' | '^' | '`' | '{' | '|' | '}')
    };
    let mut end = rest.find(|c| !fits(c)).unwrap_or(rest.len());
    let count = |wanted: char| rest[..end].matches(wanted).count();
    let (mut round, mut square) = (
        count(')').saturating_sub(count('(')),
        count(']').saturating_sub(count('[')),
    );
    while let Some(last) = rest[..end].chars().next_back() {
        match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' => {}
            ')' if round > 0 => round -= 1,
            ']' if square > 0 => square -= 1,
            _ => break,
        }
        end -= last.len_utf8();
    }
    end
}

fn has_host(rest: &str) -> bool {
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    host.chars().any(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        links(text).into_iter().map(|at| &text[at]).collect()
    }

    #[test]
    fn addresses_end_where_sentences_go_on() {
        for (text, link) in [
            (
                "see https://a.example/b?c=d#e.",
                "https://a.example/b?c=d#e",
            ),
            ("(http://a.example/x)", "http://a.example/x"),
            ("https://a.example/x_(y), z", "https://a.example/x_(y)"),
            ("看https://a.example/路", "https://a.example/"),
            ("HTTPS://A.example!", "HTTPS://A.example"),
            ("<https://a.example>", "https://a.example"),
            ("http://localhost:3000/", "http://localhost:3000/"),
        ] {
            assert_eq!(found(text), [link], "{text}");
        }
        assert_eq!(found("http://a.example,http://b.example").len(), 1);
        assert_eq!(found("http://a.example http://b.example").len(), 2);
    }

    #[test]
    fn what_is_no_address() {
        for text in [
            "javascript://x",
            "xhttp://a.example",
            "http://",
            "https://...",
            "http:/a",
            "data:text/html,x",
            "http://例子",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
    }
}
