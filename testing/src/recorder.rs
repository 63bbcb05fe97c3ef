//! One [`Checker`] for all clients of a test.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use checker::{Checker, ConnectionId, Report};
use protocol::{ClientFrame, Event, RoomId, ServerFrame, UserId};
use server::store::{
    Store,
    sqlite::{SqliteConfig, SqliteStore, verify::verify_deep},
};

/// A handle on one [`Checker`] that all clients of a test tell their frames to.
#[derive(Clone, Default)]
pub struct Recorder {
    checker: Arc<Mutex<Checker>>,
    pongs: Arc<AtomicU64>,
}

impl Recorder {
    /// The checker, locked.
    pub fn checker(&self) -> MutexGuard<'_, Checker> {
        self.checker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a user opened a connection.
    pub fn opened(&self, user: UserId) -> ConnectionId {
        self.checker().opened(user)
    }

    /// Notes that a connection is closed.
    pub fn closed(&self, connection: ConnectionId) {
        self.checker().closed(connection);
    }

    /// Notes a frame that a client sends.
    pub fn says(&self, connection: ConnectionId, frame: &ClientFrame) {
        self.checker().says(connection, frame);
    }

    /// Notes a frame that a client received, as text.
    pub fn hears(&self, connection: ConnectionId, text: &str) {
        let frame = ServerFrame::parse(text).unwrap();
        if let ServerFrame::Pong(_) = frame {
            self.pongs.fetch_add(1, Ordering::Relaxed);
        }
        self.checker().hears(connection, &frame);
    }

    /// How many heartbeats were answered, of all connections together.
    pub fn pongs(&self) -> u64 {
        self.pongs.load(Ordering::Relaxed)
    }

    /// Checks everything that was noted against the store that a stopped server left in `folder`, and the store itself.
    pub async fn judge(self, folder: &Path, rooms: &[RoomId]) -> Report {
        let path = folder.join("hubbub.db");
        let store = SqliteStore::open(&path, &SqliteConfig::default())
            .await
            .unwrap();
        let report = self.judge_store(&store, rooms).await;
        store.close().await;
        assert_eq!(
            verify_deep(&path).await.unwrap().wrong,
            Vec::<String>::new()
        );
        report
    }

    /// Checks what was recorded against the logs of a store.
    pub async fn judge_store(self, store: &dyn Store, rooms: &[RoomId]) -> Report {
        let mut logs = Vec::new();
        for &room in rooms {
            let mut log: Vec<Event> = Vec::new();
            loop {
                let after = log.last().map_or(0, |event| event.seq);
                let page = store.log(room, after, 1_000, usize::MAX).await.unwrap();
                if page.is_empty() {
                    break;
                }
                log.extend(page);
            }
            logs.push((room, log));
        }
        let checker = std::mem::take(&mut *self.checker());
        let report = checker.finish(&logs);
        assert!(report.wrong.is_empty(), "{report}");
        report
    }
}

/// Where the frames of a connection are recorded.
pub(crate) struct Tape {
    recorder: Recorder,
    user: UserId,
    connection: Option<ConnectionId>,
}

impl Tape {
    pub(crate) const fn new(recorder: Recorder, user: UserId) -> Self {
        Self {
            recorder,
            user,
            connection: None,
        }
    }

    pub(crate) fn opened(&mut self) {
        self.connection = Some(self.recorder.opened(self.user));
    }

    pub(crate) fn says(&self, frame: &ClientFrame) {
        if let Some(connection) = self.connection {
            self.recorder.says(connection, frame);
        }
    }

    pub(crate) fn hears(&self, text: &str) {
        if let Some(connection) = self.connection {
            self.recorder.hears(connection, text);
        }
    }

    pub(crate) fn closed(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.recorder.closed(connection);
        }
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        self.closed();
    }
}
