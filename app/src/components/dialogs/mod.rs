//! Dialogs: one at a time, modal, in the browser's top layer. The harmless button has the focus first, and what had it
//! before gets it back.

mod add_people;
mod behind;
mod browse;
mod by_hand;
mod confirm;
mod day;
mod invite;
mod keys;
mod level;
mod new_direct;
mod new_room;
mod people_finder;
mod pins;
mod profile;
mod room_field;
mod room_text;
mod switcher;
mod threads;
mod unsent;

#[cfg(not(feature = "hydrate"))]
pub(crate) use invite::{DAYS as INVITE_DAYS, USES as INVITE_USES};
use leptos::{ev, prelude::*};

use super::failed_list::failed_list;
use crate::{
    live::{Dialog, Live},
    ui::icon,
};
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
    let class = match dialog {
        Dialog::Switcher => "switcher",
        Dialog::Keys => "card pins key-sheet",
        Dialog::Pins(_) | Dialog::Threads | Dialog::Reacted(..) | Dialog::Earlier(..) => {
            "card pins"
        }
        _ => "card dialog",
    };
    let closed = move |_| {
        if live.dialog().get_untracked() == Some(dialog) {
            live.dialog().set(None);
        }
    };
    let inside = match dialog {
        Dialog::NewRoom => new_room::new_room().view(),
        Dialog::Browse => browse::browse().view(),
        Dialog::NewDirect => new_direct::new_direct().view(),
        Dialog::AddPeople(room) => add_people::add_people(room).view(),
        Dialog::Invite => invite::invite().view(),
        Dialog::Rename(room) => room_text::rename(room),
        Dialog::Topic(room) => room_text::topic(room),
        Dialog::Profile(user) => profile::profile(user),
        Dialog::Leave(room) => confirm::leave(room).view(),
        Dialog::DeleteRoom(room) => confirm::delete_room(room).view(),
        Dialog::Delete(room, seq) => confirm::delete(room, seq).view(),
        Dialog::Unsent(room) => unsent::unsent(room),
        Dialog::Elsewhere(room) => unsent::elsewhere(room),
        Dialog::Day(room, from) => day::day(room, from),
        Dialog::Level(room) => level::level(room),
        Dialog::Threads => threads::threads(),
        Dialog::Keys => keys::keys(),
        Dialog::ByHand => by_hand::by_hand().view(),
        Dialog::Pins(room) => pins::pins(room),
        Dialog::Reacted(room, seq) => behind::reacted(room, seq),
        Dialog::Earlier(room, seq) => behind::earlier(room, seq),
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

/// The head of a list: its title, and the button with the id `close` that closes it.
fn side_head(live: Live, close: &'static str, title: View) -> View {
    let words = live.ui().words;
    tag::header("side-head")
        .child(tag::h2("").attr("id", "dialog-title").child(title))
        .child(
            tag::button("icon-btn")
                .attr("id", close)
                .attr("type", "button")
                .attr("aria-label", words.common.close)
                .attr("title", words.common.close)
                .on(ev::click, move |_| live.close_dialog())
                .child(icon("x")),
        )
        .view()
}

/// A list that is on its way; the style sheet shows it after a moment.
fn loading(live: Live) -> View {
    tag::p("skeleton pins-more")
        .attr("role", "status")
        .child(live.ui().words.dialog.loading)
        .view()
}

/// A list that could not be had. The button that closes it takes the focus, as the one that asks again goes.
fn not_loaded(live: Live, close: &'static str, again: Callback<()>) -> View {
    failed_list(live, live.ui().words.pins.not_loaded, close, again)
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
