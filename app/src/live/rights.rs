//! Rights, as far as the page offers what they allow. The server decides.

use leptos::prelude::*;
use protocol::rights::{Place, Right, ServerRight, Who, may, may_on_server};

use super::Live;

impl Live {
    /// Whether one may do this in the open room.
    pub(crate) fn may(self, right: Right) -> bool {
        let who = self.me().with(|me| Who::from(me));
        self.open().with(|open| {
            open.as_ref()
                .is_some_and(|open| may(who, Place::from(open), right).is_ok())
        })
    }

    /// Whether the server understands this ([`protocol::features`]), as it said last.
    pub(crate) fn understands(self, feature: &str) -> bool {
        self.session()
            .with_value(|session| session.understands(feature))
    }

    /// Whether one may do this on the server.
    pub(crate) fn may_on_server(self, right: ServerRight) -> bool {
        self.me()
            .with(|me| may_on_server(Who::from(me), right).is_ok())
    }
}
