//! The memory of answers that are long: pages of messages, of a log, and rooms as they are drawn. Whoever asks for hundreds of them and
//! reads none must not fill the memory with them. An answer takes its place in the budget before anything is read for it, and keeps what
//! its bytes need until they have left.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use bytes::Bytes;
use protocol::{ErrorCode, UserId, limits::PAGE_BYTES};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Duration, timeout},
};

use crate::{
    error::Refusal,
    telemetry::{Limit, Metrics},
};

/// What an answer may need while it is made: what was read for it, and its bytes.
const MAKING_KIB: usize = 2 * PAGE_BYTES / 1024;
/// One person's part of the budget is this part of it.
const PEOPLE: usize = 8;
/// How long an answer waits for its place.
const WAIT: Duration = Duration::from_secs(10);

/// The budget; see the module.
pub(crate) struct AnswerBudget {
    /// In KiB.
    all: Arc<Semaphore>,
    each: Mutex<HashMap<UserId, Weak<Semaphore>>>,
    each_kib: usize,
    limited: bool,
    metrics: Arc<Metrics>,
}

/// An answer's place in the budget.
#[derive(Debug, Default)]
pub(crate) struct AnswerPlace {
    permits: Option<[OwnedSemaphorePermit; 2]>,
}

impl AnswerBudget {
    /// So many MiB in all; 0 is no limit.
    pub(crate) fn new(mib: u32, metrics: Arc<Metrics>) -> Self {
        let all = usize::try_from(mib)
            .unwrap_or(usize::MAX)
            .saturating_mul(1024);
        let all = all.clamp(MAKING_KIB, Semaphore::MAX_PERMITS);
        Self {
            all: Arc::new(Semaphore::new(all)),
            each: Mutex::default(),
            each_kib: (all / PEOPLE).max(MAKING_KIB),
            limited: mib > 0,
            metrics,
        }
    }

    /// A place for one more answer to `user`; waits for it for a while.
    pub(crate) async fn place(&self, user: UserId) -> Result<AnswerPlace, Refusal> {
        if !self.limited {
            return Ok(AnswerPlace::default());
        }
        let mine = self.each_of(user);
        let Some(mine) = acquire(mine).await else {
            self.metrics.hit(Limit::Answers);
            return Err(Refusal::later(
                ErrorCode::RateLimited,
                "too many answers at once are not read yet; read those first",
                1_000,
            ));
        };
        let Some(all) = acquire(Arc::clone(&self.all)).await else {
            self.metrics.hit(Limit::Answers);
            return Err(Refusal::overloaded());
        };
        Ok(AnswerPlace {
            permits: Some([mine, all]),
        })
    }

    fn each_of(&self, user: UserId) -> Arc<Semaphore> {
        let mut each = self.each.lock().unwrap_or_else(PoisonError::into_inner);
        let known = each.get(&user).and_then(Weak::upgrade);
        known.unwrap_or_else(|| {
            let new = Arc::new(Semaphore::new(self.each_kib));
            each.insert(user, Arc::downgrade(&new));
            new
        })
    }

    /// Forgets people who have no answer under way.
    pub(crate) fn sweep(&self) {
        let mut each = self.each.lock().unwrap_or_else(PoisonError::into_inner);
        each.retain(|_, semaphore| semaphore.strong_count() > 0);
        each.shrink_to_fit();
    }
}

async fn acquire(semaphore: Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
    let many = u32::try_from(MAKING_KIB).unwrap_or(u32::MAX);
    let permit = timeout(WAIT, semaphore.acquire_many_owned(many)).await;
    permit.ok().and_then(Result::ok)
}

impl AnswerPlace {
    /// The answer, which keeps what it needs of the budget until it is dropped.
    pub(crate) fn hold(mut self, bytes: Vec<u8>) -> Bytes {
        let kib = bytes.capacity().div_ceil(1024);
        for permit in self.permits.iter_mut().flatten() {
            drop(permit.split(permit.num_permits().saturating_sub(kib)));
        }
        Bytes::from_owner(HeldAnswer {
            bytes,
            _place: self,
        })
    }
}

struct HeldAnswer {
    bytes: Vec<u8>,
    _place: AnswerPlace,
}

impl AsRef<[u8]> for HeldAnswer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_person_takes_a_part_and_what_is_dropped_is_free_again() {
        let metrics = Arc::new(Metrics::default());
        let answers = AnswerBudget::new(32, metrics);
        let (ada, wren) = (UserId::new(1).unwrap(), UserId::new(2).unwrap());
        let first = answers.place(ada).await.unwrap();
        let second = answers.place(ada).await.unwrap();
        let refused = answers.place(ada).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::RateLimited);
        assert!(answers.place(wren).await.is_ok());
        // A small answer needs little of what was set aside for it.
        let bytes = first.hold(vec![7; 5_000]);
        let third = answers.place(ada).await;
        assert!(third.is_err(), "5 KB are still held");
        let copy = bytes.clone();
        drop(bytes);
        assert!(answers.place(ada).await.is_err(), "a copy is held");
        drop(copy);
        assert!(answers.place(ada).await.is_ok());
        drop(second);
        answers.sweep();
        assert!(answers.each.lock().unwrap().is_empty());
        assert_eq!(answers.all.available_permits(), 32 * 1024);
    }

    #[tokio::test(start_paused = true)]
    async fn all_together_have_a_bound() {
        let answers = AnswerBudget::new(16, Arc::default());
        let mut places = Vec::new();
        for n in 1..=8 {
            places.push(answers.place(UserId::new(n).unwrap()).await.unwrap());
        }
        let refused = answers.place(UserId::new(9).unwrap()).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::Overloaded);
        let none = AnswerBudget::new(0, Arc::default());
        for _ in 0..99 {
            places.push(none.place(UserId::new(1).unwrap()).await.unwrap());
        }
    }
}
