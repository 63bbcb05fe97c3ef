//! The typing line. It keeps its height, so that nothing moves.

use leptos::prelude::*;

use crate::{live::Live, ui::with_names};

/// Who is writing. The connection strip takes its place.
#[component]
pub(crate) fn Typing() -> impl IntoView {
    let live = Live::here();
    let strip = Memo::new(move |_| live.link().with(|link| link.link.is_shown()));
    move || {
        (!strip.get()).then(|| {
            view! {
                <div class="typing">
                    {move || {
                        let anybody = !live.typing().with(Vec::is_empty);
                        anybody.then(|| {
                            view! {
                                <span class="voices" aria-hidden="true">
                                    <i></i>
                                    <i></i>
                                    <i></i>
                                </span>
                            }
                        })
                    }} <p>{move || sentence(live)}</p>
                </div>
            }
        })
    }
}

fn sentence(live: Live) -> AnyView {
    let words = &live.ui().words.room;
    let names: Vec<String> = live.typing().with(|typing| {
        typing
            .iter()
            .map(|user| live.people().name(*user))
            .collect()
    });
    match names.as_slice() {
        [] => ().into_any(),
        [one] => with_names(&(words.typing_one)(one), &[one]),
        [one, other] => with_names(&(words.typing_two)(one, other), &[one, other]),
        _ => words.typing_many.into_any(),
    }
}
