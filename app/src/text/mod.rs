//! A message's text as nodes: runs of plain text, links, mentions, code, emoji. Every node is a piece of the text, and in
//! their order they are the whole of it: nothing is parsed as HTML, nothing is lost.

mod emoji;
mod links;
mod script;

use std::ops::Range;

pub(crate) use script::{has_han, lang_of, seal_letters};

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    /// Where it is in the text, in bytes, marks of code included.
    pub(crate) at: Range<usize>,
    /// What it is.
    pub(crate) kind: Kind,
}

/// What a piece of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Words.
    Plain,
    /// An address, `http` or `https`.
    Link,
    /// `@somebody`: the viewer, everybody, or somebody else.
    Mention {
        /// Whether it is the viewer or everybody.
        to_me: bool,
    },
    /// Emoji: bold text would pick a monochrome glyph.
    Emoji,
    /// `code` in a line; its marks are one byte each.
    Code,
    /// A block of code, between lines of three marks.
    Block,
}

/// Whom a name in a text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// The viewer, or everybody.
    Me,
    /// Somebody else.
    Other,
}

/// The nodes of `text`. `named` tells whom a word after `@` means; it gets every word that may be a name, longest first.
pub(crate) fn nodes(text: &str, mut named: impl FnMut(&str) -> Option<Named>) -> Vec<Node> {
    let mut marked = code(text);
    let free = |marked: &[Node], at: &Range<usize>| {
        marked
            .iter()
            .all(|n| n.at.end <= at.start || at.end <= n.at.start)
    };
    for at in links::links(text) {
        if free(&marked, &at) {
            marked.push(Node {
                at,
                kind: Kind::Link,
            });
        }
    }
    for candidate in protocol::mention_candidates(text) {
        let mut who = None;
        let at = candidate.resolve(text, |word| {
            who = named(word);
            who.is_some()
        });
        if let (Some(at), Some(who)) = (at, who)
            && free(&marked, &at)
        {
            marked.push(Node {
                at,
                kind: Kind::Mention {
                    to_me: who == Named::Me,
                },
            });
        }
    }
    marked.sort_unstable_by_key(|node| node.at.start);
    between(text, marked)
}

/// Fills what is between the marked nodes with words and emoji.
fn between(text: &str, marked: Vec<Node>) -> Vec<Node> {
    let mut out = Vec::with_capacity(marked.len() * 2 + 1);
    let mut from = 0;
    for node in marked {
        emoji::split(text, from..node.at.start, &mut out);
        from = node.at.end;
        out.push(node);
    }
    emoji::split(text, from..text.len(), &mut out);
    out
}

const FENCE: &str = "```";

/// Blocks and spans of code. A mark without its partner is a mark.
fn code(text: &str) -> Vec<Node> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('`')) {
        let start = at + found;
        let node = fenced(text, start).or_else(|| span(text, start));
        at = match &node {
            Some(node) => node.at.end,
            // A run of marks is passed at once: what is in it cannot begin anything.
            None => start + text[start..].len() - text[start..].trim_start_matches('`').len(),
        };
        out.extend(node);
    }
    out
}

fn fenced(text: &str, start: usize) -> Option<Node> {
    let line_start = start == 0 || text[..start].ends_with('\n');
    let rest = text[start..].strip_prefix(FENCE)?;
    let body = rest.find('\n')?;
    let language = &rest[..body];
    if !line_start || language.contains('`') {
        return None;
    }
    let close = rest[body..].find("\n```")? + body;
    let after = &rest[close + 1 + FENCE.len()..];
    let line_end = after.find('\n').unwrap_or(after.len());
    after[..line_end].trim().is_empty().then(|| {
        let end = start + FENCE.len() + close + 1 + FENCE.len() + line_end;
        Node {
            at: start..end,
            kind: Kind::Block,
        }
    })
}

fn span(text: &str, start: usize) -> Option<Node> {
    let rest = &text[start + 1..];
    let end = rest.find(['`', '\n'])?;
    (end > 0 && rest[end..].starts_with('`')).then(|| Node {
        at: start..start + 1 + end + 1,
        kind: Kind::Code,
    })
}

/// What a node shows: its piece of the text, code without its marks.
pub(crate) fn shown<'t>(text: &'t str, node: &Node) -> &'t str {
    let piece = text.get(node.at.clone()).unwrap_or_default();
    match node.kind {
        Kind::Code => piece.trim_matches('`'),
        Kind::Block => block(piece).1,
        _ => piece,
    }
}

/// The language and the lines of a block of code.
pub(crate) fn block(piece: &str) -> (&str, &str) {
    let inner = piece.strip_prefix(FENCE).unwrap_or(piece);
    let (language, rest) = inner.split_once('\n').unwrap_or(("", inner));
    let lines = rest.rfind("```").map_or(rest, |end| {
        rest[..end].strip_suffix('\n').unwrap_or(&rest[..end])
    });
    (language.trim(), lines)
}

#[cfg(test)]
mod tests;
