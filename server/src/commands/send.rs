//! Say something.

use protocol::{Send, validate_text};

use crate::{auth::rights::Who, error::Refusal, store::Write};

/// The write of a `send`, if its text keeps the rules.
pub fn write(who: Who, send: Send, now: u64) -> Result<Write, Refusal> {
    validate_text(&send.text)?;
    let Send {
        id,
        room,
        text,
        reply_to,
    } = send;
    Ok(Write::Send {
        who,
        id,
        room,
        text,
        reply_to,
        now,
    })
}
