//! The log and the metrics of the running server.

pub(crate) mod metrics;
mod serve;

pub use metrics::Metrics;

pub(crate) use metrics::Limit;
pub(crate) use serve::serve;

use std::io::IsTerminal as _;

use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter,
    filter::{LevelFilter, filter_fn},
    fmt,
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

/// Starts logging to standard error: `RUST_LOG` decides what, `info` without it, but no library's `trace`. A second call changes nothing.
pub fn start(json: bool) {
    let filter = || EnvFilter::builder().with_default_directive(LevelFilter::INFO.into());
    let (wished, wrong) = match filter().from_env() {
        Ok(wished) => (wished, None),
        Err(why) => (filter().parse_lossy(""), Some(why)),
    };
    let colours = std::io::stderr().is_terminal();
    let layer = fmt::layer().with_writer(std::io::stderr).with_ansi(colours);
    let registry = tracing_subscriber::registry()
        .with(wished)
        .with(filter_fn(may_be_told));
    let started = if json {
        registry.with(layer.json()).try_init()
    } else {
        registry.with(layer).try_init()
    };
    drop(started);
    if let Some(why) = wrong {
        tracing::warn!(%why, "RUST_LOG cannot be read; as if it were info");
    }
}

/// At `trace` libraries tell what passes through them: whole frames of a WebSocket, with tokens and texts, and bodies that were refused.
/// Ours is told at every level.
fn may_be_told(metadata: &Metadata<'_>) -> bool {
    let ours = |name: &str| {
        let rest = metadata.target().strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    *metadata.level() < Level::TRACE || ours("server") || ours("hubbub")
}
