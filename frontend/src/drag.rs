//! A favourite is dragged to another place of its list, with the browser's own dragging: Escape cancels it, the list scrolls at its edges, and
//! a finger that stays down still opens the link's menu. A line (`drop-before`, `drop-after`) shows where it goes.

use std::cell::RefCell;

use app::PageHandle;
use wasm_bindgen::JsCast;
use web_sys::{DragEvent, Element, Event};

use crate::{dom, events::on};

/// The rows of favourites.
const ROWS: &str = "#favourites .row";

thread_local! {
    /// The row that is dragged.
    static DRAGGED: RefCell<Option<Element>> = const { RefCell::new(None) };
    /// The row beside which it would go, and whether below it.
    static PLACE: RefCell<Option<(Element, bool)>> = const { RefCell::new(None) };
}

pub(crate) fn listen(page: PageHandle) {
    let Some(document) = dom::document() else {
        return;
    };
    on(&document, "dragstart", |event| {
        DRAGGED.set(row(event));
    });
    on(&document, "dragover", |event| {
        if DRAGGED.with_borrow(Option::is_some) {
            over(event);
        }
    });
    on(&document, "drop", move |event| {
        let place = PLACE.with_borrow(Clone::clone);
        if let (Some(dragged), Some((beside, below))) = (DRAGGED.take(), place) {
            event.prevent_default();
            page.move_row(&dragged.id(), &beside.id(), below);
        }
        show(None);
    });
    on(&document, "dragend", |_| {
        DRAGGED.take();
        show(None);
    });
}

/// The favourite that an event is about.
fn row(event: &Event) -> Option<Element> {
    let target = event.target()?;
    let target = target.dyn_into::<Element>().ok()?;
    target.closest(ROWS).ok()?
}

fn over(event: &Event) {
    let place = row(event)
        .zip(event.dyn_ref::<DragEvent>())
        .map(|(row, drag)| {
            let bounds = row.get_bounding_client_rect();
            let below = f64::from(drag.client_y()) > bounds.top() + bounds.height() / 2.0;
            (row, below)
        });
    if place.is_some() {
        // It may be dropped here.
        event.prevent_default();
    }
    show(place);
}

/// Shows the line at this place alone.
fn show(place: Option<(Element, bool)>) {
    let mark = |place: &Option<(Element, bool)>, on| {
        if let Some((row, below)) = place {
            let class = if *below { "drop-after" } else { "drop-before" };
            // The names are the style sheet's own.
            let _ = row.class_list().toggle_with_force(class, on);
        }
    };
    PLACE.with_borrow_mut(|shown| {
        mark(shown, false);
        mark(&place, true);
        *shown = place;
    });
}
