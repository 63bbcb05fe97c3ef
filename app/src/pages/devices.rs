//! The list of sign-ins.

use leptos::{ev, prelude::*};
use protocol::SignIn;
use serde::de::IgnoredAny;

use super::{
    device_mark::device_mark,
    settings::{At, SettingsNotice, outcome, settings},
};
use crate::text::isolated;
use crate::{
    boot::Boot,
    i18n::TimeFormat,
    live::api::bare,
    ui::{Ui, icon},
};
use view::{Part, View, dynamic, each, many, tag};

/// The list. A device that is signed out leaves it.
pub(crate) fn devices(sign_ins: Vec<SignIn>) -> View {
    let ui = Ui::here();
    let words = &ui.words.settings;
    let list = RwSignal::new(sign_ins);
    let says = RwSignal::new(None);
    let others = move || {
        list.with(|list| {
            list.iter()
                .filter(|one| !one.current)
                .map(|one| one.id)
                .collect::<Vec<_>>()
        })
    };
    let act = dynamic(move || {
        (!others().is_empty()).then(|| {
            tag::button("btn js-only")
                .attr("type", "button")
                .on(ev::click, move |_| sign_out(ui, list, says, others()))
                .child(icon("leave"))
                .child(tag::span("").child(words.sign_out_others))
        })
    });
    settings(
        At::Devices,
        words.devices,
        words.devices_lede,
        act,
        many()
            .child(tag::ul("lines").child(each(
                move || list.get(),
                |one| one.id,
                move |one| device(ui, list, says, &one),
            )))
            .child(outcome(says))
            .view(),
    )
}

type DeviceList = RwSignal<Vec<SignIn>>;

fn device(ui: Ui, list: DeviceList, says: SettingsNotice, one: &SignIn) -> View {
    let words = &ui.words.settings;
    let boot = expect_context::<Boot>();
    let clock = TimeFormat::from(&boot);
    let seen = if one.current {
        ui.words.time.now.to_owned()
    } else {
        clock.ago(one.seen_at)
    };
    let about = [seen, one.address.clone()].join(ui.words.common.dot);
    let (id, current) = (one.id, one.current);
    let label = (words.sign_out_named)(&isolated(&one.label));
    let act = if current {
        // Signing this one out is leaving: a classic form, which works without scripts too.
        tag::form("")
            .attr("method", "post")
            .attr("action", "/sign-out")
            .child(
                tag::button("btn small")
                    .attr("type", "submit")
                    .attr("aria-label", label)
                    .child(words.sign_out),
            )
            .view()
    } else {
        tag::button("btn small js-only")
            .attr("type", "button")
            .attr("aria-label", label)
            .on(ev::click, move |_| sign_out(ui, list, says, vec![id]))
            .child(words.sign_out)
            .view()
    };
    tag::li("")
        .child(tag::span("mark").child(icon(device_mark(&one.label))))
        .child(
            tag::span("")
                .child(
                    tag::b("")
                        .child(tag::bdi("").child(one.label.clone()))
                        .child(current.then(|| tag::span("tag this").child(words.this_one))),
                )
                .child(tag::small("").child(about)),
        )
        .child(act)
        .view()
}

/// Signs devices out; when all have answered it says which one it was, or how many.
fn sign_out(ui: Ui, list: DeviceList, says: SettingsNotice, ids: Vec<u64>) {
    let words = &ui.words.settings;
    let gone = list.with_untracked(|list| {
        let label = |one: &SignIn| one.label.clone();
        let one = list.iter().find(|one| ids == [one.id]).map(label);
        one.map_or_else(
            || (words.signed_out_others)(ids.len() as u64),
            |label| (words.signed_out)(&isolated(&label)),
        )
    });
    // How many have yet to answer, and whether all did it so far.
    let under_way = StoredValue::new((ids.len(), true));
    says.set(None);
    for id in ids {
        let gone = gone.clone();
        ui.ask(
            bare("DELETE", &format!("/sessions/{id}")),
            move |answer: Result<IgnoredAny, _>| {
                let done = answer.is_ok();
                if done {
                    list.update(|list| list.retain(|one| one.id != id));
                }
                under_way.update_value(|(left, all)| (*left, *all) = (*left - 1, *all && done));
                match under_way.get_value() {
                    (0, true) => says.set(Some((true, gone))),
                    (0, false) => says.set(Some((false, ui.words.common.failed.to_owned()))),
                    _ => {}
                }
            },
        );
    }
}
