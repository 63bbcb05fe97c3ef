//! Whom a request was meant for: exactly one `Host` (RFC 9112, section 3.2).

use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode, Version, header, uri::Authority},
    middleware::Next,
    response::Response,
};
use protocol::ErrorCode;

use crate::error::Refusal;

/// Refuses with 400 what names no host, or two, or none that can be one: a proxy and this server might read it differently, and origins
/// and links are made from it. HTTP/1.0 had no such header, and whoever still speaks it may leave it out.
pub(crate) async fn one(request: Request, next: Next) -> Response {
    if is_one(request.headers(), request.version()) {
        return next.run(request).await;
    }
    let why = "a request names its host once, in a Host header";
    Refusal::new(ErrorCode::Invalid, why).with_status(StatusCode::BAD_REQUEST)
}

fn is_one(headers: &HeaderMap, version: Version) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, _) => version < Version::HTTP_11,
        (Some(host), None) => host
            .to_str()
            .ok()
            .filter(|host| !host.contains('@'))
            .is_some_and(|host| host.parse::<Authority>().is_ok()),
        (Some(_), Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn judge(hosts: &[&'static str], version: Version) -> bool {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, HeaderValue::from_static(host));
        }
        is_one(&headers, version)
    }

    #[test]
    fn one_host_it_is() {
        for good in [
            "chat.example",
            "chat.example:8443",
            "127.0.0.1:3000",
            "[::1]:3000",
            "localhost",
        ] {
            assert!(judge(&[good], Version::HTTP_11), "{good}");
        }
        for bad in [
            &[][..],
            &["a.example", "a.example"],
            &["a.example", "b.example"],
            &[""],
            &["a b"],
            &["ada@a.example"],
            &["a.example/path"],
            &["http://a.example"],
        ] {
            assert!(!judge(bad, Version::HTTP_11), "{bad:?}");
        }
        assert!(judge(&[], Version::HTTP_10));
        assert!(!judge(&["a", "b"], Version::HTTP_10));
    }
}
