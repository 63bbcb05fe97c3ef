//! Settings: what is there on the left, one of it on the right.

use leptos::prelude::*;

use crate::{
    route::PagePath,
    ui::{Ui, icon},
};
use view::{Part, View, tag};

/// The pages of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    /// Name, look, password.
    You,
    /// The devices that are signed in.
    Devices,
}

/// A page of the settings. They are loaded as a whole: no socket is open here.
pub(crate) fn settings(
    at: At,
    title: &'static str,
    lede: &'static str,
    act: impl Part,
    inside: impl Part,
) -> View {
    let words = &Ui::here().words.settings;
    let row = |page: At, href: PagePath<'static>, mark: &'static str, says: &'static str| {
        tag::li("").child(
            tag::a("row")
                .attr("href", href.path())
                .attr("aria-current", (page == at).then_some("page"))
                .child(icon(mark))
                .child(tag::span("name").child(says))
                .child(tag::span("tail")),
        )
    };
    let tab = |page: At, href: PagePath<'static>, says: &'static str| {
        tag::a("btn small")
            .attr("href", href.path())
            .attr("aria-current", (page == at).then_some("page"))
            .child(says)
    };
    tag::div("settings")
        .child(
            tag::nav("")
                .attr("aria-label", words.title)
                .child(
                    tag::div("server")
                        .child(
                            tag::a("icon-btn")
                                .attr("href", "/")
                                .attr("aria-label", words.back)
                                .child(icon("left")),
                        )
                        .child(tag::span("server-name").child(words.title)),
                )
                .child(
                    tag::ul("")
                        .child(row(At::You, PagePath::You, "person", words.profile))
                        .child(row(At::Devices, PagePath::Devices, "laptop", words.devices)),
                ),
        )
        .child(
            tag::main("").attr("tabindex", "-1").child(
                tag::div("page")
                    .child(
                        tag::header("")
                            .child(
                                tag::a("icon-btn phone-only")
                                    .attr("href", "/")
                                    .attr("aria-label", words.back)
                                    .child(icon("left")),
                            )
                            .child(
                                tag::div("grow")
                                    .child(tag::h1("").child(title))
                                    .child(tag::p("").child(lede)),
                            )
                            .child(act),
                    )
                    .child(
                        tag::div("settings-tabs phone-only")
                            .child(tab(At::You, PagePath::You, words.profile))
                            .child(tab(At::Devices, PagePath::Devices, words.devices)),
                    )
                    .child(inside),
            ),
        )
        .view()
}

/// Whether the last thing asked for was done, and what to say of it; none at first.
pub(crate) type Notice = RwSignal<Option<(bool, String)>>;

/// What was done, or did not work, for screen readers and eyes alike.
pub(crate) fn outcome(says: Notice) -> View {
    tag::p("outcome")
        .attr("role", "status")
        .child(move || {
            says.get().map(|(done, text)| {
                tag::span("")
                    .class(if done { "done" } else { "err" })
                    .child(icon(if done { "check" } else { "alert" }))
                    .child(tag::span("").child(text))
            })
        })
        .view()
}
