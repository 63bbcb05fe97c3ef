//! Toasts: at the upper end corner, at most three, never over the dock.

use leptos::prelude::*;

use crate::{
    live::{
        Live,
        voice::{Toast, Tone},
    },
    ui::{bdi, icon, icon_as},
};

/// The toasts.
#[component]
pub(crate) fn Toasts() -> AnyView {
    let live = Live::here();
    view! {
        <div class="toasts">
            <For each=move || live.voice().toasts.get() key=|toast| toast.id children=move |toast| one(live, toast) />
        </div>
    }
    .into_any()
}

fn one(live: Live, toast: Toast) -> AnyView {
    let words = live.ui().words;
    let id = toast.id;
    let (class, mark, role) = match toast.tone {
        Tone::Done => ("toast", "check", "status"),
        Tone::Bad => ("toast bad", "alert", "alert"),
        Tone::You(_) => ("toast you", "for-you", "status"),
    };
    let act = match toast.tone {
        Tone::You(route) => Some(view! {
            <button
                class="btn quiet small"
                type="button"
                on:click=move |_| {
                    live.close_toast(id);
                    live.go(route);
                }
            >
                {words.dialog.open}
            </button>
        }),
        _ => None,
    };
    let says = match toast.more {
        Some(more) => {
            view! { <b>{bdi(&toast.text)}</b> <small dir="auto">{more}</small> }.into_any()
        }
        None => toast.text.into_any(),
    };
    let hold = move |hold: bool| live.voice().held.set(hold.then_some(id));
    view! {
        <div
            class=class
            role=role
            on:mouseenter=move |_| hold(true)
            on:mouseleave=move |_| hold(false)
            on:focusin=move |_| hold(true)
            on:focusout=move |_| hold(false)
        >
            {icon_as("i", mark)}
            <span>{says}</span>
            <span>{act}</span>
            <button
                class="icon-btn s"
                type="button"
                aria-label=words.common.close
                title=words.common.close
                on:click=move |_| live.close_toast(id)
            >
                {icon("x")}
            </button>
        </div>
    }
    .into_any()
}
