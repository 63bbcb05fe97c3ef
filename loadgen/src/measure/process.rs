//! Processor time and memory of a process, from `/proc` (Linux; elsewhere nothing is known).

use std::{fs, path::PathBuf};

/// A process that is watched.
#[derive(Clone, Debug)]
pub struct ProcessUse {
    folder: PathBuf,
}

/// What it spent until now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Processor time of all its threads, in nanoseconds; the system counts in hundredths of a second.
    pub cpu_ns: u64,
    /// Its resident memory in bytes.
    pub memory_bytes: u64,
    /// How often its threads went to sleep by themselves.
    pub switches: u64,
    /// How often its threads had to make room.
    pub preemptions: u64,
}

/// Ticks a second in `/proc`: a constant of Linux's interface, whatever the kernel counts in.
const TICK_NS: u64 = 10_000_000;

impl ProcessUse {
    /// The one with this number.
    pub fn of(pid: u32) -> Self {
        Self {
            folder: format!("/proc/{pid}").into(),
        }
    }

    /// This one.
    pub fn own() -> Self {
        Self {
            folder: "/proc/self".into(),
        }
    }

    /// What it spent until now; none when it cannot be seen.
    pub fn usage(&self) -> Option<Usage> {
        let stat = fs::read_to_string(self.folder.join("stat")).ok()?;
        let status = fs::read_to_string(self.folder.join("status")).ok()?;
        let mut usage = Usage {
            cpu_ns: cpu_ns(&stat)?,
            memory_bytes: field(&status, "VmRSS:")? * 1024,
            ..Usage::default()
        };
        for task in fs::read_dir(self.folder.join("task")).ok()?.flatten() {
            if let Ok(status) = fs::read_to_string(task.path().join("status")) {
                usage.switches += field(&status, "voluntary_ctxt_switches:").unwrap_or(0);
                usage.preemptions += field(&status, "nonvoluntary_ctxt_switches:").unwrap_or(0);
            }
        }
        Some(usage)
    }
}

/// The name in brackets may hold blanks and brackets, so what follows the last one counts.
fn cpu_ns(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some((user + system) * TICK_NS)
}

fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_found() {
        let stat = "7 (a (odd) name) S 1 7 7 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 4 0 100";
        assert_eq!(cpu_ns(stat), Some(2_000_000_000));
        let status = "Name:\tx\nVmRSS:\t   1234 kB\nvoluntary_ctxt_switches:\t9\n";
        assert_eq!(field(status, "VmRSS:"), Some(1234));
        assert_eq!(field(status, "voluntary_ctxt_switches:"), Some(9));
        assert_eq!(field(status, "Nothing:"), None);
    }
}
