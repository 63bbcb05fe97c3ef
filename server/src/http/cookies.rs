//! The cookies of a sign-in: `HttpOnly`, `SameSite=Lax`, `Secure` where the page is served over https.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::{auth::cookies, commands::sign_in::Grant, state::Shared};

/// Where the refresh cookie goes: nowhere else.
const REFRESH_PATH: &str = "/api/v1/sessions/refresh";

/// Whether the browser sees https: by the public URL, or by what a trusted proxy says.
pub fn is_secure(state: &Shared, headers: &HeaderMap) -> bool {
    let public = &state.config.serve.public_url;
    if public.is_empty() {
        // Only a trusted proxy's is left, see `address::believe`.
        let proto = headers.get("x-forwarded-proto");
        return proto.is_some_and(|proto| proto.as_bytes() == b"https");
    }
    public.iter().all(|url| url.scheme() == "https")
}

/// The headers that set them.
pub fn set(grant: &Grant, secure: bool) -> Vec<(HeaderName, HeaderValue)> {
    let life = grant.cookie_ttl_s;
    [
        line(cookies::SESSION, &grant.cookie, "/", life, secure),
        line(
            cookies::REFRESH,
            &grant.body.refresh_token,
            REFRESH_PATH,
            life,
            secure,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The headers that take them back.
pub fn clear(secure: bool) -> Vec<(HeaderName, HeaderValue)> {
    [
        line(cookies::SESSION, "", "/", 0, secure),
        line(cookies::REFRESH, "", REFRESH_PATH, 0, secure),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn line(
    name: &str,
    value: &str,
    path: &str,
    life_s: u64,
    secure: bool,
) -> Option<(HeaderName, HeaderValue)> {
    let secure = if secure { "; Secure" } else { "" };
    let text =
        format!("{name}={value}; Path={path}; Max-Age={life_s}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text)
        .ok()
        .map(|value| (header::SET_COOKIE, value))
}
