//! Menus: rows with keys, danger last. They stand in the browser's top layer.

use leptos::{ev::KeyboardEvent, prelude::*};

use crate::{live::Live, ports::Step, ui::icon};

/// A row of a menu.
#[derive(Clone)]
pub(crate) struct MenuItem {
    icon: &'static str,
    says: &'static str,
    key: Option<&'static str>,
    danger: bool,
    act: Callback<()>,
}

impl MenuItem {
    /// A row that does `act`.
    pub(crate) const fn new(icon: &'static str, says: &'static str, act: Callback<()>) -> Self {
        Self {
            icon,
            says,
            key: None,
            danger: false,
            act,
        }
    }

    /// The key that does the same.
    pub(crate) const fn key(mut self, key: &'static str) -> Self {
        self.key = Some(key);
        self
    }

    /// It cannot be undone.
    pub(crate) const fn danger(mut self) -> Self {
        self.danger = true;
        self
    }
}

impl Live {
    /// Opens a menu beside what was pressed, and gives its first row the focus.
    pub(crate) fn open_menu(self, id: &'static str) {
        self.ui().browser(|browser| {
            browser.show_popover(id);
            browser.step_focus(id, "[role=menuitem]", Step::First);
        });
    }
}

/// A menu of these rows. `id` is its element's.
#[component]
pub(crate) fn PopMenu(
    id: &'static str,
    label: &'static str,
    #[prop(into)] items: Signal<Vec<MenuItem>>,
) -> AnyView {
    let live = Live::here();
    view! {
        <div
            class="card menu"
            id=id
            popover="auto"
            role="menu"
            aria-label=label
            on:keydown=move |event| move_focus(live, id, &event)
        >
            {move || items.get().into_iter().map(|item| row(live, id, &item)).collect_view()}
        </div>
    }
    .into_any()
}

fn row(live: Live, menu: &'static str, item: &MenuItem) -> AnyView {
    let does = item.act;
    let act = move |_| {
        live.ui().browser(|browser| browser.hide_popover(menu));
        does.run(());
    };
    view! {
        {item.danger.then(|| view! { <hr /> })}
        <button class=if item.danger { "alarm" } else { "" } type="button" role="menuitem" tabindex="-1" on:click=act>
            {icon(item.icon)}
            <span>{item.says}</span>
            {item.key.map(|key| view! { <kbd aria-hidden="true">{key}</kbd> })}
        </button>
    }
    .into_any()
}

fn move_focus(live: Live, menu: &str, event: &KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowDown" => Step::By(1),
        "ArrowUp" => Step::By(-1),
        "Home" => Step::First,
        "End" => Step::Last,
        "Tab" => {
            live.ui().browser(|browser| browser.hide_popover(menu));
            return;
        }
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    live.ui()
        .browser(|browser| browser.step_focus(menu, "[role=menuitem]", step));
}
