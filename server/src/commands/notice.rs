//! Tell everybody something.

use protocol::{NewNotice, Notice, Role, ServerFrame, validate_text};

use crate::{auth::rights::Who, error::Refusal, state::Shared};

/// A broadcast, by owners and admins.
pub fn notice(state: &Shared, who: Who, new: NewNotice) -> Result<(), Refusal> {
    if who.role < Role::Admin {
        return Err(Refusal::forbidden(
            "only owners and admins may tell everybody something",
        ));
    }
    validate_text(&new.text)?;
    state
        .hub
        .broadcast(&ServerFrame::Notice(Notice { text: new.text }));
    Ok(())
}
