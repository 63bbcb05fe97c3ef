//! A message's text as the page draws it and the server counts it: whatever it is, its pieces are the whole of it, in order, and
//! none is empty; who is counted as mentioned is shown; and a link goes to the host that is shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
// By its file: the crate around it is the whole page, and the module needs none of it.
#[path = "../../app/src/text/script.rs"]
#[allow(dead_code, reason = "the page uses more of it")]
mod script;

use script::{has_han, lang_of, avatar_letters};
use text::{MAX_CALLS, Kind, MAX_NAMES, block, calls, pieces, reaction_key, shown};

/// Some words are somebody's name: which, their bytes tell.
fn named(key: &str) -> Option<()> {
    (key.bytes().fold(0u8, u8::wrapping_add) % 3 != 0).then_some(())
}

fuzz_target!(|text: &str| {
    let mut from = 0;
    let mut mentioned = 0;
    for piece in pieces(text, named) {
        assert_eq!(piece.at.start, from, "a hole, or two pieces in one place");
        assert!(piece.at.end > from, "an empty piece");
        from = piece.at.end;
        let says = text.get(piece.at.clone()).expect("whole characters");
        assert!(says.contains(shown(text, &piece)));
        match piece.kind {
            Kind::Link => link(says),
            Kind::Mention(()) => {
                mentioned += 1;
                assert!(says.starts_with(['@', '＠', '﹫']) && says.chars().count() > 1);
            }
            Kind::Code => assert!(says.len() > 2 && !says.contains('\n')),
            Kind::Block => {
                let (language, lines) = block(says);
                assert!(!language.contains('`') && says.contains(lines));
            }
            Kind::Plain | Kind::Emoji | Kind::Tall => {}
        }
    }
    assert_eq!(from, text.len(), "not the whole text");
    let calls = calls(text);
    assert!(calls.len() <= MAX_CALLS);
    assert!(calls.iter().map(|call| call.keys().count()).sum::<usize>() <= MAX_NAMES);
    let counted = calls.iter().filter(|call| call.resolve(named).is_some());
    assert_eq!(counted.count(), mentioned);
    assert_eq!(
        lang_of(text) == Some("zh"),
        has_han(text) && lang_of(text) != Some("ja")
    );
    assert!(avatar_letters(text).chars().count() <= 2);
    if let Ok(key) = reaction_key(text) {
        assert_eq!(reaction_key(&key), Ok(key.clone()));
    }
});

fn link(says: &str) {
    let lower = says.to_ascii_lowercase();
    assert!(lower.starts_with("http://") || lower.starts_with("https://"));
    assert!(!says.contains(['"', '<', '>', '`']) && !says.contains(char::is_whitespace));
    let rest = says.split_once("://").expect("a scheme").1;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Ok(url) = url::Url::parse(says) else {
        assert!(!host.is_ascii() || host.to_ascii_lowercase().contains("xn--"), "{says}");
        return;
    };
    assert!(url.username().is_empty() && url.password().is_none(), "{says}");
    if host.is_ascii() && !host.starts_with('[') {
        let host = host.split(':').next().unwrap_or_default();
        assert_eq!(url.host_str(), Some(host.to_ascii_lowercase().as_str()), "{says}");
    }
}
