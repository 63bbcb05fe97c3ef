//! Tell everybody something.

use protocol::{NewNotice, Notice, validate_text};

use crate::{
    auth::rights::{ServerRight, Who, may_on_server},
    bus::{Note, Tell as _},
    error::Refusal,
    state::Shared,
};

/// A broadcast, by owners and admins; tells what was said.
pub(crate) fn notice(state: &Shared, who: Who, new: NewNotice) -> Result<Notice, Refusal> {
    may_on_server(who, ServerRight::Notify)?;
    validate_text(&new.text)?;
    let notice = Notice { text: new.text };
    state.hub.tell(&Note::Notice(&notice));
    Ok(notice)
}
