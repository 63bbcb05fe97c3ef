//! Asking for messages of a room, and what to do when that is refused.

use protocol::{ClientFrame, History, Seq, limits::PAGE_MESSAGES};

use super::{Room, Scope};
use crate::{
    Edge, Effect, Failure,
    conversation::Conversation,
    requests::{AGAIN, Flying, Queued, Want},
};

/// How often a request that was refused for now is made again.
const MAX_TRIES: u32 = 5;

/// Asks for what a room lacks, and takes it in.
pub(crate) struct Fetching<'r, 's, 'c> {
    pub(super) room: &'r mut Room,
    pub(super) scope: &'r mut Scope<'s, 'c>,
}

impl<'r, 's, 'c> Fetching<'r, 's, 'c> {
    pub(crate) const fn new(room: &'r mut Room, scope: &'r mut Scope<'s, 'c>) -> Self {
        Self { room, scope }
    }

    /// Sends a request that may go out.
    pub(crate) fn ask(&mut self, queued: Queued) {
        let Some(ask) = self.history(queued.want) else {
            self.scope.timeline_changed();
            return;
        };
        let at = ask.before.or(ask.after).or(ask.around).unwrap_or_default();
        let now = self.scope.ctx.ms();
        let req = self.scope.requests.fly(queued, at, now);
        let ask = ClientFrame::History(History { req, ..ask });
        self.scope.ctx.transmit(ask);
    }

    /// What a want asks for as things stand now; none when it is not needed any more.
    fn history(&self, want: Want) -> Option<History> {
        let held = &self.room.held;
        let page = History {
            req: 0,
            room: self.scope.id,
            thread: self.scope.thread,
            before: None,
            after: None,
            around: None,
            limit: Some(self.scope.sizes.page.clamp(1, PAGE_MESSAGES)),
            counts: false,
        };
        let whole = History {
            limit: Some(PAGE_MESSAGES),
            ..page
        };
        Some(match want {
            Want::Log => return None,
            // A thread tells of itself with its first page.
            Want::Newest => History {
                counts: self.scope.thread.is_some(),
                ..page
            },
            Want::Unread { after } if self.holds(after + 1) => return None,
            Want::Unread { after } => History {
                after: Some(after),
                ..page
            },
            Want::Older => History {
                before: Some(held.spans.first()),
                ..page
            },
            Want::Refresh { upto } => History {
                before: Some(upto + 1),
                ..whole
            },
            Want::Around(seq) => History {
                around: Some(seq),
                ..page
            },
            // The page is not of interest: the smallest there is.
            Want::Counts => History {
                limit: Some(1),
                counts: true,
                ..page
            },
            Want::Gap { after, edge } => {
                let (_, before) = held.spans.gaps().find(|&(from, _)| from == after)?;
                match edge {
                    Edge::Top => History {
                        after: Some(after),
                        ..whole
                    },
                    Edge::Bottom => History {
                        before: Some(before),
                        ..whole
                    },
                }
            }
        })
    }

    /// Something is needed, now. A failure of it before is forgotten.
    fn want(&mut self, want: Want) {
        self.room.failed.retain(|(failed, _)| *failed != want);
        self.scope.want(want);
        self.scope.timeline_changed();
    }

    /// A request was refused, or not answered.
    pub(crate) fn refused(&mut self, flying: &Flying, why: Failure, after_ms: Option<u64>) {
        let again = why.code.is_worth_a_retry();
        let wait_ms = AGAIN.asked_or(after_ms, flying.tries, self.scope.ctx);
        // A hole is never given up: in the end pages are loaded instead.
        if again && (flying.tries < MAX_TRIES || flying.want == Want::Log) {
            let at_ms = self.scope.ctx.after(wait_ms);
            self.scope.requests.retry(flying, at_ms);
        } else {
            self.give_up(flying, why);
        }
        self.landed();
    }

    /// A page came or was refused.
    pub(super) fn landed(&mut self) {
        if !self.scope.requests.expects(self.scope.place()) {
            self.room.held.passing.clear();
        }
        self.scope.timeline_changed();
    }

    pub(super) fn give_up(&mut self, flying: &Flying, why: Failure) {
        match flying.want {
            Want::Log => self.room.log.due_ms = None,
            // The number stays as it is.
            Want::Counts => self.room.counts.doubtful = false,
            // What is stale must not look as if it stood.
            Want::Refresh { .. } => self.room.held.forget_stale(self.room.log.cursor()),
            Want::Around(seq) => self.located(seq, false),
            // Whoever goes there asks again.
            Want::Unread { .. } => {}
            Want::Newest | Want::Older | Want::Gap { .. } => {
                self.room.failed.push((flying.want, why));
            }
        }
    }

    pub(super) fn located(&mut self, seq: Seq, found: bool) {
        let Conversation { room, thread } = self.scope.place();
        self.scope.ctx.effect(Effect::Located {
            room,
            thread,
            seq,
            found,
        });
    }

    /// The room is looked at now: what is seen first is loaded.
    pub(crate) fn open(&mut self) {
        let page = usize::try_from(self.scope.sizes.page).unwrap_or(usize::MAX);
        // What came in while it was closed may be a page already.
        self.room.held.loaded |= self.room.held.entries.messages() >= page;
        if !self.room.held.loaded {
            self.want(Want::Newest);
        }
    }

    /// What is older than all that is held.
    pub(crate) fn load_older(&mut self) {
        if !self.room.held.loaded {
            self.want(Want::Newest);
        } else if self.room.held.more {
            self.room.reading.at = Some(self.room.held.spans.first());
            self.want(Want::Older);
        }
    }

    /// The newest messages, where those that are held end before them.
    pub(crate) fn load_newest(&mut self) {
        self.room.reading.at = None;
        if !self.room.held.holds_end(self.room.log.cursor()) {
            self.want(Want::Newest);
        }
    }

    /// Whether an entry is among those that are held.
    fn holds(&self, seq: Seq) -> bool {
        self.room.held.holds(seq, seq, self.room.log.cursor())
    }

    /// What follows the "New" line.
    pub(crate) fn load_new(&mut self) {
        if let Some(mark) = self.room.reading.new_mark
            && !self.holds(mark.after + 1)
        {
            self.want(Want::Unread { after: mark.after });
        }
    }

    /// A message, and what stands around it.
    pub(crate) fn load_around(&mut self, seq: Seq) {
        match self.room.held.entries.message(seq) {
            Some(held) if !held.stale => self.located(seq, true),
            _ => self.want(Want::Around(seq)),
        }
        self.room.reading.at = Some(seq);
    }

    /// A part of the gap after an entry.
    pub(crate) fn fill_gap(&mut self, after: Seq, edge: Edge) {
        let mut gaps = self.room.held.spans.gaps();
        let Some((_, before)) = gaps.find(|&(from, _)| from == after) else {
            return;
        };
        drop(gaps);
        self.room.reading.at = Some(match edge {
            Edge::Top => after,
            Edge::Bottom => before,
        });
        self.room.failed.retain(
            |(want, _)| !matches!(want, Want::Gap { after: failed, .. } if *failed == after),
        );
        self.want(Want::Gap { after, edge });
    }

    /// What could not be loaded, again.
    pub(crate) fn reload(&mut self) {
        for (want, _) in std::mem::take(&mut self.room.failed) {
            self.want(want);
        }
    }
}
