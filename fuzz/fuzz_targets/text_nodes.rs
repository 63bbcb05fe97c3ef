//! A message's text as the page draws it and the server counts it: whatever it is, no letter of it is lost, no depth is beyond its
//! bound, pieces of words are the whole of these, and none is empty; who is counted as mentioned is shown; and a link goes to the host
//! that is shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::RoomId;
// By its file: the crate around it is the whole page, and the module needs none of it.
#[path = "../../app/src/text/script.rs"]
#[allow(dead_code, reason = "the page uses more of it")]
mod script;

use script::{avatar_letters, has_han, lang_of};
use text::{
    Block, Content, Inline, Kind, MAX_CALLS, MAX_DEPTH, MAX_NAMES, Pieces, calls, longest_room,
    parse, reaction_key, readable,
};

/// Some words are somebody's name: which, their bytes tell.
fn named(key: &str) -> Option<()> {
    (key.bytes().fold(0u8, u8::wrapping_add) % 3 != 0).then_some(())
}

/// Rooms with names of one letter, of two words, without spaces, and with marks.
fn room(behind: &str) -> Option<(usize, RoomId)> {
    let names = ["a", "b c", "中文", "x.y", "http"];
    longest_room(behind, names.into_iter().zip((1..).filter_map(RoomId::new)))
}

/// Walks over a text as whoever draws it does.
struct Walk<W> {
    pieces: Pieces<W>,
    mentioned: usize,
    /// Letters and digits of all words.
    letters: Vec<char>,
}

impl<W: FnMut(&str) -> Option<()>> Walk<W> {
    fn says(&mut self, words: &str) {
        self.letters
            .extend(words.chars().filter(|c| c.is_alphanumeric()));
    }

    fn blocks(&mut self, blocks: &[Block], depth: usize) {
        assert!(depth <= MAX_DEPTH, "too deep");
        for block in blocks {
            match block {
                Block::Words(content) => self.nodes(content, content.inlines(), 0),
                Block::Code { language, lines } => {
                    self.says(language);
                    self.says(lines);
                }
                Block::Quote(says) => self.blocks(says, depth + 1),
                Block::List { items, .. } => {
                    items
                        .iter()
                        .for_each(|item| self.blocks(&item.says, depth + 1));
                }
                Block::Table(table) => {
                    for cell in table.head.iter().chain(table.rows.iter().flatten()) {
                        self.nodes(cell, cell.inlines(), 0);
                    }
                }
            }
        }
    }

    fn nodes(&mut self, content: &Content, nodes: &[Inline], depth: usize) {
        assert!(depth <= MAX_DEPTH, "too deep");
        for node in nodes {
            match node {
                Inline::Words(at) => {
                    self.says(content.says(at));
                    let mut from = at.start;
                    for piece in self.pieces.of(content.text(), at) {
                        assert_eq!(piece.at.start, from, "a hole, or two pieces in one place");
                        assert!(piece.at.end > from, "an empty piece");
                        from = piece.at.end;
                        self.piece(piece.kind, content.says(&piece.at));
                    }
                    assert_eq!(from, at.end, "not all words");
                }
                Inline::Code(at) => self.says(content.says(at)),
                Inline::Marked(_, inside) => self.nodes(content, inside, depth + 1),
                Inline::Link { to, label } => {
                    let to = content.says(to);
                    if to.contains("://") {
                        link(to);
                    } else {
                        assert!(to.to_ascii_lowercase().starts_with("mailto:"));
                    }
                    for node in label {
                        assert!(!matches!(node, Inline::Link { .. }), "a link in a link");
                    }
                    // Nobody is mentioned in it.
                    self.says(&content.plain(label));
                    self.says(to);
                }
            }
        }
    }

    fn piece(&mut self, kind: Kind<()>, says: &str) {
        match kind {
            Kind::Link => link(says),
            Kind::Mention(()) => {
                self.mentioned += 1;
                assert!(says.starts_with(['@', '＠', '﹫']) && says.chars().count() > 1);
            }
            Kind::Room(_) => assert!(says.starts_with('#') && says.chars().count() > 1),
            Kind::Plain | Kind::Emoji | Kind::Tall => {}
        }
    }
}

fuzz_target!(|text: &str| {
    let mut walk = Walk {
        pieces: Pieces::new(named).with_rooms(Box::new(room)),
        mentioned: 0,
        letters: Vec::new(),
    };
    let blocks = parse(text);
    walk.blocks(&blocks, 0);
    // Numbers of lists and boxes of tasks are no words.
    let lists = blocks.iter().any(|block| !matches!(block, Block::Words(_)));
    if !lists {
        let typed: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        assert_eq!(walk.letters, typed);
    }
    let _ = readable(text);
    let mentioned = walk.mentioned;
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
        assert!(
            !host.is_ascii() || host.to_ascii_lowercase().contains("xn--"),
            "{says}"
        );
        return;
    };
    assert!(
        url.username().is_empty() && url.password().is_none(),
        "{says}"
    );
    if host.is_ascii() && !host.starts_with('[') {
        let host = host.split(':').next().unwrap_or_default();
        assert_eq!(
            url.host_str(),
            Some(host.to_ascii_lowercase().as_str()),
            "{says}"
        );
    }
}
