//! Dialogs: one at a time, modal, in the browser's top layer. The harmless button has the focus first, and what had it
//! before gets it back.

mod browse;
mod by_hand;
mod confirm;
mod invite;
mod new_room;
mod people;
mod switcher;
mod topic;
mod unsent;

use leptos::{ev, prelude::*};

use crate::live::{Dialog, Live};
use view::{Part, View, dynamic, tag, watch};

/// The element of every dialog.
const DIALOG: &str = "dialog";

/// Whichever dialog is open.
pub(crate) fn dialogs() -> View {
    let live = Live::here();
    dynamic(move || live.dialog().get().map(|dialog| frame(live, dialog)))
}

fn frame(live: Live, dialog: Dialog) -> View {
    // The element is in the page once this view is; only then can it be opened.
    watch(move || {
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
        Dialog::NewRoom => new_room::new_room().view(),
        Dialog::Browse => browse::browse().view(),
        Dialog::NewDirect => people::new_direct().view(),
        Dialog::AddPeople(room) => people::add_people(room).view(),
        Dialog::Invite => invite::invite().view(),
        Dialog::Topic(room) => topic::topic(room).view(),
        Dialog::Leave(room) => confirm::leave(room).view(),
        Dialog::Delete(room, seq) => confirm::delete(room, seq).view(),
        Dialog::Unsent(room) => unsent::unsent(room),
        Dialog::Elsewhere(room) => unsent::elsewhere(room),
        Dialog::ByHand => by_hand::by_hand().view(),
        Dialog::Switcher => switcher::switcher().view(),
    };
    tag::dialog("")
        .class(class)
        .attr("id", DIALOG)
        .attr("aria-labelledby", "dialog-title")
        .on(ev::close, closed)
        .child(inside)
        .view()
}

impl Live {
    /// Closes the dialog; what had the focus before gets it back.
    fn close_dialog(self) {
        self.ui().browser(|browser| browser.close_modal(DIALOG));
        self.dialog().set(None);
    }
}

/// The head of a dialog: the question.
fn title(says: String) -> View {
    tag::h2("").attr("id", "dialog-title").child(says).view()
}

/// The button that changes nothing.
fn harmless(live: Live, says: &'static str) -> View {
    tag::button("btn")
        .attr("type", "button")
        .on(ev::click, move |_| live.close_dialog())
        .child(says)
        .view()
}
