//! What is true of every route, read off the router itself.

use std::{collections::BTreeMap, ffi::OsString, sync::Arc};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, header},
};
use tower::ServiceExt as _;

use super::*;
use crate::{
    World,
    auth::Secret,
    clock::Clock,
    config::Config,
    entropy::Entropy,
    start,
    store::sqlite::{SqliteConfig, SqliteStore},
};

const OWN: &str = "https://chat.example";

struct Site {
    router: Router,
    routes: Vec<(String, Vec<Method>)>,
    /// Of somebody who is signed in.
    cookies: String,
    _folder: tempfile::TempDir,
}

/// The paths of a router and the methods that each takes, from what it prints of itself: nothing is left out of a list.
fn routes_of(router: &Router) -> Vec<(String, Vec<Method>)> {
    let printed = format!("{router:?}");
    let (own, _) = printed.split_once("fallback_router:").unwrap();
    let (mut methods, mut paths) = (BTreeMap::new(), BTreeMap::new());
    for piece in own.split("RouteId(").skip(1) {
        let (id, rest) = piece.split_once("): ").unwrap();
        let id: u32 = id.parse().unwrap();
        if let Some(path) = rest.strip_prefix('"') {
            paths.insert(id, path.split('"').next().unwrap().to_owned());
            continue;
        }
        let takes = |name: &&str| rest.contains(&format!("{name}: Route"));
        let all = ["get", "post", "put", "patch", "delete", "options", "trace"];
        let all = all.iter().filter(|name| takes(name));
        let all = all.map(|name| name.to_uppercase().parse().unwrap());
        methods.insert(id, all.collect::<Vec<Method>>());
    }
    assert_eq!(paths.len(), methods.len(), "{printed}");
    paths
        .into_iter()
        .map(|(id, path)| (path, methods.remove(&id).unwrap()))
        .collect()
}

