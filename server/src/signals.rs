//! Signals: which ones end the process, after a drain, and which ones it lets pass.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// `SIGHUP`'s number, on every system that has it.
pub const HUP: u32 = 1;

/// Cancels `shutdown` on TERM, INT, QUIT and HUP. USR1 and USR2, at which a process ends by default, change nothing: log rotation and
/// supervisors send them to whatever they look after. Must be called within a runtime.
pub fn listen(shutdown: CancellationToken) -> io::Result<()> {
    // Once somebody has listened for one, it does not end the process any more.
    drop(signal(SignalKind::user_defined1())?);
    drop(signal(SignalKind::user_defined2())?);
    let mut term = signal(SignalKind::terminate())?;
    let mut int = signal(SignalKind::interrupt())?;
    let mut quit = signal(SignalKind::quit())?;
    // Under `nohup` the end of the terminal is no reason to stop.
    let mut hup = if is_ignored(HUP) {
        None
    } else {
        Some(signal(SignalKind::hangup())?)
    };
    tokio::spawn(async move {
        let hung_up = async {
            match &mut hup {
                Some(hup) => hup.recv().await,
                None => std::future::pending().await,
            }
        };
        let name = tokio::select! {
            _ = term.recv() => "TERM",
            _ = int.recv() => "INT",
            _ = quit.recv() => "QUIT",
            _ = hung_up => "HUP",
        };
        tracing::info!(signal = name, "asked to stop");
        shutdown.cancel();
    });
    Ok(())
}

/// Whether this process was started with a signal ignored; where the system does not tell, it was not.
pub fn is_ignored(number: u32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (number - 1) & 1 == 1)
}
