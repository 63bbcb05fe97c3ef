//! Processor, file descriptors: what a run asks of the system.

use rustix::{
    process::{Resource, getrlimit, setrlimit},
    time::{ClockId, clock_gettime},
};

use crate::fault::Fault;

/// Descriptors that a program needs beside its connections.
const BESIDE: u64 = 64;

/// Makes sure that `connections` can be open at a time: the soft limit is raised as far as it must be.
pub fn descriptors(connections: usize) -> Result<(), Fault> {
    let need = connections as u64 + BESIDE;
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|soft| soft >= need) {
        return Ok(());
    }
    if let Some(hard) = limit.maximum.filter(|&hard| hard < need) {
        return Err(Fault::Descriptors { need, have: hard });
    }
    limit.current = limit.maximum.or(Some(need));
    setrlimit(Resource::Nofile, limit)
        .map_err(Fault::errno("raising the limit of file descriptors"))
}

/// Keeps this thread on one processor.
#[cfg(target_os = "linux")]
pub fn pin_thread(cpu: usize) -> Result<(), Fault> {
    pin(None, cpu)
}

/// Keeps all threads of a process on one processor; those that it makes later inherit it.
#[cfg(target_os = "linux")]
pub fn pin_process(pid: u32, cpu: usize) -> Result<(), Fault> {
    let folder = format!("/proc/{pid}/task");
    let tasks = std::fs::read_dir(&folder).map_err(|why| Fault::File {
        path: folder.into(),
        why: why.to_string(),
    })?;
    for task in tasks.flatten() {
        let id = task.file_name().to_string_lossy().parse().ok();
        if let Some(id) = id.and_then(rustix::process::Pid::from_raw) {
            pin(Some(id), cpu)?;
        }
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn pin(task: Option<rustix::process::Pid>, cpu: usize) -> Result<(), Fault> {
    use rustix::thread::{CpuSet, sched_setaffinity};
    if cpu >= CpuSet::MAX_CPU {
        return Err(Fault::Settings(format!("there is no processor {cpu}")));
    }
    let mut set = CpuSet::new();
    set.set(cpu);
    sched_setaffinity(task, &set).map_err(Fault::errno("pinning to a processor"))
}

/// Keeps this thread on one processor.
#[cfg(not(target_os = "linux"))]
pub fn pin_thread(_cpu: usize) -> Result<(), Fault> {
    Err(Fault::Settings("pinning is there on Linux only".into()))
}

/// Keeps all threads of a process on one processor.
#[cfg(not(target_os = "linux"))]
pub fn pin_process(_pid: u32, _cpu: usize) -> Result<(), Fault> {
    pin_thread(0)
}

/// Processor time of this thread, in nanoseconds.
pub fn thread_cpu_ns() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let part = |number: i64| u64::try_from(number).unwrap_or_default();
    part(time.tv_sec) * 1_000_000_000 + part(time.tv_nsec)
}
