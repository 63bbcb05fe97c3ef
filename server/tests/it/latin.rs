//! Names that are read: what clients are told, and what they find.

use reqwest::Method;
use serde_json::json;
use testing::{Raw, TestServer};

#[tokio::test(flavor = "multi_thread")]
async fn clients_are_told_how_han_names_are_read_and_find_people_by_it() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let zhou = server.sign_up("周明").await;
    let room = ada.room("public", "中文频道").await;
    let (_, found) = ada.get("/users?q=zm").await;
    let (id, name) = (zhou.user.get(), "周明");
    let told = json!({ "id": id, "name": name, "display_name": name, "latin": "zhou ming", "state": "offline" });
    assert_eq!(found, json!({ "users": [told] }));
    let (_, found) = ada.get("/users?q=zhou%20ming").await;
    assert_eq!(found["users"].as_array().unwrap().len(), 1);
    let (_, found) = ada.get(&format!("/rooms/{room}")).await;
    assert_eq!(found["room"]["latin"], "zhong wen pin dao");
    let (mut raw, welcome) = Raw::hello(&server.url, &ada.token, None).await;
    assert!(welcome["user"].get("latin").is_none(), "{welcome}");
    let rooms = welcome["rooms"].as_array().unwrap();
    let told: Vec<_> = rooms.iter().map(|room| &room["latin"]).collect();
    assert_eq!(told, [&json!(null), &json!("zhong wen pin dao")]);
    // A name that changes is read anew.
    for (display_name, latin) in [("小明", "xiao ming"), ("Zoë", "zhou ming")] {
        let change = Some(json!({ "display_name": display_name }));
        let (status, _) = zhou.call(Method::PATCH, "/users/me", change).await;
        assert_eq!(status, 200);
        let heard = raw.hear_a("user").await;
        assert_eq!(heard["user"]["latin"], latin, "{heard}");
    }
    server.close().await;
}
