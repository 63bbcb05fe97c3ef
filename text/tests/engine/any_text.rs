//! What holds for the shape of any text: its bounds, that nothing is lost, and that emphasis is CommonMark's.

use proptest::prelude::*;
use text::{Block, Content, Inline, MAX_DEPTH, calls, parse, readable};

use crate::markdown::seen;

fn depth(all: &[Block]) -> usize {
    let inside = |block: &Block| match block {
        Block::Quote(says) => 1 + depth(says),
        Block::List { items, .. } => {
            1 + items
                .iter()
                .map(|item| depth(&item.says))
                .max()
                .unwrap_or(0)
        }
        Block::Words(content) => depth_of(content.inlines()),
        _ => 0,
    };
    all.iter().map(inside).max().unwrap_or(0)
}

fn depth_of(all: &[Inline]) -> usize {
    let inside = |node: &Inline| match node {
        Inline::Marked(_, inside) | Inline::Link { label: inside, .. } => 1 + depth_of(inside),
        _ => 0,
    };
    all.iter().map(inside).max().unwrap_or(0)
}

/// Texts that cost other engines seconds or their stack.
fn hostile() -> Vec<String> {
    let repeated = [
        "[",
        "*",
        "_",
        "**a ",
        "*a _b ",
        "a**b",
        "`",
        "> ",
        ">",
        ">\n",
        "> >\n",
        "- ",
        "1. ",
        "> - ",
        "~~a",
        "||a",
        "||",
        "\\",
        "[a](",
        "[a](http://",
        "](",
        "[[a](http://b.c)",
        "@ada ",
        "***a***",
        "_a_b",
        "|",
        "|-",
        "|\n|-|\n",
        "|-|\n",
        "```\n",
        "~~~a\n",
        "- a\n",
        "-\n",
        " ",
        "\n",
        "\t- ",
        "a | b\n",
        "*a",
        "a*",
        "https://",
        "`a``",
    ];
    let fit = |piece: &str| piece.chars().cycle().take(8_000).collect::<String>();
    let mut all: Vec<String> = repeated.into_iter().map(fit).collect();
    all.push(format!("{}a{}", "*".repeat(3_999), "*".repeat(3_999)));
    all.push(format!("{}a{}", "*a _".repeat(1_000), "_ *".repeat(1_000)));
    all.push(format!(
        "{}{}",
        "[".repeat(4_000),
        "](http://a.b)".repeat(300)
    ));
    all.push(format!(
        "{}\n{}\n{}",
        "|a".repeat(1_300),
        "|-".repeat(1_300),
        "||\n".repeat(900)
    ));
    all.push(format!("|a|\n|-|\n{}", "|b|\n".repeat(1_990)));
    all.push(
        (1..120)
            .flat_map(|length| ["`".repeat(length), " ".to_owned()])
            .collect(),
    );
    let steps: Vec<String> = (0..100).map(|depth| "  ".repeat(depth) + "- a\n").collect();
    all.push(steps.concat());
    all
}

/// What they cost is measured by `cargo bench -p text`.
#[test]
fn depth_is_bounded() {
    for text in hostile() {
        let blocks = parse(&text);
        assert!(
            depth(&blocks) <= 2 * MAX_DEPTH,
            "{} deep: {:.20}",
            depth(&blocks),
            text
        );
        assert!(calls(&text).len() <= text::MAX_CALLS);
    }
}

/// As [`seen`] has it, by another crate.
fn reference(text: &str) -> String {
    use pulldown_cmark::{Event, Parser, Tag};
    let event = |event| match event {
        Event::Text(text) => text.to_string(),
        Event::Code(code) => format!("c({code})"),
        Event::Start(Tag::Strong) => "b(".to_owned(),
        Event::Start(Tag::Emphasis) => "i(".to_owned(),
        Event::Start(_) | Event::End(pulldown_cmark::TagEnd::Paragraph) => String::new(),
        Event::End(_) => ")".to_owned(),
        other => panic!("{other:?}"),
    };
    Parser::new(text).map(event).collect()
}

/// All letters and digits of blocks, code's language and links' addresses included.
fn letters(all: &[Block], out: &mut Vec<char>) {
    fn push(text: &str, out: &mut Vec<char>) {
        out.extend(text.chars().filter(|c| c.is_alphanumeric()));
    }
    fn of_nodes(content: &Content, all: &[Inline], out: &mut Vec<char>) {
        for node in all {
            match node {
                Inline::Words(at) | Inline::Code(at) => push(content.says(at), out),
                Inline::Marked(_, inside) => of_nodes(content, inside, out),
                Inline::Link { to, label } => {
                    of_nodes(content, label, out);
                    push(content.says(to), out);
                }
            }
        }
    }
    for block in all {
        match block {
            Block::Words(content) => of_nodes(content, content.inlines(), out),
            Block::Code { language, lines } => push(&format!("{language}{lines}"), out),
            Block::Quote(says) => letters(says, out),
            Block::List { items, .. } => items.iter().for_each(|item| letters(&item.says, out)),
            Block::Table(table) => {
                let cells = table.head.iter().chain(table.rows.iter().flatten());
                cells.for_each(|cell| of_nodes(cell, cell.inlines(), out));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Every letter is drawn, in its place, and marks of pairs are gone or drawn.
    #[test]
    fn nothing_that_says_something_is_lost(text in r"([a-c字：。“ ]|\n|[*_~|`\\\[\]()<>#!=+:.-]|\*\*|~~|\|\||\n> |\n- |\n  |\n```|\]\(https://x\.example/|\n\|-\|\n|@ada|👍|\PC){0,60}") {
        let mut found = Vec::new();
        letters(&parse(&text), &mut found);
        let typed: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        // Numbers and boxes of lists are no words.
        prop_assert_eq!(found, typed);
    }

    /// Where only CommonMark's emphasis is, it is as another reader of CommonMark has it.
    #[test]
    fn emphasis_is_commonmarks(text in r"[a.]([ab.]|\*|_|\*\*|__|`| ){0,30}[b.]") {
        prop_assert_eq!(seen(&text), reference(&text));
    }

    #[test]
    fn any_text_is_read(text in "\\PC{0,200}") {
        parse(&text);
        readable(&text);
    }

    /// What has no marks at all is one block of just these words.
    #[test]
    fn words_are_words(text in "[a-z字，。！？👍 ]{0,40}[a-z字]") {
        let blocks = parse(&text);
        let [Block::Words(content)] = blocks.as_slice() else {
            return Err(TestCaseError::fail(format!("{blocks:?}")));
        };
        prop_assert_eq!(content.text(), text.as_str());
        prop_assert_eq!(content.inlines(), [Inline::Words(0..text.len())]);
    }
}
