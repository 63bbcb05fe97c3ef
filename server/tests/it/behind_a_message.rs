//! Who reacted to a message, and what it said before.

use protocol::RoomId;
use serde_json::{Value, json};
use testing::{Raw, TestServer, id};

fn general() -> RoomId {
    RoomId::new(1).unwrap()
}

async fn acts(raw: &mut Raw, mut frame: Value) {
    frame["id"] = json!(id());
    frame["room"] = json!(1);
    raw.say(&frame).await;
    raw.hear_a("ack").await;
}

/// Each emoji, with the names of who gives it.
fn given(list: &Value) -> Vec<(&str, Vec<&str>)> {
    let all = list["reactions"].as_array().unwrap().iter();
    all.map(|one| {
        let users = one["users"].as_array().unwrap().iter();
        let names = users.map(|user| user["name"].as_str().unwrap());
        (one["emoji"].as_str().unwrap(), names.collect())
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reacted_and_what_was_said_before_is_seen_until_it_is_deleted() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let said = ada.say(general(), "frist").await;
    let path = |what: &str| format!("/rooms/1/messages/{said}/{what}");
    let nothing = (200, json!({ "edits": [] }));
    assert_eq!(wren.get(&path("edits")).await, nothing);
    let (mut hers, _) = Raw::hello(&server.url, &ada.token, None).await;
    let (mut other, _) = Raw::hello(&server.url, &wren.token, None).await;
    let react = |emoji: &str, on| json!({ "t": "react", "of": said, "emoji": emoji, "on": on });
    let edit = |text: &str| json!({ "t": "edit", "of": said, "text": text });
    acts(&mut other, react("🎉", true)).await;
    acts(&mut hers, react("👍", true)).await;
    acts(&mut hers, react("🎉", true)).await;
    acts(&mut other, react("👍", true)).await;
    acts(&mut other, react("👍", false)).await;
    acts(&mut hers, edit("first")).await;
    acts(&mut hers, edit("first!")).await;

    let (_, list) = wren.get(&path("reactions")).await;
    assert_eq!(
        given(&list),
        [("🎉", vec!["wren", "ada"]), ("👍", vec!["ada"])]
    );
    let (_, list) = wren.get(&path("edits")).await;
    let edits = list["edits"].as_array().unwrap();
    let texts: Vec<&Value> = edits.iter().map(|edit| &edit["text"]).collect();
    assert_eq!(texts, [&json!("frist"), &json!("first")]);
    assert!(edits[0]["at"].as_u64() <= edits[1]["at"].as_u64());

    acts(&mut hers, json!({ "t": "delete", "of": said })).await;
    assert_eq!(wren.get(&path("edits")).await, nothing);
    let none = (200, json!({ "reactions": [] }));
    assert_eq!(wren.get(&path("reactions")).await, none);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_message_and_what_one_may_not_know_of_is_not_there() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let secret = ada.room("private", "secret").await;
    let hidden = ada.say(secret, "hush").await;
    let open = ada.room("public", "mast").await;
    let read = ada.say(open, "to be read").await;
    for what in ["reactions", "edits"] {
        for (room, seq, status) in [
            (general(), 1, 404),
            (general(), 999, 404),
            (secret, hidden, 404),
            (open, read, 200),
        ] {
            let path = format!("/rooms/{room}/messages/{seq}/{what}");
            assert_eq!(wren.get(&path).await.0, status, "{path}");
        }
        let path = format!("/rooms/{secret}/messages/{hidden}/{what}");
        assert_eq!(ada.get(&path).await.0, 200);
    }
    server.close().await;
}
