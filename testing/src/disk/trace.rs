//! What was written to a disk, and what of it is left when the power goes.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use rand::{Rng, rngs::StdRng};

/// What is torn, at the least: SQLite takes for granted that a sector is written whole or not at all, and that a write does
/// no harm to what is beside it ("powersafe overwrite").
const SECTOR: usize = 512;

/// What was done to a file.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    Write {
        file: String,
        at: usize,
        bytes: Vec<u8>,
    },
    Truncate {
        file: String,
        size: usize,
    },
    Sync {
        file: String,
    },
    Delete {
        file: String,
    },
    /// Something that a test noted.
    Mark(usize),
}

/// What a power cut does to writes that were not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Torn {
    /// All of it is lost.
    Lost,
    /// Each write is there, is lost, or is there in part, by chance.
    Mixed,
    /// All of it is there: a crash of the process, not of the power.
    Kept,
}

/// All operations on a disk, in the order in which they happened.
pub struct Trace(Vec<Op>);

#[derive(Default)]
struct File {
    durable: Vec<u8>,
    pending: Vec<Op>,
    /// Whether its name is in the folder for sure.
    named: bool,
}

impl Trace {
    pub(super) const fn new(ops: Vec<Op>) -> Self {
        Self(ops)
    }

    /// How many operations there are.
    #[expect(
        clippy::len_without_is_empty,
        reason = "a trace is never asked whether it is empty"
    )]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether a file whose name ends like this was truncated to nothing.
    pub fn emptied(&self, end: &str) -> bool {
        let emptied = |op: &Op| matches!(op, Op::Truncate { file, size: 0 } if file.ends_with(end));
        self.0.iter().any(emptied)
    }

    /// The marks before an operation.
    pub fn marks(&self, cut: usize) -> BTreeSet<usize> {
        let mark = |op: &Op| match op {
            Op::Mark(mark) => Some(*mark),
            _ => None,
        };
        self.0[..cut].iter().filter_map(mark).collect()
    }

    /// The positions right behind each mark: where an ack is out, and nothing came after it.
    pub fn behind_marks(&self) -> Vec<usize> {
        let is_mark = |(at, op): (usize, &Op)| matches!(op, Op::Mark(_)).then_some(at + 1);
        self.0.iter().enumerate().filter_map(is_mark).collect()
    }

    /// Writes into `folder` what the disk holds when the power is cut after so many operations.
    pub fn cut(&self, at: usize, torn: Torn, rng: &mut StdRng, folder: &Path) {
        let mut files: BTreeMap<&str, File> = BTreeMap::new();
        for op in &self.0[..at] {
            match op {
                Op::Write { file, .. } | Op::Truncate { file, .. } => {
                    files.entry(file).or_default().pending.push(op.clone());
                }
                Op::Sync { file } => {
                    let file = files.entry(file).or_default();
                    for op in std::mem::take(&mut file.pending) {
                        apply(&mut file.durable, &op);
                    }
                    file.named = true;
                }
                Op::Delete { file } => drop(files.remove(file.as_str())),
                Op::Mark(_) => {}
            }
        }
        for (name, mut file) in files {
            for op in file.pending {
                match torn {
                    Torn::Lost => {}
                    Torn::Kept => apply(&mut file.durable, &op),
                    Torn::Mixed => tear(&mut file.durable, &op, rng),
                }
            }
            if file.named || torn != Torn::Lost {
                std::fs::write(folder.join(name), file.durable).unwrap();
            }
        }
    }
}

fn apply(content: &mut Vec<u8>, op: &Op) {
    match op {
        Op::Write { at, bytes, .. } => put(content, *at, bytes),
        Op::Truncate { size, .. } => content.truncate(*size),
        Op::Sync { .. } | Op::Delete { .. } | Op::Mark(_) => {}
    }
}

fn put(content: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    content[at..end].copy_from_slice(bytes);
}

fn tear(content: &mut Vec<u8>, op: &Op, rng: &mut StdRng) {
    match (op, rng.random_range(0..3)) {
        (_, 0) => {}
        (Op::Write { at, bytes, .. }, 1) => {
            // Sector by sector of the file, in any order.
            let mut from = 0;
            while from < bytes.len() {
                let upto = bytes.len().min((at + from) / SECTOR * SECTOR + SECTOR - at);
                if rng.random_bool(0.5) {
                    put(content, at + from, &bytes[from..upto]);
                }
                from = upto;
            }
        }
        (op, _) => apply(content, op),
    }
}
