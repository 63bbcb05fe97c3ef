//! Keys of the composer's field: what each of them does.

use super::compose::ComposeMode;

/// A key that was pressed in the field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pressed {
    /// Its name.
    pub(crate) key: String,
    /// With Shift.
    pub(crate) shift: bool,
    /// With Ctrl, Alt or ⌘.
    pub(crate) chord: bool,
    /// While an input method composes: `isComposing`, or the key code 229 of the browsers that do not say so.
    pub(crate) composing: bool,
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Does {
    /// Sends what is written.
    Send,
    /// Leave the reply or edit.
    Leave,
    /// Edit one's last message.
    EditLast,
    /// Goes through what is offered for a begun name; down the list, or up.
    Choose(bool),
    /// Takes what is chosen of it.
    Take,
    /// Leaves the name as it is typed.
    LeaveName,
}

/// How the field stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FieldState {
    /// What the text will be.
    pub(crate) mode: ComposeMode,
    /// Whether nothing is written.
    pub(crate) empty: bool,
    /// Whether something is offered for a begun name.
    pub(crate) offers: bool,
    /// Whether the caret is in a fence of code that is not closed.
    pub(crate) in_fence: bool,
}

/// What a key does in the field; nothing where the browser knows better. An Enter that ends a composition chooses a word.
pub(crate) fn does(pressed: &Pressed, field: FieldState) -> Option<Does> {
    let FieldState { mode, empty, .. } = field;
    if pressed.composing || pressed.chord {
        return None;
    }
    match pressed.key.as_str() {
        "ArrowDown" | "ArrowUp" if field.offers && !pressed.shift => {
            Some(Does::Choose(pressed.key == "ArrowDown"))
        }
        "Enter" | "Tab" if field.offers && !pressed.shift => Some(Does::Take),
        "Escape" if field.offers => Some(Does::LeaveName),
        "Enter" if !pressed.shift && !field.in_fence => Some(Does::Send),
        "Escape" if mode != ComposeMode::Plain => Some(Does::Leave),
        "ArrowUp" if empty && mode == ComposeMode::Plain && !pressed.shift => Some(Does::EditLast),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str) -> Pressed {
        Pressed {
            key: key.to_owned(),
            ..Pressed::default()
        }
    }

    const WRITTEN: FieldState = FieldState {
        mode: ComposeMode::Plain,
        empty: false,
        offers: false,
        in_fence: false,
    };

    #[test]
    fn enter_sends_and_shift_enter_breaks() {
        let enter = press("Enter");
        let shift = Pressed {
            shift: true,
            ..enter.clone()
        };
        let chord = Pressed {
            chord: true,
            ..enter.clone()
        };
        let in_fence = FieldState {
            in_fence: true,
            ..WRITTEN
        };
        assert_eq!(does(&enter, WRITTEN), Some(Does::Send));
        assert_eq!(does(&enter, in_fence), None);
        assert_eq!(does(&shift, WRITTEN), None);
        assert_eq!(does(&chord, WRITTEN), None);
    }

    #[test]
    fn no_key_acts_while_an_input_method_composes() {
        let field = FieldState {
            mode: ComposeMode::Reply(1),
            empty: true,
            offers: true,
            in_fence: false,
        };
        for key in ["Enter", "Escape", "ArrowUp", "ArrowDown", "Tab"] {
            let pressed = Pressed {
                composing: true,
                ..press(key)
            };
            assert_eq!(does(&pressed, field), None);
        }
    }

    #[test]
    fn escape_leaves_and_up_edits_the_last() {
        let edit = FieldState {
            mode: ComposeMode::Edit(7),
            empty: true,
            ..WRITTEN
        };
        let empty = FieldState {
            empty: true,
            ..WRITTEN
        };
        assert_eq!(does(&press("Escape"), edit), Some(Does::Leave));
        assert_eq!(does(&press("Escape"), empty), None);
        assert_eq!(does(&press("ArrowUp"), empty), Some(Does::EditLast));
        assert_eq!(does(&press("ArrowUp"), WRITTEN), None);
        assert_eq!(does(&press("a"), empty), None);
        assert_eq!(does(&press("Tab"), WRITTEN), None);
    }

    #[test]
    fn where_something_is_offered_keys_choose_and_take_it() {
        let offers = FieldState {
            mode: ComposeMode::Reply(1),
            offers: true,
            ..WRITTEN
        };
        assert_eq!(does(&press("ArrowDown"), offers), Some(Does::Choose(true)));
        assert_eq!(does(&press("ArrowUp"), offers), Some(Does::Choose(false)));
        assert_eq!(does(&press("Enter"), offers), Some(Does::Take));
        assert_eq!(does(&press("Tab"), offers), Some(Does::Take));
        assert_eq!(does(&press("Escape"), offers), Some(Does::LeaveName));
        let shift = Pressed {
            shift: true,
            ..press("Tab")
        };
        assert_eq!(does(&shift, offers), None);
    }
}
