//! The meaning of a message's text. The server counts mentions with it and the page draws with it, so that whoever is counted as
//! mentioned is shown as mentioned, and nobody else.
//!
//! First the shape of a text is read ([`parse`]): blocks, and in their words code, links and marks. Then its words from left to right:
//! addresses, mentions and rooms; what lies between is split into words and emoji. What begins first wins: nothing in code is a link, and
//! nothing in a link is a mention. What a text may cost is bounded, whatever it is: depth ([`MAX_DEPTH`]), mentions ([`MAX_CALLS`],
//! [`MAX_NAMES`]) and rooms ([`MAX_ROOMS`]).

mod address;
mod emoji;
mod handles;
mod latin;
mod markdown;
mod mention;
mod open_fence;
mod pieces;
mod reaction;
mod readable;
mod room;
mod scan;
mod script;

pub use handles::{strangers, with_handles};
pub use latin::latin_hit;
pub use markdown::{Align, Block, Content, Inline, ListItem, MAX_DEPTH, Style, Table, parse};
pub use mention::{Call, HERE, MAX_CALLS, MAX_NAMES, calls, handle_key, mentions};
pub use open_fence::ends_in_fence;
pub use pieces::{FindRoom, Kind, Piece, Pieces, plain_pieces};
pub use reaction::{NotEmoji, reaction_key, validate_emoji_shape};
pub use readable::readable;
pub use room::{MAX_ROOMS, longest_room};
