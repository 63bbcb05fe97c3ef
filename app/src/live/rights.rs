//! Rights, as far as the page offers what they allow. The server decides.

use leptos::prelude::*;
use protocol::{
    ActKind,
    rights::{Place, Right, ServerRight, Who, may, may_on_server},
};

use super::Live;
use view::{Derived, derived};

/// What one may do. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct Rights(pub(super) Live);

impl Rights {
    /// Whether one may do this in the open room.
    pub(crate) fn may(self, right: Right) -> bool {
        let who = self.0.me().with(|me| Who::from(me));
        self.0.open().with(|open| {
            open.as_ref()
                .is_some_and(|open| may(who, Place::from(open), right).is_ok())
        })
    }

    /// Whether one may do such an act in the open room: whoever may not, reads.
    pub(crate) fn acts(self, act: ActKind) -> Derived<bool> {
        derived(move || self.may(Right::Do(act)))
    }

    /// Whether the server understands this ([`protocol::features`]), as it said last.
    pub(crate) fn understands(self, feature: &str) -> bool {
        self.0
            .session()
            .with_value(|session| session.understands(feature))
    }

    /// Whether one may do this on the server.
    pub(crate) fn may_on_server(self, right: ServerRight) -> bool {
        self.0
            .me()
            .with(|me| may_on_server(Who::from(me), right).is_ok())
    }
}
