//! Which marks make pairs: CommonMark's rules for `*` and `_`, as amended for scripts whose punctuation has no spaces around it
//! (`**重点：**请看`), and the same pairing for `~~` and `||`.

use std::ops::Range;

use protocol::category_group;
use unicode_properties::GeneralCategoryGroup as Group;

use super::{Style, inline::Token};
use crate::script;

/// A run of one mark.
pub(super) struct Run {
    at: Range<usize>,
    mark: u8,
    can_open: bool,
    can_close: bool,
    /// What it opens, the innermost first, and closes; how many marks these take.
    opened: Vec<Style>,
    closed: Vec<Style>,
}

const fn marks_of(style: Style) -> usize {
    if matches!(style, Style::Emphasis) {
        1
    } else {
        2
    }
}

fn taken(styles: &[Style]) -> usize {
    styles.iter().copied().map(marks_of).sum()
}

impl Run {
    /// None where it can be nothing but words.
    pub(super) fn new(text: &str, at: Range<usize>, mark: u8) -> Option<Self> {
        let before = Side::of(before(&text[..at.start]));
        let after = Side::of(text[at.end..].chars().next());
        let (can_open, can_close) = match mark {
            b'*' => (flanks(before, after), flanks(after, before)),
            // Not within a word, as in `snake_case_names`.
            b'_' => {
                let (left, right) = (flanks(before, after), flanks(after, before));
                (
                    left && (!right || before.is_punctuation()),
                    right && (!left || after.is_punctuation()),
                )
            }
            // One tilde is a tone of voice, and one bar a bar; longer runs are lines.
            _ if at.len() == 2 => (after != Side::Space, before != Side::Space),
            _ => (false, false),
        };
        (can_open || can_close).then_some(Self {
            at,
            mark,
            can_open,
            can_close,
            opened: Vec::new(),
            closed: Vec::new(),
        })
    }

    /// The marks that close something, the innermost first.
    pub(super) fn closes(&self) -> impl Iterator<Item = (Style, Range<usize>)> + '_ {
        let mut at = self.at.start;
        self.closed.iter().map(move |&style| {
            let start = at;
            at += marks_of(style);
            (style, start..at)
        })
    }

    /// The marks that are words.
    pub(super) fn left(&self) -> Range<usize> {
        self.at.start + taken(&self.closed)..self.at.end - taken(&self.opened)
    }

    /// The marks that open something, the outermost first.
    pub(super) fn opens(&self) -> impl Iterator<Item = (Style, Range<usize>)> + '_ {
        let mut at = self.left().end;
        self.opened.iter().rev().map(move |&style| {
            let start = at;
            at += marks_of(style);
            (style, start..at)
        })
    }

    fn is_used_up(&self) -> bool {
        self.left().is_empty()
    }

    /// What this run opens that `closer` closes.
    fn pairs(&self, closer: &Self) -> Option<Style> {
        if self.mark != closer.mark {
            return None;
        }
        match self.mark {
            b'~' => return Some(Style::Strike),
            b'|' => return Some(Style::Spoiler),
            _ => {}
        }
        // CommonMark, rules 9 and 10: `*a**b*` is one emphasis.
        let (one, other) = (self.at.len(), closer.at.len());
        let either = self.can_close || closer.can_open;
        if either
            && (one + other).is_multiple_of(3)
            && !(one.is_multiple_of(3) && other.is_multiple_of(3))
        {
            return None;
        }
        let two = self.left().len() >= 2 && closer.left().len() >= 2;
        Some(if two { Style::Strong } else { Style::Emphasis })
    }

    /// Which closers look in vain where this one did.
    fn kind(&self) -> usize {
        let mark = match self.mark {
            b'*' => 0,
            b'_' => 1,
            b'~' => 2,
            _ => 3,
        };
        (mark * 2 + usize::from(self.can_open)) * 3 + self.at.len() % 3
    }
}

const KINDS: usize = 24;

/// The runs of a text, by their tokens.
#[derive(Default)]
pub(super) struct Delimiters(Vec<usize>);

