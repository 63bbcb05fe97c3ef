//! A text as a row of pieces, for tests of what is in words.

use text::{Block, Content, Inline, Pieces, parse, plain_pieces};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind<P> {
    Plain,
    Tall,
    Link,
    /// The address of a link whose label follows.
    To,
    Mention(P),
    Emoji,
    Code,
    Block,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece<P> {
    pub(crate) says: String,
    pub(crate) kind: Kind<P>,
}

struct Flat<P, W> {
    pieces: Pieces<W>,
    out: Vec<Piece<P>>,
}

/// The pieces of `text`; between two blocks of words there is a line break.
pub(crate) fn pieces<P>(text: &str, who: impl FnMut(&str) -> Option<P>) -> Vec<Piece<P>> {
    let mut flat = Flat {
        pieces: Pieces::new(who),
        out: Vec::new(),
    };
    flat.blocks(&parse(text));
    flat.out
}

impl<P, W: FnMut(&str) -> Option<P>> Flat<P, W> {
    fn blocks(&mut self, all: &[Block]) {
        for block in all {
            match block {
                Block::Words(content) => self.nodes(content, content.inlines(), false),
                Block::Code { lines, .. } => self.push(lines, Kind::Block),
                Block::Quote(says) => self.blocks(says),
                Block::List { items, .. } => items.iter().for_each(|item| self.blocks(&item.says)),
                Block::Table(table) => {
                    for cell in table.head.iter().chain(table.rows.iter().flatten()) {
                        self.nodes(cell, cell.inlines(), false);
                    }
                }
            }
        }
    }

    fn push(&mut self, says: &str, kind: Kind<P>) {
        self.out.push(Piece {
            says: says.to_owned(),
            kind,
        });
    }

    fn nodes(&mut self, content: &Content, all: &[Inline], in_link: bool) {
        for node in all {
            match node {
                Inline::Words(at) => {
                    let found = if in_link {
                        plain_pieces(content.text(), at)
                    } else {
                        self.pieces.of(content.text(), at)
                    };
                    let mut end = at.start;
                    for piece in found {
                        assert!(
                            piece.at.start == end && piece.at.end > end,
                            "a hole, or an empty piece"
                        );
                        end = piece.at.end;
                        let kind = match piece.kind {
                            text::Kind::Plain => Kind::Plain,
                            text::Kind::Tall => Kind::Tall,
                            text::Kind::Link => Kind::Link,
                            text::Kind::Mention(who) => Kind::Mention(who),
                            text::Kind::Emoji => Kind::Emoji,
                            // None is known here.
                            text::Kind::Room(_) => Kind::Plain,
                        };
                        self.push(content.says(&piece.at), kind);
                    }
                    assert_eq!(end, at.end, "not all words");
                }
                Inline::Code(at) => self.push(content.says(at), Kind::Code),
                Inline::Marked(_, inside) => self.nodes(content, inside, in_link),
                Inline::Link { to, label } => {
                    self.push(content.says(to), Kind::To);
                    self.nodes(content, label, true);
                }
            }
        }
    }
}
