//! One's own changes that are on their way, shown as if they were done.

use protocol::Act;

use crate::{MessageView, room::message};

/// Changes what is shown of a message. `me` is the author of the command.
pub(crate) fn overlay(view: &mut MessageView, act: &Act) {
    match act {
        Act::Edit { text, .. } if !view.deleted => {
            view.text = Some(text.clone());
            view.changing = true;
        }
        Act::Delete { .. } if !view.deleted => {
            message::bury(view);
            view.changing = true;
        }
        Act::React { emoji, on, .. } if !view.deleted => {
            message::react_mine(&mut view.reactions, emoji, *on);
        }
        Act::Pin { on, .. } if !view.deleted => view.pinned = *on,
        _ => {}
    }
}
