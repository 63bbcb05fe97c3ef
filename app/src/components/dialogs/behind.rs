//! What stands behind a message: who reacted to it, and what it said before it was edited.

use leptos::prelude::*;
use protocol::{EarlierText, EditList, GivenReaction, ReactionList, RoomId, Seq, UserSummary};
use serde::de::DeserializeOwned;
use text::handle_key;

use super::{loading, side_head};
use crate::{
    components::{avatar::avatar, message_words::RowText},
    i18n::number,
    live::Live,
    text::{parse, row_pieces},
    ui::bdi,
};
use view::{Part, View, many, tag};

/// The id of the button that closes the list.
const CLOSE: &str = "behind-close";

/// Who gave which emoji.
pub(super) fn reacted(room: RoomId, seq: Seq) -> View {
    let path = format!("/rooms/{room}/messages/{seq}/reactions");
    let title = Live::here().ui().words.message.who_reacted;
    list(title, path, |live, told: &ReactionList| {
        if told.reactions.is_empty() {
            return nothing(live.ui().words.message.nobody_reacts);
        }
        let given: Vec<View> = told.reactions.iter().map(|one| given(live, one)).collect();
        tag::ul("items behind").child(given).view()
    })
}

/// What it said before.
pub(super) fn earlier(room: RoomId, seq: Seq) -> View {
    let path = format!("/rooms/{room}/messages/{seq}/edits");
    let title = Live::here().ui().words.message.earlier;
    list(title, path, |live, told: &EditList| {
        if told.edits.is_empty() {
            return nothing(live.ui().words.message.nothing_earlier);
        }
        // What it said last comes first: it is what most look for.
        let texts: Vec<View> = told.edits.iter().rev().map(|one| said(live, one)).collect();
        let more = told
            .more
            .then(|| nothing(live.ui().words.message.newest_earlier));
        many()
            .child(tag::ul("items behind").child(texts))
            .child(more)
            .view()
    })
}

/// A list that the server is asked for when it is opened, and once more where it could not be had.
fn list<T: DeserializeOwned + Clone + Send + Sync + 'static>(
    title: &'static str,
    path: String,
    draw: fn(Live, &T) -> View,
) -> View {
    let live = Live::here();
    let told = RwSignal::new(None::<T>);
    let failed = RwSignal::new(false);
    let path = StoredValue::new(path);
    let load = move || {
        failed.set(false);
        live.api().get(
            &path.get_value(),
            move |answer: Result<T, _>| match answer {
                Ok(list) => drop(told.try_set(Some(list))),
                Err(_) => drop(failed.try_set(true)),
            },
        );
    };
    load();
    let body = move || match told.get() {
        Some(list) => draw(live, &list),
        None if failed.get() => super::not_loaded(live, CLOSE, Callback::new(move |()| load())),
        None => loading(live),
    };
    many()
        .child(side_head(live, CLOSE, title.view()))
        .child(tag::div("pins-scroll").child(body))
        .view()
}

fn nothing(says: &'static str) -> View {
    tag::p("pins-more").child(says).view()
}

fn given(live: Live, given: &GivenReaction) -> View {
    live.api().learn(given.users.clone());
    let people: Vec<View> = given.users.iter().map(person).collect();
    tag::li("")
        .child(
            tag::h3("given")
                .child(tag::span("emoji").child(given.emoji.clone()))
                .child(" ")
                .child(number(given.users.len() as u64)),
        )
        .child(tag::ul("people").child(people))
        .view()
}

fn person(user: &UserSummary) -> View {
    tag::li("person")
        .child(avatar(user.id, &user.display_name, "sm"))
        .child(tag::span("").child(bdi(&user.display_name)))
        .view()
}

fn said(live: Live, earlier: &EarlierText) -> View {
    let at = earlier.at;
    let me = live.me().with_untracked(|me| handle_key(&me.name));
    let mut drawn = RowText {
        live,
        active: ArcRwSignal::new(true),
        pieces: row_pieces(live, me),
    };
    tag::li("")
        .child(tag::h3("").child(tag::time("").child(move || live.clock().get().at(at))))
        .child(tag::div("what").child(drawn.blocks_and(&parse(&earlier.text), View::Nothing)))
        .view()
}
