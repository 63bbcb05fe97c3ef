//! The shape of a message: Markdown, as CommonMark has it, of which a chat needs a part.
//!
//! Blocks are found by the beginnings of lines ([`blocks`]), then marks within what they say ([`inline`]). Everything keeps to the
//! lines as they were typed: a quote, an item or a table ends where its lines end, since in a chat the next line is the answer.
//! Nothing is dropped but marks. What is no mark here (headings, HTML, entities, images, references) is words.
//!
//! Depth is bounded ([`MAX_DEPTH`]), so that neither this nor whoever draws it can run out of stack; what is deeper is words.

mod blocks;
mod content;
mod delimiters;
mod inline;
mod lines;
mod links;
mod tables;

use std::ops::Range;

pub use content::Content;

/// How deep quotes, lists and marks may stand in each other. What is deeper is words.
pub const MAX_DEPTH: usize = 16;

/// A block of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Lines of words.
    Words(Content),
    /// A block of code.
    Code {
        /// The word behind its first marks.
        language: String,
        /// Its lines.
        lines: String,
    },
    /// What somebody said.
    Quote(Vec<Self>),
    /// A list.
    List {
        /// Of a numbered one, the first number.
        first: Option<u32>,
        /// Its items.
        items: Vec<ListItem>,
    },
    /// A table.
    Table(Table),
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListItem {
    /// Of a task, whether it is done.
    pub done: Option<bool>,
    /// What it says.
    pub says: Vec<Block>,
}

/// A table. Its rows may have fewer cells than its head, or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// How each column is aligned.
    pub columns: Vec<Align>,
    /// The row above the rule.
    pub head: Vec<Content>,
    /// The rows below it.
    pub rows: Vec<Vec<Content>>,
}

/// How a column is aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// To where lines begin.
    Start,
    /// In the middle.
    Center,
    /// To where lines end, as numbers are.
    End,
}

/// An inline of CommonMark, within lines of words; ranges are of [`Content::text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Words, in which there may be mentions, addresses and emoji.
    Words(Range<usize>),
    /// Code, without its marks.
    Code(Range<usize>),
    /// Words between marks.
    Marked(Style, Vec<Self>),
    /// Words that are a link. There are no mentions and no links in it.
    Link {
        /// The address.
        to: Range<usize>,
        /// What is shown for it.
        label: Vec<Self>,
    },
}

/// What marks make of the words between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `*` or `_`.
    Emphasis,
    /// `**` or `__`.
    Strong,
    /// `~~`.
    Strike,
    /// `||`: hidden until one asks for it.
    Spoiler,
}

/// The blocks of a text.
pub fn parse(text: &str) -> Vec<Block> {
    blocks::of(text)
}

/// Calls `each` with all words in which somebody may be mentioned, in their order.
pub(crate) fn each_words<'b>(
    blocks: &'b [Block],
    each: &mut impl FnMut(&'b Content, &Range<usize>),
) {
    for block in blocks {
        match block {
            Block::Words(content) => content.each_words(each),
            Block::Code { .. } => {}
            Block::Quote(says) => each_words(says, each),
            Block::List { items, .. } => {
                for item in items {
                    each_words(&item.says, each);
                }
            }
            Block::Table(table) => {
                for cell in table.head.iter().chain(table.rows.iter().flatten()) {
                    cell.each_words(each);
                }
            }
        }
    }
}
