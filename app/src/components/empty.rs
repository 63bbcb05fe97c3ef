//! An empty place: a drawing, one sentence that names it, one that says what to do, and the buttons to do it.

use leptos::prelude::*;

/// `level` is the heading's: 1 where nothing else is on the page.
#[component]
pub(crate) fn Empty(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(default = 2)] level: u8,
    #[prop(optional)] children: Option<Children>,
) -> AnyView {
    let title = if level == 1 {
        view! { <h1>{title}</h1> }.into_any()
    } else {
        view! { <h2>{title}</h2> }.into_any()
    };
    view! {
        <div class="empty">
            <svg class="art" viewBox="0 0 140 96" aria-hidden="true">
                <path class="art-gone" d="M12 84V40a18 18 0 0 1 18-18h20a18 18 0 0 1 18 18v10a18 18 0 0 1-18 18H20Z"></path>
                <path class="art-here" d="M72 90V44a18 18 0 0 1 18-18h20a18 18 0 0 1 18 18v12a18 18 0 0 1-18 18H80Z"></path>
                <path class="art-voice" d="M91 46v10M100 40v22M109 44v12"></path>
            </svg>
            {title}
            <p>{text}</p>
            {children.map(|children| view! { <div class="ends">{children()}</div> })}
        </div>
    }
    .into_any()
}
