//! Components, one a file.

pub(crate) mod aside;
pub(crate) mod avatar;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod avatar_wall;
pub(crate) mod choose;
pub(crate) mod composer;
pub(crate) mod connection_banner;
pub(crate) mod dialogs;
pub(crate) mod divider;
pub(crate) mod empty;
pub(crate) mod explain;
#[cfg(not(feature = "hydrate"))]
pub(crate) mod field;
mod fold;
mod folded;
pub(crate) mod menu;
pub(crate) mod message;
pub(crate) mod message_menu;
pub(crate) mod message_state;
pub(crate) mod message_text;
pub(crate) mod missed;
mod people_list;
pub(crate) mod people_pane;
pub(crate) mod picker;
pub(crate) mod preferences;
pub(crate) mod quote;
pub(crate) mod reactions;
pub(crate) mod room_head;
pub(crate) mod room_pane;
pub(crate) mod room_row;
pub(crate) mod rooms_pane;
pub(crate) mod skeleton;
pub(crate) mod talk_pane;
pub(crate) mod timeline;
pub(crate) mod toasts;
pub(crate) mod toolbar;
pub(crate) mod typing;
pub(crate) mod unsent;
