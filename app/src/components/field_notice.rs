//! Notices of a form: the error or the hint under a field, and what is wrong with the form as a whole.

use super::{explain::explain, field::FieldInfo};
use crate::{
    form::{Field as Place, Form, Why},
    ui::{Ui, icon, icon_small},
};
use view::{Part, View, tag};

/// The id of what is wrong with the form as a whole.
const ALERT: &str = "form-e";

/// What is said under a field, and what the field says of itself.
pub(super) struct FieldNotice {
    pub(super) about: View,
    pub(super) described: Option<String>,
    pub(super) wrong: bool,
    pub(super) first: bool,
}

/// The error of a field, or else its hint, and how the field refers to it.
pub(super) fn field_notice(info: FieldInfo, form: &Form, hint: &str) -> FieldNotice {
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
