//! The opening handshake (RFC 6455, section 4.2): what a request must say before its connection becomes a WebSocket, and
//! the answer to it. axum's own extractor would do, but it keeps the stream to itself, and a WebSocket that failed needs it
//! once more to end without a reset ([`super::wire`]).

use std::future::ready;

use axum::{
    body::Body,
    extract::FromRequestParts,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version, header, request::Parts,
    },
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hyper::upgrade::OnUpgrade;
use sha1::{Digest as _, Sha1};

use super::wire::{Options, Wire};

/// What every server adds to the key (RFC 6455, section 1.3).
const MAGIC: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// The only version there is.
const VERSION: HeaderValue = HeaderValue::from_static("13");

/// A request that may become a WebSocket.
#[derive(Debug)]
pub struct Handshake {
    accept: String,
    offered: Vec<String>,
    upgraded: OnUpgrade,
}

/// Why a request is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoHandshake {
    /// It asks for no upgrade, or for another one.
    NoUpgrade,
    /// It asks for a version that nobody speaks.
    Version,
    /// Its key is missing, or is not 16 bytes in Base64.
    Key,
    /// It is not GET, or older than HTTP/1.1.
    Method,
}

impl IntoResponse for NoHandshake {
    fn into_response(self) -> Response {
        let upgrade = (header::UPGRADE, HeaderValue::from_static("websocket"));
        match self {
            Self::NoUpgrade => (
                StatusCode::UPGRADE_REQUIRED,
                [upgrade],
                "this address speaks WebSocket",
            )
                .into_response(),
            // Which one would do is told, so that the client can ask again (section 4.2.2).
            Self::Version => (
                StatusCode::UPGRADE_REQUIRED,
                [upgrade, (header::SEC_WEBSOCKET_VERSION, VERSION)],
                "Sec-WebSocket-Version is 13",
            )
                .into_response(),
            Self::Key => (
                StatusCode::BAD_REQUEST,
                "Sec-WebSocket-Key is 16 bytes in Base64",
            )
                .into_response(),
            Self::Method => (
                StatusCode::BAD_REQUEST,
                "a WebSocket begins with GET, in HTTP/1.1",
            )
                .into_response(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Handshake {
    type Rejection = NoHandshake;

    fn from_request_parts(
        parts: &mut Parts,
        _: &S,
    ) -> impl Future<Output = Result<Self, NoHandshake>> + Send {
        ready(Self::of(parts))
    }
}

impl Handshake {
    /// What a request asks for (RFC 6455, section 4.2.1).
    fn of(parts: &mut Parts) -> Result<Self, NoHandshake> {
        if parts.method != Method::GET || parts.version < Version::HTTP_11 {
            return Err(NoHandshake::Method);
        }
        let headers = &parts.headers;
        let asks = tokens(headers, &header::UPGRADE).any(|it| it.eq_ignore_ascii_case("websocket"))
            && tokens(headers, &header::CONNECTION).any(|it| it.eq_ignore_ascii_case("upgrade"));
        if !asks {
            return Err(NoHandshake::NoUpgrade);
        }
        if headers.get(header::SEC_WEBSOCKET_VERSION) != Some(&VERSION) {
            return Err(NoHandshake::Version);
        }
        let accept = accept_of(headers).ok_or(NoHandshake::Key)?;
        let offered = tokens(headers, &header::SEC_WEBSOCKET_PROTOCOL)
            .map(str::to_owned)
            .collect();
        // Missing where the server below cannot give its connection away (HTTP/2).
        let upgraded = parts.extensions.remove().ok_or(NoHandshake::NoUpgrade)?;
        Ok(Self {
            accept,
            offered,
            upgraded,
        })
    }

    /// The answer that agrees, with the first of `subprotocols` that was offered; and the WebSocket, once that answer is out:
    /// none if the peer was gone by then.
    pub fn accept(
        self,
        subprotocols: &[&'static str],
        options: Options,
    ) -> (Response, impl Future<Output = Option<Wire>> + Send + use<>) {
        let mut answer = Response::new(Body::empty());
        *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = answer.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        if let Ok(accept) = HeaderValue::from_str(&self.accept) {
            headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        }
        let fits = |known: &&&'static str| self.offered.iter().any(|offer| offer == **known);
        if let Some(chosen) = subprotocols.iter().find(fits) {
            headers.insert(
                header::SEC_WEBSOCKET_PROTOCOL,
                HeaderValue::from_static(chosen),
            );
        }
        let wire = async move {
            let upgraded = self.upgraded.await.ok()?;
            Some(Wire::new(upgraded, options).await)
        };
        (answer, wire)
    }
}

/// The words of a header that is a list, over all of its lines.
fn tokens<'h>(
    headers: &'h HeaderMap,
    name: &HeaderName,
) -> impl Iterator<Item = &'h str> + use<'h> {
    headers
        .get_all(name)
        .into_iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
}

/// What answers the request's key; none if the key is not one.
fn accept_of(headers: &HeaderMap) -> Option<String> {
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?.as_bytes();
    if STANDARD.decode(key).ok()?.len() != 16 {
        return None;
    }
    let mut hash = Sha1::new();
    hash.update(key);
    hash.update(MAGIC);
    Some(STANDARD.encode(hash.finalize()))
}
