//! A long message: its beginning is drawn, and a button for the rest. What is long is decided by the text alone, so that the
//! server and every window decide alike; how much of it is seen then is the style sheet's (`text.css`).

use client::rows::RowKey;
use leptos::{ev, prelude::*};

use crate::{
    live::Live,
    text::{Block, Content, parse},
};
use view::{Part, View, tag};

/// Lines of a message that is drawn whole at once. The style sheet shows 24 of a longer one.
const MAX_LINES: usize = 30;
/// Columns of a line: about what is in one where the timeline is as wide as it gets.
const COLUMNS: usize = 80;

/// Whether a text has more than [`MAX_LINES`] lines. A short one is told by its line breaks.
pub(super) fn is_long(text: &str) -> bool {
    let breaks = || text.bytes().filter(|&byte| byte == b'\n').count();
    // A column is a byte at least: nearly every message is done with here.
    if text.len() / COLUMNS + 1 + breaks() <= MAX_LINES {
        return false;
    }
    lines_of(&parse(text)) > MAX_LINES
}

/// Lines of blocks, with what is between these.
fn lines_of(blocks: &[Block]) -> usize {
    let of = |block: &Block| match block {
        Block::Words(content) => lines_of_words(content),
        // Its lines are not broken. The space around it is as high as a line.
        Block::Code { lines, .. } => 2 + lines.matches('\n').count(),
        Block::Quote(says) => lines_of(says),
        Block::List { items, .. } => items.iter().map(|item| lines_of(&item.says)).sum(),
        // Its cells are higher than lines.
        Block::Table(table) => (table.rows.len() + 1) * 3 / 2,
    };
    blocks.iter().map(of).sum::<usize>() + blocks.len().saturating_sub(1) / 3
}

fn lines_of_words(content: &Content) -> usize {
    let (mut lines, mut column) = (1, 0);
    for letter in content.text().chars() {
        // From the radicals on, letters are those of East Asia and emoji: twice as wide.
        column += if letter < '\u{2e80}' { 1 } else { 2 };
        if letter == '\n' || column > COLUMNS {
            (lines, column) = (lines + 1, 0);
        }
    }
    lines
}

/// The id of the part that is cut off.
fn cut(live: Live, key: RowKey) -> String {
    format!("{}-cut", live.timeline().id(key))
}

/// A long text, cut off until one asks for the rest.
pub(super) fn folded(live: Live, key: RowKey, says: View) -> View {
    tag::div("long")
        .class_when("cut", move || !live.view().is_whole(key))
        .attr("id", cut(live, key))
        // Nobody scrolls in it but the browser, to what was found on the page, or gets the focus, or is selected.
        .on(ev::scroll, move |_| {
            live.view().unfold(key, &cut(live, key));
        })
        .child(says)
        .view()
}

/// The button for the rest, and back.
pub(super) fn toggle(live: Live, key: RowKey, active: ArcRwSignal<bool>) -> View {
    let words = &live.ui().words.message;
    let whole = move || live.view().is_whole(key);
    tag::button("btn small unfold js-only")
        .attr("type", "button")
        .attr(
            "aria-expanded",
            move || {
                if whole() { "true" } else { "false" }
            },
        )
        .attr("tabindex", move || live.inner_tab(active.get()))
        .on(ev::click, move |_| live.view().fold_or_unfold(key))
        .child(move || {
            if whole() {
                words.show_less
            } else {
                words.show_all
            }
        })
        .view()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: usize, line: &str) -> String {
        vec![line; count].join("\n")
    }

    #[test]
    fn thirty_lines_are_whole_and_one_more_is_not() {
        for line in [
            "a",
            "字",
            "https://example.org/a",
            "**b**",
            "- c",
            "> d",
            "@all",
        ] {
            assert!(!is_long(&lines(30, line)), "30 of {line:?}");
            assert!(is_long(&lines(32, line)), "32 of {line:?}");
        }
        assert!(!is_long(""));
        // Empty lines are only what is between blocks.
        assert!(!is_long(&lines(300, "")));
        assert!(is_long(&lines(31, "a")));
    }

    #[test]
    fn lines_are_broken_where_the_column_ends() {
        for (letter, fits) in [
            ("a", 2_400),
            ("ж", 2_400),
            ("字", 1_200),
            ("\u{0939}", 2_400),
        ] {
            assert!(!is_long(&letter.repeat(fits)), "{fits} of {letter}");
            assert!(is_long(&letter.repeat(fits + 81)), "{fits} of {letter}");
        }
        assert!(!is_long(&lines(15, &"a".repeat(160))));
        assert!(is_long(&lines(16, &"a".repeat(160))));
        assert!(is_long(&"a".repeat(8_000)));
        assert!(is_long(&"word ".repeat(13_000)));
        assert!(is_long(&format!(
            "{}{}",
            "see https://example.org/ ".repeat(100),
            "@all ".repeat(100)
        )));
    }

    #[test]
    fn rows_of_tables_are_higher_than_lines() {
        assert!(!is_long(&format!("|a|\n|-|\n{}", lines(19, "|b|"))));
        assert!(is_long(&format!("|a|\n|-|\n{}", lines(30, "|b|"))));
    }

    #[test]
    fn lines_of_code_are_not_broken() {
        let code = |lines: &str| format!("Look:\n```rust\n{lines}\n```\nThat was it.");
        assert!(!is_long(&code(&"x".repeat(8_000))));
        assert!(!is_long(&code(&lines(20, &"x".repeat(300)))));
        assert!(is_long(&code(&lines(31, "x"))));
        assert!(is_long(&code(&lines(250, "    let x = 1;"))));
    }
}
