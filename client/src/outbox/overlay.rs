//! One's own changes that are on their way, shown as if they were done.

use crate::{Command, MessageView, room::message};

/// Changes what is shown of a message. `me` is the author of the command.
pub(crate) fn overlay(view: &mut MessageView, command: &Command) {
    match command {
        Command::Edit { text, .. } if !view.deleted => {
            view.text = Some(text.clone());
            view.changing = true;
        }
        Command::Delete { .. } if !view.deleted => {
            message::bury(view);
            view.changing = true;
        }
        Command::React { emoji, on, .. } if !view.deleted => {
            message::react_mine(&mut view.reactions, emoji, *on);
        }
        _ => {}
    }
}
