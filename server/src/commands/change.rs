//! Edit, delete, react: change how a message stands.

use protocol::{Delete, Edit, React, validate_emoji, validate_text};

use crate::{auth::rights::Who, error::Refusal, store::Write};

/// The write of an `edit`, if its text keeps the rules.
pub fn edit(who: Who, edit: Edit, now: u64) -> Result<Write, Refusal> {
    validate_text(&edit.text)?;
    let Edit { id, room, of, text } = edit;
    Ok(Write::Edit {
        who,
        id,
        room,
        of,
        text,
        now,
    })
}

/// The write of a `delete`.
pub const fn delete(who: Who, delete: &Delete, now: u64) -> Write {
    let &Delete { id, room, of } = delete;
    Write::Delete {
        who,
        id,
        room,
        of,
        now,
    }
}

/// The write of a `react`, if it is one emoji.
pub fn react(who: Who, react: React, now: u64) -> Result<Write, Refusal> {
    validate_emoji(&react.emoji).map_err(|why| Refusal::invalid("emoji", why.to_string()))?;
    let React {
        id,
        room,
        of,
        emoji,
        on,
    } = react;
    Ok(Write::React {
        who,
        id,
        room,
        of,
        emoji,
        on,
        now,
    })
}
