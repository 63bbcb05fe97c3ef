//! Whose password a form is about, where nobody types the name.

use view::{Element, tag};

/// A field that nobody sees, for what keeps passwords in the browser.
pub(crate) fn user_name(handle: Option<String>) -> Element {
    tag::input("")
        .attr("type", "text")
        .attr("name", "username")
        .attr("autocomplete", "username")
        .attr("value", handle)
        .attr("hidden", true)
        .attr("readonly", true)
}
