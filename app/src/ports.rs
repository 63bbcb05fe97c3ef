//! The two sides that the page does not know: the server that fills it in, and the browser that it runs in.

use std::future::Future;

use crate::boot::Boot;

/// What server rendering asks.
pub trait Backend {
    /// What it knows of a request: who asks, and with which cookies.
    type Viewer;
    /// Why there is no page at all.
    type Error;

    /// What the page at `path` shows to this viewer. A page that does not exist is a page too ([`crate::boot::Page::Missing`]).
    fn boot(
        &self,
        path: &str,
        viewer: &Self::Viewer,
    ) -> impl Future<Output = Result<Boot, Self::Error>> + Send;
}
