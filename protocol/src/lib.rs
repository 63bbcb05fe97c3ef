//! The words that Hubbub's browsers, bots, load generator and server share: ids, frames, events, close codes, limits and the
//! rules of names and texts. It holds no I/O, no clock and no feature switch, so that both sides are always built from the same words.
//!
//! `docs/protocol.md` is the meaning of what stands here.

#[macro_use]
pub mod fields;
mod characters;
mod client_frame;
mod close;
mod code;
mod command;
mod event;
pub mod features;
mod http;
mod id;
pub mod limits;
mod links;
mod message;
mod name;
mod parse;
mod password;
mod personal;
mod preferences;
pub mod rights;
mod server_frame;
mod setting;
mod summary;
mod text;
mod thread;

pub use characters::{category, category_group, emoji_status};
pub use client_frame::{
    Bye, ClientFrame, Follow, Hello, History, Log, Ping, Presence, Read, Resume, Typing, Unread,
};
pub use close::{CloseCode, retry_after_ms, retry_after_reason};
pub use code::ErrorCode;
pub use command::{Act, ActKind, ActRules, Changes, Command};
pub use event::{Event, EventKind};
pub use http::*;
pub use id::{MessageId, RoomId, Seq, SessionId, UserId};
pub use links::*;
pub use message::{Message, Reaction};
pub use name::{
    HERE, NameError, compose_name, name_key, name_looks, shown_looks, validate_display_name,
    validate_room_name, validate_room_name_shape, validate_topic, validate_user_name,
};
pub use parse::{FaultAnswer, FrameError, FrameFault};
pub use password::{PasswordError, decomposed_password, new_password, normal_password};
pub use personal::*;
pub use preferences::{ListOrder, NotifyLevel, PreferencesPatch, RoomPreferences};
pub use server_frame::{
    Ack, Behind, CommandError, Entries, Gone, Heads, Limits, Nack, Notice, Page, Pong,
    PresenceChange, ReadEcho, RoomChange, SavedChange, ServerFrame, TypingNotice, UserChange,
    Welcome,
};
pub use setting::RoomSetting;
pub use summary::{
    PresenceState, ReadPosition, Role, RoomCounts, RoomKind, RoomSummary, UserSummary,
};
pub use text::{TextError, is_later_picture, is_visible, validate_text};
pub use thread::{
    InThread, Replies, THREAD_WRITERS, ThreadChange, ThreadList, ThreadPlace, ThreadRow,
    ThreadSummary,
};

/// The version of the contract that this crate speaks (`hello.v`, `welcome.v`).
pub const VERSION: u32 = 1;

/// The WebSocket subprotocol that a client may offer (RFC 6455, section 1.9).
pub const SUBPROTOCOL: &str = "hubbub.v1";
