//! The binary, as an operator runs it: it can be killed.

use std::{
    path::Path,
    process::{Command as StdCommand, Stdio},
};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use super::{PATIENCE, until};

pub(crate) struct Process {
    pub(crate) url: String,
    child: Child,
}

impl Process {
    /// Serves the data in `folder` on `addr`.
    pub(crate) async fn start(folder: &Path, addr: &str) -> Self {
        Self::with(folder, addr, &[]).await
    }

    /// With more flags.
    pub(crate) async fn with(folder: &Path, addr: &str, flags: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hubbub"))
            .arg("--data-dir")
            .arg(folder)
            .args(["--addr", addr])
            .args(super::and(&super::UNLIMITED, flags))
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line())
            .await
            .expect("it starts in time");
        let line = line.unwrap().expect("it says where it listens");
        let url = line.strip_prefix("listening on ").expect(&line).to_owned();
        Self { url, child }
    }

    /// `kill -9`.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// SIGTERM; tells the exit status.
    pub(crate) async fn terminate(mut self) -> Option<i32> {
        let id = self.child.id().unwrap().to_string();
        let told = StdCommand::new("kill").args(["-TERM", &id]).status();
        assert!(told.unwrap().success());
        let ended = tokio::time::timeout(PATIENCE * 2, self.child.wait()).await;
        ended.expect("it stops in time").unwrap().code()
    }

    /// Its memory.
    pub(crate) fn resident_kb(&self) -> u64 {
        let id = self.child.id().unwrap();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().nth(1));
        number.and_then(|number| number.parse().ok()).unwrap()
    }

    /// Files and sockets that it has open.
    pub(crate) fn descriptors(&self) -> usize {
        let id = self.child.id().unwrap();
        std::fs::read_dir(format!("/proc/{id}/fd")).unwrap().count()
    }

    /// The same, once it does not change any more.
    pub(crate) async fn settled_descriptors(&self) -> usize {
        let (mut last, mut calm) = (0, 0);
        until("the descriptors to settle", || {
            let now = self.descriptors();
            calm = if now == last { calm + 1 } else { 0 };
            last = now;
            calm > 100
        })
        .await;
        last
    }
}
