//! The binary as an operator meets it: settings, signals, files.

use std::{net::TcpListener, path::Path};

use serde_json::json;
use server::parts::{HUP, is_ignored};
use testing::{PASSWORD, PATIENCE, Raw, ServerProcess, TestApi, id};
use tokio::process::Command;

use crate::support::HUBBUB;

/// Starts it with variables and flags, expects it to end by itself, and tells its exit status and its last words.
async fn refused(folder: &Path, variables: &[(&str, &str)], flags: &[&str]) -> (i32, String) {
    let mut command = ServerProcess::command(HUBBUB, folder);
    command.args(flags).envs(variables.iter().copied());
    let ended = tokio::time::timeout(PATIENCE, command.output()).await;
    let output = ended.expect("it ends by itself").unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let last = said.lines().last().unwrap_or_default().to_owned();
    (output.status.code().unwrap(), last)
}

async fn served(folder: &Path, variables: &[(&str, &str)]) -> ServerProcess {
    let mut command = ServerProcess::command(HUBBUB, folder);
    command.envs(variables.iter().copied());
    ServerProcess::of(command).await
}

async fn is_alive(server: &ServerProcess) -> bool {
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
    // Where the tests are started with HUP ignored, as `nohup` does, the server ignores it too.
    let hup = (!is_ignored(HUP)).then_some("HUP");
    for name in ["TERM", "INT", "QUIT"].into_iter().chain(hup) {
        let server = ServerProcess::start(HUBBUB, folder.path(), "127.0.0.1:0").await;
        let api = TestApi::sign_up(&server.url, &format!("ada-{name}"), PASSWORD).await;
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
    let output = ServerProcess::command(HUBBUB, folder)
        .arg("verify")
        .output()
        .await;
    let said = String::from_utf8(output.unwrap().stdout).unwrap();
    said.lines().last().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn other_signals_pass() {
    let folder = tempfile::tempdir().unwrap();
    let server = ServerProcess::start(HUBBUB, folder.path(), "127.0.0.1:0").await;
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
        .arg(HUBBUB)
        .arg(folder.path())
        .kill_on_drop(true);
    let server = ServerProcess::of(command).await;
    server.signal("HUP");
    assert!(is_alive(&server).await);
    // Had it begun to stop, it would say so.
    let ready = reqwest::get(format!("{}/readyz", server.url)).await;
    assert_eq!(ready.unwrap().status(), 200);
    assert_eq!(server.terminate().await, Some(0));
}

/// Puts words that must not be told through every door, and tells all of them.
async fn whisper(url: &str) -> Vec<String> {
    let mut secrets: Vec<String> = Vec::new();
    let mut secret = |text: &str| {
        secrets.push(text.to_owned());
        text.to_owned()
    };
    let password = secret("canary-password-7391");
    let api = TestApi::sign_up(url, "ada", &password).await;
    let wrong = secret("canary-wrong-7392");
    assert!(TestApi::sign_in(url, "ada", &wrong).await.is_err());
    let room = api.room("public", "cage").await;
    let text = secret("canary-text-7393");
    api.say(room, &text).await;
    let (token, refresh) = (secret(&api.token), secret(&api.refresh));
    // Bodies and queries that are refused.
    let broken = secret("canary-broken-7394");
    let (path, odd) = (
        format!("/rooms/{room}/messages"),
        json!({ "id": broken, "text": broken }),
    );
    assert_eq!(api.post(&path, odd).await.0, 422);
    let asked = format!("/users?q={broken}&cursor={broken}");
    assert_eq!(api.get(&asked).await.0, 422);
    // A live connection, with its token in the hello.
    let (mut raw, _) = Raw::hello(url, &token, None).await;
    let said = secret("canary-said-7395");
    raw.say(&json!({ "t": "send", "id": id(), "room": room, "text": said }))
        .await;
    raw.hear_a("ack").await;
    raw.say(&json!({ "t": "send", "id": "x", "room": room, "text": said }))
        .await;
    raw.hear_a("nack").await;
    raw.say(&json!({ "t": said })).await;
    // A browser: a form, and the cookies that it gets.
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let form = [("name", "ada"), ("password", &password)];
    let door = http.post(format!("{url}/sign-in")).header("origin", url);
    let answer = door.form(&form).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    let cookies: Vec<String> = answer
        .headers()
        .get_all("set-cookie")
        .iter()
        .filter_map(|line| line.to_str().ok()?.split(';').next())
        .map(str::to_owned)
        .collect();
    for cookie in &cookies {
        secret(cookie.split_once('=').unwrap().1);
    }
    let page = http.get(format!("{url}/rooms/{room}"));
    let page = page.header("cookie", cookies.join("; ")).send().await;
    assert!(page.unwrap().text().await.unwrap().contains(&text));
    let renew = http.post(format!("{url}/api/v1/sessions/refresh"));
    let renewed = renew.json(&json!({ "refresh_token": refresh }));
    assert_eq!(renewed.send().await.unwrap().status(), 200);
    let made = api.post("/invites", json!({})).await.1;
    let code = secret(made["invite"]["code"].as_str().unwrap());
    let join = reqwest::get(format!("{url}/join/{code}")).await;
    assert_eq!(join.unwrap().status(), 200);
    secrets
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_no_secret_at_any_level() {
    for lines in ["0", "1"] {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut command = ServerProcess::command(HUBBUB, &folder.path().join("data"));
        command
            .args(["--addr", "127.0.0.1:0", "--metrics-addr", "127.0.0.1:0"])
            .env(
                "RUST_LOG",
                "trace,tungstenite=trace,tokio_tungstenite=trace",
            )
            .env("HUBBUB_LOG_JSON", lines)
            .stderr(std::fs::File::create(&log).unwrap());
        let server = ServerProcess::of(command).await;
        let secrets = whisper(&server.url).await;
        assert!(secrets.len() > 9, "{secrets:?}");
        assert_eq!(server.terminate().await, Some(0));
        let told = std::fs::read_to_string(&log).unwrap();
        assert!(told.contains("DEBUG"), "libraries do speak");
        for secret in secrets {
            assert!(!told.contains(&secret), "{secret} is in the log");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_wish_for_the_log_is_none() {
    for (wish, told) in [("", "draining"), ("a=b=c", "RUST_LOG cannot be read")] {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut command = ServerProcess::command(HUBBUB, &folder.path().join("data"));
        command
            .args(["--addr", "127.0.0.1:0"])
            .env("RUST_LOG", wish)
            .stderr(std::fs::File::create(&log).unwrap());
        assert_eq!(ServerProcess::of(command).await.terminate().await, Some(0));
        let log = std::fs::read_to_string(&log).unwrap();
        assert!(log.contains(told) && log.contains("INFO"), "{log}");
    }
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_keeps_is_its_owners_whatever_the_umask() {
    use std::os::unix::fs::PermissionsExt as _;
    let outside = tempfile::tempdir().unwrap();
    let data = outside.path().join("data");
    let start = || {
        let mut command = Command::new("sh");
        command
            .args([
                "-c",
                "umask 000; exec \"$0\" --addr 127.0.0.1:0 --data-dir \"$1\"",
            ])
            .arg(HUBBUB)
            .arg(&data)
            .kill_on_drop(true);
        ServerProcess::of(command)
    };
    let closed = |data: &Path| {
        assert_eq!(mode(data), 0o700);
        let mut names = Vec::new();
        for entry in data.read_dir().unwrap() {
            let entry = entry.unwrap();
            assert_eq!(mode(&entry.path()), 0o600, "{entry:?}");
            names.push(entry.file_name().into_string().unwrap());
        }
        names.sort_unstable();
        names
    };
    let server = start().await;
    TestApi::sign_up(&server.url, "ada", PASSWORD).await;
    let names = closed(&data);
    let all = [
        "hubbub.db",
        "hubbub.db-shm",
        "hubbub.db-wal",
        "hubbub.lock",
        "hubbub.sock",
        "secret.key",
    ];
    assert_eq!(names, all);
    // Killed, so that all of them are left; and opened, as an older version left them.
    server.kill().await;
    for name in all {
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(data.join(name), open).unwrap();
    }
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).unwrap();
    let server = start().await;
    TestApi::sign_in(&server.url, "ada", PASSWORD)
        .await
        .unwrap();
    closed(&data);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_gone_is_not_begun_anew_beside_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = ServerProcess::start(HUBBUB, data, "127.0.0.1:0").await;
    TestApi::sign_up(&server.url, "ada", PASSWORD).await;
    assert_eq!(server.terminate().await, Some(0));
    let whole = std::fs::read(data.join("hubbub.db")).unwrap();
    let empty_database = data.join("other.db");
    let other = rusqlite::Connection::open(&empty_database).unwrap();
    other.pragma_update(None, "user_version", 1).unwrap();
    drop(other);
    let without_tables = std::fs::read(&empty_database).unwrap();
    std::fs::remove_file(&empty_database).unwrap();
    for lost in [None, Some(Vec::new()), Some(without_tables)] {
        std::fs::remove_file(data.join("hubbub.db")).ok();
        if let Some(bytes) = &lost {
            std::fs::write(data.join("hubbub.db"), bytes).unwrap();
        }
        let (status, said) = refused(data, &[("HUBBUB_ADDR", "127.0.0.1:0")], &[]).await;
        assert_eq!(status, 1);
        assert!(
            said.contains("hubbub.db holds nothing") && said.contains("secret.key"),
            "{said}"
        );
    }
    std::fs::write(data.join("hubbub.db"), whole).unwrap();
    let server = ServerProcess::start(HUBBUB, data, "127.0.0.1:0").await;
    TestApi::sign_in(&server.url, "ada", PASSWORD)
        .await
        .unwrap();
    assert_eq!(server.terminate().await, Some(0));
    // One that must be there is not made, with a key or without.
    let other = [
        ("HUBBUB_ADDR", "127.0.0.1:0"),
        ("HUBBUB_DATABASE_URL", "sqlite://nowhere.db?mode=rw"),
    ];
    let elsewhere = tempfile::tempdir().unwrap();
    let (status, said) = refused(elsewhere.path(), &other, &[]).await;
    assert!(
        status == 1 && said.contains("there is no database in nowhere.db"),
        "{said}"
    );
    assert!(!Path::new("nowhere.db").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_anybody_can_guess_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = ServerProcess::start(HUBBUB, folder.path(), "127.0.0.1:0").await;
    assert_eq!(server.terminate().await, Some(0));
    std::fs::write(folder.path().join("secret.key"), "A".repeat(43)).unwrap();
    let (status, said) = refused(folder.path(), &[], &["--addr=127.0.0.1:0"]).await;
    assert!(
        status == 1 && said.contains("secret.key holds one byte"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_for_its_origin_is_told_in_the_log_once() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut command = ServerProcess::command(HUBBUB, &folder.path().join("data"));
    command
        .args(["--addr", "127.0.0.1:0"])
        .stderr(std::fs::File::create(&log).unwrap());
    let server = ServerProcess::of(command).await;
    for _ in 0..3 {
        let post = reqwest::Client::new().post(format!("{}/first", server.url));
        let post = post.header("origin", "http://chat.example");
        let answer = post.form(&[("name", "Ada")]).send().await.unwrap();
        assert_eq!(answer.status(), 403);
    }
    assert_eq!(server.terminate().await, Some(0));
    let told = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<&str> = told
        .lines()
        .filter(|line| line.contains("HUBBUB_PUBLIC_URL"))
        .collect();
    assert_eq!(lines.len(), 1, "{told}");
    assert!(lines[0].contains("WARN") && lines[0].contains("http://chat.example"));
}
