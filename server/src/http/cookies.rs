//! The cookies of a sign-in: `HttpOnly`, `SameSite=Lax`; `Secure` and `__Host-` where the page is served over https.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::{
    auth::{Audience, Identity, OLD_SESSION, from_token},
    commands::sign_in::Grant,
    state::Shared,
    store::StoreError,
};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

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

/// Who the session cookie says: the first good one, where several have its name. None without one.
pub async fn who(state: &Shared, headers: &HeaderMap) -> Result<Option<Identity>, StoreError> {
    let secure = is_secure(state, headers);
    for (audience, token) in state.cookies.sessions(headers, secure) {
        let found = from_token(audience, token, &state.tokens, &*state.store, state.now()).await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The headers that set them.
pub fn set(state: &Shared, headers: &HeaderMap, grant: &Grant) -> Vec<(HeaderName, HeaderValue)> {
    let values = (grant.cookie.as_str(), grant.body.refresh_token.as_str());
    lines(state, headers, values, grant.cookie_ttl_s)
}

/// The headers that take them back, and what the browser has seen of the pages with them. It keeps its storage: that has what was typed
/// and not sent, which waits for its author. Its other cookies may be of other servers on this host.
pub fn clear(state: &Shared, headers: &HeaderMap) -> Vec<(HeaderName, HeaderValue)> {
    let mut lines = lines(state, headers, ("", ""), 0);
    lines.push((CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\"")));
    lines
}

fn lines(
    state: &Shared,
    headers: &HeaderMap,
    (session, refresh): (&str, &str),
    life_s: u64,
) -> Vec<(HeaderName, HeaderValue)> {
    let secure = is_secure(state, headers);
    let names = &state.cookies;
    // One of before would be read once the new one is gone. It may be another server's on this host, and is left alone then.
    let now = state.now();
    let is_ours = |token| {
        state
            .tokens
            .read(Audience::OldSession, token, now)
            .is_some()
    };
    let mut sessions = names.sessions(headers, secure);
    let old = sessions.any(|(audience, token)| audience == Audience::OldSession && is_ours(token));
    let old = old.then(|| line(OLD_SESSION, "", 0, secure));
    [
        line(names.session(secure), session, life_s, secure),
        line(names.refresh(secure), refresh, life_s, secure),
    ]
    .into_iter()
    .chain(old)
    .flatten()
    .collect()
}

fn line(name: &str, value: &str, life_s: u64, secure: bool) -> Option<(HeaderName, HeaderValue)> {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={life_s}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text)
        .ok()
        .map(|value| (header::SET_COOKIE, value))
}
