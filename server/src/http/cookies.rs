//! The cookies of a sign-in: `HttpOnly`, `SameSite=Lax`; `Secure` and `__Host-` where the page is served over https.

use axum::{
    extract::{Request, State as Extract},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::address::ClientAddress;
use crate::{
    auth::{Audience, Identity, OLD_SESSION, Subject, bearer, from_token},
    commands::{sign_in::Grant, using},
    state::{Shared, State},
    store::StoreError,
};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Whether the browser sees https: by the public URL, or by what a trusted proxy says.
pub(crate) fn is_secure(state: &Shared, headers: &HeaderMap) -> bool {
    let public = &state.config.serve.public_url;
    if public.is_empty() {
        // Only a trusted proxy's is left, see `address::believe`.
        let proto = headers.get("x-forwarded-proto");
        return proto.is_some_and(|proto| proto.as_bytes() == b"https");
    }
    public.iter().all(|url| url.scheme() == "https")
}

/// Who the session cookie says: the first good one, where several have its name. None without one.
pub(crate) async fn who(
    state: &Shared,
    headers: &HeaderMap,
) -> Result<Option<Identity>, StoreError> {
    Ok(find(state, headers).await?.map(|(_, identity)| identity))
}

async fn find(
    state: &Shared,
    headers: &HeaderMap,
) -> Result<Option<(Audience, Identity)>, StoreError> {
    let secure = is_secure(state, headers);
    for (audience, token) in state.cookies.sessions(headers, secure) {
        let found = from_token(audience, token, &state.tokens, &state.cache, state.now()).await?;
        if let Some(identity) = found {
            return Ok(Some((audience, identity)));
        }
    }
    Ok(None)
}

/// A sign-in that is used goes on, and so does the browser's cookie: it is sent anew as often as the use is noted, and one of before gets its
/// name of now.
pub(crate) async fn renew(
    Extract(state): Extract<State>,
    ClientAddress(address): ClientAddress,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    if bearer(headers).is_some() || !state.cookies.are_in(headers) {
        return next.run(request).await;
    }
    // A store that does not answer is the handler's to tell.
    let found = find(&state, headers).await.unwrap_or_default();
    let fresh = found.and_then(|(audience, identity)| {
        let due = using::seen(&state, &identity, Some(address));
        let renews = due || audience == Audience::OldSession;
        renews.then(|| again(&state, headers, &identity)).flatten()
    });
    let mut response = next.run(request).await;
    let out = response.headers_mut();
    // A sign-in or a sign-out knows better.
    if let Some(fresh) = fresh
        && !out.contains_key(header::SET_COOKIE)
    {
        for (name, value) in fresh {
            out.append(name, value);
        }
    }
    response
}

/// The session cookie of a sign-in once more, for as long as it may last.
fn again(
    state: &Shared,
    headers: &HeaderMap,
    identity: &Identity,
) -> Option<Vec<(HeaderName, HeaderValue)>> {
    let now = state.now();
    let last = state.config.auth.signin_last_ms(identity.sign_in_made);
    let life_s = (last / 1_000).saturating_sub(now / 1_000);
    let subject = Subject {
        user: identity.account.id,
        sign_in: identity.sign_in,
        device: &identity.device,
    };
    let token = state
        .tokens
        .make(Audience::Session, subject, now, life_s, None);
    Some(lines(state, headers, (&token.ok()?, None), life_s))
}

/// The headers that set them.
pub(crate) fn set(
    state: &Shared,
    headers: &HeaderMap,
    grant: &Grant,
) -> Vec<(HeaderName, HeaderValue)> {
    let values = (
        grant.cookie.as_str(),
        Some(grant.body.refresh_token.as_str()),
    );
    lines(state, headers, values, grant.cookie_ttl_s)
}

/// The headers that take them back, and what the browser has seen of the pages with them. It keeps its storage: that has what was typed
/// and not sent, which waits for its author. Its other cookies may be of other servers on this host.
pub(crate) fn clear(state: &Shared, headers: &HeaderMap) -> Vec<(HeaderName, HeaderValue)> {
    let mut lines = lines(state, headers, ("", Some("")), 0);
    lines.push((CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\"")));
    lines
}

fn lines(
    state: &Shared,
    headers: &HeaderMap,
    (session, refresh): (&str, Option<&str>),
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
    let session = line(names.session(secure), session, life_s, secure);
    let refresh = refresh.map(|refresh| line(names.refresh(secure), refresh, life_s, secure));
    let all = [Some(session), refresh, old];
    all.into_iter().flatten().flatten().collect()
}

fn line(name: &str, value: &str, life_s: u64, secure: bool) -> Option<(HeaderName, HeaderValue)> {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={life_s}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text)
        .ok()
        .map(|value| (header::SET_COOKIE, value))
}
