//! Say something.

use protocol::{Send, validate_text};

use super::Held;
use crate::{auth::rights::Who, error::Refusal, store::Write};

/// The write of a `send`, held if its text breaks the rules.
pub fn write(who: Who, send: Send, now: u64) -> Result<Write, Box<Held>> {
    let broken = validate_text(&send.text).err().map(Refusal::from);
    let Send {
        id,
        room,
        text,
        reply_to,
    } = send;
    let write = Write::Send {
        who,
        id,
        room,
        text: text.into(),
        reply_to,
        now,
    };
    Held::unless(write, broken)
}
