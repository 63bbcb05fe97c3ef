//! A message in one line, for where there is no room for more: its words without marks.

use crate::markdown::{Block, Content, Inline, Style, parse};

/// Stands for words that are hidden until one asks for them.
const HIDDEN: &str = "▒▒▒";

/// The words of a text, without marks. Blocks are parted by line breaks.
pub fn readable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    blocks(&parse(text), &mut out);
    out
}

fn blocks(all: &[Block], out: &mut String) {
    for block in all {
        match block {
            Block::Words(content) => words(content, out),
            Block::Code { lines, .. } => out.push_str(lines),
            Block::Quote(says) => blocks(says, out),
            Block::List { items, .. } => {
                for item in items {
                    blocks(&item.says, out);
                }
            }
            Block::Table(table) => {
                for cell in table.head.iter().chain(table.rows.iter().flatten()) {
                    words(cell, out);
                    out.push(' ');
                }
            }
        }
        out.push('\n');
    }
}

fn words(content: &Content, out: &mut String) {
    inlines(content, content.inlines(), out);
}

fn inlines(content: &Content, all: &[Inline], out: &mut String) {
    for node in all {
        match node {
            Inline::Words(at) | Inline::Code(at) => out.push_str(content.says(at)),
            Inline::Marked(Style::Spoiler, _) => out.push_str(HIDDEN),
            Inline::Marked(_, inside) | Inline::Link { label: inside, .. } => {
                inlines(content, inside, out);
            }
        }
    }
}
