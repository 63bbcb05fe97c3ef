//! Components, one a file; one that has parts is a folder.

pub(crate) mod aside;
pub(crate) mod avatar;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod avatar_wall;
pub(crate) mod choice;
pub(crate) mod choose;
pub(crate) mod composer;
pub(crate) mod connection_banner;
pub(crate) mod dialogs;
pub(crate) mod divider;
pub(crate) mod empty;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod explain;
mod failed_list;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod field;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod field_notice;
mod fold;
mod folded;
pub(crate) mod list_pane;
mod listed;
mod long_press;
mod marked_name;
pub(crate) mod menu;
pub(crate) mod message;
mod message_act;
mod message_author;
mod message_block;
mod message_code;
mod message_failure;
pub(crate) mod message_menu;
mod message_piece;
mod message_pinned;
mod message_shown;
pub(crate) mod message_state;
pub(crate) mod message_text;
mod message_words;
pub(crate) mod missed;
mod name_error;
mod people_link;
mod people_list;
pub(crate) mod people_pane;
pub(crate) mod picker;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod preferences;
pub(crate) mod quote;
mod reaction;
pub(crate) mod reactions;
pub(crate) mod room_head;
mod room_menu;
pub(crate) mod room_pane;
pub(crate) mod room_row;
mod room_start;
pub(crate) mod rooms_pane;
mod row_keys;
pub(crate) mod skeleton;
mod tabs;
pub(crate) mod talk_pane;
pub(crate) mod thread;
pub(crate) mod timeline;
pub(crate) mod toasts;
pub(crate) mod toolbar;
pub(crate) mod typing;
pub(crate) mod unsent;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod user_name;
