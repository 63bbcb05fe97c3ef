//! The invites that still work: what each is good for, its link and its QR code; and the form that makes one.

mod new_invite;

use leptos::prelude::*;
use protocol::UserSummary;

use super::{copied_text, done, refused};
use crate::{
    boot::Boot,
    governing::{InvitesPage, ListedInvite, QrCode},
    i18n::TimeFormat,
    live::rooms::room_label,
    pages::settings::{At, settings},
    route::{PagePath, encode},
    ui::{Ui, icon},
};
use new_invite::new_invite;
use view::{Element, Part, View, many, tag};

/// The anchor of the form.
const NEW: &str = "new";

pub(super) fn invites(me: &UserSummary, page: &InvitesPage) -> View {
    let words = Ui::here().words;
    let said = &words.governing;
    let notice = page.refused.map(|why| refused(words, why));
    let notice = notice.or_else(|| {
        let code = page.revoked.as_ref()?;
        Some(done((said.revoked)(code)))
    });
    let shown = page
        .shown
        .as_ref()
        .and_then(|(code, qr)| Some((page.invites.iter().find(|one| one.code == *code)?, qr)));
    let rows: Vec<View> = page
        .invites
        .iter()
        .map(|one| {
            row(
                me,
                one,
                shown.is_some_and(|(shown, _)| shown.code == one.code),
            )
            .view()
        })
        .collect();
    let list = if rows.is_empty() {
        tag::p("lede").child(said.no_invites).view()
    } else {
        tag::ul("lines").child(rows).view()
    };
    let next = page.next.as_ref().map(|next| {
        let path = format!("{}?cursor={}", PagePath::Invites.path(), encode(next));
        tag::p("pages").child(tag::a("btn").attr("href", path).child(said.next))
    });
    settings(
        At::Invites,
        words.settings.invites,
        said.invites_lede,
        tag::a("btn primary")
            .attr("href", format!("#{NEW}"))
            .child(icon("plus"))
            .child(tag::span("").child(said.new_invite)),
        many()
            .child(notice)
            .child(shown.map(|(one, qr)| detail(me, one, qr)))
            .child(list)
            .child(next)
            .child(new_invite(&page.rooms)),
    )
}

/// What an invite is good for.
fn facts(me: &UserSummary, one: &ListedInvite) -> String {
    let words = Ui::here().words;
    let said = &words.governing;
    let clock = TimeFormat::from(&expect_context::<Boot>());
    let mut facts = vec![
        (said.uses_left)(one.uses.into()),
        (said.until)(&clock.until(one.expires_at)),
    ];
    if !one.rooms.is_empty() {
        let rooms: Vec<String> = one.rooms.iter().map(room_label).collect();
        facts.push(rooms.join(words.common.comma));
    }
    facts.extend(one.by.as_ref().map(|by| {
        if by.id == me.id {
            said.by_you.to_owned()
        } else {
            (said.by)(&crate::text::isolated(&by.display_name))
        }
    }));
    facts.join(words.common.dot)
}

fn row(me: &UserSummary, one: &ListedInvite, shown: bool) -> Element {
    let words = Ui::here().words;
    let (said, code) = (&words.governing, &one.code);
    let (qr, copy) = ((said.qr_of)(code), (said.copy_named)(code));
    let revoke = format!("{}/{}/revoke", PagePath::Invites.path(), encode(code));
    tag::li("")
        .child(tag::span("mark").child(icon("link")))
        .child(
            tag::span("")
                .child(tag::b("").child(code.clone()))
                .child(tag::small("").child(facts(me, one))),
        )
        .child(
            tag::form("ends")
                .attr("method", "post")
                .attr("action", revoke)
                .child(
                    tag::a("icon-btn")
                        .attr("href", PagePath::Invites.path() + "?show=" + &encode(code))
                        .attr("aria-current", shown.then_some("true"))
                        .attr("aria-label", qr.clone())
                        .attr("title", qr)
                        .child(icon("qr")),
                )
                .child(
                    tag::button("icon-btn js-only")
                        .attr("type", "button")
                        .attr("data-copies", one.url.clone())
                        .attr("data-copied", words.dialog.copied)
                        .attr("title", copy.clone())
                        .child(icon("copy"))
                        .child(tag::span("sr").attr("aria-live", "polite").child(copy)),
                )
                .child(
                    tag::button("btn small")
                        .attr("type", "submit")
                        .attr("aria-label", (said.revoke_named)(code))
                        .child(said.revoke),
                ),
        )
}

/// One invite to hand over: its link, and as a QR code, which is dark on white in every theme.
fn detail(me: &UserSummary, one: &ListedInvite, qr: &QrCode) -> View {
    let words = Ui::here().words;
    let said = &words.governing;
    let title = words.dialog.invite_link;
    tag::section("once invite-shown")
        .attr("tabindex", "-1")
        .attr("autofocus", true)
        .attr("aria-labelledby", "shown")
        .child(
            tag::div("grow")
                .child(tag::h2("").attr("id", "shown").child(title))
                .child(tag::p("").child(said.point))
                .child(copied_text("invite-link", title, &one.url))
                .child(tag::p("").child(facts(me, one))),
        )
        .child(
            tag::el("figure")
                .class("qr")
                .child(
                    tag::svg("svg")
                        .attr("viewBox", format!("0 0 {0} {0}", qr.side))
                        .attr("role", "img")
                        .attr("aria-label", (said.qr_of)(&one.code))
                        .attr("shape-rendering", "crispEdges")
                        .child(tag::svg("path").attr("d", qr.path.clone())),
                )
                .child(tag::el("figcaption").child(one.code.clone())),
        )
        .view()
}
