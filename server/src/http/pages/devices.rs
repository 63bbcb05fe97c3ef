//! The page of the devices that one is signed in on, and its forms, which sign them out.

use app::{account::DevicesPage, boot::BootPage, route::PagePath};
use axum::{
    extract::State as Extract,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use protocol::{ErrorCode, limits::MAX_ID};

use super::{
    answer,
    backend::{NoPage, PageBackend, query_value},
    forms::sign_in_again,
    viewer::Viewer,
};
use crate::{
    auth::Identity,
    commands::sign_in as signs,
    error::Refusal,
    http::extract::{Caller, Path},
    state::{Shared, State},
};

/// The page, with how many its address says were signed out.
pub(super) async fn page(
    state: &Shared,
    identity: &Identity,
    path: &str,
) -> Result<BootPage, NoPage> {
    let signed_out = query_value(path, "signed-out").and_then(|n| n.parse().ok());
    let signed_out = signed_out.filter(|n| *n <= MAX_ID).unwrap_or_default();
    Ok(show(state, identity, signed_out, false).await?)
}

async fn show(
    state: &Shared,
    identity: &Identity,
    signed_out: u64,
    busy: bool,
) -> Result<BootPage, Refusal> {
    Ok(BootPage::Devices(DevicesPage {
        sign_ins: signs::list(state, identity, MAX_ID).await?.sessions,
        signed_out,
        busy,
    }))
}

/// Sign one device out. One that is signed out already is so.
pub(super) async fn sign_out(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    caller: Result<Caller, Refusal>,
    Path(id): Path<u64>,
) -> Response {
    let Ok(Caller(identity)) = caller else {
        return sign_in_again(PagePath::Devices);
    };
    let done = signs::revoke(&state, identity.account.id, id).await;
    let done = match done {
        Err(why) if why.code == ErrorCode::NotFound => Ok(0),
        done => done.map(|()| 1),
    };
    after(&state, &headers, identity, done).await
}

/// Sign all devices out but the one that asks.
pub(super) async fn sign_out_others(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    caller: Result<Caller, Refusal>,
) -> Response {
    let Ok(Caller(identity)) = caller else {
        return sign_in_again(PagePath::Devices);
    };
    let done = others(&state, &identity).await;
    after(&state, &headers, identity, done).await
}

/// Ends the other sign-ins, a page of the list at a time; how many there were.
async fn others(state: &Shared, identity: &Identity) -> Result<u64, Refusal> {
    let (mut ended, mut before) = (0, MAX_ID);
    loop {
        let page = signs::list(state, identity, before).await?;
        for one in page.sessions.iter().filter(|one| !one.current) {
            match signs::revoke(state, identity.account.id, one.id).await {
                Err(why) if why.code != ErrorCode::NotFound => return Err(why),
                done => ended += u64::from(done.is_ok()),
            }
        }
        match page.next.and_then(|next| next.parse().ok()) {
            Some(next) => before = next,
            None => return Ok(ended),
        }
    }
}

/// The list again: with how many were signed out, or why not all.
async fn after(
    state: &State,
    headers: &HeaderMap,
    identity: Identity,
    done: Result<u64, Refusal>,
) -> Response {
    if let Ok(ended) = done {
        let next = format!("{}?signed-out={ended}", PagePath::Devices.path());
        return Redirect::to(&next).into_response();
    }
    let page = show(state, &identity, 0, true).await;
    let viewer = Viewer::of_identity(state, headers, identity);
    let boot = page.map(|page| PageBackend(state.clone()).frame(&viewer, page));
    answer(state, headers, &viewer, async { Ok(boot?) }).await
}
