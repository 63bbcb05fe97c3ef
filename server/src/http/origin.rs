//! Changes come from the server's own pages, or with a bearer (contract, "HTTP").

use axum::{
    extract::{Request, State as Extract},
    http::{HeaderMap, HeaderName, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::pages::foreign;
use crate::{
    auth::{bearer, is_own_origin},
    error::Refusal,
    state::{Shared, State},
};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses, for every route alike, what would change something for another site.
pub(crate) async fn own_pages_only(
    Extract(state): Extract<State>,
    request: Request,
    next: Next,
) -> Response {
    if !request.method().is_safe()
        && let Err(why) = check(request.headers(), &state)
    {
        state.foreign.note(request.headers());
        // A program reads a body that says so, a person a page.
        return if request.uri().path().starts_with("/api/") {
            why.into_response()
        } else {
            foreign(request.headers(), &state)
        };
    }
    next.run(request).await
}

/// A browser sends no bearer by itself. It says where a request comes from; where it does not, nobody who is signed in by a cookie is
/// taken at their word, and a stranger may be a program.
fn check(headers: &HeaderMap, state: &Shared) -> Result<(), Refusal> {
    let mut sites = headers.get_all(FETCH_SITE).iter();
    // Of two neither counts.
    let site = sites.next().map(|site| {
        let only = sites.next().is_none();
        if only { site.as_bytes() } else { b"" }
    });
    if bearer(headers).is_some()
        || site == Some(b"same-origin")
        || is_own_origin(headers, &state.config.serve.public_url)
    {
        return Ok(());
    }
    let is_foreign =
        headers.contains_key(header::ORIGIN) || site.is_some_and(|site| site != b"none");
    if is_foreign || state.cookies.are_in(headers) {
        return Err(Refusal::forbidden(
            "a change must come from this server's own pages, or with a bearer token",
        ));
    }
    Ok(())
}
