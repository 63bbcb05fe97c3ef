//! Something to do later, once or again and again.

use crate::{backoff::Backoff, ctx::Ctx};

/// After so long without doubt, in milliseconds, the waits begin anew.
const CALM_MS: u64 = 900_000;

/// Something to do later.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Due {
    pub(crate) at_ms: Option<u64>,
    times: u32,
    /// When it was done last.
    pub(crate) done_ms: Option<u64>,
}

impl Due {
    /// Whether it is to be done now. Then it is not due any more.
    pub(crate) fn take(&mut self, now_ms: u64) -> bool {
        let over = self.at_ms.is_some_and(|at| at <= now_ms);
        if over {
            self.at_ms = None;
            self.done_ms = Some(now_ms);
        }
        over
    }

    /// Sets its time, if it has none: soon when it was calm, ever later when it is needed again and again.
    pub(crate) fn later(&mut self, backoff: Backoff, ctx: &mut Ctx<'_>) {
        if self.at_ms.is_some() {
            return;
        }
        let calm = self
            .done_ms
            .is_none_or(|done| ctx.ms().saturating_sub(done) > CALM_MS);
        self.times = if calm { 0 } else { self.times + 1 };
        let wait_ms = backoff.wait_ms(self.times, ctx);
        self.at_ms = Some(ctx.after(wait_ms));
    }
}
