//! The meaning of a message's text. The server counts mentions with it and the page draws with it, so that whoever is counted as
//! mentioned is shown as mentioned, and nobody else.
//!
//! One pass from left to right finds code, fences of code, addresses and mentions ([`scan`]); what lies between is split into
//! words and emoji. What begins first wins: nothing in code is a link, and nothing in a link is a mention. Every step is linear
//! in the text, and what a mention may cost is bounded ([`MAX_CALLS`], [`MAX_NAMES`]).

mod address;
mod code;
mod emoji;
mod handles;
mod mention;
mod pieces;
mod reaction;
mod scan;
mod script;

pub use code::block;
pub use handles::{strangers, with_handles};
pub use mention::{Call, HERE, MAX_CALLS, MAX_NAMES, calls, handle_key, mentions};
pub use pieces::{Kind, Piece, pieces, shown};
pub use reaction::{NotEmoji, reaction_key, validate_emoji_shape};
