//! Violations that were found.

/// Lines that are kept; of more, only the number is.
const MAX_LINES: usize = 50;

/// The findings: who, and what.
#[derive(Clone, Debug, Default)]
pub struct RunFindings {
    lines: Vec<String>,
    more: u64,
}

impl RunFindings {
    /// Notes one.
    pub fn note(&mut self, line: String) {
        if self.lines.len() < MAX_LINES {
            self.lines.push(line);
        } else {
            self.more += 1;
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// All of them; the last line tells how many more there were.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = self.lines.clone();
        if self.more > 0 {
            lines.push(format!("and {} more", self.more));
        }
        lines
    }
}
