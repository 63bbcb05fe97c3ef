//! Request ids, log lines of requests, and the answer where a handler panics.

use std::{
    any::Any,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue, StatusCode},
    middleware::{Next, from_fn},
    response::{IntoResponse as _, Response},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    trace::TraceLayer,
};
use tracing::Span;

use crate::{entropy::Entropy, error::Refusal};

/// The header of a request's id, as proxies and other servers call it.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id that is believed, in bytes.
const MAX_REQUEST_ID: usize = 64;

/// Numbers requests, from a random one on.
#[derive(Clone, Debug)]
struct Ids(Arc<AtomicU64>);

impl MakeRequestId for Ids {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        let id = HeaderValue::from_str(&format!("{number:016x}")).ok()?;
        Some(RequestId::new(id))
    }
}

/// Gives every request an id (that of a proxy, if it sent one), which its answer has. The outermost layer: what others refuse has one too.
pub(crate) fn number<S: Clone + Send + Sync + 'static>(
    router: Router<S>,
    entropy: Entropy,
) -> Router<S> {
    let ids = Ids(Arc::new(AtomicU64::new(entropy.u64())));
    router
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, ids))
        .layer(from_fn(believe))
}

/// Names the request in the log lines of these routes, by the id that [`number`] gave. A handler that panics is answered with 500, and
/// disturbs no other request.
pub(crate) fn follow<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    let trace = TraceLayer::new_for_http()
        .make_span_with(span)
        .on_request(())
        .on_response(answered)
        .on_failure(());
    router.layer(CatchPanicLayer::custom(panicked)).layer(trace)
}

/// An id that somebody else gave is taken where it is short and harmless in a log.
async fn believe(mut request: Request, next: Next) -> Response {
    let harmless = |id: &HeaderValue| {
        let bytes = id.as_bytes();
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:=/+".contains(byte);
        !bytes.is_empty() && bytes.len() <= MAX_REQUEST_ID && bytes.iter().all(plain)
    };
    if !request.headers().get(REQUEST_ID).is_none_or(harmless) {
        request.headers_mut().remove(REQUEST_ID);
    }
    next.run(request).await
}

/// Without the path itself, which may hold the code of an invite.
fn span(request: &Request) -> Span {
    let id = request.extensions().get::<RequestId>();
    let id = id.and_then(|id| id.header_value().to_str().ok());
    let route = request.extensions().get::<MatchedPath>();
    tracing::info_span!(
        "request",
        id = id.unwrap_or_default(),
        method = %request.method(),
        route = route.map_or("", MatchedPath::as_str),
    )
}

fn answered(response: &Response, took: Duration, _: &Span) {
    tracing::debug!(status = response.status().as_u16(), ?took, "answered");
}

#[expect(clippy::needless_pass_by_value, reason = "so the layer hands it over")]
fn panicked(why: Box<dyn Any + Send + 'static>) -> Response {
    let why = why
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| why.downcast_ref::<&str>().copied())
        .unwrap_or_default();
    tracing::error!(%why, "a request was not answered: this is a fault of the server");
    let refusal = Refusal::new(
        protocol::ErrorCode::Unavailable,
        "the server made a mistake; it is in its log",
    );
    let mut response = refusal.into_response();
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, routing::get};
    use tower::ServiceExt as _;

    use super::*;

    async fn bad() -> &'static str {
        panic!("a planted fault")
    }

    async fn ask(path: &str, id: Option<&str>) -> (StatusCode, String, String) {
        let router = Router::new()
            .route("/good", get(|| async { "good" }))
            .route("/bad", get(bad));
        let router = number(follow(router), Entropy::seeded(7));
        let mut request = Request::builder().uri(path);
        if let Some(id) = id {
            request = request.header(REQUEST_ID, id);
        }
        let request = request.body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let id = response.headers()[REQUEST_ID].to_str().unwrap().to_owned();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 1_000).await;
        (
            status,
            id,
            String::from_utf8(body.unwrap().to_vec()).unwrap(),
        )
    }

    #[tokio::test]
    async fn a_request_has_an_id_that_is_harmless() {
        let (status, id, _) = ask("/good", None).await;
        assert_eq!((status, id.len()), (StatusCode::OK, 16));
        let given = "0af7651916cd43dd8448eb211c80319c";
        assert_eq!(ask("/good", Some(given)).await.1, given);
        for bad in ["", "a b", "a\"b", &"a".repeat(65)] {
            assert_eq!(ask("/good", Some(bad)).await.1.len(), 16, "{bad}");
        }
    }

    #[tokio::test]
    async fn a_handler_that_panics_is_answered() {
        let (status, id, body) = ask("/bad", Some("seven")).await;
        assert_eq!((status, &*id), (StatusCode::INTERNAL_SERVER_ERROR, "seven"));
        assert!(body.contains("\"code\":\"unavailable\""), "{body}");
        assert!(
            !body.contains("planted"),
            "what went wrong is the operator's to know"
        );
    }
}
