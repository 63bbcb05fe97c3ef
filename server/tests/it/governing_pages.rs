//! The pages for owners and admins, as a browser without scripts uses them.

use protocol::UserId;
use reqwest::{Client, Method, Response, header, redirect::Policy};
use serde_json::json;
use testing::{PASSWORD, Raw, TestApi, TestServer};

/// A browser that somebody is signed in with.
pub(super) struct Browser {
    client: Client,
    url: String,
}

impl Browser {
    pub(super) async fn sign_in(server: &TestServer, name: &str) -> Self {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .build()
            .unwrap();
        let url = server.url.clone();
        let browser = Self { client, url };
        let form = [("name", name), ("password", PASSWORD)];
        assert_eq!(browser.post("/sign-in", &form).await.status(), 303);
        browser
    }

    pub(super) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        self.client
            .post(format!("{}{path}", self.url))
            .header(header::ORIGIN, &self.url)
            .form(form)
            .send()
            .await
            .unwrap()
    }

    /// The status of a page, and the page.
    pub(super) async fn get(&self, path: &str) -> (u16, String) {
        let page = self.client.get(format!("{}{path}", self.url));
        let page = page.send().await.unwrap();
        (page.status().as_u16(), page.text().await.unwrap())
    }
}

/// The status of an answer, and where it leads.
pub(super) fn leads(answer: &Response) -> (u16, &str) {
    let to = answer.headers().get(header::LOCATION);
    (
        answer.status().as_u16(),
        to.map_or("", |to| to.to_str().unwrap()),
    )
}

struct Station {
    server: TestServer,
    ada: UserId,
    wren: TestApi,
    /// By their roles: owner, admin, moderator, member.
    browsers: [Browser; 4],
}

