//! Headers that every answer has, whoever made it; an answer that knows better says otherwise by itself.

use std::sync::Arc;

use axum::{
    extract::{Request, State as Extract},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use url::Url;

/// What is needed for nothing but a page: one that is none loads, runs, frames and sends nothing.
const NOTHING: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What neither the page nor what may get into it is to have. What is left out here, such as the clipboard, the page uses.
const FEATURES: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), \
     encrypted-media=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), \
     payment=(), picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), \
     usb=(), xr-spatial-tracking=()";

/// A year (RFC 6797). The host's other names are not ours to speak for.
const HTTPS_ONLY: &str = "max-age=31536000";

/// The headers that an answer has unless it has them already.
#[derive(Clone, Debug)]
pub(crate) struct Always(Arc<[(HeaderName, HeaderValue)]>);

impl Always {
    /// For a server with these origins.
    pub(crate) fn new(public: &[Url]) -> Self {
        let mut all = vec![
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "same-origin"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::CONTENT_SECURITY_POLICY, NOTHING),
            (
                HeaderName::from_static("cross-origin-opener-policy"),
                "same-origin",
            ),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                "same-origin",
            ),
            (HeaderName::from_static("permissions-policy"), FEATURES),
            // Whoever presses Back after signing out, or looks through what the browser keeps, finds nothing.
            (header::CACHE_CONTROL, "no-store"),
        ];
        // Said over plain http a browser does not listen; said by a server that is reached both ways it would lock one of them out.
        if !public.is_empty() && public.iter().all(|url| url.scheme() == "https") {
            all.push((header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY));
        }
        let all = all.into_iter();
        Self(
            all.map(|(name, value)| (name, HeaderValue::from_static(value)))
                .collect(),
        )
    }
}

/// Adds what is missing.
pub(crate) async fn add(
    Extract(always): Extract<Always>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in always.0.iter() {
        headers.entry(name.clone()).or_insert_with(|| value.clone());
    }
    response
}
