//! Words of the page: all its texts, as a table that every language fills in, a file a part of the page. A sentence with a blank is a function, so that each
//! language orders, declines and counts as it must, and one that is missing does not compile.

#[cfg(not(feature = "hydrate"))]
mod account;
mod common;
mod connection;
mod conversation;
mod dialogs;
#[cfg(not(feature = "hydrate"))]
mod governing;
mod rooms;
mod threads;
mod time;
mod wrong;

#[cfg(not(feature = "hydrate"))]
pub use account::{Auth, FormWords, Settings};
pub use common::Common;
pub use connection::LinkWords;
pub use conversation::{
    ComposerWords, MessageWords, MissedWords, PersonalWords, PinWords, UnsentWords,
};
pub use dialogs::{DialogWords, KeyWords};
#[cfg(not(feature = "hydrate"))]
pub use governing::GoverningWords;
pub use rooms::{ListWords, RoomWords};
pub use threads::ThreadWords;
pub use time::Time;
pub use wrong::Wrong;

/// A sentence with a number in it.
pub type Count = fn(u64) -> String;
/// A sentence with a name, or another piece of text.
pub type With = fn(&str) -> String;
/// A sentence with two of them.
pub type With2 = fn(&str, &str) -> String;

/// One language.
pub struct Words {
    /// What is said at many places.
    pub common: Common,
    /// First run, sign-in, join.
    #[cfg(not(feature = "hydrate"))]
    pub auth: Auth,
    /// What can be wrong with a name or a topic.
    pub wrong: Wrong,
    /// What can be wrong with a form of an account.
    #[cfg(not(feature = "hydrate"))]
    pub form: FormWords,
    /// The list of rooms.
    pub rooms: ListWords,
    /// A room: its head, its people, what is empty.
    pub room: RoomWords,
    /// What was missed of a room.
    pub missed: MissedWords,
    /// Messages and what can be done with them.
    pub message: MessageWords,
    /// What is pinned.
    pub pins: PinWords,
    /// What one saved, and what is for one.
    pub personal: PersonalWords,
    /// Threads.
    pub threads: ThreadWords,
    /// The composer.
    pub composer: ComposerWords,
    /// What was written for rooms that one is no longer in.
    pub unsent: UnsentWords,
    /// The connection banner.
    pub link: LinkWords,
    /// The sheet of keys.
    pub keys: KeyWords,
    /// All dialogs.
    pub dialog: DialogWords,
    /// The settings pages.
    #[cfg(not(feature = "hydrate"))]
    pub settings: Settings,
    /// The pages for owners and admins.
    #[cfg(not(feature = "hydrate"))]
    pub governing: GoverningWords,
    /// Days and times.
    pub time: Time,
}

/// A number, grouped by thousands, as both languages write it.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}
