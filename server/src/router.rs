//! All routes on one screen.

use axum::{
    Router,
    http::{HeaderName, HeaderValue},
    routing::get,
};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::{
    connection,
    http::{api, health, pages},
    state::State,
};

/// Everything that is served.
pub fn router(state: &State) -> Router {
    Router::new()
        .route("/ws", get(connection::upgrade))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .nest("/api/v1", api::router(state))
        .merge(pages::router())
        .layer(header("x-content-type-options", "nosniff"))
        .layer(header("referrer-policy", "same-origin"))
        .layer(header("x-frame-options", "DENY"))
        .with_state(state.clone())
}

fn header(name: &'static str, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(
        HeaderName::from_static(name),
        HeaderValue::from_static(value),
    )
}
