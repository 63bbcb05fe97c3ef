//! The server's HTTP API, with the page's cookies.

use std::{cell::Cell, rc::Rc};

use app::ports::{HttpAnswer, Request};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response};

use crate::locks;

const API: &str = "/api/v1";
const REFRESH_LOCK: &str = "hubbub-refresh";
const UNAUTHORIZED: u16 = 401;

/// Asks. When the sign-in's access is over, it is renewed once, and the same is asked again.
pub(crate) async fn ask(request: &Request) -> HttpAnswer {
    let answer = send(request).await;
    if answer.status != UNAUTHORIZED {
        return answer;
    }
    if renew().await {
        send(request).await
    } else {
        answer
    }
}

/// Renews the sign-in's access. A refresh token is good for one use, so no two pages of a browser use one at the same
/// time, and whoever comes second finds it done.
pub(crate) async fn renew() -> bool {
    let done = Rc::new(Cell::new(false));
    let told = Rc::clone(&done);
    let work = async move {
        let probe = send(&Request {
            method: "GET",
            path: "/sessions".to_owned(),
            body: None,
        })
        .await;
        let renewed = probe.status != UNAUTHORIZED || {
            let refresh = Request {
                method: "POST",
                path: "/sessions/refresh".to_owned(),
                body: Some("{}".to_owned()),
            };
            send(&refresh).await.status == 200
        };
        told.set(renewed);
    };
    locks::alone(REFRESH_LOCK, true, Box::pin(work)).await;
    done.get()
}

async fn send(request: &Request) -> HttpAnswer {
    fetch(request).await.unwrap_or(HttpAnswer {
        status: 0,
        body: String::new(),
    })
}

/// A file of the page; none if it did not come.
pub(crate) async fn text(url: &str) -> Option<String> {
    let answer = fetch_at(url, &RequestInit::new()).await.ok()?;
    (answer.status == 200).then_some(answer.body)
}

async fn fetch(request: &Request) -> Result<HttpAnswer, JsValue> {
    let init = RequestInit::new();
    init.set_method(request.method);
    if let Some(body) = &request.body {
        let headers = Headers::new()?;
        headers.set("content-type", "application/json")?;
        init.set_headers(&headers);
        init.set_body(&JsValue::from_str(body));
    }
    fetch_at(&format!("{API}{}", request.path), &init).await
}

async fn fetch_at(url: &str, init: &RequestInit) -> Result<HttpAnswer, JsValue> {
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    let response = JsFuture::from(window.fetch_with_str_and_init(url, init)).await?;
    let response: Response = response.dyn_into()?;
    let body = JsFuture::from(response.text()?).await?;
    Ok(HttpAnswer {
        status: response.status(),
        body: body.as_string().unwrap_or_default(),
    })
}
