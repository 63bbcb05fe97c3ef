//! A few calls at a time.

use std::{
    ops::Range,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use crate::fault::Fault;

/// Calls `work` with every number of the range, `most` at a time, and returns what came of it in order. The first fault ends it.
pub fn map<T: Send>(
    most: usize,
    range: Range<usize>,
    work: impl Fn(usize) -> Result<T, Fault> + Sync,
) -> Result<Vec<T>, Fault> {
    let (done, fault) = as_far(most, range, work);
    match fault {
        Some(fault) => Err(fault),
        None => Ok(done.into_iter().map(|(_, done)| done).collect()),
    }
}

/// The same, for what must not be forgotten: all that was done, each with its number, and the fault that ended it.
pub fn as_far<T: Send>(
    most: usize,
    range: Range<usize>,
    work: impl Fn(usize) -> Result<T, Fault> + Sync,
) -> (Vec<(usize, T)>, Option<Fault>) {
    let next = AtomicUsize::new(range.start);
    let failed = AtomicBool::new(false);
    let done: Mutex<Vec<(usize, Result<T, Fault>)>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..most.clamp(1, range.len().max(1)) {
            scope.spawn(|| {
                while !failed.load(Ordering::Relaxed) {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= range.end {
                        return;
                    }
                    let result = work(n);
                    if result.is_err() {
                        failed.store(true, Ordering::Relaxed);
                    }
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.push((n, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(n, _)| *n);
    let mut good = Vec::with_capacity(done.len());
    let mut fault = None;
    for (n, result) in done {
        match result {
            Ok(result) => good.push((n, result)),
            Err(why) => fault = fault.or(Some(why)),
        }
    }
    (good, fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_order_and_a_fault_ends_it() {
        let doubled = map(4, 3..20, |n| Ok(n * 2)).unwrap();
        assert_eq!(doubled, (3..20).map(|n| n * 2).collect::<Vec<_>>());
        let fault = map(4, 0..1_000_000, |n| {
            if n == 10 { Err(Fault::Stopped) } else { Ok(n) }
        });
        assert!(matches!(fault, Err(Fault::Stopped)));
        let work = |n| if n == 10 { Err(Fault::Stopped) } else { Ok(n) };
        let (done, fault) = as_far(1, 8..12, work);
        assert_eq!(done, [(8, 8), (9, 9)]);
        assert!(matches!(fault, Some(Fault::Stopped)));
        assert_eq!(map(4, 5..5, Ok).unwrap(), Vec::<usize>::new());
    }
}
