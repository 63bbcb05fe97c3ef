//! The binary as an operator meets it: settings, signals, files.

use std::{net::TcpListener, path::Path};

use serde_json::json;
use tokio::process::Command;

use crate::support::{Api, PASSWORD, PATIENCE, Process, id};

/// Starts it with variables and flags, expects it to end by itself, and tells its exit status and its last words.
async fn refused(folder: &Path, variables: &[(&str, &str)], flags: &[&str]) -> (i32, String) {
    let mut command = Process::command(folder);
    command.args(flags).envs(variables.iter().copied());
    let ended = tokio::time::timeout(PATIENCE, command.output()).await;
    let output = ended.expect("it ends by itself").unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let last = said.lines().last().unwrap_or_default().to_owned();
    (output.status.code().unwrap(), last)
}

async fn served(folder: &Path, variables: &[(&str, &str)]) -> Process {
    let mut command = Process::command(folder);
    command.envs(variables.iter().copied());
    Process::of(command).await
}

async fn is_alive(server: &Process) -> bool {
    let answer = reqwest::get(format!("{}/healthz", server.url)).await;
    answer.is_ok_and(|answer| answer.status() == 200)
}

#[tokio::test(flavor = "multi_thread")]
async fn it_starts_with_settings_as_people_write_them() {
    let folder = tempfile::tempdir().unwrap();
    let server = served(
        folder.path(),
        &[
            ("HUBBUB_ADDR", "localhost:0"),
            ("HUBBUB_PUBLIC_URL", ""),
            ("HUBBUB_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8"),
            ("HUBBUB_METRICS_ADDR", ""),
            ("HUBBUB_DATABASE_URL", ""),
            ("HUBBUB_SEND_PER_S", " 5\r"),
            ("HUBBUB_LOG_JSON", "0"),
            ("HUBBUB_SIGNUP", ""),
        ],
    )
    .await;
    assert!(
        server.url.starts_with("http://127.0.0.1:"),
        "{}",
        server.url
    );
    assert!(is_alive(&server).await);
    assert_eq!(server.terminate().await, Some(0));
    let everywhere = served(folder.path(), &[("HUBBUB_ADDR", ":0")]).await;
    let port = everywhere.url.rsplit_once(':').unwrap().1;
    let at_home = reqwest::get(format!("http://127.0.0.1:{port}/healthz")).await;
    assert_eq!(at_home.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_in_the_settings_ends_the_start_with_its_name() {
    let folder = tempfile::tempdir().unwrap();
    for (name, value, told) in [
        (
            "HUBBUB_PUBLIC_URL",
            "chat.example:8443",
            "https://chat.example:8443",
        ),
        ("HUBBUB_PUBLIC_URL", "https://a.example/chat", "path"),
        ("HUBBUB_TRUSTED_PROXIES", "my-proxy", "10.0.0.0/8"),
        ("HUBBUB_ADDR", "3000", ":3000"),
        ("HUBBUB_DATABASE_URL", "sqlite://x?mode=ro", "read only"),
        ("HUBBUB_HEARTBEAT_S", "30s", "30s"),
    ] {
        let (status, said) = refused(folder.path(), &[(name, value)], &[]).await;
        let start = format!("hubbub: {name} cannot be {value:?}: ");
        assert!(said.starts_with(&start) && said.contains(told), "{said}");
        assert_eq!(status, 2, "{said}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_in_use_is_told_with_the_setting_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let held = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = held.local_addr().unwrap().to_string();
    for (variables, setting) in [
        (
            [("HUBBUB_ADDR", taken.as_str()), ("X", "")],
            "--addr (HUBBUB_ADDR)",
        ),
        (
            [
                ("HUBBUB_ADDR", "127.0.0.1:0"),
                ("HUBBUB_METRICS_ADDR", &taken),
            ],
            "--metrics-addr (HUBBUB_METRICS_ADDR)",
        ),
    ] {
        let (status, said) = refused(folder.path(), &variables, &[]).await;
        assert!(said.ends_with(&format!("with {setting}")), "{said}");
        assert_eq!(status, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_that_ends_it_drains_it() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["TERM", "INT", "HUP", "QUIT"] {
        let server = Process::start(folder.path(), "127.0.0.1:0").await;
        let api = Api::sign_up(&server.url, &format!("ada-{name}"), PASSWORD).await;
        let room = api.room("public", &format!("for {name}")).await;
        let said = json!({ "id": id(), "text": name });
        let path = format!("/rooms/{room}/messages");
        assert_eq!(api.post(&path, said).await.0, 201);
        server.signal(name);
        assert_eq!(server.ended().await, Some(0), "{name}");
        let report = verify(folder.path()).await;
        assert!(report.ends_with(" 0 wrong"), "{report}");
    }
}

/// What `hubbub verify` says last.
async fn verify(folder: &Path) -> String {
    let output = Process::command(folder).arg("verify").output().await;
    let said = String::from_utf8(output.unwrap().stdout).unwrap();
    said.lines().last().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn other_signals_pass() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), "127.0.0.1:0").await;
    for name in ["USR1", "USR2", "USR1", "PIPE", "WINCH"] {
        server.signal(name);
        assert!(is_alive(&server).await, "{name}");
    }
    assert_eq!(server.terminate().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn under_nohup_the_end_of_the_terminal_does_not_stop_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    command
        .args([
            "-c",
            "trap '' HUP; exec \"$0\" --addr 127.0.0.1:0 --data-dir \"$1\"",
        ])
        .arg(env!("CARGO_BIN_EXE_hubbub"))
        .arg(folder.path())
        .kill_on_drop(true);
    let server = Process::of(command).await;
    server.signal("HUP");
    assert!(is_alive(&server).await);
    // Had it begun to stop, it would say so.
    let ready = reqwest::get(format!("{}/readyz", server.url)).await;
    assert_eq!(ready.unwrap().status(), 200);
    assert_eq!(server.terminate().await, Some(0));
}
