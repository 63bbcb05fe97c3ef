//! Menus: rows with keys, danger last. They stand in the browser's top layer.

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};

use crate::{keys::list_step, live::Live, ports::SiblingStep, ui::icon};
use view::{Part, View, many, tag};

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
            browser.step_focus(id, "[role=menuitem]", SiblingStep::First);
        });
    }
}

/// A menu of these rows. `id` is its element's.
pub(crate) fn pop_menu(
    id: &'static str,
    label: &'static str,
    items: impl Into<Signal<Vec<MenuItem>>>,
) -> View {
    let live = Live::here();
    let items = items.into();
    tag::div("card menu")
        .attr("id", id)
        .attr("popover", "auto")
        .attr("role", "menu")
        .attr("aria-label", label)
        .on(ev::keydown, move |event| move_focus(live, id, &event))
        .child(move || {
            let items = items.get();
            // A line goes before the first that is a danger, where it is not the first of all.
            let line = items.iter().position(|item| item.danger);
            let line = line.filter(|at| *at > 0);
            let rows = items.iter().enumerate();
            rows.map(|(at, item)| row(live, id, line == Some(at), item))
                .collect::<Vec<_>>()
        })
        .view()
}

fn row(live: Live, menu: &'static str, line: bool, item: &MenuItem) -> View {
    let does = item.act;
    let act = move |_| {
        live.ui().browser(|browser| browser.hide_popover(menu));
        does.run(());
    };
    many()
        .child(line.then(|| tag::el("hr")))
        .child(
            tag::button("")
                .class(if item.danger { "alarm" } else { "" })
                .attr("type", "button")
                .attr("role", "menuitem")
                .attr("tabindex", "-1")
                .on(ev::click, act)
                .child(icon(item.icon))
                .child(tag::span("").child(item.says))
                .child(
                    item.key
                        .map(|key| tag::kbd("").attr("aria-hidden", "true").child(key)),
                ),
        )
        .view()
}

fn move_focus(live: Live, menu: &str, event: &KeyboardEvent) {
    let key = event.key();
    if key == "Tab" {
        live.ui().browser(|browser| browser.hide_popover(menu));
        return;
    }
    let Some(step) = list_step(&key) else {
        return;
    };
    event.prevent_default();
    event.stop_propagation();
    live.ui()
        .browser(|browser| browser.step_focus(menu, "[role=menuitem]", step));
}
