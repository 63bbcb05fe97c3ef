//! Alive, and ready to serve.

use std::time::Duration;

use axum::{
    extract::State as Extract,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use protocol::ErrorCode;
use tokio::{sync::Mutex, time::timeout};

use crate::{error::Refusal, state::State, store::StoreError};

/// How long what the store said holds, in milliseconds: clients that wait for the server all ask, and the store is asked once.
const FRESH_MS: u64 = 1_000;
/// How long the store has for its answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the store said last, and when.
#[derive(Default)]
pub(crate) struct Readiness(Mutex<Option<(u64, bool)>>);

impl Readiness {
    /// Whether the store answers. Whoever comes while it is asked waits for the same answer.
    async fn ask(
        &self,
        now_ms: impl Fn() -> u64,
        ping: impl Future<Output = Result<(), StoreError>>,
    ) -> bool {
        let mut said = self.0.lock().await;
        if let Some((at_ms, answers)) = *said
            && now_ms().saturating_sub(at_ms) < FRESH_MS
        {
            return answers;
        }
        let answer = timeout(PATIENCE, ping).await;
        if let Ok(Err(why)) = &answer {
            tracing::warn!(%why, "the store does not answer");
        }
        let answers = matches!(answer, Ok(Ok(())));
        *said = Some((now_ms(), answers));
        answers
    }
}

/// `GET /healthz`: the process answers.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: it may be sent people; 503 while draining or without its store.
pub(crate) async fn ready(Extract(state): Extract<State>) -> Response {
    if state.is_draining() {
        return Refusal::later(ErrorCode::Unavailable, "the server is going away", 5_000)
            .into_response();
    }
    let answers = state
        .readiness
        .ask(|| state.mono(), state.store.ping())
        .await;
    if answers {
        (StatusCode::OK, "ready\n").into_response()
    } else {
        Refusal::later(ErrorCode::Unavailable, "the store does not answer", 5_000).into_response()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use futures_util::future::{join_all, pending};

    use super::*;

    #[tokio::test]
    async fn thousands_ask_and_the_store_is_asked_once_a_second() {
        let (readiness, now, pings) = (Readiness::default(), AtomicU64::new(0), AtomicU64::new(0));
        for second in 1..=3 {
            for part in [0, 999] {
                now.store(second * 1_000 + part, Ordering::Relaxed);
                let all = (0..5_000).map(|_| {
                    readiness.ask(|| now.load(Ordering::Relaxed), async {
                        pings.fetch_add(1, Ordering::Relaxed);
                        tokio::task::yield_now().await;
                        Ok(())
                    })
                });
                assert!(join_all(all).await.into_iter().all(|ready| ready));
            }
            assert_eq!(pings.load(Ordering::Relaxed), second);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_store_that_says_nothing_is_not_ready_and_holds_nobody_up() {
        let readiness = Readiness::default();
        let began = tokio::time::Instant::now();
        let silent = || readiness.ask(|| 0, pending());
        assert_eq!(join_all([silent(), silent(), silent()]).await, [false; 3]);
        assert_eq!(began.elapsed(), PATIENCE);
        assert!(readiness.ask(|| FRESH_MS, async { Ok(()) }).await);
    }
}
