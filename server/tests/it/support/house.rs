//! A server in this process.

use std::{ffi::OsString, path::Path};

use server::{StartError, clock::Clock, config::Config, run, store::sqlite::verify::verify};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{Api, PASSWORD, PATIENCE, Person};

pub(crate) struct House {
    pub(crate) url: String,
    folder: TempDir,
    flags: Vec<String>,
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
        let mut all = vec!["--signup=open".to_owned()];
        let keep = |flag: &str| {
            !flags
                .iter()
                .any(|wish| wish.split('=').next() == flag.split('=').next())
        };
        all.retain(|flag| keep(flag));
        all.extend(flags.iter().map(|flag| (*flag).to_owned()));
        Self::start(tempfile::tempdir().unwrap(), all, None).await
    }

    async fn start(folder: TempDir, flags: Vec<String>, url: Option<&str>) -> Self {
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
        let running = tokio::spawn(async move {
            run(config, Clock::system(), listener, told, move || {
                let _ = tell.send(());
            })
            .await
        });
        ready.await.unwrap();
        Self {
            url,
            folder,
            flags,
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
            shutdown,
            running,
        } = self;
        shutdown.cancel();
        tokio::time::timeout(PATIENCE, running)
            .await
            .expect("it stops in time")
            .unwrap()
            .unwrap();
        Self::start(folder, flags, Some(&url)).await
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
        shutdown.cancel();
        tokio::time::timeout(PATIENCE, running)
            .await
            .expect("it stops in time")
            .unwrap()
            .unwrap();
        let report = verify(&folder.path().join("hubbub.db")).await.unwrap();
        assert_eq!(report.wrong, Vec::<String>::new());
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
