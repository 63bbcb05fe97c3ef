//! A server in this process.

use std::{ffi::OsString, path::Path, sync::Arc};

use checker::Report;
use protocol::RoomId;
use server::{
    StartError, World, auth::Secret, clock::Clock, config::Config, entropy::Entropy, run, run_in,
    store::sqlite::verify::verify_deep,
};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{Api, Disk, PASSWORD, PATIENCE, Person, Recorder};

/// What a test of many sends needs.
pub(crate) const UNLIMITED: [&str; 5] = [
    "--signup=open",
    "--send-per-s=0",
    "--http-per-s-address=0",
    "--http-per-s-total=0",
    "--sockets-per-address=0",
];

/// What is usual, but where a test wishes something else.
pub(crate) fn and(usual: &[&str], wishes: &[&str]) -> Vec<String> {
    let name = |flag: &str| flag.split('=').next().map(str::to_owned);
    let kept = |flag: &&&str| !wishes.iter().any(|wish| name(wish) == name(flag));
    let all = usual.iter().filter(kept).chain(wishes);
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

pub(crate) struct House {
    pub(crate) url: String,
    folder: TempDir,
    flags: Vec<String>,
    clock: Clock,
    disk: Option<Disk>,
    shutdown: CancellationToken,
    running: JoinHandle<Result<(), StartError>>,
}

impl House {
    /// With the default settings.
    pub(crate) async fn open() -> Self {
        Self::with(&[]).await
    }

    /// With flags, such as `--heartbeat-s=1`. Anybody may sign up, unless a flag says otherwise.
    pub(crate) async fn with(flags: &[&str]) -> Self {
        let all = and(&["--signup=open"], flags);
        Self::start(
            tempfile::tempdir().unwrap(),
            all,
            None,
            Clock::system(),
            None,
        )
        .await
    }

    /// On a disk of its own, with a clock of its own; anybody may sign up, and nothing is limited.
    pub(crate) async fn on(disk: Option<Disk>, clock: Clock, flags: &[&str]) -> Self {
        let all = and(&UNLIMITED, flags);
        Self::start(tempfile::tempdir().unwrap(), all, None, clock, disk).await
    }

    async fn start(
        folder: TempDir,
        flags: Vec<String>,
        url: Option<&str>,
        clock: Clock,
        disk: Option<Disk>,
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

    /// Where it keeps everything.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Stops it as SIGTERM does, and starts the next one with the same data on the same port.
    pub(crate) async fn restart(self) -> Self {
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
        Self::start(folder, flags, Some(&url), clock, disk).await
    }

    /// Stops it; the store must hold every promise afterwards.
    pub(crate) async fn close(self) {
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
        let report = verify_deep(&folder.path().join("hubbub.db")).await.unwrap();
        assert_eq!(report.wrong, Vec::<String>::new());
    }

    /// Stops it, and holds what was recorded against the store.
    pub(crate) async fn judge(self, recorder: Recorder, rooms: &[RoomId]) -> Report {
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
        recorder.judge(folder.path(), rooms).await
    }

    /// Makes an account, connects, and has every frame recorded.
    pub(crate) async fn recorded(&self, name: &str, recorder: &Recorder) -> Person {
        self.recorded_by(&self.url, name, recorder).await
    }

    /// As [`House::recorded`], by way of another address.
    pub(crate) async fn recorded_by(&self, url: &str, name: &str, recorder: &Recorder) -> Person {
        let api = self.sign_up(name).await;
        Person::recorded(url, &api.token, api.user, Some(recorder.clone())).await
    }

    /// Makes an account.
    pub(crate) async fn sign_up(&self, name: &str) -> Api {
        Api::sign_up(&self.url, name, PASSWORD).await
    }

    /// Makes an account and connects.
    pub(crate) async fn person(&self, name: &str) -> Person {
        let api = self.sign_up(name).await;
        Person::connect(&self.url, &api.token, api.user).await
    }
}
