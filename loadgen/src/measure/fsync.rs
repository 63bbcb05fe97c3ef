//! The time of a sync of the disk: what an ack that means durable waits for.

use std::{
    fs::{self, OpenOptions},
    io::{Seek as _, SeekFrom, Write as _},
    path::Path,
};

use super::Latency;
use crate::{clock::RunClock, fault::Fault};

const TIMES: usize = 300;
/// A page of the database.
const BYTES: usize = 4_096;

/// Writes a page to a file in `folder` and syncs it, again and again.
pub fn fsync(folder: &Path, clock: RunClock) -> Result<Latency, Fault> {
    let path = folder.join("loadgen-fsync.tmp");
    let measured = times(&path, clock).map_err(|why| Fault::File {
        path: path.clone(),
        why: why.to_string(),
    });
    // It may never have been made.
    drop(fs::remove_file(&path));
    measured
}

fn times(path: &Path, clock: RunClock) -> std::io::Result<Latency> {
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(path)?;
    let mut times = Latency::new();
    for n in 0..TIMES {
        let began = clock.ns();
        // The second half overwrites, as a log that is used again does.
        if n == TIMES / 2 {
            file.seek(SeekFrom::Start(0))?;
        }
        file.write_all(&[7; BYTES])?;
        file.sync_data()?;
        times.record(clock.ns() - began);
    }
    Ok(times)
}
