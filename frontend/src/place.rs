//! Scroll anchoring: what is in view stays where it is, whatever comes and goes around it.
//!
//! Browsers can do this by themselves (CSS Scroll Anchoring), but not all do (Safari from 27 on), none does at the end of a list
//! that grows upwards, and none where so many rows go that the place is out of range for a moment. So it is done here for all of
//! them: where the rows in view stand is noted before rows change and whenever one scrolls, and what moved is scrolled back
//! before the page is drawn. Where the browser did it already, nothing is left to do.

use std::cell::RefCell;

use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, FocusOptions, HtmlCollection, HtmlElement, ResizeObserver};

use crate::{
    dom::{FRAMES, by_id, document, drawn, with_element},
    focus::{is_unfocused, unmoved_by},
};

/// So near to the end, in pixels, one is at the end.
const NEAR: i32 = 48;

/// A list whose place is kept.
struct KeptPlace {
    list: Element,
    /// What of it is in view: rows, and how far above the lower edge of the view each begins.
    rows: Vec<(Element, f64)>,
    /// How wide and high all rows were then.
    size: (f64, f64),
    /// Whether the newest end was in view then.
    near_end: bool,
    /// The row that has the focus.
    focused: Option<Element>,
    /// The row that is on its way to its place.
    put: Option<Put>,
    /// Whether its newest end stays in view, rather than the rows.
    end: bool,
    /// Whether rows may have changed since the place was last put back.
    unsettled: bool,
    observer: Option<ResizeObserver>,
    /// Held for as long as it may be called.
    _resized: Closure<dyn FnMut()>,
    on_scroll: Closure<dyn FnMut(Event)>,
}

/// A row that is to begin so far above the lower edge of the view, and does not yet: what is drawn ends before that.
struct Put {
    row: Element,
    above: f64,
    /// Where the list was scrolled to for it. Whoever scrolls on is no longer on the way.
    at: i32,
}

thread_local! {
    /// A room's list, and that of a thread beside it. Those that are gone are let go with the next one.
    static KEPT: RefCell<Vec<KeptPlace>> = const { RefCell::new(Vec::new()) };
}

/// Does something with the place of a list that is kept.
fn with_kept<T>(list: &Element, does: impl FnOnce(&mut KeptPlace) -> T) -> Option<T> {
    KEPT.with_borrow_mut(|all| {
        let kept = all.iter_mut().find(|kept| kept.list == *list)?;
        Some(does(kept))
    })
}

/// Rows of the list are about to change: what is in view stays where it is, or with `end` its newest end stays in view.
pub(crate) fn hold(list: &str, end: bool) {
    let Some(list) = by_id(list) else { return };
    KEPT.with_borrow_mut(|all| {
        if all.iter().all(|kept| kept.list != list) {
            all.retain(|kept| kept.list.is_connected());
            all.push(KeptPlace::new(list.clone()));
        }
    });
    with_kept(&list, |kept| {
        // Who was on the way to the end still is: where it is now says nothing before the place was put back.
        kept.end = end || (kept.unsettled && kept.end);
        if kept.size == size_of(&kept.list) {
            kept.note();
        } else {
            // It changed already, and nobody has put back yet what moved.
            kept.restore();
        }
        kept.focused = focused_in(&kept.list);
        kept.unsettled = true;
    });
    spawn_local(async {
        drawn().await;
        settle();
    });
}

/// A row of the list is about to grow or shrink: its upper edge stays where it is in the view, or goes `down` by so much.
pub(crate) fn hold_row(list: &str, row: &str, down: f64) {
    hold(list, false);
    let (Some(list), Some(row)) = (by_id(list), by_id(row)) else {
        return;
    };
    with_kept(&list, |kept| {
        let above = above_end(&row, &kept.list) - down;
        kept.rows = vec![(row, above)];
        kept.put = None;
        kept.end = false;
    });
}

/// Scrolls the list so that a row, once it is drawn, begins so far above the lower edge of the view.
pub(crate) fn put_row(list: &str, row: &str, above: f64) {
    let list = list.to_owned();
    with_element(row, FRAMES, move |row| {
        if let Some(list) = by_id(&list) {
            list.scroll_by_with_x_and_y(0.0, above - above_end(row, &list));
            moved(row);
            with_kept(&list, |kept| {
                kept.put = Put::unless_there(row.clone().into(), above, &list);
            });
        }
    });
}

