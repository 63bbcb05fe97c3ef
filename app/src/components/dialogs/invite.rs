//! An invite: a link that brings people in.

use leptos::prelude::*;
use protocol::NewInvite;

use super::{harmless, title};
use crate::{components::preferences::option, live::Live, ui::icon};

const LINK: &str = "invite-link";
const USES: [u32; 5] = [1, 5, 10, 50, 1_000];
const DAYS: [u64; 4] = [1, 7, 30, 365];
const DAY_S: u64 = 86_400;

/// Make a link and copy it.
#[component]
pub(crate) fn Invite() -> AnyView {
    let live = Live::here();
    let words = live.ui().words;
    let dialog = &words.dialog;
    let invited = RwSignal::new(None::<protocol::Invite>);
    let (uses, days) = (RwSignal::new(10_u32), RwSignal::new(7_u64));
    let make = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = NewInvite {
            uses: Some(uses.get_untracked()),
            expires_in_s: Some(days.get_untracked() * DAY_S),
            rooms: None,
        };
        live.invite(&body, move |invite| {
            if invite.is_some() {
                invited.set(invite);
                live.ui().browser(|browser| browser.focus(LINK));
            }
        });
    };
    view! {
        {title(dialog.invite_title.to_owned())}
        <p>{dialog.invite_lede}</p>
        {move || invited.get().map(|invite| link(live, invite))}
        <form on:submit=make>
            <div class="pair">
                {choice("invite-uses", dialog.invite_uses, USES.map(|n| (n.to_string(), (dialog.people_n)(n.into()), n == 10)), move |v| uses.set(v.parse().unwrap_or(1)))}
                {choice("invite-days", dialog.invite_until, DAYS.map(|n| (n.to_string(), (dialog.days_n)(n), n == 7)), move |v| days.set(v.parse().unwrap_or(7)))}
            </div>
            <div class="ends">
                {harmless(live, words.common.close)}
                <button class="btn primary" type="submit">
                    {move || if invited.with(Option::is_some) { dialog.another_link } else { dialog.make_link }}
                </button>
            </div>
        </form>
    }
    .into_any()
}

fn choice<const N: usize>(
    id: &'static str,
    label: &'static str,
    of: [(String, String, bool); N],
    set: impl Fn(String) + 'static,
) -> AnyView {
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <span class="pick">
                <select class="input" id=id on:change=move |event| set(event_target_value(&event))>
                    {of.map(|(value, says, selected)| option(value, says, selected, None)).into_iter().collect_view()}
                </select>
                {icon("down")}
            </span>
        </div>
    }
    .into_any()
}

fn link(live: Live, invite: protocol::Invite) -> AnyView {
    let dialog = &live.ui().words.dialog;
    let until = live.clock().get_untracked().until(invite.expires_at);
    let url = invite.url.clone();
    view! {
        <div class="field">
            <label for=LINK>{dialog.invite_link}</label>
            <div class="copy">
                <input class="input" id=LINK type="text" readonly value=invite.url aria-describedby="invite-facts" />
                <button class="btn" type="button" on:click=move |_| live.copy(&url)>
                    {icon("copy")}
                    <span>{dialog.copy}</span>
                </button>
            </div>
            <p class="hint" id="invite-facts">
                {(dialog.link_facts)(invite.uses.into(), &until)}
            </p>
        </div>
    }
    .into_any()
}
