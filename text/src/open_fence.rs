//! A block of code that is begun and not closed yet, as one types.

use crate::{Block, parse};

/// A character that nobody types: it stands for what is typed next.
const NEXT: char = '\u{10FFFD}';

/// Whether the next line after `text` would belong to a block of code: its first marks stand there, and its last do not.
pub fn ends_in_fence(text: &str) -> bool {
    ends_in_code(&parse(&format!("{text}\n{NEXT}")))
}

fn ends_in_code(blocks: &[Block]) -> bool {
    match blocks.last() {
        Some(Block::Code { lines, .. }) => lines.contains(NEXT),
        Some(Block::List { items, .. }) => {
            items.last().is_some_and(|item| ends_in_code(&item.says))
        }
        Some(Block::Quote(says)) => ends_in_code(says),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_open_until_its_closing_line() {
        for inside in [
            "```",
            "```rs",
            "```\n",
            "```rs\nlet x",
            "a\n```\n``",
            "```\n```\n```\nx",
            "```\nx```",
            "~~~\nx\n```",
        ] {
            assert!(ends_in_fence(inside), "{inside:?}");
        }
        for outside in [
            "",
            "x",
            "`",
            "x```\n",
            "```\nx\n```",
            "```\nx\n```\n",
            "```a`b",
            "```code```",
        ] {
            assert!(!ends_in_fence(outside), "{outside:?}");
        }
    }
}
