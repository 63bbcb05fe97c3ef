//! The focus. What gives it later, in another frame or after an answer, leaves it where a person has moved it meanwhile.

use std::cell::RefCell;

use app::ports::SiblingStep;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    Element, HtmlDialogElement, HtmlElement, HtmlTextAreaElement, ScrollLogicalPosition,
};

use crate::{
    dom::{FRAMES, all, by_id, document, into_view, with_element},
    modal::once_closed,
    place,
};

thread_local! {
    /// How often the focus was found at another element, and the element that had it last.
    static LAST: RefCell<(u32, Option<Element>)> = const { RefCell::new((0, None)) };
    /// What had the focus before the dialog that is open: the browser gives it back.
    static BEHIND: RefCell<Option<Element>> = const { RefCell::new(None) };
}

fn focused() -> Option<Element> {
    document()?.active_element()
}

/// Whether nothing has the focus.
pub(crate) fn is_unfocused() -> bool {
    focused().is_none_or(|focused| focused.tag_name() == "BODY")
}

/// Whether the page is seen, and has the focus of the system.
pub(crate) fn is_attentive() -> bool {
    document()
        .is_some_and(|document| !document.hidden() && document.has_focus().unwrap_or_default())
}

/// Where the focus is, as a number that stays while it stays there, or is nowhere: it was lost with what had it.
pub(crate) fn turn() -> u32 {
    LAST.with_borrow_mut(|(turn, last)| {
        let now = focused().filter(|_| !is_unfocused());
        if now.is_some() && *last != now {
            *turn = turn.wrapping_add(1);
            *last = now;
        }
        *turn
    })
}

/// Does what moves the focus without a person: it counts as not moved.
pub(crate) fn unmoved_by(act: impl FnOnce()) {
    turn();
    act();
    LAST.with_borrow_mut(|(_, last)| *last = focused());
}

/// Opens a dialog, which takes the focus without a person.
pub(crate) fn show_modal(dialog: &HtmlDialogElement) {
    BEHIND.set(focused());
    // It is in the page and closed: it opens.
    unmoved_by(|| drop(dialog.show_modal()));
}

/// Gives the focus to an element, once it is there.
pub(crate) fn focus(id: &str) {
    focus_since(turn(), id);
}

/// Gives the focus to an element, once it is there, if it was not moved since this turn.
pub(crate) fn focus_since(before: u32, id: &str) {
    with_element(id, FRAMES, move |element| {
        if turn() == before {
            focus_on(element);
        }
    });
}

/// Gives an element the focus; behind an open dialog, where nothing can take it, once the dialog has closed.
fn focus_on(element: &HtmlElement) {
    let dialog = document()
        .and_then(|document| document.query_selector("dialog:modal").ok().flatten())
        .filter(|dialog| !dialog.contains(Some(element)));
    let Some(dialog) = dialog else {
        // An element that cannot take the focus leaves it where it is.
        let _ = element.focus();
        place::moved(element);
        return;
    };
    let (element, before) = (element.clone(), turn());
    // The browser has given the focus back to what had it before; what was to have it comes after that.
    let closed = Closure::once_into_js(move || {
        if turn() == before || BEHIND.with_borrow(|behind| *behind == focused()) {
            let _ = element.focus();
        }
    });
    once_closed(&dialog, &closed);
}

pub(crate) fn step_focus(list: &str, item: &str, step: SiblingStep) {
    let Some(list) = by_id(list) else { return };
    let items = all(&list, item);
    let Some(last) = items.len().checked_sub(1) else {
        return;
    };
    let focused = focused();
    let at = items
        .iter()
        .position(|item| item.contains(focused.as_deref()));
    let to = match (step, at) {
        (SiblingStep::First, _) => 0,
        (SiblingStep::Last, _) | (SiblingStep::By(_), None) => last,
        (SiblingStep::By(by), Some(at)) => at
            .saturating_add_signed(isize::try_from(by).unwrap_or_default())
            .min(last),
    };
    if let Some(item) = items.get(to) {
        focus_on(item);
        into_view(item, ScrollLogicalPosition::Nearest);
    }
}

fn is_shown(element: &Element) -> bool {
    let place = element.get_bounding_client_rect();
    place.width() > 0.0 && place.height() > 0.0
}

pub(crate) fn step_pane(panes: &[&str], forward: bool) {
    let shown: Vec<Element> = panes
        .iter()
        .filter_map(|id| by_id(id))
        .filter(is_shown)
        .collect();
    let focused = focused();
    let at = shown
        .iter()
        .position(|pane| pane.contains(focused.as_deref()));
    let count = shown.len();
    let to = match (at, forward) {
        (_, _) if count == 0 => return,
        (None, true) => 0,
        (None, false) => count - 1,
        (Some(at), true) => (at + 1) % count,
        (Some(at), false) => (at + count - 1) % count,
    };
    let Some(pane) = shown.get(to) else { return };
    let inside = ["[aria-current]", "a[href], button, [tabindex='0']"];
    let target = if pane.has_attribute("tabindex") || pane.is_instance_of::<HtmlTextAreaElement>() {
        pane.dyn_ref::<HtmlElement>().cloned()
    } else {
        inside
            .iter()
            .find_map(|selector| all(pane, selector).into_iter().find(|one| is_shown(one)))
    };
    if let Some(target) = target {
        focus_on(&target);
    }
}
