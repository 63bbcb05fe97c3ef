//! The live regions: new messages are told politely, failures at once.

use leptos::prelude::*;

use crate::live::Live;

/// The two regions. They are there from the start: a region that appears with its words is not read.
#[component]
pub(crate) fn LiveRegions() -> AnyView {
    let voice = Live::here().voice();
    view! {
        <div class="regions">
            <div class="sr" id="announcer" role="status" aria-live="polite">
                {move || voice.polite.get()}
            </div>
            <div class="sr" id="alarm" role="alert" aria-live="assertive">
                {move || voice.assertive.get()}
            </div>
        </div>
    }
    .into_any()
}
