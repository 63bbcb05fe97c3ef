//! Where one is signed in.

use leptos::prelude::*;
use protocol::SignIn;
use serde::de::IgnoredAny;

use super::desk::{At, Desk, outcome};
use crate::{
    boot::Boot,
    i18n::Clock,
    live::api::bare,
    ui::{Ui, icon},
};

/// The list. A device that is signed out leaves it.
#[component]
pub(crate) fn Devices(sign_ins: Vec<SignIn>) -> AnyView {
    let ui = Ui::here();
    let words = &ui.words.desk;
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
    let act = view! {
        {move || {
            (!others().is_empty())
                .then(|| {
                    view! {
                        <button
                            class="btn js-only"
                            type="button"
                            on:click=move |_| {
                                for id in others() {
                                    sign_out(ui, list, says, id);
                                }
                            }
                        >
                            {icon("leave")}
                            <span>{words.sign_out_others}</span>
                        </button>
                    }
                })
        }}
    }
    .into_any();
    view! {
        <Desk at=At::Devices title=words.devices lede=words.devices_lede act=act>
            <ul class="lines">
                <For each=move || list.get() key=|one| one.id children=move |one| device(ui, list, says, &one) />
            </ul>
            {outcome(says)}
        </Desk>
    }
    .into_any()
}

type List = RwSignal<Vec<SignIn>>;
type Says = RwSignal<Option<(bool, String)>>;

/// Which kind of device it looks like.
fn mark(label: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| label.contains(word));
    if has(&["iPad", "Tablet"]) {
        "tablet"
    } else if has(&["iPhone", "Android", "Mobile"]) {
        "phone"
    } else if has(&["bot", "curl", "hubbub-"]) {
        "bot"
    } else {
        "laptop"
    }
}

fn device(ui: Ui, list: List, says: Says, one: &SignIn) -> AnyView {
    let words = &ui.words.desk;
    let boot = expect_context::<Boot>();
    let clock = Clock {
        lang: boot.lang,
        tz_min: boot.tz_min,
        now_ms: boot.now_ms,
    };
    let seen = if one.current {
        ui.words.time.now.to_owned()
    } else {
        clock.ago(one.seen_at)
    };
    let about = [seen, one.address.clone()].join(ui.words.common.dot);
    let (id, current) = (one.id, one.current);
    let label = (words.sign_out_named)(&one.label);
    let act = if current {
        // Signing this one out is leaving: a classic form, which works without scripts too.
        view! {
            <form method="post" action="/sign-out">
                <button class="btn small" type="submit" aria-label=label>
                    {words.sign_out}
                </button>
            </form>
        }
        .into_any()
    } else {
        view! {
            <button class="btn small js-only" type="button" aria-label=label on:click=move |_| sign_out(ui, list, says, id)>
                {words.sign_out}
            </button>
        }
        .into_any()
    };
    view! {
        <li>
            <span class="mark">{icon(mark(&one.label))}</span>
            <span>
                <b>
                    <bdi>{one.label.clone()}</bdi>
                    {current.then(|| view! { <span class="tag this">{words.this_one}</span> })}
                </b>
                <small>{about}</small>
            </span>
            {act}
        </li>
    }
    .into_any()
}

fn sign_out(ui: Ui, list: List, says: Says, id: u64) {
    ui.ask(
        bare("DELETE", &format!("/sessions/{id}")),
        move |answer: Result<IgnoredAny, _>| {
            if answer.is_err() {
                says.set(Some((false, ui.words.common.failed.to_owned())));
                return;
            }
            let gone = list.with_untracked(|list| {
                list.iter()
                    .find(|one| one.id == id)
                    .map(|one| one.label.clone())
            });
            list.update(|list| list.retain(|one| one.id != id));
            says.set(gone.map(|label| (true, (ui.words.desk.signed_out)(&label))));
        },
    );
}
