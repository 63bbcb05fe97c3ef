//! The built binary in a process of its own, which can be killed.

use std::{
    path::Path,
    process::{Command as StdCommand, Stdio},
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, ChildStderr, Command},
};

use crate::{PATIENCE, UNLIMITED, test_server::merged, until};

/// A server that runs in a process of its own.
pub struct ServerProcess {
    /// Where it listens, such as `http://127.0.0.1:4321`.
    pub url: String,
    child: Child,
    /// What it said of its statements, one a line.
    statements: Arc<Mutex<Vec<String>>>,
    /// What else it said.
    lines: Arc<Mutex<Vec<String>>>,
}

impl ServerProcess {
    /// Starts `binary`, which serves the data in `folder` on `addr` and limits nothing.
    pub async fn start(binary: &str, folder: &Path, addr: &str) -> Self {
        Self::with_flags(binary, folder, addr, &[]).await
    }

    /// As [`ServerProcess::start`], with more flags.
    pub async fn with_flags(binary: &str, folder: &Path, addr: &str, flags: &[&str]) -> Self {
        let mut command = Self::command(binary, folder);
        command
            .args(["--addr", addr])
            .args(merged(&UNLIMITED, flags))
            .stderr(Stdio::piped())
            // Every statement that the store runs is a line.
            .env("RUST_LOG", "info,server::statements=debug");
        Self::of(command).await
    }

    /// The command that starts `binary` with the data in `folder`.
    pub fn command(binary: &str, folder: &Path) -> Command {
        let mut command = Command::new(binary);
        command.arg("--data-dir").arg(folder).kill_on_drop(true);
        command
    }

    /// Starts a command, and waits until it serves. Its log is kept where its stderr is piped.
    pub async fn of(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = tokio::time::timeout(PATIENCE, stdout.next_line())
            .await
            .expect("it starts in time");
        let line = line.unwrap().expect("it says where it listens");
        let url = line.strip_prefix("listening on ").expect(&line).to_owned();
        let (statements, lines) = (Arc::default(), Arc::default());
        if let Some(errors) = child.stderr.take() {
            let heard = (Arc::clone(&statements), Arc::clone(&lines));
            tokio::spawn(listen(BufReader::new(errors), heard));
        }
        Self {
            url,
            child,
            statements,
            lines,
        }
    }

    /// Its log so far, without its statements.
    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    /// What the store was asked to read since this was asked last; whether it answers, as `/readyz` asks, reads nothing.
    pub fn reads(&self) -> Vec<String> {
        let all = std::mem::take(&mut *self.statements.lock().unwrap());
        let is_read =
            |line: &String| line.contains("SELECT") && !line.contains("statement=SELECT TRUE");
        all.into_iter().filter(is_read).collect()
    }

    /// Ends it at once, as `kill -9` does.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Stops it by SIGTERM, waits for its end, and tells the exit status.
    pub async fn terminate(self) -> Option<i32> {
        self.signal("TERM");
        self.ended().await
    }

    /// Sends a signal, by its name.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        let told = StdCommand::new("kill")
            .args([&format!("-{name}"), &id])
            .status();
        assert!(told.unwrap().success());
    }

    /// Waits for its end, and tells the exit status; none where a signal ended it.
    pub async fn ended(mut self) -> Option<i32> {
        let ended = tokio::time::timeout(PATIENCE * 2, self.child.wait()).await;
        ended.expect("it stops in time").unwrap().code()
    }

    /// Its resident memory, in KiB.
    pub fn resident_kb(&self) -> u64 {
        let id = self.child.id().unwrap();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().nth(1));
        number.and_then(|number| number.parse().ok()).unwrap()
    }

    /// How many files and sockets it has open.
    pub fn descriptors(&self) -> usize {
        let id = self.child.id().unwrap();
        std::fs::read_dir(format!("/proc/{id}/fd")).unwrap().count()
    }

    /// How many files and sockets it has open once the number does not change any more.
    pub async fn settled_descriptors(&self) -> usize {
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

/// Keeps lines about statements, and passes on what else the server has to say.
type StatementLines = Arc<Mutex<Vec<String>>>;

async fn listen(
    errors: BufReader<ChildStderr>,
    (statements, others): (StatementLines, StatementLines),
) {
    let mut lines = errors.lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if line.contains("server::statements") {
            statements.lock().unwrap().push(line);
        } else {
            eprintln!("{line}");
            others.lock().unwrap().push(line);
        }
    }
}
