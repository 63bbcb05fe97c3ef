//! The machine that was measured on.

use std::{fs, thread};

use serde::{Deserialize, Serialize};

/// Facts of the machine that a figure is read with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Processors that this program may use.
    pub cores: usize,
    /// The processor's model; empty where it is not known.
    pub cpu: String,
    /// The kernel's name and version.
    pub kernel: String,
    /// Memory in MiB; 0 where it is not known.
    pub memory_mib: u64,
}

impl Machine {
    /// This one.
    pub fn here() -> Self {
        let system = rustix::system::uname();
        let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let value = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name));
            let value = line.and_then(|line| line.split_once(':'));
            value.map_or_else(String::new, |(_, value)| value.trim().to_owned())
        };
        let kib = value(&memory, "MemTotal");
        let kib = kib
            .split(' ')
            .next()
            .and_then(|kib| kib.parse::<u64>().ok());
        Self {
            cores: thread::available_parallelism().map_or(1, usize::from),
            cpu: value(&cpu, "model name"),
            kernel: format!(
                "{} {}",
                system.sysname().to_string_lossy(),
                system.release().to_string_lossy()
            ),
            memory_mib: kib.unwrap_or(0) / 1024,
        }
    }
}