/// Something of the list was brought into view on purpose: that is the place to keep. What is elsewhere, as the field that
/// takes the focus after a send, moves nothing of it.
pub(crate) fn moved(to: &Element) {
    KEPT.with_borrow_mut(|all| {
        for kept in all.iter_mut().filter(|kept| kept.list.contains(Some(to))) {
            kept.scrolled();
        }
    });
}

/// The rows may have another size, which browsers tell only after the place was put back for that. Whoever left the end since stays away.
fn resized() {
    KEPT.with_borrow_mut(|all| {
        for kept in all.iter_mut().filter(|kept| kept.has_left_end()) {
            kept.scrolled();
        }
    });
    settle();
}

fn settle() {
    KEPT.with_borrow_mut(|all| {
        for kept in all.iter_mut().filter(|kept| kept.list.is_connected()) {
            kept.restore();
            kept.unsettled = false;
        }
    });
}

/// Whether the list was scrolled away from its newest end, though no event may have told it yet: browsers tell it with the next frame,
/// and what the server says meanwhile comes first.
pub(crate) fn has_left_end(list: &str) -> bool {
    let Some(list) = by_id(list) else {
        return false;
    };
    let kept = with_kept(&list, |kept| kept.has_left_end());
    kept.unwrap_or_else(|| !is_near_end(&list))
}

/// The ids of the first and the last message in view.
pub(crate) fn in_view(list: &str) -> Option<(String, String)> {
    let rows = rows_in_view(&by_id(list)?);
    Some((rows.first()?.0.id(), rows.last()?.0.id()))
}

/// The ids of the messages in view, and how far above the lower edge of the view each begins; the nearest to the middle first.
pub(crate) fn by_middle(list: &str) -> Vec<(String, f64)> {
    let Some(list) = by_id(list) else {
        return Vec::new();
    };
    let middle = middle_of(&list);
    let mut rows = rows_in_view(&list);
    rows.sort_by(|(_, one), (_, other)| (one - middle).abs().total_cmp(&(other - middle).abs()));
    rows.into_iter()
        .map(|(row, above)| (row.id(), above))
        .collect()
}

impl Put {
    fn unless_there(row: Element, above: f64, list: &Element) -> Option<Self> {
        let at = list.scroll_top();
        ((above_end(&row, list) - above).abs() > 1.0).then_some(Self { row, above, at })
    }
}