impl Delimiters {
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn push(&mut self, token: usize) {
        self.0.push(token);
    }

    /// Makes pairs of those behind the first `before`, which then pair with no others.
    pub(super) fn pair_from(&mut self, before: usize, tokens: &mut [Token]) {
        let runs = self.0.split_off(before);
        Self(runs).pair(tokens);
    }

    /// Makes pairs, innermost first, as CommonMark's appendix does; it is linear but for a bounded number of kinds.
    pub(super) fn pair(self, tokens: &mut [Token]) {
        let mut openers: Vec<usize> = Vec::new();
        // Below these openers there is none for closers of each kind.
        let mut bottoms = [0; KINDS];
        for closer in self.0 {
            while let Some((opener, style, kind)) = opener_of(closer, &openers, &bottoms, tokens) {
                let Some((at, style)) = opener.zip(style) else {
                    bottoms[kind] = openers.len();
                    break;
                };
                if let Some(Token::Run(run)) =
                    openers.get(at).and_then(|&token| tokens.get_mut(token))
                {
                    run.opened.push(style);
                    // What stands between the two is no pair with anything outside.
                    openers.truncate(if run.is_used_up() { at } else { at + 1 });
                }
                for bottom in &mut bottoms {
                    *bottom = openers.len().min(*bottom);
                }
                if let Some(Token::Run(run)) = tokens.get_mut(closer) {
                    run.closed.push(style);
                }
            }
            if let Some(Token::Run(run)) = tokens.get(closer)
                && run.can_open
                && !run.is_used_up()
            {
                openers.push(closer);
            }
        }
    }
}

/// The opener for what is left of a closer, what they make, and the closer's kind. None where nothing can be closed.
fn opener_of(
    closer: usize,
    openers: &[usize],
    bottoms: &[usize; KINDS],
    tokens: &[Token],
) -> Option<(Option<usize>, Option<Style>, usize)> {
    let Some(Token::Run(run)) = tokens
        .get(closer)
        .filter(|token| matches!(token, Token::Run(run) if run.can_close && !run.is_used_up()))
    else {
        return None;
    };
    let kind = run.kind();
    for (at, &token) in openers.iter().enumerate().skip(bottoms[kind]).rev() {
        if let Some(Token::Run(opener)) = tokens.get(token)
            && let Some(style) = opener.pairs(run)
        {
            return Some((Some(at), Some(style), kind));
        }
    }
    Some((None, None, kind))
}

/// What stands beside a run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Space,
    /// Punctuation of scripts with spaces, and symbols.
    Punctuation,
    /// Punctuation of East Asia, which has its space in itself.
    WidePunctuation,
    /// A letter of East Asia.
    WideLetter,
    Letter,
}

impl Side {
    fn of(c: Option<char>) -> Self {
        let Some(c) = c.filter(|c| !c.is_whitespace()) else {
            return Self::Space;
        };
        let punctuation = if c.is_ascii() {
            c.is_ascii_punctuation()
        } else {
            matches!(category_group(c), Group::Punctuation | Group::Symbol)
        };
        match (script::is_wide(c), punctuation) {
            (true, true) => Self::WidePunctuation,
            (true, false) => Self::WideLetter,
            (false, true) => Self::Punctuation,
            (false, false) => Self::Letter,
        }
    }

    const fn is_punctuation(self) -> bool {
        matches!(self, Self::Punctuation | Self::WidePunctuation)
    }
}

/// Whether a run may open what follows it (`after`), or, the other way round, close what it follows.
fn flanks(outside: Side, inside: Side) -> bool {
    match inside {
        Side::Space => false,
        Side::Punctuation => outside != Side::Letter,
        Side::WidePunctuation | Side::WideLetter | Side::Letter => true,
    }
}

/// The last character of a text, without what chooses its form.
fn before(text: &str) -> Option<char> {
    let selects = |c: &char| matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    text.chars().rev().take(2).find(|c| !selects(c))
}
