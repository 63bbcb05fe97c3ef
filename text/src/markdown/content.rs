//! The words of a block: without what begins its lines in quotes and lists, and with where they were.

use std::ops::Range;

use super::{Inline, inline};

/// Lines of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    text: String,
    inlines: Vec<Inline>,
    /// Where pieces of the text begin, here and in the message.
    places: Vec<(usize, usize)>,
}

impl Content {
    /// Pieces of `source`; a line break is between two lines.
    pub(super) fn of_lines(source: &str, lines: impl IntoIterator<Item = Range<usize>>) -> Self {
        let mut made = Self::empty();
        for line in lines {
            if !made.places.is_empty() {
                made.text.push('\n');
            }
            made.push(source, line);
        }
        made.read()
    }

    /// A cell of a table: a bar in it is written `\|`.
    pub(super) fn of_cell(source: &str, cell: Range<usize>) -> Self {
        let mut made = Self::empty();
        let mut from = cell.start;
        while let Some(at) = source.get(from..cell.end).and_then(|rest| rest.find("\\|")) {
            made.push(source, from..from + at);
            // The bar is the first character of the next piece.
            from += at + 1;
            made.push(source, from..from + 1);
            from += 1;
        }
        made.push(source, from..cell.end);
        made.read()
    }

    const fn empty() -> Self {
        Self {
            text: String::new(),
            inlines: Vec::new(),
            places: Vec::new(),
        }
    }

    fn push(&mut self, source: &str, piece: Range<usize>) {
        self.places.push((self.text.len(), piece.start));
        self.text.push_str(source.get(piece).unwrap_or_default());
    }

    fn read(mut self) -> Self {
        self.inlines = inline::read(&self.text);
        self
    }

    /// The words as they were typed, with their marks.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What they are.
    pub fn inlines(&self) -> &[Inline] {
        &self.inlines
    }

    /// A piece of the text.
    pub fn says(&self, at: &Range<usize>) -> &str {
        self.text.get(at.clone()).unwrap_or_default()
    }

    /// What inlines say, without their marks.
    pub fn plain(&self, inlines: &[Inline]) -> String {
        fn walk(content: &Content, inlines: &[Inline], out: &mut String) {
            for node in inlines {
                match node {
                    Inline::Words(at) | Inline::Code(at) => out.push_str(content.says(at)),
                    Inline::Marked(_, inside) | Inline::Link { label: inside, .. } => {
                        walk(content, inside, out);
                    }
                }
            }
        }
        let mut out = String::new();
        walk(self, inlines, &mut out);
        out
    }

    /// Where a piece begins in the message that is at `at` here: what to add to `at`.
    pub(crate) fn moved(&self, at: usize) -> usize {
        let next = self.places.partition_point(|(here, _)| *here <= at);
        let place = next.checked_sub(1).and_then(|last| self.places.get(last));
        place.map_or(0, |(here, there)| there.saturating_sub(*here))
    }

    pub(super) fn each_words<'c>(&'c self, each: &mut impl FnMut(&'c Self, &Range<usize>)) {
        fn walk<'c>(
            content: &'c Content,
            inlines: &[Inline],
            each: &mut impl FnMut(&'c Content, &Range<usize>),
        ) {
            for node in inlines {
                match node {
                    Inline::Words(at) => each(content, at),
                    Inline::Marked(_, inside) => walk(content, inside, each),
                    Inline::Code(_) | Inline::Link { .. } => {}
                }
            }
        }
        walk(self, &self.inlines, each);
    }
}
