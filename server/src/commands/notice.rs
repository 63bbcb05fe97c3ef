//! Tell everybody something.

use protocol::{NewNotice, Notice, Role, ServerFrame, validate_text};

use crate::{auth::rights::Who, error::Refusal, state::Shared};

/// A broadcast, by owners and admins; tells what was said.
pub fn notice(state: &Shared, who: Who, new: NewNotice) -> Result<Notice, Refusal> {
    if who.role < Role::Admin {
        return Err(Refusal::forbidden(
            "only owners and admins may tell everybody something",
        ));
    }
    validate_text(&new.text)?;
    let notice = Notice { text: new.text };
    state.hub.broadcast(&ServerFrame::Notice(notice.clone()));
    Ok(notice)
}
