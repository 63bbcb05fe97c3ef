//! The result of a run.

use std::{fmt, fs, path::Path};

use serde::{Deserialize, Serialize};

use super::{Better, Figure, figure::shown};
use crate::{
    fault::Fault,
    measure::{Machine, Percentiles},
};

/// The version of the JSON. Fields may be added; one that changes its meaning makes a new version.
pub const FORMAT: u32 = 1;

/// One run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunOutcome {
    /// [`FORMAT`].
    pub format: u32,
    /// This program's version.
    pub loadgen: String,
    /// When it began, in milliseconds since the epoch.
    pub at_ms: u64,
    /// The command line, without passwords (those are never given to a run).
    pub command: Vec<String>,
    /// Where it ran.
    pub machine: Machine,
    /// What was run.
    pub scenario: String,
    /// What it found, in the order in which it is told.
    pub figures: Vec<Figure>,
    /// Times, by what was timed.
    pub latencies: Vec<(String, Percentiles)>,
    /// The same times on the machine's limit.
    #[serde(default)]
    pub limit_latencies: Vec<(String, Percentiles)>,
    /// Steps of load, where there are several.
    #[serde(default)]
    pub steps: Vec<LoadStep>,
    /// What was seen over time.
    #[serde(default)]
    pub samples: Vec<Sample>,
    /// What a reader should know.
    pub notes: Vec<String>,
    /// What was wrong: empty when every check held.
    pub wrong: Vec<String>,
    /// Whether it was ended early.
    #[serde(default)]
    pub cut_short: bool,
}

/// One step of load.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LoadStep {
    /// What was offered: messages a second, or connections.
    pub offered: f64,
    /// What was done of it.
    pub done: f64,
    /// Part of it that failed, 0 to 1.
    pub errors: f64,
    /// Latencies.
    pub latency: Percentiles,
    /// The server's resident memory in bytes; 0 where it is not known.
    pub memory_bytes: u64,
    /// Part of a core that the server was busy; 0 where it is not known.
    pub server_cpu: f64,
    /// Part of a core that this program was busy.
    pub own_cpu: f64,
}

/// What was seen at a time of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Seconds since it began.
    pub at_s: f64,
    /// Connections that were live.
    pub connections: u64,
    /// Deliveries a second since the sample before.
    pub deliveries_per_s: f64,
    /// The server's resident memory in bytes.
    pub memory_bytes: u64,
    /// Part of a core that the server was busy since the sample before.
    pub server_cpu: f64,
    /// The same of this program.
    pub own_cpu: f64,
}

impl RunOutcome {
    /// Of a scenario, with nothing in it yet.
    pub fn of(scenario: &str) -> Self {
        Self {
            format: FORMAT,
            loadgen: env!("CARGO_PKG_VERSION").into(),
            at_ms: crate::clock::wall_ms(),
            command: std::env::args().collect(),
            machine: Machine::here(),
            scenario: scenario.into(),
            ..Self::default()
        }
    }

    /// One more figure.
    pub fn figure(&mut self, name: &str, value: f64, unit: &str, better: Better) {
        self.figures.push(Figure::new(name, value, unit, better));
    }

    /// Figures of times, and the times.
    pub fn times(&mut self, name: &str, times: Percentiles) {
        for (at, ms) in [("p50", times.p50_ms), ("p99", times.p99_ms)] {
            self.figure(&format!("{name}, {at}"), ms, "ms", Better::Lower);
        }
        self.latencies.push((name.into(), times));
    }

    /// Sets the limit of a figure.
    pub fn limited(&mut self, name: &str, limit: f64) {
        if let Some(figure) = self.figures.iter_mut().find(|figure| figure.name == name) {
            figure.limit = Some(limit);
        }
    }

    /// Reads one.
    pub fn load(path: &Path) -> Result<Self, Fault> {
        let fault = |why: String| Fault::File {
            path: path.into(),
            why,
        };
        let text = fs::read(path).map_err(|why| fault(why.to_string()))?;
        let outcome: Self = serde_json::from_slice(&text).map_err(|why| fault(why.to_string()))?;
        if outcome.format > FORMAT {
            return Err(fault("it was written by a newer loadgen".into()));
        }
        Ok(outcome)
    }

    /// Writes it as JSON.
    pub fn store(&self, path: &Path) -> Result<(), Fault> {
        let text = serde_json::to_string_pretty(self).map_err(|why| why.to_string());
        text.and_then(|text| fs::write(path, text + "\n").map_err(|why| why.to_string()))
            .map_err(|why| Fault::File {
                path: path.into(),
                why,
            })
    }
}

impl fmt::Display for RunOutcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{}", self.scenario)?;
        for figure in &self.figures {
            let Figure { name, unit, .. } = figure;
            write!(out, "  {name:<46} {:>10} {unit:<14}", figure.shown())?;
            if let (Some(limit), Some(ratio)) = (figure.limit, figure.of_limit()) {
                write!(out, " limit {:>10}, ratio {ratio:.2}", shown(limit))?;
            }
            writeln!(out)?;
        }
        for note in &self.notes {
            writeln!(out, "  note: {note}")?;
        }
        for line in &self.wrong {
            writeln!(out, "  WRONG: {line}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_read_as_it_was_written() {
        let mut outcome = RunOutcome::of("fanout");
        outcome.figure("deliveries a second", 123_456.0, "/s", Better::Higher);
        outcome.limited("deliveries a second", 155_000.0);
        outcome.times("until the last has it", Percentiles::default());
        outcome.samples.push(Sample::default());
        outcome.steps.push(LoadStep::default());
        let json = serde_json::to_string(&outcome).unwrap();
        let read: RunOutcome = serde_json::from_str(&json).unwrap();
        assert_eq!(read, outcome);
        let ratio = read.figures.first().and_then(Figure::of_limit).unwrap();
        assert!((ratio - 0.796).abs() < 0.001);
    }
}
