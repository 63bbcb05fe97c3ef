//! The pages: rendered here with what they need for their first paint, so that they can be read before Wasm arrives, or
//! without it.

mod backend;
mod beside;
mod devices;
mod forms;
mod governing;
mod invites;
mod packed;
mod preferences;
mod reset;
mod viewer;
mod you;
mod zone;

use std::io;

use app::{Backend as _, boot::Boot, i18n::Lang, route::PATTERNS};
use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, OriginalUri, Request, State as Extract},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use futures_util::{StreamExt as _, stream};
use protocol::limits::FORM_BYTES;

pub(crate) use self::backend::{NoPage, PageBackend};
pub(super) use self::forms::foreign;
use self::{packed::Packing, viewer::Viewer};
use super::{
    address::{AtTheMachine, ClientAddress},
    limit,
};
use crate::{
    answers::AnswerPlace as Memory,
    error::Refusal,
    state::{Shared, State},
    telemetry::Limit,
};

/// The pages and their forms, which count as the API's requests do; what is neither a page nor a file is the page that says so.
pub(crate) fn router(state: &State) -> Router<State> {
    PATTERNS
        .iter()
        .fold(Router::new(), |router, path| router.route(path, get(page)))
        .route("/sign-in", post(forms::sign_in))
        .route("/join/{code}", post(forms::join))
        .route("/reset/{code}", post(reset::reset))
        .route("/first", post(forms::first))
        .route("/sign-out", post(forms::sign_out))
        .route("/you/name", post(you::name))
        .route("/you/zone", post(you::zone))
        .route("/you/password", post(you::password))
        .route("/devices/others/sign-out", post(devices::sign_out_others))
        .route("/devices/{id}/sign-out", post(devices::sign_out))
        .route("/invites", post(invites::create))
        .route("/invites/{code}/revoke", post(invites::revoke))
        .route("/people/{id}/role", post(governing::role))
        .route("/people/{id}/ban", post(governing::ban))
        .route("/people/{id}/reset", post(governing::reset))
        .route("/preferences", post(preferences::preferences))
        .route_layer(from_fn_with_state(state.clone(), count))
        .fallback(file_or_missing)
        .layer(DefaultBodyLimit::max(FORM_BYTES))
}

async fn count(
    Extract(state): Extract<State>,
    ClientAddress(address): ClientAddress,
    request: Request,
    next: Next,
) -> Response {
    match limit::spend(&state, address.into()) {
        Ok(()) => next.run(request).await,
        Err(why) => busy(&state, request.headers(), why),
    }
}

/// A page that costs nothing, where there is no time to draw one: it says to come back, in the visitor's language.
fn busy(state: &Shared, headers: &HeaderMap, why: Refusal) -> Response {
    let lang: Lang = viewer::lang(headers);
    let (tag, words, name) = (lang.tag(), lang.busy(), &state.config.serve.name);
    let name = name.replace('&', "&amp;").replace('<', "&lt;");
    let page = format!(
        "<!doctype html><html lang=\"{tag}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{name}</title><p>{words}</p>"
    );
    let mut response = why.into_response();
    *response.body_mut() = Body::from(page);
    let out = response.headers_mut();
    out.remove(header::CONTENT_LENGTH);
    out.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn page(
    Extract(state): Extract<State>,
    OriginalUri(uri): OriginalUri,
    near: AtTheMachine,
    headers: HeaderMap,
) -> Response {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    show(&state, path, &headers, near).await
}

async fn file_or_missing(
    Extract(state): Extract<State>,
    OriginalUri(uri): OriginalUri,
    method: Method,
    near: AtTheMachine,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
) -> Response {
    if !matches!(method, Method::GET | Method::HEAD) {
        return Refusal::not_found("place").into_response();
    }
    match state.assets.get(uri.path(), &headers).await {
        Some(file) => file,
        None => match limit::spend(&state, address.into()) {
            Ok(()) => show(&state, uri.path(), &headers, near).await,
            Err(why) => busy(&state, &headers, why),
        },
    }
}

async fn show(
    state: &State,
    path: &str,
    headers: &HeaderMap,
    AtTheMachine(near): AtTheMachine,
) -> Response {
    let pages = PageBackend(state.clone());
    let Ok(viewer) = Viewer::of(state, headers, near).await else {
        return render(
            state,
            headers,
            pages.trouble(&Viewer::stranger(headers, state.now())),
        );
    };
    answer(state, headers, &viewer, pages.boot(path, &viewer)).await
}

/// The page that comes of it, or the way to it.
async fn answer(
    state: &State,
    headers: &HeaderMap,
    viewer: &Viewer,
    page: impl Future<Output = Result<Boot, NoPage>>,
) -> Response {
    let memory = match &viewer.identity {
        Some(identity) => state.answers.place(identity.account.id).await,
        // What a stranger sees is small.
        None => Ok(Memory::default()),
    };
    let memory = match memory {
        Ok(memory) => memory,
        Err(why) => return why.into_response(),
    };
    match page.await {
        Ok(boot) => draw(state, headers, boot, memory),
        Err(NoPage::Elsewhere(path)) => Redirect::to(&path).into_response(),
        Err(NoPage::Refused) => {
            let trouble = PageBackend(state.clone()).trouble(viewer);
            draw(state, headers, trouble, memory)
        }
    }
}

/// Ends an answer that has begun: the browser must not take half of a page for all of it.
fn broken() -> io::Error {
    io::Error::other("the page could not be drawn")
}

/// A page that is small.
fn render(state: &State, headers: &HeaderMap, boot: Boot) -> Response {
    draw(state, headers, boot, Memory::default())
}

/// A page as an answer: no script runs but ours, nothing frames it, nothing else is loaded.
fn draw(state: &State, headers: &HeaderMap, boot: Boot, memory: Memory) -> Response {
    let nonce = format!("{:032x}", state.entropy.u128());
    let status =
        StatusCode::from_u16(boot.page.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let place = match state.drawers.place() {
        Ok(place) => place,
        Err(why) => {
            state.metrics.hit(Limit::Pages);
            return why.into_response();
        }
    };
    let (mut also, mut script) = (String::new(), String::new());
    let serve = &state.config.serve;
    if serve.watch.is_some() {
        // Development: the page listens to the watcher, and comes anew when something was built.
        let port = serve.reload_port;
        also = format!(" ws://127.0.0.1:{port} ws://localhost:{port}");
        script = format!(
            "<script nonce=\"{nonce}\">new WebSocket(\"ws://\"+location.hostname+\":{port}/live_reload\").onmessage=()=>location.reload()</script>"
        );
    }
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
         connect-src 'self'{also}; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    );
    // The beginning goes out before the rest is drawn, so that the browser has the style by then.
    let opening = app::opening(&boot) + &script;
    let mut form = Packing::of(headers);
    let coding = form.name();
    let opening = form.piece(opening);
    let rest = async move {
        let drawn = place.work(move || form.end(app::rest(&boot, &nonce)));
        let packed = drawn.await.map_err(|_| broken())?;
        packed.map(|page| memory.hold(page))
    };
    let pieces = stream::iter([opening]).chain(stream::once(rest));
    let mut response = (status, Html(Body::from_stream(pieces))).into_response();
    let out = response.headers_mut();
    if let Some(coding) = coding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        out.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    out.insert(
        header::VARY,
        HeaderValue::from_static("cookie, accept-encoding, accept-language"),
    );
    response
}
