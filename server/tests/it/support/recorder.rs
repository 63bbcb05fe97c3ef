//! One [`Checker`] for everybody in a test.

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
    Logs as _, Store as _,
    sqlite::{SqliteConfig, SqliteStore, verify::verify_deep},
};

#[derive(Clone, Default)]
pub(crate) struct Recorder {
    checker: Arc<Mutex<Checker>>,
    pongs: Arc<AtomicU64>,
}

impl Recorder {
    pub(crate) fn checker(&self) -> MutexGuard<'_, Checker> {
        self.checker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn opened(&self, user: UserId) -> ConnectionId {
        self.checker().opened(user)
    }

    pub(crate) fn closed(&self, connection: ConnectionId) {
        self.checker().closed(connection);
    }

    pub(crate) fn says(&self, connection: ConnectionId, frame: &ClientFrame) {
        self.checker().says(connection, frame);
    }

    pub(crate) fn hears(&self, connection: ConnectionId, text: &str) {
        let frame = ServerFrame::parse(text).unwrap();
        if let ServerFrame::Pong(_) = frame {
            self.pongs.fetch_add(1, Ordering::Relaxed);
        }
        self.checker().hears(connection, &frame);
    }

    /// Heartbeats that were answered, of everybody together.
    pub(crate) fn pongs(&self) -> u64 {
        self.pongs.load(Ordering::Relaxed)
    }

    /// The server is gone: holds all of it against the store that it left, which must prove its promises by itself too.
    pub(crate) async fn judge(self, folder: &Path, rooms: &[RoomId]) -> Report {
        let path = folder.join("hubbub.db");
        let store = SqliteStore::open(&path, &SqliteConfig::default())
            .await
            .unwrap();
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
        store.close().await;
        assert_eq!(
            verify_deep(&path).await.unwrap().wrong,
            Vec::<String>::new()
        );
        let checker = std::mem::take(&mut *self.checker());
        let report = checker.finish(&logs);
        assert!(report.wrong.is_empty(), "{report}");
        report
    }
}
