//! Edit, delete, react: change how a message stands.

use protocol::{Delete, Edit, React, validate_emoji, validate_text};

use super::Held;
use crate::{auth::rights::Who, error::Refusal, store::Write};

/// The write of an `edit`, held if its text breaks the rules.
pub fn edit(who: Who, edit: Edit, now: u64) -> Result<Write, Box<Held>> {
    let broken = validate_text(&edit.text).err().map(Refusal::from);
    let Edit { id, room, of, text } = edit;
    let write = Write::Edit {
        who,
        id,
        room,
        of,
        text,
        now,
    };
    Held::unless(write, broken)
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

/// The write of a `react`, held if it is not one emoji.
pub fn react(who: Who, react: React, now: u64) -> Result<Write, Box<Held>> {
    let broken = validate_emoji(&react.emoji).err();
    let broken = broken.map(|why| Refusal::invalid("emoji", why.to_string()));
    let React {
        id,
        room,
        of,
        emoji,
        on,
    } = react;
    let write = Write::React {
        who,
        id,
        room,
        of,
        emoji,
        on,
        now,
    };
    Held::unless(write, broken)
}
