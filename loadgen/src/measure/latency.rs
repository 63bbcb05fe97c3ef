//! Histograms of times.

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

/// Significant digits of a value that is recorded.
const DIGITS: u8 = 3;
/// The percentiles of a curve.
const CURVE: [f64; 14] = [
    0.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.95, 99.99, 99.999, 100.0,
];

/// Times in nanoseconds, from one to the 584 years that 64 bits hold, each to three digits.
#[derive(Clone, Debug)]
pub struct Latency(Histogram<u64>);

impl Default for Latency {
    fn default() -> Self {
        Self::new()
    }
}

impl Latency {
    /// None yet.
    pub fn new() -> Self {
        let histogram = Histogram::new(DIGITS);
        #[expect(
            clippy::unreachable,
            reason = "0 to 5 digits are allowed, and it is a constant"
        )]
        Self(histogram.unwrap_or_else(|_| unreachable!()))
    }

    /// One more, in nanoseconds.
    pub fn record(&mut self, ns: u64) {
        // It grows as it must.
        self.0.record(ns.max(1)).unwrap_or_default();
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// All of another one too.
    pub fn add(&mut self, other: &Self) {
        self.0.add(&other.0).unwrap_or_default();
    }

    /// A percentile, in milliseconds.
    pub fn ms(&self, percentile: f64) -> f64 {
        ms(self.0.value_at_percentile(percentile))
    }

    /// What is told of it.
    pub fn percentiles(&self) -> Percentiles {
        Percentiles {
            count: self.0.len(),
            mean_ms: self.0.mean() / 1e6,
            p50_ms: self.ms(50.0),
            p90_ms: self.ms(90.0),
            p99_ms: self.ms(99.0),
            p999_ms: self.ms(99.9),
            max_ms: ms(self.0.max()),
            curve: CURVE.iter().map(|&at| (at, self.ms(at))).collect(),
        }
    }
}

/// Times, in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Percentiles {
    /// How many were recorded.
    pub count: u64,
    /// Their mean.
    pub mean_ms: f64,
    /// Half took no longer.
    pub p50_ms: f64,
    /// Of ten, nine.
    pub p90_ms: f64,
    /// Of a hundred, 99.
    pub p99_ms: f64,
    /// Of a thousand, 999.
    pub p999_ms: f64,
    /// The longest.
    pub max_ms: f64,
    /// Percentile and milliseconds, for a plot.
    pub curve: Vec<(f64, f64)>,
}

#[expect(
    clippy::cast_precision_loss,
    reason = "times of a run are far below 2^53 ns"
)]
fn ms(ns: u64) -> f64 {
    ns as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_milliseconds() {
        let mut latency = Latency::new();
        for ms in 1..=1_000 {
            latency.record(ms * 1_000_000);
        }
        let told = latency.percentiles();
        assert_eq!(told.count, 1_000);
        assert!((told.p50_ms - 500.0).abs() < 1.0);
        assert!((told.p99_ms - 990.0).abs() < 1.0);
        assert!((told.max_ms - 1_000.0).abs() < 1.0);
        assert!((told.mean_ms - 500.5).abs() < 1.0);
    }
}
