//! Dialogs: one at a time, modal, in the browser's top layer. The harmless button has the focus first, and what had it
//! before gets it back.

mod browse;
mod confirm;
mod invite;
mod new_room;
mod people;
mod switcher;
mod topic;

use leptos::prelude::*;

use crate::live::{Dialog, Live};

/// The element of every dialog.
const DIALOG: &str = "dialog";

/// Whichever dialog is open.
#[component]
pub(crate) fn Dialogs() -> impl IntoView {
    let live = Live::here();
    move || live.dialog().get().map(|dialog| frame(live, dialog))
}

fn frame(live: Live, dialog: Dialog) -> AnyView {
    // The element is in the page once this view is; only then can it be opened.
    Effect::new(move || {
        live.ui().browser(|browser| browser.show_modal(DIALOG));
    });
    let class = if dialog == Dialog::Switcher {
        "switcher"
    } else {
        "card dialog"
    };
    let closed = move |_| {
        if live.dialog().get_untracked() == Some(dialog) {
            live.dialog().set(None);
        }
    };
    let inside = match dialog {
        Dialog::NewRoom => view! { <new_room::NewRoom /> }.into_any(),
        Dialog::Browse => view! { <browse::Browse /> }.into_any(),
        Dialog::NewDirect => view! { <people::NewDirect /> }.into_any(),
        Dialog::AddPeople(room) => view! { <people::AddPeople room=room /> }.into_any(),
        Dialog::Invite => view! { <invite::Invite /> }.into_any(),
        Dialog::Topic(room) => view! { <topic::Topic room=room /> }.into_any(),
        Dialog::Leave(room) => view! { <confirm::Leave room=room /> }.into_any(),
        Dialog::Delete(room, seq) => view! { <confirm::Delete room=room seq=seq /> }.into_any(),
        Dialog::Switcher => view! { <switcher::Switcher /> }.into_any(),
    };
    view! {
        <dialog class=class id=DIALOG aria-labelledby="dialog-title" on:close=closed>
            {inside}
        </dialog>
    }
    .into_any()
}

impl Live {
    /// Closes the dialog; what had the focus before gets it back.
    fn close_dialog(self) {
        self.ui().browser(|browser| browser.close_modal(DIALOG));
        self.dialog().set(None);
    }
}

/// The head of a dialog: the question.
fn title(says: String) -> AnyView {
    view! { <h2 id="dialog-title">{says}</h2> }.into_any()
}

/// The button that changes nothing.
fn harmless(live: Live, says: &'static str) -> AnyView {
    view! {
        <button class="btn" type="button" on:click=move |_| live.close_dialog()>
            {says}
        </button>
    }
    .into_any()
}
