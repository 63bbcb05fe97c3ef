//! Settings: what is there on the left, one of it on the right.

use leptos::prelude::*;
use protocol::rights::{ServerRight, Who, may_on_server};

use crate::{
    boot::Boot,
    route::PagePath,
    ui::{Ui, icon},
};
use view::{Element, Part, View, tag};

/// The pages of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    /// Name, look, password.
    You,
    /// The devices that are signed in.
    Devices,
    /// Everybody and their roles, for owners and admins.
    People,
    /// The invites that work, for owners and admins.
    Invites,
}

/// A page of the settings. They are loaded as a whole: no socket is open here.
pub(crate) fn settings(at: At, title: &str, lede: &str, act: impl Part, inside: impl Part) -> View {
    let words = &Ui::here().words.settings;
    let pages = pages();
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
                .child(tag::ul("").child(list(&pages, |page| row(at, page).view()))),
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
                                    .child(tag::h1("").child(title.to_owned()))
                                    .child(tag::p("").child(lede.to_owned())),
                            )
                            .child(act),
                    )
                    .child(
                        tag::div("settings-tabs phone-only")
                            .child(list(&pages, |page| tab(at, page).view())),
                    )
                    .child(inside),
            ),
        )
        .view()
}

/// A page of the settings: its path, icon and name.
type SettingsPage = (At, PagePath<'static>, &'static str, &'static str);

/// The pages that are there for whoever looks.
fn pages() -> Vec<SettingsPage> {
    let words = &Ui::here().words.settings;
    let me = expect_context::<Boot>().me;
    let may = |right| {
        me.as_ref()
            .is_some_and(|me| may_on_server(Who::from(me), right).is_ok())
    };
    let mut pages = vec![
        (At::You, PagePath::You, "person", words.profile),
        (At::Devices, PagePath::Devices, "laptop", words.devices),
    ];
    if may(ServerRight::LEAST) {
        pages.push((At::People, PagePath::People, "people", words.people));
    }
    if may(ServerRight::Invite) {
        pages.push((At::Invites, PagePath::Invites, "link", words.invites));
    }
    pages
}

fn list(pages: &[SettingsPage], draw: impl Fn(SettingsPage) -> View) -> Vec<View> {
    pages.iter().map(|page| draw(*page)).collect()
}

/// The row of a page in the list of all.
fn row(at: At, (page, href, mark, says): SettingsPage) -> Element {
    tag::li("").child(
        tag::a("row")
            .attr("href", href.path())
            .attr("aria-current", (page == at).then_some("page"))
            .child(icon(mark))
            .child(tag::span("name").child(says))
            .child(tag::span("tail")),
    )
}

/// The tab of a page on a phone.
fn tab(at: At, (page, href, _, says): SettingsPage) -> Element {
    tag::a("btn small")
        .attr("href", href.path())
        .attr("aria-current", (page == at).then_some("page"))
        .child(says)
}

/// What was done: it takes the focus, so that it is read and said first.
pub(super) fn done(says: String) -> View {
    tag::p("outcome")
        .attr("role", "status")
        .attr("tabindex", "-1")
        .attr("autofocus", true)
        .child(
            tag::span("done")
                .child(icon("check"))
                .child(tag::span("").child(says)),
        )
        .view()
}

/// Why something was not done.
pub(super) fn trouble(says: &'static str) -> View {
    tag::div("alert")
        .attr("role", "alert")
        .attr("tabindex", "-1")
        .attr("autofocus", true)
        .child(icon("alert"))
        .child(tag::span("").child(says))
        .view()
}