impl Site {
    async fn open(public_url: &str) -> Self {
        let mut args: Vec<OsString> = vec!["hubbub".into(), "--signup=open".into()];
        args.push("--http-per-s-address=0".into());
        if !public_url.is_empty() {
            args.push(format!("--public-url={public_url}").into());
        }
        let entropy = Entropy::system();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hubbub.db");
        let store = SqliteStore::open(&path, &SqliteConfig::default()).await;
        let world = World {
            store: Arc::new(store.unwrap()),
            secret: Secret::random(&mut entropy.rng()),
            clock: Clock::system(),
            entropy,
            metrics: Arc::default(),
            bus: None,
        };
        let (state, _) = start::build(Config::load(args).unwrap(), world);
        let code = state.setup_code.to_string();
        let router = router(&state, &TaskTracker::new());
        let mut site = Self {
            routes: routes_of(&router),
            router,
            cookies: String::new(),
            _folder: folder,
        };
        let account = format!(r#"{{"name":"ada","password":"correct horse","invite":"{code}"}}"#);
        let made = site
            .ask(Method::POST, "/api/v1/accounts", &[], &account)
            .await;
        assert_eq!(made.status(), StatusCode::CREATED);
        for line in set_cookies(made.headers()) {
            assert_eq!(is_strict(&line), public_url == OWN, "{line}");
        }
        let pairs: Vec<String> = set_cookies(made.headers())
            .iter()
            .map(|line| line.split(';').next().unwrap().to_owned())
            .collect();
        site.cookies = pairs.join("; ");
        site
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Response {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "chat.example")
            .header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Every path, with something in the place of what it leaves open.
    fn paths(&self) -> impl Iterator<Item = (String, &[Method])> {
        self.routes.iter().map(|(path, methods)| {
            let filled = path.replace("{id}", "1").replace("{user}", "1");
            (filled.replace("{code}", "nonsense"), methods.as_slice())
        })
    }
}

fn set_cookies(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(header::SET_COOKIE).iter();
    lines
        .map(|line| line.to_str().unwrap().to_owned())
        .collect()
}

/// Whether a browser takes it for the host's own, and over https only.
fn is_strict(line: &str) -> bool {
    assert!(line.contains("; HttpOnly; SameSite=Lax"), "{line}");
    assert!(
        line.contains("; Path=/;") && !line.contains("Domain"),
        "{line}"
    );
    let strict = line.starts_with("__Host-");
    assert_eq!(line.ends_with("; Secure"), strict, "{line}");
    strict
}

const CHANGES: [Method; 4] = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

#[tokio::test]
async fn the_walk_meets_every_route() {
    let site = Site::open("").await;
    let met = |path: &str, method: Method| {
        let mut routes = site.routes.iter();
        routes.any(|(known, methods)| known == path && methods.contains(&method))
    };
    assert!(met("/ws", Method::GET) && met("/sign-out", Method::POST));
    assert!(met("/rooms/{id}/people", Method::GET));
    assert!(met("/api/v1/rooms/{id}/members/{user}", Method::DELETE));
    assert!(met("/api/v1/users/me", Method::PATCH));
    assert!(site.routes.len() >= 29, "{:?}", site.routes);
}

/// Whether an answer is the refusal of what is not from an own page.
async fn is_foreign(answer: Response) -> bool {
    if answer.status() != StatusCode::FORBIDDEN {
        return false;
    }
    assert_eq!(set_cookies(answer.headers()), Vec::<String>::new());
    assert_eq!(answer.headers()["x-request-id"].len(), 16);
    if answer.headers()[header::CONTENT_TYPE] == "text/html; charset=utf-8" {
        return true;
    }
    let body = axum::body::to_bytes(answer.into_body(), 10_000).await;
    let body = String::from_utf8(body.unwrap().to_vec()).unwrap();
    body.contains("must come from this server's own pages")
}

#[tokio::test]
async fn no_foreign_page_changes_anything_anywhere() {
    let site = Site::open("").await;
    let cookies = ("cookie", site.cookies.as_str());
    let foreign: [&[(&str, &str)]; 9] = [
        &[cookies, ("origin", "https://evil.example")],
        &[cookies, ("origin", "null")],
        &[cookies, ("origin", "https://chat.example.evil.example")],
        &[cookies, ("origin", "https://chat.example:8443")],
        &[cookies, ("sec-fetch-site", "cross-site")],
        &[cookies, ("sec-fetch-site", "same-site")],
        &[cookies],
        // A cookie that a browser does not send along (`SameSite=Lax`) is no reason to let a stranger's page sign somebody in or out.
        &[("origin", "https://evil.example")],
        &[("sec-fetch-site", "cross-site")],
    ];
    let mut walked = 0;
    for (path, _) in site.paths() {
        for method in CHANGES {
            for headers in foreign {
                let answer = site.ask(method.clone(), &path, headers, "{}").await;
                assert!(is_foreign(answer).await, "{method} {path} {headers:?}");
                walked += 1;
            }
        }
    }
    assert!(walked >= 29 * 4 * 9, "{walked}");
    let me = site
        .ask(Method::GET, "/api/v1/users/me", &[cookies], "")
        .await;
    assert_eq!(me.status(), StatusCode::OK, "still signed in");
}

#[tokio::test]
async fn own_pages_and_programs_may_ask_for_any_change() {
    for own in [
        ("origin", OWN),
        ("sec-fetch-site", "same-origin"),
        ("authorization", "Bearer nobody's"),
    ] {
        let site = Site::open("").await;
        let cookies = ("cookie", site.cookies.as_str());
        for (path, methods) in site.paths() {
            for method in methods.iter().filter(|method| CHANGES.contains(method)) {
                let answer = site.ask(method.clone(), &path, &[cookies, own], "{}").await;
                assert!(!is_foreign(answer).await, "{method} {path} {own:?}");
            }
        }
    }
    // A program has no cookie and says nothing of where it is.
    let site = Site::open("").await;
    let body = r#"{"name":"ada","password":"correct horse"}"#;
    let answer = site.ask(Method::POST, "/api/v1/sessions", &[], body).await;
    assert_eq!(answer.status(), StatusCode::OK);
}

/// Asks every route in every way that it takes, and some that it does not.
async fn every_answer(site: &Site) -> Vec<(String, HeaderMap)> {
    let mut answers = Vec::new();
    let with_cookies = [("cookie", site.cookies.as_str()), ("origin", OWN)];
    let upgrade = [
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let mut paths: Vec<(String, &[Method])> = site.paths().collect();
    paths.push(("/nothing/here".into(), &[]));
    paths.push(("/api/v1/nothing".into(), &[]));
    paths.push(("/robots.txt".into(), &[]));
    paths.push(("/pkg/hubbub.css".into(), &[]));
    // What ends the sign-in comes last.
    paths.sort_by_key(|(path, _)| path.contains("sign-out") || path.contains("sessions"));
    for (path, methods) in paths {
        for method in [
            Method::GET,
            Method::HEAD,
            Method::PUT,
            Method::OPTIONS,
            Method::TRACE,
        ]
        .iter()
        .chain(methods)
        {
            for headers in [&[][..], &with_cookies[..], &upgrade[..]] {
                let answer = site.ask(method.clone(), &path, headers, "{}").await;
                let what = format!("{method} {path} {} {headers:?}", answer.status());
                // Its body is let go: an answer that is not read takes the place of others.
                answers.push((what, answer.headers().clone()));
            }
        }
    }
    answers
}

#[tokio::test]
async fn every_answer_says_what_a_browser_may_do_with_it() {
    for public_url in ["", OWN] {
        let site = Site::open(public_url).await;
        for (what, headers) in &every_answer(&site).await {
            let only = |name: &str| {
                let mut values = headers.get_all(name).iter();
                let value = values.next().unwrap_or_else(|| panic!("{what}: no {name}"));
                assert!(values.next().is_none(), "{what}: two {name}");
                value.to_str().unwrap().to_owned()
            };
            assert_eq!(only("x-content-type-options"), "nosniff", "{what}");
            assert_eq!(only("x-request-id").len(), 16, "{what}");
            assert_eq!(only("referrer-policy"), "same-origin", "{what}");
            assert_eq!(only("x-frame-options"), "DENY", "{what}");
            assert_eq!(only("cross-origin-opener-policy"), "same-origin", "{what}");
            assert_eq!(
                only("cross-origin-resource-policy"),
                "same-origin",
                "{what}"
            );
            assert!(only("permissions-policy").contains("camera=()"), "{what}");
            let policy = only("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; "), "{what}");
            assert!(policy.contains("frame-ancestors 'none'"), "{what}");
            let type_ = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
            if type_.is_some_and(|type_| type_.starts_with(b"text/html")) {
                assert!(
                    policy.contains("require-trusted-types-for 'script'"),
                    "{what}"
                );
                assert!(!policy.contains("unsafe-inline"), "{what}");
            }
            let is_file = what.contains("/robots.txt") || what.contains("/pkg/");
            if !is_file {
                assert_eq!(only("cache-control"), "no-store", "{what}");
            }
            let https = headers.contains_key("strict-transport-security");
            assert_eq!(https, public_url == OWN, "{what}");
            for line in set_cookies(headers) {
                assert_eq!(is_strict(&line), public_url == OWN, "{what}: {line}");
            }
        }
    }
}
