//! The list of sign-ins.

use leptos::prelude::*;
use protocol::SignIn;

use super::{
    device_mark::device_mark,
    settings::{At, done, settings, trouble},
};
use crate::{
    account::DevicesPage,
    boot::Boot,
    i18n::TimeFormat,
    route::PagePath,
    text::isolated,
    ui::{Ui, icon},
};
use view::{Element, Part, View, many, tag};

/// The list, the newest first. What signs out is a classic form.
pub(crate) fn devices(page: &DevicesPage) -> View {
    let words = Ui::here().words;
    let said = &words.settings;
    let notice = if page.busy {
        Some(trouble(words.form.busy))
    } else {
        (page.signed_out > 0).then(|| done((said.signed_out_others)(page.signed_out)))
    };
    let others = page.sign_ins.iter().any(|one| !one.current);
    let act = others.then(|| {
        tag::form("")
            .attr("method", "post")
            .attr("action", PagePath::Devices.path() + "/others/sign-out")
            .child(
                tag::button("btn")
                    .attr("type", "submit")
                    .child(icon("leave"))
                    .child(tag::span("").child(said.sign_out_others)),
            )
    });
    let rows: Vec<View> = page.sign_ins.iter().map(device).collect();
    settings(
        At::Devices,
        said.devices,
        said.devices_lede,
        act,
        many()
            .child(notice)
            .child(tag::ul("lines").child(rows))
            .view(),
    )
}

fn device(one: &SignIn) -> View {
    let words = Ui::here().words;
    let said = &words.settings;
    let clock = TimeFormat::from(&expect_context::<Boot>());
    let seen = if one.current {
        said.now.to_owned()
    } else {
        clock.ago(one.seen_at)
    };
    let about = [seen, one.address.clone()].join(words.common.dot);
    // Signing this one out is leaving.
    let path = if one.current {
        "/sign-out".to_owned()
    } else {
        format!("{}/{}/sign-out", PagePath::Devices.path(), one.id)
    };
    tag::li("")
        .child(tag::span("mark").child(icon(device_mark(&one.label))))
        .child(
            tag::span("")
                .child(
                    tag::b("")
                        .child(tag::bdi("").child(one.label.clone()))
                        .child(
                            one.current
                                .then(|| tag::span("tag this").child(said.this_one)),
                        ),
                )
                .child(tag::small("").child(about)),
        )
        .child(sign_out(path, &one.label))
        .view()
}

fn sign_out(path: String, label: &str) -> Element {
    let said = &Ui::here().words.settings;
    tag::form("")
        .attr("method", "post")
        .attr("action", path)
        .child(
            tag::button("btn small")
                .attr("type", "submit")
                .attr("aria-label", (said.sign_out_named)(&isolated(label)))
                .child(said.sign_out),
        )
}
