//! Keys that work everywhere in the rooms.

use leptos::prelude::*;

use crate::{
    live::{Dialog, Live, compose::FIELD, timeline::TIMELINE},
    ports::Step,
};

/// A key that was pressed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a key is what it is pressed with"
)]
pub struct Key {
    /// Its name, such as `k` or `ArrowUp`.
    pub name: String,
    /// With Ctrl, or ⌘ on a Mac.
    pub command: bool,
    /// With Alt.
    pub alt: bool,
    /// With Shift.
    pub shift: bool,
    /// In a field that takes text.
    pub in_field: bool,
    /// In a menu or the like, which it closes.
    pub in_popover: bool,
    /// While an input method composes.
    pub composing: bool,
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Opens the quick switcher.
    Switcher,
    /// To the next or previous room.
    Room {
        /// Down the list, or up.
        down: bool,
        /// Only those with something unread.
        unread: bool,
    },
    /// To the next or previous pane.
    Pane {
        /// Which way.
        forward: bool,
    },
    /// Takes the "New" line away.
    ClearNew,
    /// Marks the open room as read.
    MarkRead,
    /// To the next message that was missed and names one.
    NextMention,
}

/// What a key does, wherever it is pressed. A dialog over the page keeps its keys.
pub(crate) fn act(key: &Key, dialog: bool) -> Option<Act> {
    if key.composing || dialog {
        return None;
    }
    match key.name.as_str() {
        "k" | "K" if key.command && !key.alt && !key.shift => Some(Act::Switcher),
        "ArrowUp" | "ArrowDown" if key.alt && !key.command => Some(Act::Room {
            down: key.name == "ArrowDown",
            unread: key.shift,
        }),
        "F6" if !key.command && !key.alt => Some(Act::Pane {
            forward: !key.shift,
        }),
        "Escape" if !key.in_field && key.shift && !key.command && !key.alt => Some(Act::MarkRead),
        "Escape" if !key.in_field && !key.command && !key.alt => Some(Act::ClearNew),
        "n" | "N" if !key.in_field && !key.command && !key.alt => Some(Act::NextMention),
        _ => None,
    }
}

/// The panes that F6 walks.
const PANES: [&str; 4] = ["rooms", TIMELINE, FIELD, "side"];

/// Does what a key does. True when it did something.
pub(crate) fn press(live: Live, key: &Key) -> bool {
    let dialog = live.dialog().get_untracked().is_some();
    if key.name == "Escape" && !dialog && untrack(|| live.drawer()) {
        live.navigation().close_people();
        return true;
    }
    let Some(act) = act(key, dialog) else {
        return false;
    };
    match act {
        Act::Switcher => live.dialog().set(Some(Dialog::Switcher)),
        Act::Room { down, unread } => live.navigation().go_along(down, unread),
        Act::Pane { forward } => {
            live.ui()
                .browser(|browser| browser.step_pane(&PANES, forward));
        }
        Act::MarkRead => live.scroll().mark_read(),
        Act::NextMention if live.missed().get_untracked().is_none() => return false,
        Act::NextMention => live.scroll().next_mention(),
        Act::ClearNew => {
            live.driver().input(client::Input::ClearNew);
            if !key.in_popover {
                live.focus_field();
            }
            // Others may have a use for it too.
            return false;
        }
    }
    true
}

/// What a key does on a row of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowAct {
    /// To another row.
    Go(Step),
    /// Opens the choice of reactions.
    React,
    /// Begins a reply to the message.
    Reply,
    /// Edits one's own.
    Edit,
    /// Opens the menu.
    Menu,
    /// Asks, and deletes the message.
    Delete,
    /// Copies the link.
    Link,
}

/// What a key does on a row. Keys with a modifier are the browser's.
pub(crate) fn row_act(key: &str, chord: bool) -> Option<RowAct> {
    if chord {
        return None;
    }
    Some(match key {
        "ArrowUp" | "k" => RowAct::Go(Step::By(-1)),
        "ArrowDown" | "j" => RowAct::Go(Step::By(1)),
        "Home" => RowAct::Go(Step::First),
        "End" => RowAct::Go(Step::Last),
        "+" => RowAct::React,
        "r" | "R" => RowAct::Reply,
        "e" | "E" => RowAct::Edit,
        "." => RowAct::Menu,
        "Delete" => RowAct::Delete,
        "l" | "L" => RowAct::Link,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Key {
        Key {
            name: name.to_owned(),
            ..Key::default()
        }
    }

    #[test]
    fn keys_of_the_whole_page() {
        let command = Key {
            command: true,
            ..key("k")
        };
        assert_eq!(act(&command, false), Some(Act::Switcher));
        assert_eq!(act(&command, true), None);
        assert_eq!(
            act(
                &Key {
                    composing: true,
                    ..command
                },
                false
            ),
            None
        );
        assert_eq!(act(&key("k"), false), None);
        let alt = Key {
            alt: true,
            ..key("ArrowDown")
        };
        assert_eq!(
            act(&alt, false),
            Some(Act::Room {
                down: true,
                unread: false
            })
        );
        assert_eq!(
            act(&Key { shift: true, ..alt }, false),
            Some(Act::Room {
                down: true,
                unread: true
            })
        );
        assert_eq!(
            act(
                &Key {
                    shift: true,
                    ..key("F6")
                },
                false
            ),
            Some(Act::Pane { forward: false })
        );
        assert_eq!(act(&key("Escape"), false), Some(Act::ClearNew));
        let shift = Key {
            shift: true,
            ..key("Escape")
        };
        assert_eq!(act(&shift, false), Some(Act::MarkRead));
        assert_eq!(act(&key("n"), false), Some(Act::NextMention));
        assert_eq!(
            act(
                &Key {
                    in_field: true,
                    ..key("Escape")
                },
                false
            ),
            None
        );
    }

    #[test]
    fn keys_of_a_row() {
        assert_eq!(row_act("j", false), Some(RowAct::Go(Step::By(1))));
        assert_eq!(row_act("ArrowUp", false), Some(RowAct::Go(Step::By(-1))));
        assert_eq!(row_act("r", true), None);
        assert_eq!(row_act("x", false), None);
    }
}
