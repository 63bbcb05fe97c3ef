//! A message's text as the page draws it: whatever it is, its nodes are the whole of it, in order, and none is empty.

#![no_main]

use libfuzzer_sys::fuzz_target;

// By its file: the crate around it is the whole page, and the module needs none of it.
#[path = "../../app/src/text/mod.rs"]
mod text;

use text::{Kind, Named, block, has_han, lang_of, nodes, seal_letters, shown};

/// Some words are somebody's name: which, their bytes tell.
fn named(word: &str) -> Option<Named> {
    match word.bytes().fold(0u8, u8::wrapping_add) % 3 {
        0 => Some(Named::Me),
        1 => Some(Named::Other),
        _ => None,
    }
}

fuzz_target!(|text: &str| {
    let mut from = 0;
    for node in nodes(text, named) {
        assert_eq!(node.at.start, from, "a hole, or two nodes in one place");
        assert!(node.at.end > from, "an empty node");
        from = node.at.end;
        let piece = text.get(node.at.clone()).expect("whole characters");
        assert!(piece.contains(shown(text, &node)));
        match node.kind {
            Kind::Link => {
                assert!(piece.is_ascii() && !piece.contains(|c: char| c.is_ascii_whitespace()));
                let lower = piece.to_ascii_lowercase();
                assert!(
                    lower.starts_with("http://") || lower.starts_with("https://"),
                    "{piece}"
                );
                assert!(!piece.contains(['"', '<', '>']));
            }
            Kind::Mention { .. } => assert!(piece.starts_with('@') && piece.len() > 1),
            Kind::Code => assert!(piece.len() > 2 && !piece.contains('\n')),
            Kind::Block => {
                let (language, lines) = block(piece);
                assert!(!language.contains('`') && piece.contains(lines));
            }
            Kind::Plain | Kind::Emoji => {}
        }
    }
    assert_eq!(from, text.len(), "not the whole text");
    assert_eq!(
        lang_of(text) == Some("zh"),
        has_han(text) && lang_of(text) != Some("ja")
    );
    assert!(seal_letters(text).chars().count() <= 2);
});
