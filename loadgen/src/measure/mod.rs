//! Measurements: times until something was there, and what the machine spent on it.

mod arrivals;
mod fsync;
mod latency;
mod machine;
mod pin;
mod process;
mod schedule;
mod whole;

pub use arrivals::{Arrivals, Finished};
pub use fsync::fsync;
pub use latency::{Latency, Percentiles};
pub use machine::Machine;
pub use pin::{descriptors, pin_process, pin_thread, thread_cpu_ns};
pub use process::{ProcessUse, Usage};
pub use schedule::Schedule;
pub use whole::busy_ns;
