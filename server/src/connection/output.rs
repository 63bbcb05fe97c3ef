//! State that a connection's task shares with delivery sweeps: the writer and the cursors, under one lock. While the task sleeps with nothing to do, a sweep
//! over a lane moves a cursor and writes what it passed (ADR 9); whoever holds the lock sees both agree.

use std::{
    collections::BTreeMap,
    future::poll_fn,
    ops::Deref,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Poll,
    time::Duration,
};

use protocol::{
    Behind, Gone, Heads, RoomId, RoomSummary, Seq, ServerFrame, limits::REPLAY_ENTRIES,
};
use tokio::time::Instant;

use super::{
    cursors::{Cursors, FetchedLog, SweptFrames},
    outgoing::{Lost, Outgoing},
};
use crate::{
    hub::{Batch, Frame, Lane, LaneListener, Mailbox, encode},
    state::State,
    store::StoreError,
};

/// The writer and the cursors of a connection, under one lock.
pub(super) struct Output {
    state: State,
    mailbox: Arc<Mailbox>,
    /// None once the connection ends.
    line: Mutex<Option<OutputState>>,
}

struct OutputState {
    out: Outgoing,
    cursors: Cursors,
    /// The task has taken its mail and acts on it: what a lane holds may no longer be for this connection.
    gathers: bool,
}

impl OutputState {
    /// All that waited is out.
    fn written(&mut self, state: &State) {
        state.metrics.sent(self.out.take_written());
        self.cursors.written(state);
    }
}

impl Output {
    pub(super) fn new(state: State, mailbox: Arc<Mailbox>, out: Outgoing) -> Self {
        let line = OutputState {
            out,
            cursors: Cursors::new(mailbox.id()),
            gathers: true,
        };
        Self {
            state,
            mailbox,
            line: Mutex::new(Some(line)),
        }
    }

