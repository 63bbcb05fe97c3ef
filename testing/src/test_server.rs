//! A server in this process.

use std::{ffi::OsString, path::Path, sync::Arc};

use checker::Report;
use protocol::RoomId;
use server::{
    Clock, Config, Entropy, Secret, StartError, World, run, run_in,
    store::{
        postgres::{self, PostgresConfig, PostgresStore},
        sqlite,
    },
};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{PASSWORD, PATIENCE, Recorder, SimDisk, TestApi, TestClient};

/// Flags of a server that limits nothing, for tests that send a lot.
pub const UNLIMITED: [&str; 5] = [
    "--signup=open",
    "--send-per-s=0",
    "--http-per-s-address=0",
    "--http-per-s-total=0",
    "--sockets-per-address=0",
];

/// Anybody may sign up, and a test that asks often is not refused on a fast machine. Other limits are those of a server.
const USUAL: [&str; 3] = [
    "--signup=open",
    "--http-per-s-address=0",
    "--http-per-s-total=0",
];

/// The usual flags and a test's own, which take the place of usual ones of the same name.
pub(crate) fn merged(usual: &[&str], own: &[&str]) -> Vec<String> {
    let name = |flag: &str| flag.split('=').next().map(str::to_owned);
    let kept = |flag: &&&str| !own.iter().any(|one| name(one) == name(flag));
    let all = usual.iter().filter(kept).chain(own);
    all.map(|flag| (*flag).to_owned()).collect()
}

async fn stop(shutdown: CancellationToken, running: JoinHandle<Result<(), StartError>>) {
    shutdown.cancel();
    tokio::time::timeout(PATIENCE, running)
        .await
        .expect("it stops in time")
        .unwrap()
        .unwrap();
}

/// A server that runs in this process, on a free port, with a data folder of its own.
pub struct TestServer {
    /// Where it listens, such as `http://127.0.0.1:4321`.
    pub url: String,
    folder: TempDir,
    flags: Vec<String>,
    clock: Clock,
    disk: Option<SimDisk>,
    shutdown: CancellationToken,
    running: JoinHandle<Result<(), StartError>>,
}

impl TestServer {
    /// Starts one with the default settings, but for [`USUAL`].
    pub async fn start() -> Self {
        Self::with_flags(&[]).await
    }

    /// Starts one with [`USUAL`] and flags of its own, such as `--heartbeat-s=1`.
    pub async fn with_flags(flags: &[&str]) -> Self {
        let all = merged(&USUAL, flags);
        Self::start_in(
            tempfile::tempdir().unwrap(),
            all,
            None,
            Clock::system(),
            None,
        )
        .await
    }

    /// Starts one with [`UNLIMITED`] and more flags, on this disk (the machine's own if none) and with this clock.
    pub async fn unlimited(disk: Option<SimDisk>, clock: Clock, flags: &[&str]) -> Self {
        let all = merged(&UNLIMITED, flags);
        Self::start_in(tempfile::tempdir().unwrap(), all, None, clock, disk).await
    }

    async fn start_in(
        folder: TempDir,
        flags: Vec<String>,
        url: Option<&str>,
        clock: Clock,
        disk: Option<SimDisk>,
    ) -> Self {
        let mut args: Vec<OsString> =
            vec!["hubbub".into(), "--data-dir".into(), folder.path().into()];
        args.extend(flags.iter().map(OsString::from));
        let config = Config::load(args).unwrap();
        let addr = url.map_or("127.0.0.1:0", |url| url.strip_prefix("http://").unwrap());
        let listener = TcpListener::bind(addr).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shutdown = CancellationToken::new();
        let (tell, ready) = oneshot::channel();
        let told = shutdown.clone();
        let ready_now = move || {
            let _ = tell.send(());
        };
        let running = match disk {
            None => tokio::spawn(run(config, clock, listener, told, ready_now)),
            Some(disk) => {
                let entropy = Entropy::system();
                let world = World {
                    store: disk.store(folder.path()).await,
                    secret: Secret::load(folder.path(), &mut entropy.rng()).unwrap(),
                    clock,
                    entropy,
                    metrics: Arc::default(),
                    bus: None,
                };
                tokio::spawn(run_in(config, world, listener, told, ready_now))
            }
        };
        ready.await.unwrap();
        Self {
            url,
            folder,
            flags,
            clock,
            disk,
            shutdown,
            running,
        }
    }

    /// The address of its database, where that is one of PostgreSQL.
    fn postgres(&self) -> Option<String> {
        let named = |flag: &String| Some(flag.strip_prefix("--database-url=")?.to_owned());
        self.flags.iter().find_map(named)
    }

    /// Its data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Stops it as SIGTERM does, and starts the next one with the same data on the same port.
    pub async fn restart(self) -> Self {
        let Self {
            url,
            folder,
            flags,
            clock,
            disk,
            shutdown,
            running,
        } = self;
        stop(shutdown, running).await;
        Self::start_in(folder, flags, Some(&url), clock, disk).await
    }

    /// Stops it, which must not have died by itself. The folder that it leaves.
    async fn stopped(self) -> TempDir {
        let Self {
            folder,
            shutdown,
            running,
            ..
        } = self;
        assert!(
            !running.is_finished(),
            "the server died while it was tested"
        );
        stop(shutdown, running).await;
        folder
    }

    /// Stops it, and checks the store that it left.
    pub async fn close(self) {
        let url = self.postgres();
        let folder = self.stopped().await;
        let report = match url {
            Some(url) => postgres::verify::verify_deep(&reached(url)).await,
            None => sqlite::verify::verify_deep(&folder.path().join("hubbub.db")).await,
        };
        assert_eq!(report.unwrap().wrong, Vec::<String>::new());
    }

    /// Stops it, and checks what was recorded against the store that it left.
    pub async fn judge(self, recorder: Recorder, rooms: &[RoomId]) -> Report {
        if let Some(url) = self.postgres() {
            self.stopped().await;
            let config = reached(url);
            let store = PostgresStore::open(&config).await.unwrap();
            let report = recorder.judge_store(&store, rooms).await;
            let proven = postgres::verify::verify_deep(&config).await.unwrap();
            assert_eq!(proven.wrong, Vec::<String>::new());
            return report;
        }
        let folder = self.stopped().await;
        recorder.judge(folder.path(), rooms).await
    }

    /// Makes an account and connects a client, of which every frame is recorded.
    pub async fn recorded(&self, name: &str, recorder: &Recorder) -> TestClient {
        self.recorded_by(&self.url, name, recorder).await
    }

    /// As [`TestServer::recorded`], by way of another address, such as a proxy's.
    pub async fn recorded_by(&self, url: &str, name: &str, recorder: &Recorder) -> TestClient {
        let api = self.sign_up(name).await;
        TestClient::recorded(url, &api.token, api.user, Some(recorder.clone())).await
    }

    /// Makes an account.
    pub async fn sign_up(&self, name: &str) -> TestApi {
        TestApi::sign_up(&self.url, name, PASSWORD).await
    }

    /// Makes an account and connects a client.
    pub async fn client(&self, name: &str) -> TestClient {
        let api = self.sign_up(name).await;
        TestClient::connect(&self.url, &api.token, api.user).await
    }
}

/// How the database at an address is reached.
fn reached(url: String) -> PostgresConfig {
    PostgresConfig {
        url,
        ..PostgresConfig::default()
    }
}