/// Ada owns it, adam is its admin, mo a moderator, and wren a member.
async fn station() -> Station {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    for (name, role) in [("adam", "admin"), ("mo", "moderator")] {
        let user = server.sign_up(name).await.user;
        let body = Some(json!({ "role": role }));
        let path = format!("/users/{user}");
        assert_eq!(ada.call(Method::PATCH, &path, body).await.0, 200);
    }
    let wren = server.sign_up("wren").await;
    let browsers = [
        Browser::sign_in(&server, "ada").await,
        Browser::sign_in(&server, "adam").await,
        Browser::sign_in(&server, "mo").await,
        Browser::sign_in(&server, "wren").await,
    ];
    Station {
        ada: ada.user,
        wren,
        browsers,
        server,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_and_admins_see_people_and_nobody_else_does() {
    let Station {
        server,
        ada,
        wren,
        browsers,
    } = station().await;
    let wren = wren.user;
    for path in [
        "/people".to_owned(),
        format!("/people/{wren}"),
        format!("/people/{wren}/ban"),
    ] {
        for (browser, status) in browsers.iter().zip([200, 200, 403, 403]) {
            let (said, html) = browser.get(&path).await;
            assert_eq!(said, status, "{path}");
            assert_eq!(html.contains("@wren"), status == 200, "{path}");
        }
        let stranger = Client::builder().redirect(Policy::none()).build().unwrap();
        let page = stranger.get(format!("{}{path}", server.url));
        let page = page.send().await.unwrap();
        let way = format!("/sign-in?next={path}");
        assert_eq!(leads(&page), (303, &*way));
    }
    let [owner, admin, ..] = &browsers;
    // What is offered is what may be done.
    for (browser, whom, roles) in [
        (owner, ada, 4),
        (owner, wren, 4),
        (admin, wren, 3),
        (admin, ada, 0),
    ] {
        let (_, html) = browser.get(&format!("/people/{whom}")).await;
        assert_eq!(html.matches("type=\"radio\"").count(), roles, "{whom}");
    }
    for path in ["/people/999", "/people/x", "/people/0", "/people/1/x"] {
        assert_eq!(owner.get(path).await.0, 404, "{path}");
    }
    let (_, html) = owner.get("/people?q=WREN").await;
    assert!(html.contains("@wren") && !html.contains("@adam"));
    let (_, html) = owner.get("/people?after=2").await;
    assert!(html.contains("@wren") && !html.contains("@adam"));
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_change_a_role_changes_none_by_its_form() {
    let Station {
        server,
        ada,
        wren,
        browsers,
    } = station().await;
    let [owner, admin, moderator, member] = &browsers;
    let role_of = async |user: UserId| {
        let (_, body) = wren.get(&format!("/users?ids={user}")).await;
        let role = body["users"][0].get("role").cloned();
        role.map_or_else(
            || "member".to_owned(),
            |role| role.as_str().unwrap().to_owned(),
        )
    };
    let whom = wren.user;
    for (browser, whom, role, status, then) in [
        (member, whom, "moderator", 403, "member"),
        (moderator, whom, "moderator", 403, "member"),
        (admin, whom, "owner", 403, "member"),
        (admin, ada, "member", 403, "owner"),
        (owner, ada, "member", 409, "owner"),
        (owner, whom, "king", 404, "member"),
        (admin, whom, "moderator", 303, "moderator"),
        (owner, whom, "owner", 303, "owner"),
        (owner, whom, "member", 303, "member"),
    ] {
        let path = format!("/people/{whom}/role");
        let answer = browser.post(&path, &[("role", role)]).await;
        assert_eq!(answer.status(), status, "{whom} {role}");
        if status == 303 {
            let person = format!("/people/{whom}?changed=role");
            assert_eq!(leads(&answer), (303, &*person));
        }
        assert_eq!(role_of(whom).await, then, "{whom} {role}");
    }
    let answer = owner.post("/people/999/role", &[("role", "member")]).await;
    assert_eq!(answer.status(), 404);
    // The way back is the list, and nowhere else.
    for (next, to) in [
        ("/people?q=w", format!("/people?q=w&changed={whom}")),
        ("/people", format!("/people?changed={whom}")),
        (
            "//evil.example/people",
            format!("/people/{whom}?changed=role"),
        ),
        ("/rooms/1", format!("/people/{whom}?changed=role")),
    ] {
        let form = [("role", "member"), ("next", next)];
        let answer = owner.post(&format!("/people/{whom}/role"), &form).await;
        assert_eq!(leads(&answer), (303, &*to));
    }
    // Another site's page changes nothing.
    let foreign = owner
        .client
        .post(format!("{}/people/{whom}/role", server.url))
        .header(header::ORIGIN, "http://evil.example")
        .form(&[("role", "owner")]);
    assert_eq!(foreign.send().await.unwrap().status(), 403);
    assert_eq!(role_of(whom).await, "member");
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_shut_out_and_let_back_in_by_forms() {
    let Station {
        server,
        ada,
        wren,
        browsers,
    } = station().await;
    let [owner, admin, moderator, member] = &browsers;
    let whom = wren.user;
    let ban = async |browser: &Browser, whom: UserId, banned: &str| {
        let form = [("banned", banned)];
        let answer = browser.post(&format!("/people/{whom}/ban"), &form).await;
        answer.status().as_u16()
    };
    for (browser, whom, status) in [
        (member, ada, 403),
        (moderator, whom, 403),
        (admin, ada, 403),
        (owner, ada, 409),
    ] {
        assert_eq!(ban(browser, whom, "true").await, status);
    }
    let (mut raw, _) = Raw::hello(&server.url, &wren.token, None).await;
    assert_eq!(ban(admin, whom, "true").await, 303);
    assert_eq!(raw.ends().await.0, 4503);
    let (_, html) = admin.get(&format!("/people/{whom}?changed=banned")).await;
    assert!(html.contains("is banned.") && !html.contains("/role\""));
    // They are in the list of those who are shut out, and in no other.
    let (_, all) = admin.get("/people").await;
    let (_, banned) = admin.get("/people?show=banned").await;
    assert!(!all.contains("@wren") && banned.contains("@wren"));
    // A form that was sent after the sign-in ended asks to sign in.
    let answer = member
        .post(&format!("/people/{ada}/role"), &[("role", "member")])
        .await;
    assert_eq!(
        leads(&answer),
        (303, &*format!("/sign-in?next=/people/{ada}"))
    );
    assert_eq!(ban(admin, whom, "false").await, 303);
    let (_, html) = admin.get(&format!("/people/{whom}?changed=banned")).await;
    assert!(html.contains("can sign in again."));
    let back = TestApi::sign_in(&server.url, "wren", PASSWORD).await;
    assert_eq!(back.unwrap().get("/users/me").await.0, 200);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_a_new_password_is_shown_once() {
    let Station {
        server,
        ada,
        wren,
        browsers,
    } = station().await;
    let [owner, admin, moderator, member] = &browsers;
    let whom = wren.user;
    for (browser, whom, status) in [
        (member, whom, 403),
        (moderator, whom, 403),
        (admin, ada, 403),
        (owner, ada, 409),
    ] {
        let answer = browser.post(&format!("/people/{whom}/reset"), &[]).await;
        assert_eq!(answer.status(), status);
        assert!(!answer.text().await.unwrap().contains("/reset/"));
    }
    let answer = admin.post(&format!("/people/{whom}/reset"), &[]).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
    let html = answer.text().await.unwrap();
    let at = html.find("/reset/").unwrap();
    let code = html[at..].split(['"', '\\']).next().unwrap();
    let (status, page) = Browser::sign_in(&server, "mo").await.get(code).await;
    assert!(status == 200 && page.contains("wren"), "{code}");
    let (_, html) = admin.get(&format!("/people/{whom}")).await;
    assert!(!html.contains("/reset/"));
    server.close().await;
}

/// A private room of ada, as a form names it.
async fn attic(server: &TestServer) -> String {
    let ada = TestApi::sign_in(&server.url, "ada", PASSWORD)
        .await
        .unwrap();
    ada.room("private", "attic").await.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_invite_makes_no_invite_and_an_unfit_one_is_made_by_nobody() {
    let Station {
        server, browsers, ..
    } = station().await;
    let [owner, admin, moderator, member] = &browsers;
    let room = attic(&server).await;
    for (browser, status) in [(owner, 200), (admin, 200), (moderator, 403), (member, 403)] {
        assert_eq!(browser.get("/invites").await.0, status);
    }
    let good = [("uses", "5"), ("rooms", &*room)];
    for (browser, form, status) in [
        (member, &good[..], 403),
        (moderator, &good, 403),
        // A private room that they are not in.
        (admin, &good, 404),
        (owner, &[("uses", "0")], 422),
        (owner, &[("uses", "10001")], 422),
        (owner, &[("days", "366")], 422),
        (owner, &[("days", "99999999999999999999")], 422),
        (owner, &[("rooms", "x")], 422),
    ] {
        let answer = browser.post("/invites", form).await;
        assert_eq!(answer.status(), status, "{form:?}");
        let html = answer.text().await.unwrap();
        assert!(!html.contains("/revoke"), "nothing was made: {form:?}");
    }
    server.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn invites_are_made_shown_and_revoked_by_forms() {
    let Station {
        server, browsers, ..
    } = station().await;
    let [owner, admin, moderator, member] = &browsers;
    let room = attic(&server).await;
    let good = [
        ("uses", "5"),
        ("days", "30"),
        ("rooms", "1"),
        ("rooms", &*room),
    ];
    let made = owner.post("/invites", &good).await;
    let (status, to) = leads(&made);
    let code = to.strip_prefix("/invites?show=").unwrap();
    assert_eq!(status, 303);
    let (_, html) = owner.get(to).await;
    let link = format!("{}/join/{code}", server.url);
    for part in [
        &*link,
        "5 uses left",
        "#\u{2068}general",
        "attic",
        "by you",
        "role=\"img\"",
    ] {
        assert!(
            html.contains(part) || html.contains(&part.replace('\u{2068}', "")),
            "{part}"
        );
    }
    // Another admin's private room is told to nobody else, and a page that shows none draws no code.
    let (_, html) = admin.get("/invites").await;
    assert!(html.contains(code) && !html.contains("attic") && !html.contains("role=\"img\""));
    for path in ["/invites?show=nothing", "/invites?cursor=nothing"] {
        assert_eq!(admin.get(path).await.0, 200, "{path}");
    }
    let revoke = format!("/invites/{code}/revoke");
    for (browser, status) in [(member, 403), (moderator, 403), (admin, 303), (owner, 404)] {
        assert_eq!(browser.post(&revoke, &[]).await.status(), status);
    }
    let (_, html) = owner.get(&format!("/invites?revoked={code}")).await;
    assert!(html.contains("opens nothing any more."));
    let (_, html) = owner.get("/invites?revoked=%3Cb%3EHello%20there").await;
    assert!(!html.contains("Hello there"));
    let stranger = reqwest::get(link).await.unwrap();
    assert!(
        stranger
            .text()
            .await
            .unwrap()
            .contains("used up or too old")
    );
    server.close().await;
}
