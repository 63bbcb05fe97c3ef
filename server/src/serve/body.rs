//! The body of a request: it must come, and all that come at once must fit.

use std::{
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll, ready},
};

use axum::{
    BoxError,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use protocol::ErrorCode;
use thiserror::Error;
use tokio::time::Duration;

use super::{pace::PeerPace, stream::Flow};
use crate::{
    clock::Clock,
    error::Refusal,
    network::Network,
    shares::{Share, ShareRefused},
    telemetry::{Limit, Metrics},
};

/// How long a body that does not come is waited for.
pub(super) const BODY_TIME: Duration = Duration::from_secs(10);
/// The least rate at which it must come.
const BODY_BYTES_PER_S: u32 = 4 * 1024;
/// Bytes of bodies that one address may have under way: 32 of the longest.
pub(super) const BODIES_BYTES_ADDRESS: usize = 8 * 1024 * 1024;
/// Bytes of bodies that may be under way in all.
pub(super) const BODIES_BYTES: usize = 64 * 1024 * 1024;

/// Why a body is not read to its end.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(super) enum NoBody {
    #[error("the body came too slowly")]
    Slow,
    #[error("too much is being sent from this address")]
    Each,
    #[error("too much is being sent")]
    All,
}

impl NoBody {
    /// What the request is answered, whatever its handler made of half a body.
    pub(super) fn answer(self) -> Response {
        let mut answer = match self {
            Self::Slow => Refusal::new(ErrorCode::Invalid, "the body came too slowly")
                .with_status(StatusCode::REQUEST_TIMEOUT),
            Self::Each => Refusal::later(
                ErrorCode::RateLimited,
                "too much is being sent from this address; try again shortly",
                1_000,
            )
            .into_response(),
            Self::All => Refusal::overloaded().into_response(),
        };
        let close = HeaderValue::from_static("close");
        answer.headers_mut().insert(header::CONNECTION, close);
        answer
    }
}

/// Where the trouble with a body is told, to whoever answers the request.
pub(super) type Trouble = Arc<OnceLock<NoBody>>;

/// A request body that ends with an error when it pauses, trickles, or does not fit beside the others of its address.
pub(super) struct BoundedBody {
    body: Incoming,
    flow: Arc<Flow>,
    pace: PeerPace,
    share: Share<Network>,
    metrics: Arc<Metrics>,
    trouble: Trouble,
}

impl BoundedBody {
    pub(super) fn new(
        body: Incoming,
        flow: Arc<Flow>,
        clock: Clock,
        share: Share<Network>,
        metrics: Arc<Metrics>,
    ) -> (Self, Trouble) {
        flow.body_follows();
        let trouble = Trouble::default();
        let told = Arc::clone(&trouble);
        let pace = PeerPace::new(clock, BODY_TIME, BODY_BYTES_PER_S);
        let bounded = Self {
            body,
            flow,
            pace,
            share,
            metrics,
            trouble,
        };
        (bounded, told)
    }

    fn fail(&self, why: NoBody) -> BoxError {
        self.metrics.hit(match why {
            NoBody::Slow => Limit::SlowPeers,
            NoBody::Each | NoBody::All => Limit::Bodies,
        });
        (*self.trouble.get_or_init(|| why)).into()
    }
}

impl Body for BoundedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) else {
            ready!(this.pace.poll_over(cx));
            return Poll::Ready(Some(Err(this.fail(NoBody::Slow))));
        };
        let bytes = match &frame {
            Some(Ok(frame)) => frame.data_ref().map_or(0, Bytes::len),
            _ => 0,
        };
        this.pace.moved(bytes);
        if this.body.is_end_stream() {
            this.flow.body_ended();
        }
        if let Err(full) = this.share.grow(bytes) {
            let why = match full {
                ShareRefused::Each => NoBody::Each,
                ShareRefused::All => NoBody::All,
            };
            return Poll::Ready(Some(Err(this.fail(why))));
        }
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
