//! Who may change what others may do, and what happens at once when somebody is shut out.

use protocol::{RoomId, UserId};
use reqwest::Method;
use serde_json::{Value, json};
use testing::{PASSWORD, Raw, TestApi, TestServer, id};

async fn govern(by: &TestApi, whom: UserId, body: Value) -> (u16, Value) {
    by.call(Method::PATCH, &format!("/users/{whom}"), Some(body))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_holds_at_once_on_a_connection_that_is_open() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let (mut raw, welcome) = Raw::hello(&server.url, &wren.token, None).await;
    assert_eq!(welcome["user"].get("role"), None, "a member");
    let said = ada.say(RoomId::new(1).unwrap(), "take this back").await;
    let mut delete = async || {
        let frame = json!({ "t": "delete", "id": id(), "room": 1, "of": said });
        raw.say(&frame).await;
        loop {
            let frame = raw.hear().await;
            match frame["t"].as_str().unwrap() {
                "ack" => return "ack".to_owned(),
                "nack" => return frame["code"].as_str().unwrap().to_owned(),
                _ => {}
            }
        }
    };
    assert_eq!(delete().await, "forbidden");
    let (status, body) = govern(&ada, wren.user, json!({ "role": "moderator" })).await;
    assert_eq!((status, &body["user"]["role"]), (200, &json!("moderator")));
    assert_eq!(delete().await, "ack");
    assert_eq!(raw.hear_a("event").await["kind"], "delete");

    // And is taken back as fast.
    let said = ada.say(RoomId::new(1).unwrap(), "this stays").await;
    let (status, _) = govern(&ada, wren.user, json!({ "role": "member" })).await;
    assert_eq!(status, 200);
    let user = raw.hear_a("user").await;
    assert_eq!(user["user"].get("role"), None);
    let frame = json!({ "t": "delete", "id": id(), "room": 1, "of": said });
    raw.say(&frame).await;
    assert_eq!(raw.hear_a("nack").await["code"], "forbidden");
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_shut_out_is_gone_at_once_and_can_come_back() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let (mut first, _) = Raw::hello(&server.url, &wren.token, None).await;
    let again = TestApi::sign_in(&server.url, "wren", PASSWORD)
        .await
        .unwrap();
    let (mut second, _) = Raw::hello(&server.url, &again.token, None).await;
    let (status, _) = govern(&ada, wren.user, json!({ "banned": true })).await;
    assert_eq!(status, 200);
    for raw in [&mut first, &mut second] {
        assert_eq!(raw.ends().await.0, 4503);
    }
    assert_eq!(wren.get("/users/me").await.0, 401);
    let refused = TestApi::sign_in(&server.url, "wren", PASSWORD).await;
    assert!(refused.is_err());
    let headers = [("authorization", &*format!("Bearer {}", wren.token))];
    assert!(Raw::open(&server.url, &headers).await.is_err());

    let (status, _) = govern(&ada, wren.user, json!({ "banned": false })).await;
    assert_eq!(status, 200);
    let back = TestApi::sign_in(&server.url, "wren", PASSWORD)
        .await
        .unwrap();
    assert_eq!(back.get("/users/me").await.0, 200);
    assert_eq!(
        again.get("/users/me").await.0,
        401,
        "what ended stays ended"
    );
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_governs_above_themselves_and_somebody_stays_the_owner() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let wren = server.sign_up("wren").await;
    let zhou = server.sign_up("zhou").await;
    let ole = server.sign_up("ole").await;
    assert_eq!(
        govern(&ada, wren.user, json!({ "role": "admin" })).await.0,
        200
    );
    assert_eq!(
        govern(&ada, zhou.user, json!({ "role": "admin" })).await.0,
        200
    );
    let nobody = UserId::new(999).unwrap();
    for (by, whom, body, status) in [
        (&ole, zhou.user, json!({ "role": "member" }), 403),
        (&ole, ole.user, json!({ "role": "owner" }), 403),
        (&wren, ada.user, json!({ "banned": true }), 403),
        (&wren, ada.user, json!({ "role": "member" }), 403),
        (&wren, ole.user, json!({ "role": "owner" }), 403),
        (&wren, wren.user, json!({ "role": "owner" }), 403),
        (&wren, nobody, json!({ "role": "member" }), 404),
        (&ada, ada.user, json!({ "role": "admin" }), 409),
        (&ada, ada.user, json!({ "banned": true }), 409),
        (&ada, ole.user, json!({}), 422),
        (&ada, ole.user, json!({ "role": "king" }), 422),
        (&ada, ole.user, json!({ "role": "member", "x": 1 }), 422),
        (&ada, ole.user, json!({ "banned": "yes" }), 422),
        // What may be done, at last.
        (&wren, zhou.user, json!({ "role": "member" }), 200),
        (&wren, zhou.user, json!({ "role": "admin" }), 200),
        (&wren, ole.user, json!({ "role": "moderator" }), 200),
        (&wren, ole.user, json!({ "banned": true }), 200),
        (
            &wren,
            ole.user,
            json!({ "banned": false, "role": "member" }),
            200,
        ),
        (&ada, zhou.user, json!({ "role": "owner" }), 200),
        (&ada, ada.user, json!({ "role": "member" }), 200),
        (&ada, ole.user, json!({ "role": "moderator" }), 403),
        (&zhou, wren.user, json!({ "banned": true }), 200),
    ] {
        let answer = govern(by, whom, body.clone()).await;
        assert_eq!(answer.0, status, "{whom} {body}: {}", answer.1);
    }
    server.close().await;
}
