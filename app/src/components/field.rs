//! Fields of forms: the label above, the hint or the error under it, never only by colour.

use super::field_notice::{FieldNotice, field_notice};
use crate::{
    form::{Field as Place, Form},
    ui::{Ui, icon_as},
};
use view::{Part, View, tag};

/// What a field tells about itself.
#[derive(Clone, Copy)]
pub(crate) struct FieldInfo {
    /// The name in the form, and the element's id.
    pub(crate) name: &'static str,
    /// The label.
    pub(crate) label: &'static str,
    /// What the browser may fill in.
    pub(crate) autocomplete: &'static str,
    /// Which errors are its own.
    pub(crate) place: Place,
}

/// A field of text.
pub(crate) fn text_field(info: FieldInfo, form: &Form, value: &str, hint: &str) -> View {
    let value = value.to_owned();
    let FieldNotice {
        about,
        described,
        wrong,
        first,
    } = field_notice(info, form, hint);
    tag::div("field")
        .child(tag::label("").attr("for", info.name).child(info.label))
        .child(
            tag::input("input")
                .attr("id", info.name)
                .attr("name", info.name)
                .attr("type", "text")
                .attr("value", value)
                .attr("required", true)
                .attr("autocomplete", info.autocomplete)
                .attr("autocapitalize", "off")
                .attr("spellcheck", "false")
                .attr("autofocus", first)
                .attr("aria-describedby", described)
                .attr("aria-invalid", wrong.then_some("true")),
        )
        .child(about)
        .view()
}

/// A field of a password. Show the password is a button with a state.
pub(crate) fn password_field(info: FieldInfo, form: &Form, hint: &str) -> View {
    let words = Ui::here().words;
    let FieldNotice {
        about,
        described,
        wrong,
        first,
    } = field_notice(info, form, hint);
    tag::div("field")
        .child(tag::label("").attr("for", info.name).child(info.label))
        .child(
            tag::div("with-btn")
                .child(
                    tag::input("input")
                        .attr("id", info.name)
                        .attr("name", info.name)
                        .attr("type", "password")
                        .attr("required", true)
                        .attr("autocomplete", info.autocomplete)
                        .attr("autocapitalize", "off")
                        .attr("spellcheck", "false")
                        .attr("autofocus", first)
                        .attr("aria-describedby", described)
                        .attr("aria-invalid", wrong.then_some("true")),
                )
                .child(
                    tag::button("icon-btn js-only")
                        .attr("type", "button")
                        .attr("aria-label", words.auth.show_password)
                        .attr("title", words.auth.show_password)
                        .attr("aria-pressed", "false")
                        // The page's own script does it, also where the module is not loaded.
                        .attr("data-shows", info.name)
                        .child(icon_as("i shows", "eye"))
                        .child(icon_as("i hides", "eye-off")),
                ),
        )
        .child(about)
        .view()
}
