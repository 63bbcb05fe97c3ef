//! Edit, delete, react: change how a message stands.

use protocol::{Delete, Edit, React, validate_text};
use text::{NotEmoji, reaction_key, validate_emoji_shape};

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
        text: text.into(),
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

/// The write of a `react`, held if it is not one emoji. Whatever way the emoji is written, it is stored in one.
pub fn react(who: Who, react: React, now: u64) -> Result<Write, Box<Held>> {
    let key = one_way(&react);
    let broken = key.as_ref().err();
    let broken = broken.map(|why| Refusal::invalid("emoji", why.to_string()));
    let React {
        id,
        room,
        of,
        on,
        emoji,
    } = react;
    let write = Write::React {
        who,
        id,
        room,
        of,
        emoji: key.unwrap_or(emoji),
        on,
        now,
    };
    Held::unless(write, broken)
}

/// The emoji in the one way that it is stored. What an earlier release took for an emoji can still be taken back.
fn one_way(react: &React) -> Result<String, NotEmoji> {
    match reaction_key(&react.emoji) {
        Err(_) if !react.on => {
            validate_emoji_shape(&react.emoji)?;
            Ok(react.emoji.clone())
        }
        key => key,
    }
}
