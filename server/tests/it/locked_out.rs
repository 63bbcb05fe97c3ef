//! What an operator does for whoever locked themselves out: `hubbub reset-password`, `hubbub set-role`.

use std::path::Path;

use serde_json::json;
use testing::{PASSWORD, Raw, ServerProcess, TestApi, id};

use crate::support::HUBBUB;

/// Runs a command of the binary; its exit status, what it said, and its last words on stderr.
async fn hubbub(folder: &Path, words: &[&str]) -> (i32, String, String) {
    let output = ServerProcess::command(HUBBUB, folder).args(words).output();
    let output = output.await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (said, errors) = (text(output.stdout), text(output.stderr));
    let last = errors.lines().last().unwrap_or_default().to_owned();
    (output.status.code().unwrap(), said, last)
}

async fn served(folder: &Path) -> ServerProcess {
    ServerProcess::start(HUBBUB, folder, "127.0.0.1:0").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_signs_in_and_ends_what_was_signed_in() {
    let folder = tempfile::tempdir().unwrap();
    let server = served(folder.path()).await;
    let ada = TestApi::sign_up(&server.url, "Ada", PASSWORD).await;
    assert_eq!(ada.get("/users/me").await.0, 200);
    assert_eq!(server.terminate().await, Some(0));

    // However the name is written, as at a sign-in.
    let (status, said, why) = hubbub(folder.path(), &["reset-password", "@ada"]).await;
    assert_eq!(status, 0, "{why}");
    let first = said.lines().next().unwrap();
    let password = first
        .strip_prefix("the new password of @ada: ")
        .expect(first);
    let server = served(folder.path()).await;
    let old = TestApi::sign_in(&server.url, "Ada", PASSWORD).await;
    assert_eq!(old.err().map(|status| status.as_u16()), Some(401));
    let again = TestApi::sign_in(&server.url, "Ada", password)
        .await
        .unwrap();
    assert_eq!(again.get("/users/me").await.0, 200);
    let sessions = again.get("/sessions").await.1;
    assert_eq!(sessions["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(server.terminate().await, Some(0));
    let (status, said, _) = hubbub(folder.path(), &["verify"]).await;
    assert!(status == 0 && said.ends_with(" 0 wrong\n"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_changed_and_somebody_stays_the_owner() {
    let folder = tempfile::tempdir().unwrap();
    let server = served(folder.path()).await;
    for name in ["ada", "wren"] {
        TestApi::sign_up(&server.url, name, PASSWORD).await;
    }
    assert_eq!(server.terminate().await, Some(0));
    let (status, _, why) = hubbub(folder.path(), &["set-role", "ada", "member"]).await;
    assert!(
        status == 1 && why.contains("somebody must be the owner"),
        "{why}"
    );
    let (status, said, _) = hubbub(folder.path(), &["set-role", "wren", "owner"]).await;
    assert_eq!((status, said.as_str()), (0, "wren: owner, before member\n"));
    let (status, said, _) = hubbub(folder.path(), &["set-role", "ada", "moderator"]).await;
    assert_eq!(
        (status, said.as_str()),
        (0, "ada: moderator, before owner\n")
    );
    let server = served(folder.path()).await;
    for (name, role) in [("ada", "moderator"), ("wren", "owner")] {
        let api = TestApi::sign_in(&server.url, name, PASSWORD).await.unwrap();
        assert_eq!(api.get("/users/me").await.1["user"]["role"], role);
    }
    assert_eq!(server.terminate().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_says_what_to_do_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for (words, code, told) in [
        (&["reset-password", "ada"][..], 1, "there is no database at"),
        (&["reset-password"], 2, "write `hubbub reset-password NAME`"),
        (
            &["reset-password", "ada", "owner"],
            2,
            "reset-password NAME",
        ),
        (&["set-role", "ada"], 2, "member|moderator|admin|owner"),
        (&["set-role", "ada", "king"], 2, "write member or moderator"),
        (&["serve", "ada"], 2, "takes no name"),
    ] {
        let (status, _, why) = hubbub(folder.path(), words).await;
        assert!(status == code && why.contains(told), "{words:?}: {why}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let server = served(folder.path()).await;
    TestApi::sign_up(&server.url, "ada", PASSWORD).await;
    assert_eq!(server.terminate().await, Some(0));
    let (status, _, why) = hubbub(folder.path(), &["reset-password", "eve"]).await;
    assert!(
        status == 1 && why.contains("nobody is called \"eve\""),
        "{why}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_a_running_server_an_order_holds_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = served(folder.path()).await;
    let ada = TestApi::sign_up(&server.url, "ada", PASSWORD).await;
    let wren = TestApi::sign_up(&server.url, "wren", PASSWORD).await;
    let (mut raw, _) = Raw::hello(&server.url, &wren.token, None).await;
    for (role, answer) in [("moderator", "ack"), ("member", "nack")] {
        let said = ada
            .say(protocol::RoomId::new(1).unwrap(), "take this back")
            .await;
        let (status, told, why) = hubbub(folder.path(), &["set-role", "@wren", role]).await;
        assert_eq!(status, 0, "{why}");
        assert!(
            told.starts_with(&format!("@wren: {role}, before ")),
            "{told}"
        );
        let frame = json!({ "t": "delete", "id": id(), "room": 1, "of": said });
        raw.say(&frame).await;
        raw.hear_a(answer).await;
    }
    for (words, told) in [
        (["set-role", "eve", "owner"], "nobody is called \"eve\""),
        (["set-role", "ada", "member"], "somebody must be the owner"),
    ] {
        let (status, _, why) = hubbub(folder.path(), &words).await;
        assert!(status == 1 && why.contains(told), "{words:?}: {why}");
    }
    let (status, told, why) = hubbub(folder.path(), &["reset-password", "wren"]).await;
    assert_eq!(status, 0, "{why}");
    let first = told.lines().next().unwrap();
    let password = first.strip_prefix("the new password of wren: ").unwrap();
    assert_eq!(raw.ends().await.0, 4500);
    assert_eq!(wren.get("/users/me").await.0, 401);
    assert!(
        TestApi::sign_in(&server.url, "wren", password)
            .await
            .is_ok()
    );
    let old = TestApi::sign_in(&server.url, "wren", PASSWORD).await;
    assert_eq!(old.err().map(|status| status.as_u16()), Some(401));
    let socket = folder.path().join("hubbub.sock");
    assert!(socket.exists());
    assert_eq!(server.terminate().await, Some(0));
    assert!(!socket.exists());
    let (status, _, why) = hubbub(folder.path(), &["reset-password", "wren"]).await;
    assert_eq!(status, 0, "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_order_is_refused_and_keeps_nobody_out() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let folder = tempfile::tempdir().unwrap();
    let server = served(folder.path()).await;
    TestApi::sign_up(&server.url, "ada", PASSWORD).await;
    let socket = folder.path().join("hubbub.sock");
    let long = format!("{{\"do\":\"{}\"}}\n", "x".repeat(10_000));
    for said in [
        "nonsense\n",
        "{\"do\":\"dance\"}\n",
        "{\"do\":\"set_role\",\"name\":\"ada\",\"role\":\"king\"}\n",
        &long,
    ] {
        let mut stream = tokio::net::UnixStream::connect(&socket).await.unwrap();
        // What is far too long is not read to its end.
        drop(stream.write_all(said.as_bytes()).await);
        let mut told = String::new();
        if stream.read_to_string(&mut told).await.is_ok() {
            assert!(told.starts_with("{\"refused\":"), "{said}: {told}");
        }
    }
    // Somebody who connects and says nothing is not waited for long.
    let _silent = tokio::net::UnixStream::connect(&socket).await.unwrap();
    let (status, _, why) = hubbub(folder.path(), &["set-role", "ada", "owner"]).await;
    assert_eq!(status, 0, "{why}");
    assert_eq!(server.terminate().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_held_by_whom_does_not_answer_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let server = served(folder.path()).await;
    TestApi::sign_up(&server.url, "ada", PASSWORD).await;
    assert_eq!(server.terminate().await, Some(0));
    let lock = std::fs::File::options()
        .write(true)
        .open(folder.path().join("hubbub.lock"))
        .unwrap();
    lock.try_lock().unwrap();
    let (status, _, why) = hubbub(folder.path(), &["reset-password", "ada"]).await;
    assert!(status == 1 && why.contains("does not answer"), "{why}");
}
