//! What is drawn.

use proptest::prelude::*;
use text::{Block, HERE, calls, parse};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::flat::{Kind, pieces};

fn who(key: &str) -> Option<bool> {
    match key {
        "ada" | HERE => Some(true),
        "林晓雨" | "wren" => Some(false),
        _ => None,
    }
}

fn drawn(text: &str) -> Vec<(String, Kind<bool>)> {
    let pieces = pieces(text, who).into_iter();
    pieces.map(|piece| (piece.says, piece.kind)).collect()
}

fn is_drawn(text: &str, expected: &[(&str, Kind<bool>)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(says, kind)| ((*says).to_owned(), *kind))
        .collect();
    assert_eq!(drawn(text), expected, "{text}");
}

#[test]
fn mentions_links_and_code() {
    is_drawn(
        "@Ada see https://a.example, @林晓雨你好",
        &[
            ("@Ada", Kind::Mention(true)),
            (" see ", Kind::Plain),
            ("https://a.example", Kind::Link),
            (", ", Kind::Plain),
            ("@林晓雨", Kind::Mention(false)),
            ("你好", Kind::Plain),
        ],
    );
    is_drawn(
        "a `@ada` b",
        &[
            ("a ", Kind::Plain),
            ("@ada", Kind::Code),
            (" b", Kind::Plain),
        ],
    );
    is_drawn(
        "``a ` b`` ```c``` `` `d` ``",
        &[
            ("a ` b", Kind::Code),
            (" ", Kind::Plain),
            ("c", Kind::Code),
            (" ", Kind::Plain),
            ("`d`", Kind::Code),
        ],
    );
    is_drawn("https://-/@ada x", &[("https://-/@ada x", Kind::Plain)]);
    is_drawn("mail@ada.example", &[("mail@ada.example", Kind::Plain)]);
    assert!(drawn("").is_empty());
}

#[test]
fn blocks_of_code() {
    is_drawn(
        "try:\n```sh\nls `x`\n\ncd\n```\nthen",
        &[
            ("try:", Kind::Plain),
            ("ls `x`\n\ncd", Kind::Block),
            ("then", Kind::Plain),
        ],
    );
    for (text, language, says) in [
        ("```sh\nls\n```", "sh", "ls"),
        ("```sh\nls", "sh", "ls"),
        ("``` a b \n\n\n```\n", "a b", "\n"),
        ("````\n```\n````", "", "```"),
        ("~~~\n```\n~~~~", "", "```"),
        ("  ```\n    x\n y\n  ```", "", "  x\ny"),
    ] {
        let code = Block::Code {
            language: language.to_owned(),
            lines: says.to_owned(),
        };
        assert_eq!(parse(text), [code], "{text}");
    }
    is_drawn("`a\nb`", &[("a\nb", Kind::Code)]);
    for open in ["``` x ``", "`", "``", "a `b"] {
        assert!(
            drawn(open).iter().all(|(_, kind)| *kind == Kind::Plain),
            "{open}: {:?}",
            drawn(open)
        );
    }
}

#[test]
fn html_is_only_words() {
    let text = "<script>alert(1)</script> <a href=\"javascript:x\">";
    is_drawn(text, &[(text, Kind::Plain)]);
}

#[test]
fn an_emoji_is_one_picture() {
    for emoji in [
        "👍",
        "✌🏽",
        "✌️",
        "🧑‍⚖",
        "🧑‍⚖️",
        "👩‍🚀",
        "👩🏽‍🚀",
        "🛠️",
        "❤️",
        "🇨🇳🇬🇧",
        "1️⃣",
        "#⃣",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "🏳‍🌈",
        "⛹🏽‍♂",
        "👨‍👩‍👧‍👦",
        "🏴‍☠️",
        "☕",
        "🫩",
        "\u{1faff}",
        "🧑🏻‍🐰‍🧑🏼",
        "👍\u{301}",
    ] {
        is_drawn(emoji, &[(emoji, Kind::Emoji)]);
        let text = format!("a{emoji}b");
        is_drawn(
            &text,
            &[("a", Kind::Plain), (emoji, Kind::Emoji), ("b", Kind::Plain)],
        );
    }
    for words in [
        "3 × 4 © 你好",
        "1 2 3",
        "☺︎",
        "❤\u{fe0e}",
        "→",
        "♥ ☎",
        "#1 *",
    ] {
        is_drawn(words, &[(words, Kind::Plain)]);
    }
}

