//! Tables: a row, a rule under it, more rows. Every row has a bar; a line without one is not the table's any more.

use std::ops::Range;

use super::{Align, Content};

/// The columns of the rule under a table's head: `| --- | :-: | --: |`.
pub(super) fn rule(line: &str) -> Option<Vec<Align>> {
    let fits = |byte: u8| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t');
    if !line.contains('|') || !line.bytes().all(fits) {
        return None;
    }
    split(line)
        .into_iter()
        .map(|cell| align(&line[cell]))
        .collect()
}

fn align(cell: &str) -> Option<Align> {
    let (start, rest) = cell
        .strip_prefix(':')
        .map_or((false, cell), |rest| (true, rest));
    let (end, rest) = rest
        .strip_suffix(':')
        .map_or((false, rest), |rest| (true, rest));
    if rest.is_empty() || rest.bytes().any(|byte| byte != b'-') {
        return None;
    }
    Some(match (start, end) {
        (true, true) => Align::Center,
        (false, true) => Align::End,
        (_, false) => Align::Start,
    })
}

/// The cells of a row.
pub(super) fn cells(text: &str, line: Range<usize>) -> Option<Vec<Content>> {
    let row = text.get(line.clone()).filter(|row| row.contains('|'))?;
    let moved = |cell: Range<usize>| line.start + cell.start..line.start + cell.end;
    let cells = split(row).into_iter();
    Some(
        cells
            .map(|cell| Content::of_cell(text, moved(cell)))
            .collect(),
    )
}

/// A row without the empty cells that have no column.
pub(super) fn fit(mut row: Vec<Content>, columns: usize) -> Vec<Content> {
    while row.len() > columns && row.last().is_some_and(|cell| cell.text().is_empty()) {
        row.pop();
    }
    row
}

/// What stands between the bars of a line, without white space around it. Bars at its ends are its frame.
fn split(line: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let end = line.trim_ascii_end().len();
    let mut start = line.len() - line.trim_ascii_start().len();
    if line[start..].starts_with('|') {
        start += 1;
    }
    let bytes = line.as_bytes();
    let mut at = start;
    while at < end {
        match bytes[at] {
            b'\\' => at += 1,
            b'|' => {
                out.push(trimmed(line, start..at));
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    if start < end {
        out.push(trimmed(line, start..end));
    }
    out
}

fn trimmed(line: &str, cell: Range<usize>) -> Range<usize> {
    let says = &line[cell.clone()];
    let start = cell.start + says.len() - says.trim_ascii_start().len();
    start..start + says.trim_ascii().len()
}