impl KeptPlace {
    fn new(list: Element) -> Self {
        let resized = Closure::<dyn FnMut()>::new(resized);
        let scrolled = list.clone();
        let on_scroll = Closure::<dyn FnMut(Event)>::new(move |_| {
            with_kept(&scrolled, |kept| {
                // Where lines were broken anew, it was not the person who scrolled: what moved is put back.
                if kept.size == size_of(&kept.list) {
                    kept.scrolled();
                }
            });
        });
        // The event is the browser's own.
        let _ = list.add_event_listener_with_callback("scroll", on_scroll.as_ref().unchecked_ref());
        // A change of width breaks lines anew, and nobody says so.
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(log)) = (&observer, list.first_element_child()) {
            observer.observe(&log);
        }
        Self {
            list,
            rows: Vec::new(),
            size: (0.0, 0.0),
            near_end: false,
            focused: None,
            put: None,
            end: false,
            unsettled: false,
            observer,
            _resized: resized,
            on_scroll,
        }
    }

    fn is_near_end(&self) -> bool {
        is_near_end(&self.list)
    }

    /// Rows that change move the list too: only where they are as they were, it was scrolled.
    fn has_left_end(&self) -> bool {
        let scrolled = self.near_end && !self.is_near_end();
        scrolled && !self.unsettled && self.size == size_of(&self.list)
    }

    /// Where the list is now is where it was scrolled to.
    fn scrolled(&mut self) {
        self.end &= self.is_near_end();
        self.note();
    }

    fn note(&mut self) {
        let at = self.list.scroll_top();
        self.put.take_if(|put| put.at != at);
        self.rows = rows_in_view(&self.list);
        self.size = size_of(&self.list);
        self.near_end = self.is_near_end();
    }

    /// The row nearest to the middle of the view that is still there: those at its upper edge change when what is above them does.
    fn anchor(&self) -> Option<&(Element, f64)> {
        let middle = middle_of(&self.list);
        let off = |row: &(Element, f64)| (row.1 - middle).abs();
        let mut nearest: Option<&(Element, f64)> = None;
        for row in self.rows.iter().filter(|(row, _)| row.is_connected()) {
            if nearest.is_none_or(|nearest| off(row) < off(nearest)) {
                nearest = Some(row);
            }
        }
        nearest
    }

    fn restore(&mut self) {
        let put = self.put.take().filter(|put| put.row.is_connected());
        if self.end {
            self.list.set_scroll_top(0);
        } else if let Some(Put { row, above, .. }) = put {
            let off = above - above_end(&row, &self.list);
            self.list.scroll_by_with_x_and_y(0.0, off);
            self.put = Put::unless_there(row, above, &self.list);
        } else if let Some((row, above)) = self.anchor().cloned() {
            let off = above - above_end(&row, &self.list);
            if off.abs() > 0.5 {
                self.list.scroll_by_with_x_and_y(0.0, off);
                // What stands above may be gone for a moment, and the place out of range with it.
                self.put = Put::unless_there(row, above, &self.list);
            }
        }
        self.note();
        let lost = self
            .focused
            .take()
            .is_some_and(|row| !row.is_connected() && is_unfocused());
        if let Some(list) = self.list.dyn_ref::<HtmlElement>().filter(|_| lost) {
            // It went out of what is drawn: keys go on from the list.
            let stay = FocusOptions::new();
            stay.set_prevent_scroll(true);
            unmoved_by(|| drop(list.focus_with_options(&stay)));
        }
    }
}

impl Drop for KeptPlace {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
        // It was listened with just this.
        let _ = self
            .list
            .remove_event_listener_with_callback("scroll", self.on_scroll.as_ref().unchecked_ref());
    }
}

fn focused_in(list: &Element) -> Option<Element> {
    let focused = document()?.active_element()?;
    (focused != *list && list.contains(Some(&focused))).then_some(focused)
}

/// What is older is negative: the list grows upwards.
fn is_near_end(list: &Element) -> bool {
    list.scroll_top() > -NEAR
}

/// How wide and high all rows of a list are.
fn size_of(list: &Element) -> (f64, f64) {
    let log = list.first_element_child();
    let place = log.map(|log| log.get_bounding_client_rect());
    place.map_or((0.0, 0.0), |place| (place.width(), place.height()))
}

fn middle_of(list: &Element) -> f64 {
    f64::from(list.client_height()) / 2.0
}

/// How far the upper edge of a row is above the lower edge of the list's view. A list that ends below stays where it is there when its
/// upper edge moves, as it does with the banner that tells of the connection.
fn above_end(row: &Element, list: &Element) -> f64 {
    list.get_bounding_client_rect().bottom() - row.get_bounding_client_rect().top()
}

/// Messages in view, each with how far its upper edge is above the lower edge of the view. Rows stand one below the other, so the first is looked for by
/// halves: looking at each would cost more with each row.
fn rows_in_view(list: &Element) -> Vec<(Element, f64)> {
    let Some(log) = list.first_element_child() else {
        return Vec::new();
    };
    let view = list.get_bounding_client_rect();
    let rows = log.children();
    let first = first_below(&rows, view.top());
    let mut seen = Vec::new();
    for row in (first..rows.length()).filter_map(|at| rows.item(at)) {
        let above = view.bottom() - row.get_bounding_client_rect().top();
        if above <= 1.0 {
            break;
        }
        if row.tag_name() == "ARTICLE" {
            seen.push((row, above));
        }
    }
    seen
}

/// The first row whose lower edge is below this height.
fn first_below(rows: &HtmlCollection, height: f64) -> u32 {
    let (mut low, mut high) = (0, rows.length());
    while low < high {
        let middle = u32::midpoint(low, high);
        let above = rows
            .item(middle)
            .is_some_and(|row| row.get_bounding_client_rect().bottom() <= height + 1.0);
        if above {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
