//! Code: `` `spans` `` in a line, and fences, blocks between lines of three marks. A mark without its partner is a mark.

use std::ops::Range;

pub(crate) const FENCE: &str = "```";

/// The fence that begins at `start`, where a mark is: from its opening line to its closing line.
pub(crate) fn fence(text: &str, start: usize) -> Option<Range<usize>> {
    let line_start = start == 0 || text[..start].ends_with('\n');
    let rest = text[start..].strip_prefix(FENCE)?;
    let body = rest.find('\n')?;
    let language = &rest[..body];
    if !line_start || language.contains('`') {
        return None;
    }
    let close = rest[body..].find("\n```")? + body;
    let after = &rest[close + 1 + FENCE.len()..];
    let line_end = after.find('\n').unwrap_or(after.len());
    let blank = after[..line_end].trim().is_empty();
    blank.then(|| start..start + FENCE.len() + close + 1 + FENCE.len() + line_end)
}

/// The span of code that begins at `start`, with a run of marks: up to the next run of as many, in the same line. The marks are in it.
pub(crate) fn span(text: &str, start: usize) -> Option<Range<usize>> {
    let rest = &text[start..];
    let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
    let marks = run(line);
    let mut at = marks;
    while let Some(found) = line[at..].find('`') {
        let close = run(&line[at + found..]);
        if close == marks {
            return Some(start..start + at + found + close);
        }
        at += found + close;
    }
    None
}

/// How many marks a text begins with.
pub(crate) fn run(text: &str) -> usize {
    text.len() - text.trim_start_matches('`').len()
}

/// What a span says, without its marks. A space on both sides lets it begin or end with a mark.
pub(crate) fn inside(span: &str) -> &str {
    let marks = run(span);
    let inner = span.get(marks..span.len() - marks).unwrap_or(span);
    let edge = inner.starts_with(" `") || inner.ends_with("` ");
    let spaced = inner
        .strip_prefix(' ')
        .and_then(|inner| inner.strip_suffix(' '));
    spaced.filter(|_| edge).unwrap_or(inner)
}

/// The language and the lines of a fence.
pub fn block(piece: &str) -> (&str, &str) {
    let inner = piece.strip_prefix(FENCE).unwrap_or(piece);
    let (language, rest) = inner.split_once('\n').unwrap_or(("", inner));
    let lines = rest.rfind(FENCE).map_or(rest, |end| {
        rest[..end].strip_suffix('\n').unwrap_or(&rest[..end])
    });
    (language.trim(), lines)
}
