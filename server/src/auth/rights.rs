//! Rights, as refusals. The rules are [`protocol::rights`]; they are asked inside the transaction that acts on the answer.

use protocol::rights::{self, Denied};
pub(crate) use protocol::rights::{Place, Right, ServerRight, Who};

use crate::error::Refusal;

/// [`rights::may`].
pub(crate) fn may(who: Who, place: Place, right: Right) -> Result<(), Refusal> {
    rights::may(who, place, right).map_err(Refusal::from)
}

/// [`rights::may_on_server`].
pub(crate) fn may_on_server(who: Who, right: ServerRight) -> Result<(), Refusal> {
    rights::may_on_server(who, right).map_err(Refusal::from)
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NoRoom => Self::not_found("room"),
            Denied::Because(why) => Self::forbidden(why),
            Denied::Archived => Self::conflict("this room is archived"),
        }
    }
}