    fn line(&self) -> MutexGuard<'_, Option<OutputState>> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T: Default>(&self, act: impl FnOnce(&mut OutputState) -> T) -> T {
        self.line().as_mut().map(act).unwrap_or_default()
    }

    /// Leaves the lanes, and gives the way out back; none if that is done.
    pub(super) fn close(&self) -> Option<Outgoing> {
        let line = self.line().take()?;
        Some(line.out)
    }

    /// Puts a frame in line.
    pub(super) fn push(&self, frame: Frame) {
        self.with(|line| line.out.push(frame));
    }

    /// As [`Outgoing::push_first`].
    pub(super) fn push_first(&self, frame: Frame) {
        self.with(|line| line.out.push_first(frame));
    }

    /// Bytes that wait.
    pub(super) fn bytes(&self) -> usize {
        self.with(|line| line.out.bytes())
    }

    /// Whether everything is out.
    pub(super) fn is_idle(&self) -> bool {
        self.with(|line| line.out.is_idle())
    }

    /// When the peer must have taken something; none if nothing waits.
    pub(super) fn deadline(&self, now: Instant, stall: Duration) -> Option<Instant> {
        self.with(|line| line.out.deadline(now, stall))
    }

    /// Writes what waits and flushes. May be dropped and called again.
    pub(super) async fn pump(&self) -> Result<(), Lost> {
        poll_fn(|cx| {
            let mut line = self.line();
            let Some(line) = line.as_mut() else {
                return Poll::Ready(Err(Lost));
            };
            let done = line.out.poll_pump(cx);
            if done == Poll::Ready(Ok(())) {
                line.written(&self.state);
            }
            done
        })
        .await
    }

    /// The task is about to take its mail: until [`Self::fill`], no sweep writes here.
    pub(super) fn gathers(&self) {
        self.with(|line| line.gathers = true);
    }

    /// Puts new entries in line; tells a lane whose next ones must come from the log, with the cursor.
    pub(super) fn fill(&self) -> Option<(Arc<Lane>, Seq)> {
        self.with(|line| {
            line.gathers = false;
            line.cursors.fill(&mut line.out)
        })
    }

    /// Puts a page of the log in line. False if the store failed: the connection cannot keep its promise.
    pub(super) fn fetched(&self, page: FetchedLog) -> bool {
        let now = self.state.clock.instant();
        self.with(|line| line.cursors.fetched(page, now, &mut line.out))
    }

    /// Whether a lane holds more than was handed out.
    pub(super) fn has_more(&self) -> bool {
        self.with(|line| line.cursors.has_more())
    }

    /// Whether what `hello` asked for is still on its way.
    pub(super) fn is_replaying(&self) -> bool {
        self.with(|line| line.cursors.is_replaying())
    }

    /// The heads of the rooms that changed since they were told last.
    pub(super) fn heads(&self) -> Heads {
        self.with(|line| line.cursors.heads())
    }

    /// Whether it listens to a room.
    pub(super) fn has(&self, room: RoomId) -> bool {
        self.with(|line| line.cursors.has(room))
    }

    /// The rooms that it listens to and that are not among these.
    pub(super) fn others(&self, rooms: &[(RoomId, Seq)]) -> Vec<RoomId> {
        self.with(|line| line.cursors.others(rooms))
    }

    /// No longer listens to a room; tells whether it did.
    pub(super) fn remove(&self, room: RoomId) -> bool {
        self.with(|line| line.cursors.remove(room))
    }

    /// Starts from what `welcome` told and what the client has; says what cannot be replayed.
    pub(super) async fn start(
        self: &Arc<Self>,
        rooms: &[RoomSummary],
        cursors: BTreeMap<RoomId, Seq>,
    ) -> Result<(), StoreError> {
        self.with(|line| line.cursors.expect(rooms.len()));
        for room in rooms {
            let cursor = match cursors.get(&room.id) {
                None => room.last_seq,
                Some(&from) if from > room.last_seq || room.last_seq - from > REPLAY_ENTRIES => {
                    let behind = Behind {
                        room: room.id,
                        from,
                        last_seq: room.last_seq,
                    };
                    self.push(encode(&ServerFrame::Behind(behind)));
                    room.last_seq
                }
                Some(&from) => from,
            };
            self.add(room.id, cursor, room.last_seq).await?;
        }
        for room in cursors.into_keys().filter(|room| !self.has(*room)) {
            self.push(encode(&ServerFrame::Gone(Gone { room })));
        }
        Ok(())
    }

    /// Listens to a room from `cursor` on; `told` is the head that the client knows of.
    pub(super) async fn add(
        self: &Arc<Self>,
        room: RoomId,
        cursor: Seq,
        told: Seq,
    ) -> Result<(), StoreError> {
        if self.has(room) {
            return Ok(());
        }
        let lane = self.state.hub.lanes.lane(room);
        // Before listening: who is swept is found. From then on, whoever ends this connection also ends that.
        self.with(|line| line.cursors.add(Arc::clone(&lane), cursor, told));
        lane.listen(Arc::clone(self) as Arc<dyn LaneListener>);
        if let Some(nodes) = &self.state.nodes {
            nodes.begin_room(&lane).await?;
        } else if lane.head().is_none() {
            // After listening: an entry that is stored from here on is published to this lane. Others may have heard of an earlier end
            // of it, and what lies between will not be published to them.
            lane.reach(self.state.store.last_seq(room).await?);
        }
        self.mailbox.wake();
        Ok(())
    }

    /// Writes what follows the cursor in `lane`, if the task sleeps and all of it can be written.
    fn deliver_now(&self, lane: &Arc<Lane>, batch: &mut Option<Batch>) -> Delivered {
        let Ok(mut line) = self.line.try_lock() else {
            return Delivered::Task;
        };
        let Some(line) = line.as_mut() else {
            return Delivered::All;
        };
        if line.gathers || !line.out.is_idle() {
            return Delivered::Task;
        }
        // After a look at the entries: whoever was shut out of the room before one of them was told so before it was published.
        let sleeps = || !self.mailbox.is_woken();
        let count = match line.cursors.take(lane, batch, sleeps) {
            SweptFrames::Nothing => return Delivered::All,
            SweptFrames::NotHere => return Delivered::Task,
            SweptFrames::Entries(count) => count,
        };
        let Some(batch) = batch else {
            return Delivered::Task;
        };
        if !line.out.write_now(&batch.frame, count) {
            line.cursors.wait_for(lane, batch);
            return Delivered::Task;
        }
        self.state.metrics.sent(line.out.take_written());
        if lane.is_followed(batch.after, batch.upto) {
            self.state.hub.lanes.arrived(lane);
        }
        if lane.head() > Some(batch.upto) {
            Delivered::More
        } else {
            Delivered::All
        }
    }
}

/// What a sweep could do for a connection.
enum Delivered {
    /// It has all that the lane has.
    All,
    /// It has what was taken, and there is more.
    More,
    /// Its task must go on.
    Task,
}

impl LaneListener for Output {
    fn mailbox(&self) -> &Arc<Mailbox> {
        &self.mailbox
    }

    fn deliver(&self, lane: &Arc<Lane>, batch: &mut Option<Batch>) -> bool {
        match self.deliver_now(lane, batch) {
            Delivered::All => false,
            Delivered::More => true,
            Delivered::Task => {
                self.mailbox.wake();
                false
            }
        }
    }
}

/// A connection's task holds this: however it ends, the lanes no longer know the output.
pub(super) struct Plug(pub(super) Arc<Output>);

impl Deref for Plug {
    type Target = Arc<Output>;

    fn deref(&self) -> &Arc<Output> {
        &self.0
    }
}

impl Drop for Plug {
    fn drop(&mut self) {
        drop(self.close());
    }
}
