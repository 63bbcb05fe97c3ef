//! What a line begins with.

use std::ops::Range;

/// How far a mark of a block may stand from where lines begin. (CommonMark: what stands further is code; here it is words.)
const MAX_INDENT: usize = 3;

/// Columns and bytes of the white space that `line` begins with. A tab is four columns.
fn indent(line: &str) -> (usize, usize) {
    let (mut columns, mut bytes) = (0, 0);
    for byte in line.bytes() {
        match byte {
            b' ' => columns += 1,
            b'\t' => columns = (columns / 4 + 1) * 4,
            _ => break,
        }
        bytes += 1;
    }
    (columns, bytes)
}

/// Where `line` goes on behind at most [`MAX_INDENT`] spaces.
fn behind_indent(line: &str) -> Option<usize> {
    let (columns, bytes) = indent(line);
    (columns <= MAX_INDENT).then_some(bytes)
}

pub(super) fn is_blank(line: &str) -> bool {
    line.bytes().all(|byte| byte.is_ascii_whitespace())
}

/// How many bytes of white space at the beginning of `line` make up to `columns`.
pub(super) fn indent_of(line: &str, columns: usize) -> usize {
    let (mut done, mut bytes) = (0, 0);
    for byte in line.bytes() {
        if done >= columns {
            break;
        }
        match byte {
            b' ' => done += 1,
            b'\t' => done = (done / 4 + 1) * 4,
            _ => break,
        }
        bytes += 1;
    }
    bytes
}

/// Whether `line` stands at least `columns` in.
pub(super) fn is_within(line: &str, columns: usize) -> bool {
    indent(line).0 >= columns
}

/// Where what is quoted begins in a line that begins with `>`. Faces (`>_<`, `>:(`) and `>=` do, too, and quote nothing.
pub(super) fn quoted(line: &str) -> Option<usize> {
    let at = behind_indent(line)?;
    let rest = line.get(at..)?.strip_prefix('>')?;
    let is_face = rest.starts_with(['_', ':', '.', ';', '<', '=']);
    (!is_face).then(|| at + 1 + usize::from(rest.starts_with(' ')))
}

/// The opening line of a block of code.
pub(super) struct Fence {
    mark: u8,
    marks: usize,
    indent: usize,
    /// What stands behind the marks.
    pub(super) info: Range<usize>,
}

impl Fence {
    pub(super) fn open(line: &str) -> Option<Self> {
        let indent = behind_indent(line)?;
        let rest = line.get(indent..)?;
        let mark = *rest
            .as_bytes()
            .first()
            .filter(|&mark| matches!(mark, b'`' | b'~'))?;
        let marks = run(rest, mark);
        let info = rest.get(marks..)?;
        // Three marks and a fourth on one line are a span of code.
        if marks < 3 || (mark == b'`' && info.contains('`')) {
            return None;
        }
        let start = indent + marks;
        Some(Self {
            mark,
            marks,
            indent,
            info: start..line.len(),
        })
    }

    pub(super) fn is_closed_by(&self, line: &str) -> bool {
        let Some(rest) = behind_indent(line).and_then(|at| line.get(at..)) else {
            return false;
        };
        let marks = run(rest, self.mark);
        marks >= self.marks && rest.get(marks..).is_some_and(is_blank)
    }

    /// Where a line of the code begins: what stands in front of the opening marks does not belong to it.
    pub(super) fn begins(&self, line: &str) -> usize {
        indent_of(line, self.indent)
    }
}

/// How many `mark`s a text begins with.
pub(super) fn run(text: &str, mark: u8) -> usize {
    text.bytes().take_while(|&byte| byte == mark).count()
}

/// What an item of a list begins with.
#[derive(Clone, Copy)]
pub(super) struct Marker {
    /// `-`, `*`, `+`; `.` or `)` behind a number.
    pub(super) sign: u8,
    /// The number.
    pub(super) number: Option<u32>,
    /// The column where what it says begins, and the lines that belong to it.
    pub(super) columns: usize,
    /// Where what it says begins in the line.
    pub(super) at: usize,
}

/// The marker of a line that is an item. An item says something: a mark alone is words.
pub(super) fn marker(line: &str) -> Option<Marker> {
    let start = behind_indent(line)?;
    let rest = line.get(start..)?;
    let bytes = rest.as_bytes();
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let sign = *bytes.get(digits)?;
    let fits = match digits {
        0 => matches!(sign, b'-' | b'*' | b'+'),
        // More digits than that are no number of an item (CommonMark).
        1..=9 => matches!(sign, b'.' | b')'),
        _ => false,
    };
    let after = rest.get(digits + 1..)?;
    if !fits || !after.starts_with([' ', '\t']) || is_blank(after) || is_rule(rest) {
        return None;
    }
    let (columns, space) = indent(after);
    // Far from the mark it is meant to be seen so: one space is the mark's.
    let (columns, space) = if columns > MAX_INDENT + 1 {
        (1, 1)
    } else {
        (columns, space)
    };
    Some(Marker {
        sign,
        number: rest.get(..digits).and_then(|number| number.parse().ok()),
        columns: indent(line).0 + digits + 1 + columns,
        at: start + digits + 1 + space,
    })
}

impl Marker {
    /// Whether it may follow a line of words: a line that begins with a year or a minus is more often words.
    pub(super) fn interrupts(self) -> bool {
        self.number.is_none_or(|number| number == 1)
    }
}

/// A rule (`* * *`) stays as it was typed, and is no list in a list.
fn is_rule(line: &str) -> bool {
    let Some(&mark) = line.as_bytes().first() else {
        return false;
    };
    let marks = line.bytes().filter(|&byte| byte == mark).count();
    marks >= 3
        && line
            .bytes()
            .all(|byte| byte == mark || byte.is_ascii_whitespace())
}

/// The box that a task begins with: whether it is done, and where what it says begins.
pub(super) fn task(line: &str) -> Option<(bool, usize)> {
    let done = match line.as_bytes().get(..4)? {
        [b'[', b' ', b']', b' ' | b'\t'] => false,
        [b'[', b'x' | b'X', b']', b' ' | b'\t'] => true,
        _ => return None,
    };
    let rest = line.get(4..)?;
    (!is_blank(rest)).then(|| (done, 4 + indent(rest).1))
}
