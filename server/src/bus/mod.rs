//! The bus: everything that parts of the server tell each other. All of it is a [`Note`]: the hub and the cache hear notes and nothing else, so that a note of
//! another node finds the same door as one of this node.

mod note;

pub use note::Note;

/// Tells notes to whoever must hear them, in the order of the calls. Each call must be quick and must not wait.
pub trait Tell: Send + Sync + 'static {
    /// Tells a note.
    fn tell(&self, note: &Note<'_>);
}

/// A server that is alone: no other node hears its notes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alone;

impl Tell for Alone {
    fn tell(&self, _: &Note<'_>) {}
}
