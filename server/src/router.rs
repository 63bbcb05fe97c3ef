//! All routes on one screen.

use axum::{
    Router,
    extract::{Request, State as Has},
    http::StatusCode,
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::get,
};
use tokio_util::task::TaskTracker;

use crate::{
    connection,
    http::{
        self, address, api, cookies,
        headers::{self, Always},
        health, host,
        origin::own_pages_only,
        pages,
    },
    state::State,
};

/// Everything that is served; `requests` owns those that change something.
pub(crate) fn router(state: &State, requests: &TaskTracker) -> Router {
    let routes = Router::new()
        .route("/ws", get(connection::upgrade))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .nest("/api/v1", api::router(state))
        .merge(pages::router(state));
    let routes = http::requests::follow(routes)
        .layer(from_fn_with_state(requests.clone(), to_the_end))
        .layer(from_fn_with_state(state.clone(), cookies::renew))
        .layer(from_fn_with_state(state.clone(), own_pages_only))
        .layer(from_fn_with_state(state.clone(), address::believe))
        .layer(from_fn(host::one))
        .layer(from_fn_with_state(
            Always::new(&state.config.serve.public_url),
            headers::add,
        ));
    http::requests::number(routes, state.entropy).with_state(state.clone())
}

/// A request that is not safe runs to completion, also when its client disconnects: what follows a write, such as closing the
/// sockets of a sign-in that was revoked, must not be left undone by somebody who closes a tab.
async fn to_the_end(Has(requests): Has<TaskTracker>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let answer = requests.spawn(next.run(request)).await;
    answer.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

#[cfg(test)]
mod tests;
