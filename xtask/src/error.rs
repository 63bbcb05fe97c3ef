//! Errors of a build, said so that the reader knows what to do.

use std::path::PathBuf;

/// Why a build stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("usage: {0}")]
    Usage(&'static str),

    #[error("the workspace cannot be read: {0}")]
    Metadata(#[from] cargo_metadata::Error),

    #[error("[[workspace.metadata.leptos]] in Cargo.toml: {0}")]
    Settings(String),

    #[error("`{command}` failed ({status})")]
    Cargo {
        command: String,
        status: std::process::ExitStatus,
    },

    #[error("`{command}` cannot be started: {source}")]
    Start {
        command: String,
        source: std::io::Error,
    },

    #[error("wasm-bindgen: {0}")]
    Bindgen(String),

    #[error("the order of the page's functions: {0}")]
    Order(String),

    #[error("{path}: {source}", path = path.display())]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
}

/// For `map_err`: says which file an I/O error was about.
pub(crate) fn at(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Error + use<> {
    let path = path.to_owned();
    move |source| Error::File { path, source }
}
