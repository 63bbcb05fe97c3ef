use proptest::prelude::*;

use super::*;

fn people(word: &str) -> Option<Named> {
    match word.to_lowercase().as_str() {
        "ada" | "here" => Some(Named::Me),
        "林晓雨" | "wren" => Some(Named::Other),
        _ => None,
    }
}

fn drawn(text: &str) -> Vec<(&str, Kind)> {
    nodes(text, people)
        .iter()
        .map(|node| (shown(text, node), node.kind))
        .collect()
}

#[test]
fn mentions_links_and_code() {
    let other = Kind::Mention { to_me: false };
    let me = Kind::Mention { to_me: true };
    assert_eq!(
        drawn("@Ada see https://a.example, @林晓雨你好"),
        [
            ("@Ada", me),
            (" see ", Kind::Plain),
            ("https://a.example", Kind::Link),
            (", ", Kind::Plain),
            ("@林晓雨", other),
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
        drawn("https://a.example/@ada"),
        [("https://a.example/@ada", Kind::Link)]
    );
    assert_eq!(
        drawn("mail@ada.example"),
        [("mail@ada.example", Kind::Plain)]
    );
    assert_eq!(drawn("ok 👍"), [("ok ", Kind::Plain), ("👍", Kind::Emoji)]);
    assert!(drawn("").is_empty());
}

#[test]
fn blocks_of_code() {
    let text = "try:\n```sh\nls `x`\n\ncd\n```\nthen";
    assert_eq!(
        drawn(text),
        [
            ("try:\n", Kind::Plain),
            ("ls `x`\n\ncd", Kind::Block),
            ("\nthen", Kind::Plain)
        ]
    );
    assert_eq!(block("```sh\nls\n```").0, "sh");
    for open in [
        "```sh\nls",
        "``` x ```",
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
fn hostile_texts_take_no_time() {
    for text in [
        "`".repeat(8_000),
        "```\n".repeat(2_000),
        "http://".repeat(1_100),
        "((((((((".repeat(1_000),
        "@a".repeat(4_000),
    ] {
        assert!(nodes(&text, people).len() <= text.len());
    }
    let brackets = format!("https://a.example/{}", ")".repeat(7_000));
    assert_eq!(nodes(&brackets, people).len(), 2);
}

proptest! {
    #[test]
    fn the_nodes_are_the_whole_text(text in r"(\PC|[`@:/\n <&]|http://|https://|```|@ada|👩‍🚀|你|a){0,60}") {
        let nodes = nodes(&text, people);
        let mut end = 0;
        for node in &nodes {
            prop_assert_eq!(node.at.start, end);
            prop_assert!(node.at.end > node.at.start);
            end = node.at.end;
        }
        prop_assert_eq!(end, text.len());
        for node in &nodes {
            let piece = &text[node.at.clone()];
            match node.kind {
                Kind::Link => {
                    let lower = piece.to_lowercase();
                    prop_assert!(lower.starts_with("http://") || lower.starts_with("https://"));
                    prop_assert!(piece.is_ascii());
                }
                Kind::Mention { .. } => prop_assert!(piece.starts_with('@')),
                Kind::Code | Kind::Block => prop_assert!(piece.contains(shown(&text, node))),
                Kind::Plain | Kind::Emoji => prop_assert_eq!(shown(&text, node), piece),
            }
        }
    }
}
