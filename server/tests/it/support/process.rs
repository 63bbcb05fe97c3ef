//! The binary, as an operator runs it: it can be killed.

use std::{path::Path, process::Stdio};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use super::PATIENCE;

pub(crate) struct Process {
    pub(crate) url: String,
    child: Child,
}

impl Process {
    /// Serves the data in `folder` on `addr`.
    pub(crate) async fn start(folder: &Path, addr: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hubbub"))
            .arg("--data-dir")
            .arg(folder)
            .args(["--addr", addr, "--signup", "open", "--send-per-s", "0"])
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
}
