//! What the pages of one's own account are drawn from: name and password, and where one is signed in. They are classic forms, and no part of
//! the browser's module.

use crate::form::Form;
use protocol::SignIn;

/// `/you`: name, look, password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct YouPage {
    /// What was typed that could not be taken, and why; empty on the first visit.
    pub form: Form,
    /// What was changed just now.
    pub changed: Option<AccountChange>,
    /// The names of all time zones, in order, for one to be shown.
    pub zones: Vec<String>,
    /// The viewer's own zone by its name, where their browser told it.
    pub own_zone: Option<String>,
}

/// What was changed of one's own account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountChange {
    /// The display name.
    Name,
    /// The time zone that others see.
    Zone,
    /// The password, which ends the other sign-ins.
    Password,
}

impl AccountChange {
    /// Its word in the address of the page that says so.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Zone => "zone",
            Self::Password => "password",
        }
    }

    /// The one of a word.
    pub fn named(word: &str) -> Option<Self> {
        [Self::Name, Self::Zone, Self::Password]
            .into_iter()
            .find(|change| change.word() == word)
    }
}

/// `/devices`: where one is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DevicesPage {
    /// The sign-ins, the newest first.
    pub sign_ins: Vec<SignIn>,
    /// How many were ended just now; 0 for none.
    pub signed_out: u64,
    /// Whether one that was to be ended was not, for the server is busy.
    pub busy: bool,
}
