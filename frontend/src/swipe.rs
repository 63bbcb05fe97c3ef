//! Swipe to reply: a finger draws a message towards the line's beginning. The style sheet shows how far (`--swipe`), and leaves
//! vertical moves to the browser, which then cancels the pointer.

use std::cell::RefCell;

use app::PageHandle;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, PointerEvent};

use crate::{dom, events::on_capture};

/// A move of less than this, in CSS pixels, is none yet.
const STILL: i32 = 10;
/// So far, in CSS pixels, it is a reply.
const FAR: i32 = 56;
/// No row goes farther.
const MAX_PX: i32 = 72;
/// So near to the edge of the window, in CSS pixels, a swipe is the browser's own way back.
const EDGE: i32 = 32;

/// A finger that is down on a message.
struct Finger {
    pointer: i32,
    row: HtmlElement,
    x: i32,
    y: i32,
    /// Whether the row follows it.
    drawn: bool,
    /// How far it is drawn.
    by: i32,
}

thread_local! {
    static FINGER: RefCell<Option<Finger>> = const { RefCell::new(None) };
}

pub(crate) fn listen(page: PageHandle) {
    let Some(document) = dom::document() else {
        return;
    };
    for (name, then) in [
        ("pointerdown", down as fn(PageHandle, &PointerEvent)),
        ("pointermove", moved),
        ("pointerup", up),
        ("pointercancel", |_, _| let_go()),
    ] {
        on_capture(&document, name, move |event: &Event| {
            if let Some(event) = event.dyn_ref::<PointerEvent>() {
                then(page, event);
            }
        });
    }
}

fn down(_: PageHandle, event: &PointerEvent) {
    // Two fingers zoom.
    let_go();
    if event.pointer_type() != "touch" || !event.is_primary() {
        return;
    }
    let width = dom::document()
        .and_then(|document| document.document_element())
        .map_or(0, |root| root.client_width());
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let row = target
        .and_then(|target| target.closest("article.msg").ok().flatten())
        .and_then(|row| row.dyn_into().ok());
    let (x, y) = (event.client_x(), event.client_y());
    if let Some(row) = row.filter(|_| x > EDGE && x < width - EDGE) {
        FINGER.set(Some(Finger {
            pointer: event.pointer_id(),
            row,
            x,
            y,
            drawn: false,
            by: 0,
        }));
    }
}

fn moved(page: PageHandle, event: &PointerEvent) {
    FINGER.with_borrow_mut(|finger| {
        let Some(one) = finger
            .as_mut()
            .filter(|one| one.pointer == event.pointer_id())
        else {
            return;
        };
        let (across, along) = (event.client_x() - one.x, event.client_y() - one.y);
        let to_start = if is_rtl() { across } else { -across };
        if !one.drawn {
            if across.abs().max(along.abs()) < STILL {
                return;
            }
            // It is no press any more, whatever it becomes.
            page.lift();
            if along.abs() >= across.abs() || to_start < 0 || !page.answer(&one.row.id(), false) {
                *finger = None;
                return;
            }
            one.drawn = true;
        }
        one.by = (to_start - STILL).clamp(0, MAX_PX);
        one.show(true);
    });
}

fn up(page: PageHandle, event: &PointerEvent) {
    let far = FINGER.with_borrow(|finger| {
        let one = finger.as_ref()?;
        (one.pointer == event.pointer_id() && one.by >= FAR).then(|| one.row.id())
    });
    let_go();
    if let Some(row) = far {
        page.answer(&row, true);
    }
}

fn let_go() {
    if let Some(one) = FINGER.take().filter(|one| one.drawn) {
        one.show(false);
    }
}

impl Finger {
    fn show(&self, drawn: bool) {
        let classes = self.row.class_list();
        // Names and values are the style sheet's own.
        let _ = classes.toggle_with_force("swiped", drawn);
        let _ = classes.toggle_with_force("far", drawn && self.by >= FAR);
        let _ = self
            .row
            .style()
            .set_property("--swipe", &format!("{}px", self.by));
    }
}

fn is_rtl() -> bool {
    dom::document().is_some_and(|document| document.dir() == "rtl")
}
