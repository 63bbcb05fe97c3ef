//! A room's topic.

use leptos::prelude::*;
use protocol::{RoomId, limits::TOPIC_CHARS, validate_topic};

use super::{harmless, title};
use crate::{
    live::{Live, voice::room_label},
    ui::icon_small,
};

/// Change it.
#[component]
pub(crate) fn Topic(room: RoomId) -> AnyView {
    const INPUT: &str = "topic";
    let live = Live::here();
    let words = live.ui().words;
    let open = live.open().get_untracked();
    let label = open.as_ref().map(room_label).unwrap_or_default();
    let before = open.map(|open| open.topic).unwrap_or_default();
    let wrong = RwSignal::new(None::<String>);
    let refuse = move |text: String| {
        wrong.set(Some(text));
        live.ui().browser(|browser| browser.focus(INPUT));
    };
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let topic = live
            .ui()
            .browser(|browser| browser.value(INPUT))
            .unwrap_or_default()
            .trim()
            .to_owned();
        if validate_topic(&topic).is_err() {
            refuse((words.wrong.topic_long)(TOPIC_CHARS as u64));
            return;
        }
        live.set_topic(room, topic, move |_| refuse(words.common.failed.to_owned()));
    };
    view! {
        {title((words.dialog.topic_title)(&label))}
        <form on:submit=save>
            <div class="field">
                <label for=INPUT>{words.room.topic}</label>
                <input
                    class="input"
                    id=INPUT
                    type="text"
                    value=before
                    autocomplete="off"
                    dir="auto"
                    aria-describedby="topic-h"
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                />
                <p id="topic-h" class=move || if wrong.with(Option::is_some) { "err" } else { "hint" }>
                    {move || wrong.with(Option::is_some).then(|| icon_small("alert"))}
                    <span>{move || wrong.get().unwrap_or_else(|| words.dialog.topic_hint.to_owned())}</span>
                </p>
            </div>
            <div class="ends">
                {harmless(live, words.common.cancel)} <button class="btn primary" type="submit">
                    {words.dialog.save}
                </button>
            </div>
        </form>
    }
    .into_any()
}
