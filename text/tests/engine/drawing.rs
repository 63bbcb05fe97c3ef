//! What is drawn.

use proptest::prelude::*;
use text::{HERE, Kind, block, calls, pieces, shown};
use unicode_segmentation::UnicodeSegmentation as _;

fn who(key: &str) -> Option<bool> {
    match key {
        "ada" | HERE => Some(true),
        "林晓雨" | "wren" => Some(false),
        _ => None,
    }
}

fn drawn(text: &str) -> Vec<(&str, Kind<bool>)> {
    pieces(text, who)
        .iter()
        .map(|piece| (shown(text, piece), piece.kind))
        .collect()
}

#[test]
fn mentions_links_and_code() {
    assert_eq!(
        drawn("@Ada see https://a.example, @林晓雨你好"),
        [
            ("@Ada", Kind::Mention(true)),
            (" see ", Kind::Plain),
            ("https://a.example", Kind::Link),
            (", ", Kind::Plain),
            ("@林晓雨", Kind::Mention(false)),
            ("你好", Kind::Plain),
        ]
    );
    assert_eq!(
        drawn("a `@ada` b"),
        [
            ("a ", Kind::Plain),
            ("@ada", Kind::Code),
            (" b", Kind::Plain)
        ]
    );
    assert_eq!(
        drawn("``a ` b`` ```c``` `` `d` ``"),
        [
            ("a ` b", Kind::Code),
            (" ", Kind::Plain),
            ("c", Kind::Code),
            (" ", Kind::Plain),
            ("`d`", Kind::Code),
        ]
    );
    assert_eq!(
        drawn("https://-/@ada x"),
        [("https://-/@ada x", Kind::Plain)]
    );
    assert_eq!(
        drawn("mail@ada.example"),
        [("mail@ada.example", Kind::Plain)]
    );
    assert!(drawn("").is_empty());
}

#[test]
fn blocks_of_code() {
    assert_eq!(
        drawn("try:\n```sh\nls `x`\n\ncd\n```\nthen"),
        [
            ("try:\n", Kind::Plain),
            ("ls `x`\n\ncd", Kind::Block),
            ("\nthen", Kind::Plain)
        ]
    );
    assert_eq!(block("```sh\nls\n```").0, "sh");
    for open in [
        "```sh\nls",
        "``` x ``",
        "`",
        "``",
        "a `b",
        "`a\nb`",
        "x ```\ny\n```",
    ] {
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
    assert_eq!(drawn(text), [(text, Kind::Plain)]);
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
        assert_eq!(drawn(emoji), [(emoji, Kind::Emoji)], "{emoji}");
        let text = format!("a{emoji}b");
        assert_eq!(
            drawn(&text),
            [("a", Kind::Plain), (emoji, Kind::Emoji), ("b", Kind::Plain)],
            "{emoji}"
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
        assert_eq!(drawn(words), [(words, Kind::Plain)], "{words}");
    }
}

#[test]
fn letters_under_many_marks_are_tall() {
    let tall = format!("z{}", "\u{335}\u{321}\u{30d}\u{34f}".repeat(6));
    let text = format!("a {tall}{tall} b");
    let both = format!("{tall}{tall}");
    assert_eq!(
        drawn(&text),
        [
            ("a ", Kind::Plain),
            (&both, Kind::Tall),
            (" b", Kind::Plain)
        ]
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
        assert_eq!(drawn(words), [(words, Kind::Plain)], "{words}");
    }
}

#[test]
fn every_emoji_of_unicodes_list_is_one_picture() {
    for emoji in emojis::iter() {
        let tones = emoji.skin_tones().into_iter().flatten();
        for emoji in tones.chain([emoji]) {
            let emoji = emoji.as_str();
            assert_eq!(drawn(emoji), [(emoji, Kind::Emoji)], "{emoji}");
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
        let pieces = pieces(&text, who);
        assert_eq!(pieces.last().map(|last| last.at.end), Some(text.len()));
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
        let mut end = 0;
        for piece in &drawn {
            assert!(
                piece.at.start == end && piece.at.end > end,
                "{text}: {drawn:?}"
            );
            end = piece.at.end;
        }
        assert_eq!(end, text.len());
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
    #[test]
    fn the_pieces_are_the_whole_text(text in r"(\PC|[`@:/\n <&＠。]|http://|https://|```|@ada|👩‍🚀|你|a|[\x{300}-\x{36f}]){0,60}") {
        let pieces = pieces(&text, who);
        let mut end = 0;
        for piece in &pieces {
            prop_assert_eq!(piece.at.start, end);
            prop_assert!(piece.at.end > piece.at.start);
            end = piece.at.end;
        }
        prop_assert_eq!(end, text.len());
        for piece in &pieces {
            let says = &text[piece.at.clone()];
            match piece.kind {
                Kind::Link => {
                    let lower = says.to_lowercase();
                    prop_assert!(lower.starts_with("http://") || lower.starts_with("https://"));
                    prop_assert!(!says.contains(|c: char| c.is_whitespace() || c.is_control()));
                }
                Kind::Mention(_) => prop_assert!(says.starts_with(['@', '＠', '﹫'])),
                Kind::Code | Kind::Block => prop_assert!(says.contains(shown(&text, piece))),
                Kind::Plain | Kind::Emoji | Kind::Tall => prop_assert_eq!(shown(&text, piece), says),
            }
        }
    }

    /// No piece begins or ends within a cluster of characters that are drawn as one (UAX #29).
    #[test]
    fn what_is_drawn_as_one_stays_whole(text in r"([a1é❤✌☝👍👩🧑🏽🏿⚖🚀⛹♂♀🇩🇪🇫\x{200d}\x{fe0f}\x{fe0e}\x{20e3}\x{301}\x{335} ]){0,30}") {
        let cuts = cuts(&text);
        for piece in pieces(&text, who) {
            prop_assert!(cuts.contains(&piece.at.start), "{:?} in {:?}", &text[piece.at.clone()], text);
        }
    }
}
