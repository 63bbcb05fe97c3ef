//! The listener that shows the metrics: apart from the others, so that it can be kept from the outside.

use axum::{
    Router,
    extract::State as Extract,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::state::State;

/// What `OpenMetrics` calls itself.
const KIND: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Serves `GET /metrics` until `stop`.
pub(crate) async fn serve(listener: TcpListener, state: State, stop: CancellationToken) {
    let app = Router::new()
        .route("/metrics", get(metrics))
        .with_state(state);
    let served = axum::serve(listener, app).with_graceful_shutdown(stop.cancelled_owned());
    if let Err(why) = served.await {
        tracing::error!(%why, "the listener of the metrics failed");
    }
}

async fn metrics(Extract(state): Extract<State>) -> Response {
    let text = state.metrics.text(&state);
    ([(header::CONTENT_TYPE, KIND)], text).into_response()
}
