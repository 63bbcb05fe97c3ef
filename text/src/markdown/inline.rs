//! Marks within lines of words, from left to right: code, escapes, links, addresses, and what may be marks of emphasis. Which of
//! these make pairs is decided in [`super::delimiters`].

use std::ops::Range;

use super::{
    Inline, MAX_DEPTH, Style,
    delimiters::{Delimiters, Run},
    lines::run,
    links::{self, LinkTarget},
};
use crate::{address, mention};

/// What stands in a line, before it is known what belongs together.
pub(super) enum Token {
    Words(Range<usize>),
    /// Code, without its marks.
    Code(Range<usize>),
    /// Marks that may open, close, or be words.
    Run(Run),
    /// `[` of a link.
    Open(Range<usize>, Option<LinkTarget>),
    /// `](…)`.
    Close(Range<usize>),
}

/// What `text` is made of.
pub(super) fn read(text: &str) -> Vec<Inline> {
    let mut reader = InlineReader {
        text,
        at: 0,
        from: 0,
        tokens: Vec::new(),
        brackets: Vec::new(),
        delimiters: Delimiters::default(),
    };
    reader.read();
    let InlineReader {
        mut tokens,
        delimiters,
        ..
    } = reader;
    delimiters.pair(&mut tokens);
    Tree::default().grow(&tokens)
}

struct InlineReader<'t> {
    text: &'t str,
    at: usize,
    /// Up to where there are tokens.
    from: usize,
    tokens: Vec<Token>,
    /// Which tokens are `[` that may begin a link, and how many delimiters were before each.
    brackets: Vec<(usize, usize)>,
    delimiters: Delimiters,
}

impl InlineReader<'_> {
    fn read(&mut self) {
        while let Some(rest) = self.text.as_bytes().get(self.at..) {
            // All signs are ASCII, but for the wide forms of `@`, which begin with this byte.
            let begins = |byte: &u8| {
                matches!(
                    byte,
                    b'`' | b'\\' | b'*' | b'_' | b'~' | b'|' | b'[' | b']' | b':' | b'@' | 0xef
                )
            };
            let Some(found) = rest.iter().position(begins) else {
                break;
            };
            self.at += found;
            self.step(self.text.as_bytes()[self.at]);
        }
        self.words(self.text.len());
    }

    fn step(&mut self, byte: u8) {
        let (text, at) = (self.text, self.at);
        match byte {
            b'`' => self.code(),
            b'\\' => self.escape(),
            b'[' => {
                self.push(at..at + 1, Token::Open(at..at + 1, None));
                self.brackets
                    .push((self.tokens.len() - 1, self.delimiters.len()));
            }
            b']' => self.link(),
            b'*' | b'_' | b'~' | b'|' => self.marks(byte),
            // An address is left whole: what stands in it marks nothing.
            b':' => {
                self.at = address::at_colon(text, at).map_or(at + 1, |(address, _)| address.end);
            }
            // So is a name.
            _ => {
                self.at = mention::sign(text, at)
                    .map_or(at + 1, |sign| mention::word_end(text, at + sign));
            }
        }
    }

    /// Words up to `end`.
    fn words(&mut self, end: usize) {
        if self.from < end {
            self.tokens.push(Token::Words(self.from..end));
        }
        self.from = end;
    }

    fn push(&mut self, at: Range<usize>, token: Token) {
        self.words(at.start);
        self.tokens.push(token);
        (self.from, self.at) = (at.end, at.end);
    }

    fn code(&mut self) {
        let rest = &self.text[self.at..];
        let marks = run(rest, b'`');
        match code_end(rest, marks) {
            Some(end) => {
                let inside = code_inside(&rest[marks..end - marks]);
                let start = self.at + marks;
                let code = Token::Code(start + inside.start..start + inside.end);
                self.push(self.at..self.at + end, code);
            }
            // A run of marks is passed at once: what is in it cannot begin anything.
            None => self.at += marks,
        }
    }

    /// A backslash before punctuation makes it words. Not before `@`: whether somebody is mentioned is not a matter of marks.
    fn escape(&mut self) {
        let next = self.text.as_bytes().get(self.at + 1);
        if next.is_some_and(|byte| byte.is_ascii_punctuation() && *byte != b'@') {
            self.words(self.at);
            self.from = self.at + 1;
            self.at += 2;
        } else {
            self.at += 1;
        }
    }

    fn marks(&mut self, mark: u8) {
        let marks = run(&self.text[self.at..], mark);
        let at = self.at..self.at + marks;
        let next = self.text[at.end..].chars().next();
        // The key of a phone: an emoji.
        let is_key = matches!(next, Some('\u{fe0f}' | '\u{20e3}'));
        match Run::new(self.text, at.clone(), mark).filter(|_| !is_key) {
            Some(run) => {
                self.push(at, Token::Run(run));
                self.delimiters.push(self.tokens.len() - 1);
            }
            None => self.at = at.end,
        }
    }

    /// At a `]`: with the last `[` and what is in brackets behind it, it may be a link.
    fn link(&mut self) {
        self.at += 1;
        let Some((token, before)) = self.brackets.pop() else {
            return;
        };
        let Some(Token::Open(open, _)) = self.tokens.get(token) else {
            return;
        };
        let open = open.clone();
        let label = &self.text[open.end..self.at - 1];
        let Some((target, end)) = links::target(self.text, self.at, label) else {
            return;
        };
        let close = self.at - 1..end;
        self.push(close.clone(), Token::Close(close));
        self.tokens[token] = Token::Open(open, Some(target));
        // Marks inside of a link are pairs there, or words; and no link is in another one.
        self.delimiters.pair_from(before, &mut self.tokens);
        self.brackets.clear();
    }
}

