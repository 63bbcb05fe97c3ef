//! The composer: the transcript's next line.

use leptos::{ev::KeyboardEvent, prelude::*};
use protocol::{RoomKind, limits::TEXT_CHARS};

use super::seal::seal;
use crate::{
    live::{
        Live, Picking,
        compose::{Does, FIELD, Length, Mode, Pressed, does, length},
        voice::{first_words, room_label},
    },
    ui::{bdi, icon, icon_small},
};

/// The composer of the open room.
#[component]
pub(crate) fn Composer() -> AnyView {
    let live = Live::here();
    let compose = live.compose();
    let how_long = Memo::new(move |_| compose.text.with(|text| length(text)));
    let over = move || matches!(how_long.get(), Length::Over(_));
    let label = Memo::new(move |_| label(live));
    let rows = Memo::new(move |_| compose.text.with(|text| text.lines().count().clamp(1, 8)));
    view! {
        <form
            class="write js-only"
            on:submit=move |event| {
                event.prevent_default();
                live.send();
            }
        >
            <span class="who" aria-hidden="true">
                {move || live.me().get().display_name}
            </span>
            <div class="composer" class:too-long=over>
                {strip(live)}
                <div class="line">
                    {move || live.me().with(|me| seal(me.id, &me.display_name, ""))}
                    <div>
                        <label class="sr" for=FIELD>
                            {move || label.get()}
                        </label>
                        <textarea
                            id=FIELD
                            rows=move || rows.get().to_string()
                            placeholder=move || label.get()
                            enterkeyhint="send"
                            autocomplete="off"
                            dir="auto"
                            aria-describedby="composer-foot"
                            aria-invalid=move || over().then_some("true")
                            on:input=move |event| live.typed(event_target_value(&event))
                            on:keydown=move |event| press(live, &event)
                        ></textarea>
                    </div>
                    {buttons(live, how_long)}
                </div>
                <div id="composer-foot">{foot(live, how_long)}</div>
            </div>
        </form>
    }
    .into_any()
}

/// What the field is for: "Write to #general", "Edit your message".
fn label(live: Live) -> String {
    let words = &live.ui().words.composer;
    if matches!(live.compose().mode.get(), Mode::Edit(_)) {
        return words.edit_yours.to_owned();
    }
    live.open().with(|open| match open {
        Some(room) if room.kind == RoomKind::Direct => (words.write_to_person)(&room.name),
        Some(room) => (words.write_to)(&room_label(room)),
        None => String::new(),
    })
}

fn press(live: Live, event: &KeyboardEvent) {
    let pressed = Pressed {
        key: event.key(),
        shift: event.shift_key(),
        chord: event.ctrl_key() || event.meta_key() || event.alt_key(),
        composing: event.is_composing() || event.key_code() == 229,
    };
    let empty = live.compose().text.with_untracked(String::is_empty);
    let Some(does) = does(&pressed, live.compose().mode.get_untracked(), empty) else {
        return;
    };
    event.prevent_default();
    match does {
        Does::Send => live.send(),
        Does::Leave => {
            event.stop_propagation();
            live.leave_mode();
        }
        Does::EditLast => live.edit_last(),
    }
}

/// The strip at the head, while one replies or edits.
fn strip(live: Live) -> impl IntoView {
    let words = &live.ui().words.composer;
    let leave = move |_| live.leave_mode();
    let close = move |says: &'static str| {
        view! {
            <button class="icon-btn s" type="button" aria-label=says title=says on:click=leave>
                {icon("x")}
            </button>
        }
    };
    move || {
        match live.compose().mode.get() {
        Mode::Plain => ().into_any(),
        Mode::Reply(seq) => view! {
            <div class="over">
                {icon_small("reply")} <span class="grow">{replying_to(live, seq)}</span> {close(words.stop_replying)}
            </div>
        }
        .into_any(),
        Mode::Edit(seq) => {
            let time = live.said(seq).map(|(_, at, _)| live.clock().get_untracked().time(at)).unwrap_or_default();
            view! {
                <div class="over">
                    {icon_small("edit")} <span class="grow">{(words.editing_of)(&time)}</span>
                    <kbd aria-hidden="true">"Esc"</kbd> {close(words.stop_editing)}
                </div>
            }
            .into_any()
        }
    }
    }
}

/// "Replying to 周明 · 加了 keepalive"
fn replying_to(live: Live, seq: u64) -> AnyView {
    let words = &live.ui().words.composer;
    let Some((by, _, text)) = live.said(seq) else {
        return ().into_any();
    };
    let name = live.people().name(by);
    let says = (words.replying_to)(&name);
    let (before, after) = says.split_once(&name).unwrap_or((&says, ""));
    view! {
        {before.to_owned()}
        <b>{bdi(&name)}</b>
        {after.to_owned()}
        {live.ui().words.common.dot}
        <span dir="auto">{first_words(&text)}</span>
    }
    .into_any()
}

/// Emoji and send. Send is never disabled: it says that it does nothing, and keeps its place for the focus.
fn buttons(live: Live, how_long: Memo<Length>) -> AnyView {
    let words = &live.ui().words.composer;
    let idle = move || matches!(how_long.get(), Length::Blank | Length::Over(_));
    let editing = move || matches!(live.compose().mode.get(), Mode::Edit(_));
    let later = Memo::new(move |_| live.link().with(|link| link.is_down()));
    let says = move || match (editing(), later.get() && !idle()) {
        (true, _) => words.save,
        (false, true) => words.send_later,
        (false, false) => words.send,
    };
    let mark = move || match (editing(), later.get() && !idle()) {
        (true, _) => "check",
        (false, true) => "clock",
        (false, false) => "send",
    };
    view! {
        <div class="btns">
            <button
                class="icon-btn"
                type="button"
                aria-label=words.emoji
                title=words.emoji
                aria-haspopup="dialog"
                on:click=move |_| live.pick(Picking::Text)
            >
                {icon("smile")}
            </button>
            <button
                class="send"
                class:later=move || later.get() && !idle()
                type="submit"
                aria-label=says
                title=says
                aria-disabled=move || idle().then_some("true")
            >
                {move || icon(mark())}
            </button>
        </div>
    }
    .into_any()
}

/// What there is to say about the text: too long, from another visit, goes out later.
fn foot(live: Live, how_long: Memo<Length>) -> impl IntoView {
    let words = live.ui().words;
    let count = move |n: u64| (words.composer.of)(n, TEXT_CHARS as u64);
    let down = Memo::new(move |_| live.link().with(|link| link.is_down()));
    move || match (how_long.get(), live.compose().from.get()) {
        (Length::Over(over), _) => view! {
            <div class="foot bad">
                <span>{(words.message.too_long)(over)}</span>
                <span class="n">{count(TEXT_CHARS as u64 + over)}</span>
            </div>
        }
        .into_any(),
        (Length::Near(n), _) => view! {
            <div class="foot">
                <span class="n">{count(n)}</span>
            </div>
        }
        .into_any(),
        (Length::Fine, Some(at)) => {
            let when = live.clock().get_untracked().at(at);
            view! {
                <div class="foot">
                    <span>{(words.composer.draft_from)(&when)}</span>
                    <button class="btn quiet small" type="button" on:click=move |_| live.discard_draft()>
                        {words.message.discard}
                    </button>
                </div>
            }
            .into_any()
        }
        (Length::Fine, None) if down.get() => view! {
            <div class="foot">
                <span>{words.composer.later}</span>
            </div>
        }
        .into_any(),
        _ => ().into_any(),
    }
}
