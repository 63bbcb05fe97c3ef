//! English words of names: what can be wrong with one.

use crate::i18n::words::Wrong;

pub(super) const WRONG: Wrong = Wrong {
    name_empty: "A name needs at least one character that can be seen.",
    name_long: |most| format!("At most {most} characters."),
    name_unfit: "A name cannot hold invisible or direction-changing characters.",
    name_letters: "A name holds letters, digits, spaces and . _ - only, and at least one letter or digit.",
    name_reserved: "This name calls everybody in a room. Choose another.",
    room_taken: "There is a room of this name already.",
    topic_long: |most| format!("At most {most} characters, in one line."),
};
