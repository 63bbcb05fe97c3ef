//! Typed text, choices, focus and scrolling: kept while the page is drawn anew, and put back by the ids of the elements.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};

use crate::{
    dom::{all, by_id, document, html},
    fields::set_value,
};

/// What a person did to a field.
enum TypedField {
    Text(String, Option<(u32, u32)>),
    Checked(bool),
    Chosen(String),
}

/// What was typed into a field or chosen in it since it was drawn.
fn typed(field: &HtmlElement) -> Option<TypedField> {
    if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        let caret = caret(area.selection_start(), area.selection_end());
        return (!area.value().is_empty()).then(|| TypedField::Text(area.value(), caret));
    }
    if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
        return Some(TypedField::Chosen(select.value()));
    }
    let input = field.dyn_ref::<HtmlInputElement>()?;
    if input.checked() != input.default_checked() {
        return Some(TypedField::Checked(input.checked()));
    }
    let caret = caret(input.selection_start(), input.selection_end());
    (input.value() != input.default_value()).then(|| TypedField::Text(input.value(), caret))
}

fn caret(
    start: Result<Option<u32>, JsValue>,
    end: Result<Option<u32>, JsValue>,
) -> Option<(u32, u32)> {
    Some((start.ok()??, end.ok()??))
}

fn type_again(field: &HtmlElement, typed: &TypedField) {
    match typed {
        TypedField::Text(text, caret) => {
            set_value(&field.id(), text);
            let (area, input) = (
                field.dyn_ref::<HtmlTextAreaElement>(),
                field.dyn_ref::<HtmlInputElement>(),
            );
            // A field without a caret has none to put back.
            let _ = match (area, input, caret) {
                (Some(area), _, Some((start, end))) => area.set_selection_range(*start, *end),
                (_, Some(input), Some((start, end))) => input.set_selection_range(*start, *end),
                _ => Ok(()),
            };
        }
        TypedField::Checked(on) => {
            if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
                input.set_checked(*on);
            }
        }
        TypedField::Chosen(value) => {
            if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
                select.set_value(value);
            }
        }
    }
}

/// Remembers what was typed in an element, where the focus is, and how far lists are scrolled. All by the ids.
pub(crate) fn keep_typed(within: &str) -> Box<dyn FnOnce()> {
    let root = by_id(within);
    let inside = |selector| root.iter().flat_map(move |root| all(root, selector));
    let fields: Vec<(String, TypedField)> = inside("input[id], textarea[id], select[id]")
        .filter_map(|field| Some((field.id(), typed(&field)?)))
        .collect();
    let scrolled: Vec<(String, i32)> = inside("[id]")
        .filter(|one| one.scroll_top() != 0)
        .map(|one| (one.id(), one.scroll_top()))
        .collect();
    let focused = document()
        .and_then(|document| document.active_element())
        .map(|element| element.id())
        .filter(|id| !id.is_empty());
    Box::new(move || {
        for (id, typed) in fields {
            if let Some(field) = html(&id) {
                type_again(&field, &typed);
            }
        }
        for (id, top) in scrolled {
            if let Some(element) = by_id(&id) {
                element.set_scroll_top(top);
            }
        }
        if let Some(element) = focused.and_then(|id| html(&id)) {
            // It had it before.
            let _ = element.focus();
        }
    })
}
