//! An invite: a link that brings people in.

use leptos::{ev, prelude::*};
use protocol::NewInvite;

use super::{harmless, title};
use crate::{
    components::choice::{labelled, option},
    live::Live,
    ui::icon,
};
use view::{Part, View, many, tag};

const LINK: &str = "invite-link";
/// What an invite can be for, of those choices that are offered: people.
pub(crate) const USES: [u32; 5] = [1, 5, 10, 50, 1_000];
/// The same: days.
pub(crate) const DAYS: [u64; 4] = [1, 7, 30, 365];
const DAY_S: u64 = 86_400;

/// Make a link and copy it.
pub(crate) fn invite() -> View {
    let live = Live::here();
    let words = live.ui().words;
    let dialog = &words.dialog;
    let invited = RwSignal::new(None::<protocol::Invite>);
    let (uses, days) = (RwSignal::new(10_u32), RwSignal::new(7_u64));
    let make = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let turn = live.ui().focus_turn();
        let body = NewInvite {
            uses: Some(uses.get_untracked()),
            expires_in_s: Some(days.get_untracked() * DAY_S),
            rooms: None,
        };
        live.room_actions().invite(&body, move |invite| {
            if invite.is_some() {
                invited.set(invite);
                live.ui().browser(|browser| browser.focus_since(turn, LINK));
            }
        });
    };
    many()
        .child(title(dialog.invite_title.to_owned()))
        .child(tag::p("").child(dialog.invite_lede))
        .child(move || invited.get().map(|invite| link(live, invite)))
        .child(
            tag::form("")
                .on(ev::submit, make)
                .child(
                    tag::div("pair")
                        .child(choice(
                            "invite-uses",
                            dialog.invite_uses,
                            USES.map(|n| (n.to_string(), (dialog.people_n)(n.into()), n == 10)),
                            move |v| uses.set(v.parse().unwrap_or(1)),
                        ))
                        .child(choice(
                            "invite-days",
                            dialog.invite_until,
                            DAYS.map(|n| (n.to_string(), (dialog.days_n)(n), n == 7)),
                            move |v| days.set(v.parse().unwrap_or(7)),
                        )),
                )
                .child(
                    tag::div("ends")
                        .child(harmless(live, words.common.close))
                        .child(tag::button("btn primary").attr("type", "submit").child(
                            move || {
                                if invited.with(Option::is_some) {
                                    dialog.another_link
                                } else {
                                    dialog.make_link
                                }
                            },
                        )),
                ),
        )
        .view()
}

fn choice<const N: usize>(
    id: &'static str,
    label: &'static str,
    of: [(String, String, bool); N],
    set: impl Fn(String) + Send + 'static,
) -> View {
    let options = of.map(|(value, says, selected)| option(value, says, selected, None));
    let select = tag::select("input")
        .on(ev::change, move |event| set(event_target_value(&event)))
        .child(options.into_iter().collect::<Vec<_>>());
    labelled(id, label, select)
}

fn link(live: Live, invite: protocol::Invite) -> View {
    let dialog = &live.ui().words.dialog;
    let until = live.clock().get_untracked().until(invite.expires_at);
    let url = invite.url.clone();
    tag::div("field")
        .child(tag::label("").attr("for", LINK).child(dialog.invite_link))
        .child(
            tag::div("copy")
                .child(
                    tag::input("input")
                        .attr("id", LINK)
                        .attr("type", "text")
                        .attr("readonly", true)
                        .attr("value", invite.url)
                        .attr("aria-describedby", "invite-facts"),
                )
                .child(
                    tag::button("btn")
                        .attr("type", "button")
                        .on(ev::click, move |_| live.clipboard().copy_field(LINK, &url))
                        .child(icon("copy"))
                        .child(tag::span("").child(dialog.copy)),
                ),
        )
        .child(
            tag::p("hint")
                .attr("id", "invite-facts")
                .child((dialog.link_facts)(invite.uses.into(), &until)),
        )
        .view()
}
