//! The load of the whole machine, from `/proc/stat` (Linux; elsewhere nothing is known): others' work spoils a measurement.

use std::fs;

/// Processor time of everything on the machine until now, in nanoseconds; none when it cannot be seen.
pub fn busy_ns() -> Option<u64> {
    busy(&fs::read_to_string("/proc/stat").ok()?)
}

fn busy(stat: &str) -> Option<u64> {
    let line = stat.lines().next()?.strip_prefix("cpu ")?;
    let fields: Vec<u64> = line
        .split_ascii_whitespace()
        .map_while(|field| field.parse().ok())
        .collect();
    // user nice system idle iowait irq softirq steal; what follows is part of these.
    let counted = fields.iter().take(8).enumerate();
    let busy: u64 = counted
        .filter(|(n, _)| !matches!(n, 3 | 4))
        .map(|(_, ticks)| ticks)
        .sum();
    (fields.len() >= 5).then_some(busy * 10_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_and_waiting_are_not_busy() {
        let stat = "cpu  1 2 4 1000 2000 8 16 32 64 128\ncpu0 1 2 4\n";
        assert_eq!(busy(stat), Some(63 * 10_000_000));
        assert_eq!(busy("intr 1"), None);
    }
}
