//! Whether a request comes from the server's own pages (contract, "Connecting" and "HTTP").

use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::{HeaderMap, header};
use url::Url;

/// Whether `Origin` is one of the server's own: one of `public`, or the request's own host when none is set.
/// A request without `Origin`, or with more than one, is not.
pub(crate) fn is_own_origin(headers: &HeaderMap, public: &[Url]) -> bool {
    let text = |name| {
        let mut values = headers.get_all(name).iter();
        let only = values.next().filter(|_| values.next().is_none());
        only.and_then(|value| value.to_str().ok())
    };
    let Some(origin) = text(header::ORIGIN).and_then(|origin| Url::parse(origin).ok()) else {
        return false;
    };
    if !matches!(origin.scheme(), "http" | "https") {
        return false;
    }
    if public.is_empty() {
        let Some(host) = text(header::HOST) else {
            return false;
        };
        // The scheme is the proxy's business; the same host in the same scheme gives the same default port.
        return Url::parse(&format!("{}://{host}", origin.scheme()))
            .is_ok_and(|own| own.origin() == origin.origin());
    }
    public.iter().any(|own| own.origin() == origin.origin())
}

/// Tells the operator, once, that something was refused for its origin: most often a proxy in front does not pass the `Host` on.
#[derive(Debug, Default)]
pub(crate) struct Foreign(AtomicBool);

impl Foreign {
    /// Something was refused.
    pub(crate) fn note(&self, headers: &HeaderMap) {
        if self.0.swap(true, Ordering::Relaxed) {
            return;
        }
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        tracing::warn!(
            origin = text(header::ORIGIN),
            host = text(header::HOST),
            "a change was refused, since it did not come from this server's own pages; if the origin is its own, pass the Host header on in the proxy, or set HUBBUB_PUBLIC_URL. This is told once"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(origin: &str, host: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
        if !origin.is_empty() {
            headers.insert(header::ORIGIN, HeaderValue::from_str(origin).unwrap());
        }
        headers
    }

    #[test]
    fn the_requests_host_is_the_own_origin() {
        assert!(is_own_origin(
            &headers("http://127.0.0.1:3000", "127.0.0.1:3000"),
            &[]
        ));
        assert!(is_own_origin(
            &headers("https://chat.example", "chat.example"),
            &[]
        ));
        for bad in [
            "",
            "null",
            "http://evil.example",
            "http://127.0.0.1:3001",
            "http://127.0.0.1:3000.evil.example",
            "file://",
        ] {
            assert!(
                !is_own_origin(&headers(bad, "127.0.0.1:3000"), &[]),
                "{bad}"
            );
        }
    }

    #[test]
    fn of_two_origins_neither_counts() {
        for two in [
            ["http://127.0.0.1:3000", "http://evil.example"],
            ["http://evil.example", "http://127.0.0.1:3000"],
        ] {
            let mut headers = headers("", "127.0.0.1:3000");
            for origin in two {
                headers.append(header::ORIGIN, HeaderValue::from_static(origin));
            }
            assert!(!is_own_origin(&headers, &[]));
        }
    }

    #[test]
    fn named_origins_replace_the_host() {
        let public = [
            Url::parse("https://chat.example").unwrap(),
            Url::parse("http://localhost:3000/").unwrap(),
        ];
        assert!(is_own_origin(
            &headers("https://chat.example", "anything"),
            &public
        ));
        assert!(is_own_origin(
            &headers("http://localhost:3000", "anything"),
            &public
        ));
        assert!(!is_own_origin(
            &headers("http://chat.example", "chat.example"),
            &public
        ));
    }
}
