//! Keys that work everywhere in the rooms.

use leptos::prelude::*;

use crate::{
    components::toasts::TOASTS,
    i18n::TimeFormat,
    live::{Dialog, Live, compose::FIELD, lists::PANE, timeline::TIMELINE},
    ports::SiblingStep,
    route::{Listing, Route},
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
pub(crate) enum KeyAction {
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
    /// Shows the keys.
    Keys,
    /// Goes where the next key says.
    Lead,
}

/// What a key does, wherever it is pressed. A dialog over the page keeps its keys.
pub(crate) fn act(key: &Key, dialog: bool) -> Option<KeyAction> {
    if key.composing || dialog {
        return None;
    }
    match key.name.as_str() {
        "k" | "K" if key.command && !key.alt && !key.shift => Some(KeyAction::Switcher),
        "ArrowUp" | "ArrowDown" if key.alt && !key.command => Some(KeyAction::Room {
            down: key.name == "ArrowDown",
            unread: key.shift,
        }),
        "F6" if !key.command && !key.alt => Some(KeyAction::Pane {
            forward: !key.shift,
        }),
        "Escape" if !key.in_field && key.shift && !key.command && !key.alt => {
            Some(KeyAction::MarkRead)
        }
        "Escape" if !key.in_field && !key.command && !key.alt => Some(KeyAction::ClearNew),
        // On many keyboards with Shift.
        "?" if !key.in_field && !key.command && !key.alt => Some(KeyAction::Keys),
        "g" | "G" if !key.in_field && !key.command && !key.alt => Some(KeyAction::Lead),
        "n" | "N" if !key.in_field && !key.command && !key.alt => Some(KeyAction::NextMention),
        _ => None,
    }
}

/// Where a key leads right after G.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Led {
    /// To what is for one.
    ForYou,
    /// To another day of the open room.
    Day,
}

fn led(key: &Key) -> Option<Led> {
    if key.in_field || key.command || key.alt || key.composing {
        return None;
    }
    Some(match &*key.name {
        "f" | "F" => Led::ForYou,
        "d" | "D" => Led::Day,
        _ => return None,
    })
}

/// Goes there. False where there is nothing to go to.
fn lead(live: Live, led: Led) -> bool {
    let open = live.route().get_untracked().room();
    match (led, open) {
        (Led::ForYou, _) => live.navigation().go(Route::List(Listing::ForYou)),
        (Led::Day, Some(room)) => {
            let today = live.clock().with_untracked(TimeFormat::today);
            live.dialog().set(Some(Dialog::Day(room, today)));
        }
        (Led::Day, None) => return false,
    }
    true
}

/// The panes that F6 walks.
const PANES: [&str; 6] = ["rooms", PANE, TIMELINE, FIELD, "side", TOASTS];