#[test]
fn letters_under_many_marks_are_tall() {
    let tall = format!("z{}", "\u{335}\u{321}\u{30d}\u{34f}".repeat(6));
    let text = format!("a {tall}{tall} b");
    let both = format!("{tall}{tall}");
    is_drawn(
        &text,
        &[
            ("a ", Kind::Plain),
            (&both, Kind::Tall),
            (" b", Kind::Plain),
        ],
    );
    for words in [
        "Việt",
        "Vie\u{302}\u{323}t",
        "בְּרֵאשִׁ֖ית",
        "नमस्ते",
        "กี่",
        "مُحَمَّدٌ",
        "é",
    ] {
        is_drawn(words, &[(words, Kind::Plain)]);
    }
}

#[test]
fn every_emoji_of_unicodes_list_is_one_picture() {
    for emoji in emojis::iter() {
        let tones = emoji.skin_tones().into_iter().flatten();
        for emoji in tones.chain([emoji]) {
            let emoji = emoji.as_str();
            is_drawn(emoji, &[(emoji, Kind::Emoji)]);
        }
    }
}

#[test]
fn hostile_texts_take_no_time() {
    for text in [
        "`".repeat(8_000),
        (1..120)
            .flat_map(|length| ["`".repeat(length), " ".to_owned()])
            .collect(),
        "```\n".repeat(2_000),
        "```a\n".repeat(1_600),
        "http://".repeat(1_100),
        "http://-".repeat(1_000),
        "://".repeat(2_600),
        "a://".repeat(2_000),
        "https://a.example/((((((((".repeat(300),
        "@a".repeat(4_000),
        format!("@{} ", "ก".repeat(50)).repeat(150),
        format!("{}@ada", "\u{301}".repeat(40)).repeat(180),
        "👨‍👩‍👧".repeat(1_600),
        "\u{200d}".repeat(8_000),
        "🇩".repeat(8_000),
        "a\u{301}".repeat(4_000),
        "님".repeat(8_000),
        format!("@{}", "님".repeat(49)).repeat(160),
    ] {
        pieces(&text, who);
        calls(&text);
    }
    let brackets = format!("https://a.example/{}", ")".repeat(7_000));
    assert_eq!(pieces(&brackets, who).len(), 2);
}

/// Somebody's name may end with the scheme of an address: what is left of that is words, in which nobody is mentioned.
#[test]
fn a_name_that_takes_a_scheme() {
    let anybody = |_: &str| Some(());
    for text in [
        "@a请https://a.example",
        "@a请https://@ada @b",
        "@철수http://a.example/@ada",
    ] {
        let drawn = pieces(text, anybody);
        let all: String = drawn.iter().map(|piece| piece.says.as_str()).collect();
        assert_eq!(all, text, "{drawn:?}");
        let shown = drawn
            .iter()
            .filter(|piece| matches!(piece.kind, Kind::Mention(())));
        assert_eq!(shown.count(), calls(text).len(), "{text}: {drawn:?}");
        assert!(
            drawn.iter().all(|piece| piece.kind != Kind::Link),
            "{drawn:?}"
        );
    }
    let some = |key: &str| (key == "a").then_some(());
    let drawn = pieces("@a请https://a.example", some);
    assert!(matches!(drawn[2].kind, Kind::Link), "{drawn:?}");
}

/// Where the clusters of a text begin and end, but for characters that belong to what comes after them.
fn cuts(text: &str) -> Vec<usize> {
    text.grapheme_indices(true)
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect()
}

proptest! {
    /// No piece begins or ends within a cluster of characters that are drawn as one (UAX #29).
    #[test]
    fn what_is_drawn_as_one_stays_whole(text in r"x([a1é❤✌☝👍👩🧑🏽🏿⚖🚀⛹♂♀🇩🇪🇫\x{200d}\x{fe0f}\x{fe0e}\x{20e3}\x{301}\x{335} ]){0,30}") {
        let cuts = cuts(&text);
        let mut start = 0;
        for piece in pieces(&text, who) {
            prop_assert!(cuts.contains(&start), "{:?} in {:?}", piece.says, text);
            start += piece.says.len();
        }
    }
}
