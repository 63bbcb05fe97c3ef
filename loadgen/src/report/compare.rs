//! Two results beside each other.

use std::fmt;

use super::{Better, Figure, RunOutcome, figure::shown};

/// One figure of both.
#[derive(Clone, Debug, PartialEq)]
struct ComparedLine {
    name: String,
    unit: String,
    before: f64,
    after: f64,
    /// After by before: of the parts of the limit where both have one, for machines differ from run to run.
    ratio: f64,
    by_limit: bool,
    /// By how much it is worse, 0 for not at all.
    worse: f64,
}

/// All figures of both.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    lines: Vec<ComparedLine>,
    /// Names of figures that only one of them has.
    alone: Vec<String>,
    tolerance: f64,
    /// Whether the later run found something wrong.
    broken: bool,
}

/// Compares `after` with `before`; what is worse by more than `tolerance` (0.1 for a tenth) counts.
pub fn compare(before: &RunOutcome, after: &RunOutcome, tolerance: f64) -> Comparison {
    let mut lines = Vec::new();
    let mut alone = Vec::new();
    for figure in &after.figures {
        match before
            .figures
            .iter()
            .find(|other| other.name == figure.name)
        {
            Some(other) => lines.push(line(other, figure)),
            None => alone.push(figure.name.clone()),
        }
    }
    let only = |figure: &&Figure| !after.figures.iter().any(|other| other.name == figure.name);
    alone.extend(
        before
            .figures
            .iter()
            .filter(only)
            .map(|figure| figure.name.clone()),
    );
    Comparison {
        lines,
        alone,
        tolerance,
        broken: !after.wrong.is_empty(),
    }
}

fn line(before: &Figure, after: &Figure) -> ComparedLine {
    let limits = before.of_limit().zip(after.of_limit());
    let (from, to) = limits.unwrap_or((before.value, after.value));
    let ratio = if from.total_cmp(&to).is_eq() {
        1.0
    } else {
        to / from
    };
    let worse = match after.better {
        Better::Higher if ratio > 0.0 => (1.0 / ratio - 1.0).max(0.0),
        Better::Higher => f64::INFINITY,
        Better::Lower => (ratio - 1.0).max(0.0),
        Better::Neither => 0.0,
    };
    ComparedLine {
        name: after.name.clone(),
        unit: after.unit.clone(),
        before: before.value,
        after: after.value,
        ratio,
        by_limit: limits.is_some(),
        worse,
    }
}

impl Comparison {
    /// Whether anything is worse by more than the tolerance, or a check failed.
    pub fn is_worse(&self) -> bool {
        self.broken || self.lines.iter().any(|line| line.worse > self.tolerance)
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "{:<46} {:>10} {:>10} {:>8}  (ratio* is of the parts of each run's limit)",
            "", "before", "after", "ratio"
        )?;
        for line in &self.lines {
            let mark = if line.worse > self.tolerance {
                "  WORSE"
            } else {
                ""
            };
            writeln!(
                out,
                "{:<46} {:>10} {:>10} {:>7.2}{} {}{mark}",
                line.name,
                shown(line.before),
                shown(line.after),
                line.ratio,
                if line.by_limit { '*' } else { ' ' },
                line.unit
            )?;
        }
        for name in &self.alone {
            writeln!(out, "{name:<46} only in one of them")?;
        }
        if self.broken {
            writeln!(out, "the later run's checks FAILED")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(figures: &[(&str, f64, Better, Option<f64>)]) -> RunOutcome {
        let mut outcome = RunOutcome::of("test");
        for &(name, value, better, limit) in figures {
            outcome.figure(name, value, "x", better);
            if let Some(limit) = limit {
                outcome.limited(name, limit);
            }
        }
        outcome
    }

    #[test]
    fn worse_is_told_in_both_directions() {
        let before = outcome(&[
            ("rate", 100.0, Better::Higher, None),
            ("time", 10.0, Better::Lower, None),
        ]);
        let slower = outcome(&[
            ("rate", 85.0, Better::Higher, None),
            ("time", 10.0, Better::Lower, None),
        ]);
        let later = outcome(&[
            ("rate", 100.0, Better::Higher, None),
            ("time", 11.5, Better::Lower, None),
        ]);
        let better = outcome(&[
            ("rate", 200.0, Better::Higher, None),
            ("time", 5.0, Better::Lower, None),
        ]);
        assert!(!compare(&before, &before, 0.0).is_worse());
        assert!(compare(&before, &slower, 0.1).is_worse());
        assert!(!compare(&before, &slower, 0.2).is_worse());
        assert!(compare(&before, &later, 0.1).is_worse());
        assert!(!compare(&before, &better, 0.0).is_worse());
        assert!(compare(&before, &slower, 0.1).to_string().contains("WORSE"));
    }

    #[test]
    fn a_slower_machine_is_not_a_slower_server() {
        let before = outcome(&[("rate", 100.0, Better::Higher, Some(200.0))]);
        let after = outcome(&[("rate", 60.0, Better::Higher, Some(120.0))]);
        assert!(!compare(&before, &after, 0.01).is_worse());
        // Only one of them has a limit: the numbers themselves count.
        let bare = outcome(&[("rate", 60.0, Better::Higher, None)]);
        assert!(compare(&before, &bare, 0.01).is_worse());
    }

    #[test]
    fn what_describes_the_run_is_not_judged_and_a_failed_check_is_worse() {
        let before = outcome(&[("people", 100.0, Better::Neither, None)]);
        let mut after = outcome(&[
            ("people", 1.0, Better::Neither, None),
            ("new", 1.0, Better::Lower, None),
        ]);
        assert!(!compare(&before, &after, 0.1).is_worse());
        after.wrong.push("a hole".into());
        assert!(compare(&before, &after, 0.1).is_worse());
    }
}