/// Does what a key does. True when it did something.
pub(crate) fn press(live: Live, key: &Key) -> bool {
    if key.name == "Escape" && live.reactors().close() {
        return true;
    }
    let dialog = live.dialog().get_untracked().is_some();
    if key.name == "Escape" && !dialog && untrack(|| live.drawer()) {
        live.navigation().close_side();
        return true;
    }
    let leads = live.leads().try_update_value(std::mem::take);
    let led = led(key).filter(|_| !dialog && leads == Some(true));
    if led.is_some_and(|led| lead(live, led)) {
        return true;
    }
    let Some(act) = act(key, dialog) else {
        return false;
    };
    match act {
        KeyAction::Lead => {
            live.leads().set_value(true);
            // It does nothing by itself.
            return false;
        }
        KeyAction::Switcher => live.dialog().set(Some(Dialog::Switcher)),
        KeyAction::Room { down, unread } => live.navigation().go_along(down, unread),
        KeyAction::Pane { forward } => {
            live.ui()
                .browser(|browser| browser.step_pane(&PANES, forward));
        }
        KeyAction::Keys => live.dialog().set(Some(Dialog::Keys)),
        KeyAction::MarkRead => live.scroll().mark_read(),
        KeyAction::NextMention if live.missed().get_untracked().is_none() => return false,
        KeyAction::NextMention => live.scroll().next_mention(),
        KeyAction::ClearNew => {
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
    Go(SiblingStep),
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
    /// Pins it for everybody in the room, or unpins it.
    Pin,
    /// Saves it for oneself, or lets go of it.
    Save,
    /// It and what follows it is unread.
    Unread,
    /// Opens its thread.
    Thread,
}

/// Where a key leads in a list.
pub(crate) fn list_step(key: &str) -> Option<SiblingStep> {
    Some(match key {
        "ArrowDown" => SiblingStep::By(1),
        "ArrowUp" => SiblingStep::By(-1),
        "Home" => SiblingStep::First,
        "End" => SiblingStep::Last,
        _ => return None,
    })
}

/// What a key does on a row. Keys with a modifier are the browser's.
pub(crate) fn row_act(key: &str, chord: bool) -> Option<RowAct> {
    if chord {
        return None;
    }
    Some(match key {
        "k" => RowAct::Go(SiblingStep::By(-1)),
        "j" => RowAct::Go(SiblingStep::By(1)),
        "+" => RowAct::React,
        "r" | "R" => RowAct::Reply,
        "e" | "E" => RowAct::Edit,
        "." => RowAct::Menu,
        "Delete" => RowAct::Delete,
        "l" | "L" => RowAct::Link,
        "p" | "P" => RowAct::Pin,
        "s" | "S" => RowAct::Save,
        "u" | "U" => RowAct::Unread,
        "t" | "T" => RowAct::Thread,
        _ => return list_step(key).map(RowAct::Go),
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
        assert_eq!(act(&command, false), Some(KeyAction::Switcher));
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
            Some(KeyAction::Room {
                down: true,
                unread: false
            })
        );
        assert_eq!(
            act(&Key { shift: true, ..alt }, false),
            Some(KeyAction::Room {
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
            Some(KeyAction::Pane { forward: false })
        );
        assert_eq!(act(&key("Escape"), false), Some(KeyAction::ClearNew));
        let shift = Key {
            shift: true,
            ..key("Escape")
        };
        assert_eq!(act(&shift, false), Some(KeyAction::MarkRead));
        assert_eq!(act(&key("n"), false), Some(KeyAction::NextMention));
        let help = Key {
            shift: true,
            ..key("?")
        };
        assert_eq!(act(&help, false), Some(KeyAction::Keys));
        assert_eq!(act(&help, true), None);
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
    fn after_g_a_key_leads_somewhere() {
        assert_eq!(act(&key("g"), false), Some(KeyAction::Lead));
        assert_eq!(led(&key("f")), Some(Led::ForYou));
        assert_eq!(led(&key("D")), Some(Led::Day));
        assert_eq!(led(&key("x")), None);
        let typed = Key {
            in_field: true,
            ..key("f")
        };
        assert_eq!(led(&typed), None);
    }

    #[test]
    fn keys_of_a_row() {
        assert_eq!(row_act("j", false), Some(RowAct::Go(SiblingStep::By(1))));
        assert_eq!(
            row_act("ArrowUp", false),
            Some(RowAct::Go(SiblingStep::By(-1)))
        );
        assert_eq!(row_act("End", false), Some(RowAct::Go(SiblingStep::Last)));
        assert_eq!(row_act("P", false), Some(RowAct::Pin));
        assert_eq!(row_act("u", false), Some(RowAct::Unread));
        assert_eq!(row_act("S", false), Some(RowAct::Save));
        assert_eq!(row_act("t", false), Some(RowAct::Thread));
        assert_eq!(row_act("r", true), None);
        assert_eq!(row_act("p", true), None);
        assert_eq!(row_act("x", false), None);
    }
}
