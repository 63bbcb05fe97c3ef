//! Rows in chunks. What is loaded above or between is a chunk of its own, so that rows which were there before keep their
//! elements where they are: with them the focus, and the place that one reads.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
};

use client::rows::RowKey;

/// Names a chunk among its siblings.
pub(crate) type ChunkId = u32;

/// A chunk of a new list: which one it is, and which rows it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    pub(super) id: ChunkId,
    pub(super) rows: Range<usize>,
}

/// Lines that stand where they must by what follows them: they go with it.
const fn leads(key: &RowKey) -> bool {
    matches!(key, RowKey::Day(_) | RowKey::New)
}

/// Divides `rows` into chunks. `known` tells in which chunk a row was before. Rows that are new at the newest end go on with the last
/// chunk; rows that are new anywhere else are one of their own, with an id after `next`. A gap is always one: it is where rows
/// come in between.
pub(super) fn divide(
    rows: &[RowKey],
    known: &HashMap<RowKey, ChunkId>,
    next: &mut ChunkId,
) -> Vec<Chunk> {
    let newest_known = rows
        .iter()
        .rposition(|key| !leads(key) && known.contains_key(key));
    let mut division = Division {
        out: Vec::new(),
        used: HashSet::new(),
        fresh: false,
        closed: true,
        next,
    };
    let mut from = 0;
    for (at, key) in rows.iter().enumerate() {
        if leads(key) && at + 1 < rows.len() {
            continue;
        }
        let before = known.get(key).copied().filter(|_| !leads(key));
        let at_end = newest_known.is_none_or(|newest| at > newest);
        division.place(key, before, at_end, from..at + 1);
        from = at + 1;
    }
    division.out
}

struct Division<'n> {
    out: Vec<Chunk>,
    used: HashSet<ChunkId>,
    /// Whether the last chunk is a new one.
    fresh: bool,
    /// Whether nothing goes on with the last chunk.
    closed: bool,
    next: &'n mut ChunkId,
}

impl Division<'_> {
    fn place(&mut self, key: &RowKey, before: Option<ChunkId>, at_end: bool, rows: Range<usize>) {
        let gap = matches!(key, RowKey::Gap(_));
        let last = self
            .out
            .last()
            .map(|chunk| chunk.id)
            .filter(|_| !self.closed && !gap);
        let goes_on = match before {
            Some(id) => {
                last == Some(id) || (last.is_some() && self.fresh && self.used.contains(&id))
            }
            None => last.is_some() && (at_end || self.fresh),
        };
        self.closed = gap;
        if goes_on && let Some(chunk) = self.out.last_mut() {
            chunk.rows.end = rows.end;
            return;
        }
        // A chunk whose rows do not stand together any more begins anew.
        let kept = before.filter(|id| !self.used.contains(id));
        self.fresh = kept.is_none();
        let id = kept.unwrap_or_else(|| {
            *self.next = self.next.wrapping_add(1);
            *self.next
        });
        self.used.insert(id);
        self.out.push(Chunk { id, rows });
    }
}

#[cfg(test)]
mod tests {
    use client::rows::Day;

    use super::*;

    fn notes(seqs: impl IntoIterator<Item = u64>) -> Vec<RowKey> {
        seqs.into_iter().map(RowKey::Note).collect()
    }

    /// Chunks as `id:len`, after `steps` of lists.
    fn walk(steps: &[Vec<RowKey>]) -> Vec<String> {
        let (mut known, mut next) = (HashMap::new(), 0);
        let mut out = Vec::new();
        for rows in steps {
            let chunks = divide(rows, &known, &mut next);
            let covered: usize = chunks.iter().map(|chunk| chunk.rows.len()).sum();
            assert_eq!(covered, rows.len());
            known = chunks
                .iter()
                .flat_map(|chunk| rows[chunk.rows.clone()].iter().map(|key| (*key, chunk.id)))
                .collect();
            let words: Vec<_> = chunks
                .iter()
                .map(|chunk| format!("{}:{}", chunk.id, chunk.rows.len()))
                .collect();
            out.push(words.join(" "));
        }
        out
    }

    #[test]
    fn what_is_loaded_above_is_a_chunk_of_its_own() {
        let steps = [notes(100..150), notes(50..150), notes(0..150)];
        assert_eq!(walk(&steps), ["1:50", "2:50 1:50", "3:50 2:50 1:50"]);
    }

    #[test]
    fn what_is_said_goes_on_with_the_last() {
        let steps = [notes(0..3), notes(0..5), notes(0..6)];
        assert_eq!(walk(&steps), ["1:3", "1:5", "1:6"]);
    }

    #[test]
    fn a_gap_that_fills_is_a_chunk_between() {
        let gap = |before| vec![RowKey::Gap(before)];
        let one = [notes(0..3), gap(90), notes(90..93)].concat();
        let two = [notes(0..3), gap(80), notes(80..93)].concat();
        let three = notes(0..93);
        assert_eq!(
            walk(&[one, two, three]),
            ["1:3 2:1 3:3", "1:3 4:1 5:10 3:3", "1:3 6:77 5:10 3:3"]
        );
    }

    #[test]
    fn days_go_with_what_follows_them() {
        let day = |n| vec![RowKey::Day(Day(n))];
        let one = [day(5), notes(10..12)].concat();
        let two = [day(4), notes(5..7), day(5), notes(8..12)].concat();
        assert_eq!(walk(&[one, two]), ["1:3", "2:6 1:2"]);
        assert_eq!(walk(&[day(1), Vec::new()]), ["1:1", ""]);
    }

    #[test]
    fn rows_that_part_are_parted() {
        let steps = [notes([1, 2, 3]), notes([3, 9, 1, 2])];
        assert_eq!(walk(&steps)[1], "1:1 2:3");
    }
}