/// Where a span of code ends, marks included, that begins with `marks`.
fn code_end(rest: &str, marks: usize) -> Option<usize> {
    let mut at = marks;
    while let Some(found) = rest[at..].find('`') {
        let close = run(&rest[at + found..], b'`');
        at += found + close;
        if close == marks {
            return Some(at);
        }
    }
    None
}

/// A space on both sides of code belongs to its marks, so that it may begin and end with one.
fn code_inside(code: &str) -> Range<usize> {
    let is_space = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, b' ' | b'\n'));
    let bytes = code.as_bytes();
    let spaced = code.len() > 2
        && is_space(bytes.first())
        && is_space(bytes.last())
        && !code.trim().is_empty();
    if spaced {
        1..code.len() - 1
    } else {
        0..code.len()
    }
}

/// What a branch of the tree is.
enum Branch {
    Marked(Style),
    Link(Range<usize>),
}

/// Puts what stands between marks between them.
#[derive(Default)]
struct Tree {
    nodes: Vec<Inline>,
    /// The branches that are open, with what was before each.
    open: Vec<(Branch, Vec<Inline>)>,
    /// How many more are too deep to be branches.
    too_deep: usize,
}

impl Tree {
    fn grow(mut self, tokens: &[Token]) -> Vec<Inline> {
        for token in tokens {
            match token {
                Token::Words(at) | Token::Open(at, None) => self.words(at.clone()),
                Token::Code(at) => self.nodes.push(Inline::Code(at.clone())),
                Token::Open(at, Some(to)) => self.open(Branch::Link(to.clone()), at.clone()),
                Token::Close(at) => self.close(at.clone()),
                Token::Run(run) => {
                    for (_, at) in run.closes() {
                        self.close(at);
                    }
                    self.words(run.left());
                    for (style, at) in run.opens() {
                        self.open(Branch::Marked(style), at);
                    }
                }
            }
        }
        self.nodes
    }

    fn words(&mut self, at: Range<usize>) {
        match self.nodes.last_mut() {
            Some(Inline::Words(last)) if last.end == at.start => last.end = at.end,
            _ if at.is_empty() => {}
            _ => self.nodes.push(Inline::Words(at)),
        }
    }

    fn open(&mut self, branch: Branch, at: Range<usize>) {
        if self.open.len() < MAX_DEPTH {
            self.open.push((branch, std::mem::take(&mut self.nodes)));
        } else {
            self.too_deep += 1;
            self.words(at);
        }
    }

    fn close(&mut self, at: Range<usize>) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            self.words(at);
        } else if let Some((branch, before)) = self.open.pop() {
            let inside = std::mem::replace(&mut self.nodes, before);
            self.nodes.push(match branch {
                Branch::Marked(style) => Inline::Marked(style, inside),
                Branch::Link(to) => Inline::Link { to, label: inside },
            });
        }
    }
}
