//! Settings: what is there on the left, one of it on the right.

use leptos::prelude::*;

use crate::ui::{Ui, icon};

/// The pages of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    /// Name, look, password.
    You,
    /// Sign-ins.
    Devices,
}

/// A page of the settings. They are loaded as a whole: no socket is open here.
#[component]
pub(crate) fn Desk(
    at: At,
    title: &'static str,
    lede: &'static str,
    #[prop(optional)] act: Option<AnyView>,
    children: Children,
) -> AnyView {
    let words = &Ui::here().words.desk;
    let row = |page: At, href: &'static str, mark: &'static str, says: &'static str| {
        view! {
            <li>
                <a class="row" href=href aria-current=(page == at).then_some("page")>
                    {icon(mark)}
                    <span class="name">{says}</span>
                    <span class="tail"></span>
                </a>
            </li>
        }
    };
    let tab = |page: At, href: &'static str, says: &'static str| {
        view! {
            <a class="btn small" href=href aria-current=(page == at).then_some("page")>
                {says}
            </a>
        }
    };
    view! {
        <div class="desk">
            <nav aria-label=words.settings>
                <div class="hub">
                    <a class="icon-btn" href="/" aria-label=words.back>
                        {icon("left")}
                    </a>
                    <span class="hub-name">{words.settings}</span>
                </div>
                <ul>
                    {row(At::You, "/you", "person", words.profile)}
                    {row(At::Devices, "/devices", "laptop", words.devices)}
                </ul>
            </nav>
            <main tabindex="-1">
                <div class="page">
                    <header>
                        <a class="icon-btn phone-only" href="/" aria-label=words.back>
                            {icon("left")}
                        </a>
                        <div class="grow">
                            <h1>{title}</h1>
                            <p>{lede}</p>
                        </div>
                        {act}
                    </header>
                    <div class="desk-tabs phone-only">
                        {tab(At::You, "/you", words.profile)} {tab(At::Devices, "/devices", words.devices)}
                    </div>
                    {children()}
                </div>
            </main>
        </div>
    }
    .into_any()
}

/// What was done, or did not work, for screen readers and eyes alike.
pub(crate) fn outcome(says: RwSignal<Option<(bool, String)>>) -> AnyView {
    view! {
        <p class="outcome" role="status">
            {move || {
                says.get()
                    .map(|(done, text)| {
                        view! {
                            <span class=if done { "done" } else { "err" }>
                                {icon(if done { "check" } else { "alert" })} <span>{text}</span>
                            </span>
                        }
                    })
            }}
        </p>
    }
    .into_any()
}
