//! The configuration of a session.

/// How a session behaves. [`SessionConfig::new`] gives the page's numbers; the load generator sets smaller ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionConfig {
    /// A stable random id of the device, 16 to 64 characters (contract, "Connecting"); with another one the server ends the session (4502).
    pub device: String,
    /// Name and version of the program, such as "hubbub-web/0.1.0"; at most 100 characters.
    pub client_name: String,
    /// An access token for `hello`, where neither header nor cookie can be sent. [`crate::Input::Token`] renews it.
    pub token: Option<String>,
    /// Messages that are asked for at a time, 1 to [`protocol::limits::PAGE_MESSAGES`]; other numbers are brought into that range.
    pub page: u32,
    /// Entries that a room which is not open keeps; the older ones are loaded again when it is opened.
    pub keep_closed: usize,
    /// Entries that the open room keeps. What is farther from where one reads becomes a gap again.
    pub keep_open: usize,
    /// Commands without an answer that are kept. A further one is refused ([`crate::Refused::Full`]).
    pub outbox: usize,
    /// Most people that are remembered; beyond it nobody new is looked up ([`crate::Effect::WhoIs`]).
    pub people: usize,
}

impl SessionConfig {
    /// The page's numbers: 50 messages at a time, 200 entries in a closed room, 1,000 in the open one, 1,000 commands,
    /// 20,000 people.
    pub fn new(device: impl Into<String>, client_name: impl Into<String>) -> Self {
        Self {
            device: device.into(),
            client_name: client_name.into(),
            token: None,
            page: protocol::limits::PAGE_MESSAGES_DEFAULT,
            keep_closed: 200,
            keep_open: 1_000,
            outbox: 1_000,
            people: 20_000,
        }
    }
}
