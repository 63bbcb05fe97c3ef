//! The same message, sent again and again, every way at once.

use futures_util::future::join_all;
use protocol::{Ack, ErrorCode, Nack};
use serde_json::{Value, json};
use server::Clock;
use testing::{PASSWORD, Raw, Recorder, TestApi, TestServer, id};

use super::general;

/// Over each of the two ways.
const TIMES: usize = 50;

#[tokio::test(flavor = "multi_thread")]
async fn one_id_a_hundred_times_is_one_entry_and_a_hundred_equal_acks() {
    let server = TestServer::unlimited(None, Clock::system(), &["--sockets-per-user=0"]).await;
    let recorder = Recorder::default();
    let ada = server.sign_up("ada").await;
    let id = id();
    let frame = json!({ "t": "send", "id": id, "room": 1, "text": "once" });
    let mut sockets = Vec::new();
    for _ in 0..TIMES {
        sockets.push(Raw::hello(&server.url, &ada.token, None).await.0);
    }
    let over_sockets = join_all(sockets.iter_mut().map(|raw| async {
        raw.say(&frame).await;
        ack(&raw.hear_a("ack").await)
    }));
    let apis = join_all((0..4).map(|_| TestApi::sign_in(&server.url, "ada", PASSWORD))).await;
    let over_http = join_all((0..TIMES).map(|n| {
        let api = apis[n % apis.len()].as_ref().unwrap();
        async move {
            api.post(
                "/rooms/1/messages",
                json!({ "id": id, "text": format!("another text {n}") }),
            )
            .await
        }
    }));
    let (acks, answers) = tokio::join!(over_sockets, over_http);
    let made = answers.iter().filter(|(status, _)| *status == 201).count();
    assert!(
        answers
            .iter()
            .all(|(status, _)| [200, 201].contains(status))
            && made <= 1,
        "{answers:?}"
    );
    let all: Vec<Ack> = acks
        .into_iter()
        .chain(answers.iter().map(|(_, body)| ack(body)))
        .collect();
    assert_eq!(all.len(), 2 * TIMES);
    for ack in all {
        recorder.checker().posted(ada.user, id, Some(Ok(ack)));
    }
    // Into another room it is another thing.
    let elsewhere = ada.room("public", "elsewhere").await;
    let (status, body) = ada
        .post(
            &format!("/rooms/{elsewhere}/messages"),
            json!({ "id": id, "text": "once" }),
        )
        .await;
    assert_eq!((status, &body["error"]["code"]), (409, &json!("conflict")));
    let nack = Nack {
        id,
        code: ErrorCode::Conflict,
        message: String::new(),
        retry_after_ms: None,
    };
    recorder.checker().posted(ada.user, id, Some(Err(nack)));
    drop(sockets);
    let report = server.judge(recorder, &[general(), elsewhere]).await;
    assert_eq!((report.commands, report.acks), (1, 2 * TIMES as u64));
}

fn ack(body: &Value) -> Ack {
    let body = body.get("ack").unwrap_or(body).clone();
    serde_json::from_value(body).unwrap()
}
