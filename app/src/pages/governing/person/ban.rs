//! A ban, its question, and its end.

use super::post;
use crate::{
    governing::GovernedPerson,
    pages::governing::hidden,
    route::PagePath,
    text::isolated,
    ui::{Ui, icon},
};
use view::{Element, Part, View, many, tag};

/// The way to a ban, or out of it.
pub(super) fn ban(one: &GovernedPerson) -> View {
    let said = &Ui::here().words.governing;
    let name = isolated(&one.user.display_name);
    let (lede, act) = if one.banned {
        let lift = post(one, "ban").child(hidden("banned", "false")).child(
            tag::button("btn")
                .attr("type", "submit")
                .child((said.lift_named)(&name)),
        );
        (said.lift_lede, lift)
    } else {
        // The question first.
        let ask = tag::p("").child(
            tag::a("btn quiet alarm")
                .attr("href", PagePath::Ban(one.user.id).path())
                .child(icon("stop"))
                .child(tag::span("").child(format!("{}…", (said.ban_named)(&name)))),
        );
        (said.ban_lede, ask)
    };
    many()
        .child(tag::h2("").child(said.ban_title))
        .child(tag::p("lede").child(lede))
        .child(act)
        .view()
}

/// What will happen, and both ways on.
pub(super) fn ban_question(one: &GovernedPerson) -> Element {
    let said = &Ui::here().words.governing;
    let name = isolated(&one.user.display_name);
    let line = |mark, says| {
        tag::li("")
            .child(icon(mark))
            .child(tag::span("").child(says))
    };
    tag::section("ban-question")
        .attr("aria-labelledby", "ban")
        .child(tag::h2("").attr("id", "ban").child((said.ban_ask)(&name)))
        .child(
            tag::ul("will")
                .child(line("laptop", said.ban_ends))
                .child(line("bubble", said.ban_stays))
                .child(line("again", said.ban_lifted)),
        )
        .child(
            post(one, "ban")
                .class("ends")
                .child(hidden("banned", "true"))
                .child(
                    tag::a("btn")
                        .attr("href", PagePath::Person(one.user.id).path())
                        .attr("autofocus", true)
                        .child((said.ban_keep)(&name)),
                )
                .child(
                    tag::button("btn danger")
                        .attr("type", "submit")
                        .child((said.ban_named)(&name)),
                ),
        )
}
