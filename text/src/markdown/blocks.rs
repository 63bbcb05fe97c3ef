//! Blocks, by the beginnings of lines.

use std::ops::Range;

use super::{
    Block, Content, ListItem, MAX_DEPTH, Table,
    lines::{Fence, Marker, indent_of, is_blank, is_within, marker, quoted, task},
    tables,
};

/// The blocks of a text.
pub(super) fn of(text: &str) -> Vec<Block> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        let end = start + line.len();
        // The return of a line that ends with both.
        let shown = line.strip_suffix('\r').unwrap_or(line).len();
        lines.push(start..start + shown);
        start = end + 1;
    }
    BlockReader {
        text,
        lines: &lines,
        depth: 0,
    }
    .blocks()
}

/// Lines of a text, or of a quote or an item in it, without what these begin them with.
struct BlockReader<'t> {
    text: &'t str,
    lines: &'t [Range<usize>],
    depth: usize,
}

impl<'t> BlockReader<'t> {
    fn line(&self, at: usize) -> Option<&'t str> {
        self.text.get(self.lines.get(at)?.clone())
    }

    fn blocks(&self) -> Vec<Block> {
        let mut out = Vec::new();
        let (mut at, mut words) = (0, 0);
        while let Some(line) = self.line(at) {
            if is_blank(line) {
                self.words(words..at, &mut out);
                at += 1;
                words = at;
            } else if let Some((block, end)) = self.block(at, words < at) {
                self.words(words..at, &mut out);
                out.push(block);
                at = end;
                words = at;
            } else {
                at += 1;
            }
        }
        self.words(words..at, &mut out);
        out
    }

    fn words(&self, lines: Range<usize>, out: &mut Vec<Block>) {
        let lines = self.lines.get(lines).unwrap_or_default();
        if !lines.is_empty() {
            out.push(Block::Words(Content::of_lines(
                self.text,
                lines.iter().cloned(),
            )));
        }
    }

    /// The block that begins at a line, and the line after it; none where the line is words.
    fn block(&self, at: usize, after_words: bool) -> Option<(Block, usize)> {
        let line = self.line(at)?;
        if let Some(fence) = Fence::open(line) {
            return Some(self.code(at, &fence));
        }
        if let Some((table, end)) = self.table(at) {
            return Some((Block::Table(table), end));
        }
        if self.depth == MAX_DEPTH {
            return None;
        }
        if quoted(line).is_some() {
            return Some(self.quote(at));
        }
        let first = marker(line).filter(|marker| !after_words || marker.interrupts())?;
        Some(self.list(at, first))
    }

    fn code(&self, open: usize, fence: &Fence) -> (Block, usize) {
        let mut lines = String::new();
        let mut at = open + 1;
        while let Some(line) = self.line(at).filter(|line| !fence.is_closed_by(line)) {
            if at > open + 1 {
                lines.push('\n');
            }
            lines.push_str(line.get(fence.begins(line)..).unwrap_or_default());
            at += 1;
        }
        let info = self
            .line(open)
            .and_then(|line| line.get(fence.info.clone()));
        let language = info.unwrap_or_default().trim().to_owned();
        // Without a closing line it goes to the end.
        (
            Block::Code { language, lines },
            (at + 1).min(self.lines.len()),
        )
    }

    fn table(&self, at: usize) -> Option<(Table, usize)> {
        let range = |at: usize| self.lines.get(at).cloned();
        let columns = tables::rule(self.line(at + 1)?)?;
        let head = tables::cells(self.text, range(at)?)?;
        if head.len() != columns.len() {
            return None;
        }
        let mut rows = Vec::new();
        let mut end = at + 2;
        while let Some(row) = range(end).and_then(|line| tables::cells(self.text, line)) {
            rows.push(tables::fit(row, columns.len()));
            end += 1;
        }
        Some((
            Table {
                columns,
                head,
                rows,
            },
            end,
        ))
    }

    fn quote(&self, from: usize) -> (Block, usize) {
        let mut inner = Vec::new();
        while let Some(line) = self.line(from + inner.len())
            && let Some(begins) = quoted(line)
            && let Some(range) = self.lines.get(from + inner.len())
        {
            inner.push(range.start + begins..range.end);
        }
        let says = self.inside(&inner);
        let end = from + inner.len();
        if says.is_empty() {
            // Marks that quote nothing are words: all of them at once, so that none is looked at again.
            let lines = self.lines.get(from..end).unwrap_or_default();
            return (
                Block::Words(Content::of_lines(self.text, lines.iter().cloned())),
                end,
            );
        }
        (Block::Quote(says), end)
    }

    fn inside(&self, lines: &[Range<usize>]) -> Vec<Block> {
        let depth = self.depth + 1;
        BlockReader {
            text: self.text,
            lines,
            depth,
        }
        .blocks()
    }

    fn list(&self, from: usize, first: Marker) -> (Block, usize) {
        let mut items = Vec::new();
        let (mut at, mut next) = (from, Some(first));
        while let Some(begins) = next.filter(|marker| marker.sign == first.sign) {
            let (item, end) = self.item(at, begins);
            items.push(item);
            // Items may have an empty line between them.
            let mut after = end;
            while self.line(after).is_some_and(is_blank) {
                after += 1;
            }
            next = self.line(after).and_then(marker);
            at = if next.is_some_and(|marker| marker.sign == first.sign) {
                after
            } else {
                end
            };
        }
        (
            Block::List {
                first: first.number,
                items,
            },
            at,
        )
    }

    fn item(&self, from: usize, marker: Marker) -> (ListItem, usize) {
        let mut inner = Vec::new();
        let mut done = None;
        if let Some(range) = self.lines.get(from) {
            let mut start = range.start + marker.at;
            if let Some((is, skip)) = self.text.get(start..range.end).and_then(task) {
                (done, start) = (Some(is), start + skip);
            }
            inner.push(start..range.end);
        }
        let mut at = from + 1;
        let mut blank = 0;
        while let (Some(line), Some(range)) = (self.line(at), self.lines.get(at)) {
            if is_blank(line) {
                blank += 1;
            } else if is_within(line, marker.columns) {
                inner.extend(std::iter::repeat_n(
                    range.start..range.start,
                    std::mem::take(&mut blank),
                ));
                inner.push(range.start + indent_of(line, marker.columns)..range.end);
            } else {
                break;
            }
            at += 1;
        }
        let says = self.inside(&inner);
        // Empty lines behind it are between it and what follows.
        (ListItem { done, says }, at - blank)
    }
}
