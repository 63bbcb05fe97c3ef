//! The report of a check: what was seen, and what of it is wrong.

use std::fmt;

/// Lines that are kept; of more, only the number is.
const MAX_LINES: usize = 50;

/// How much was checked, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Connections that were made.
    pub connections: u64,
    /// Commands with an id, each counted once.
    pub commands: u64,
    /// The same commands sent again.
    pub repeats: u64,
    /// Acks that were heard.
    pub acks: u64,
    /// Refusals that were heard.
    pub nacks: u64,
    /// Commands whose connection ended before an answer came.
    pub unknown: u64,
    /// Entries that were pushed to somebody.
    pub events: u64,
    /// Entries of the final logs.
    pub entries: u64,
    /// What is wrong; empty when every promise held.
    pub wrong: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            connections,
            commands,
            repeats,
            acks,
            nacks,
            unknown,
            events,
            entries,
            wrong,
        } = self;
        write!(
            out,
            "{connections} connections, {commands} commands ({repeats} repeats), {acks} acks, {nacks} nacks, {unknown} unknown, \
             {events} events, {entries} entries, {} wrong",
            wrong.len()
        )?;
        wrong.iter().try_for_each(|line| write!(out, "\n  {line}"))
    }
}

/// The findings.
#[derive(Debug, Default)]
pub(crate) struct CheckFindings {
    lines: Vec<String>,
    more: u64,
}

impl CheckFindings {
    pub(crate) fn note(&mut self, line: String) {
        if self.lines.len() < MAX_LINES {
            self.lines.push(line);
        } else {
            self.more += 1;
        }
    }

    pub(crate) fn lines(self) -> Vec<String> {
        let Self { mut lines, more } = self;
        if more > 0 {
            lines.push(format!("and {more} more"));
        }
        lines
    }
}
