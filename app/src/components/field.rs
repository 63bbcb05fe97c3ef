//! Fields of forms: the label above, the hint or the error under it, never only by colour.

use super::explain::explain;
use crate::{
    form::{Field as Place, Form, Why},
    ui::{Ui, icon, icon_as, icon_small},
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
    } = told(info, form, hint);
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
    } = told(info, form, hint);
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

/// The id of what is wrong with the form as a whole.
const ALERT: &str = "form-e";

struct FieldNotice {
    about: View,
    described: Option<String>,
    wrong: bool,
    first: bool,
}

/// The error of a field, or else its hint, and how the field refers to it.
fn told(info: FieldInfo, form: &Form, hint: &str) -> FieldNotice {
    let words = Ui::here().words;
    let name = info.name;
    // Which of the two is wrong is not told; the password is what one types again.
    let pair = matches!(form.at(Place::Form), Some(Why::SignIn));
    let first = form.first_wrong() == Some(info.place) || (pair && info.place == Place::Password);
    match form.at(info.place) {
        None if pair => FieldNotice {
            about: ().view(),
            described: Some(ALERT.to_owned()),
            wrong: true,
            first,
        },
        Some(why) => {
            let text = explain(words, why);
            let id = format!("{name}-e");
            let about = tag::p("err")
                .attr("id", id.clone())
                .child(icon_small("alert"))
                .child(tag::span("").child(text));
            FieldNotice {
                about: about.view(),
                described: Some(id),
                wrong: true,
                first,
            }
        }
        None if hint.is_empty() => FieldNotice {
            about: ().view(),
            described: None,
            wrong: false,
            first,
        },
        None => {
            let id = format!("{name}-h");
            let about = tag::p("hint").attr("id", id.clone()).child(hint.to_owned());
            FieldNotice {
                about: about.view(),
                described: Some(id),
                wrong: false,
                first,
            }
        }
    }
}

/// What is wrong with the form as a whole.
pub(crate) fn form_alert(form: &Form) -> View {
    let words = Ui::here().words;
    form.at(Place::Form)
        .map(|why| {
            tag::div("alert")
                .attr("id", ALERT)
                .attr("role", "alert")
                .child(icon("alert"))
                .child(tag::span("").child(explain(words, why)))
        })
        .view()
}
