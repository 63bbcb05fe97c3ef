//! The threads that one follows, those with something unread first: each a way to its thread.

mod item;

use leptos::{ev, prelude::*};
use protocol::{ThreadList, ThreadRow};

use super::{loading, not_loaded, side_head};
use crate::{components::empty::empty, live::Live};
use item::{LIST, item, key, link_id};
use view::{Part, View, derived, many, tag};

/// The id of the button that closes it.
const CLOSE: &str = "threads-close";

/// The list as it comes, page by page.
#[derive(Clone, Copy)]
struct Loaded {
    live: Live,
    /// What the server told; none until it did.
    rows: RwSignal<Option<Vec<ThreadRow>>>,
    /// Where the next page begins.
    next: RwSignal<Option<String>>,
    /// Whether a page could not be had.
    failed: RwSignal<bool>,
}

impl Loaded {
    fn load(self) {
        self.failed.set(false);
        let turn = self.live.ui().focus_turn();
        let path = match self.next.get_untracked() {
            Some(next) => format!("/threads?cursor={next}"),
            None => "/threads".to_owned(),
        };
        self.live
            .api()
            .get(&path, move |answer: Result<ThreadList, _>| {
                // The dialog may be gone.
                if self.failed.try_get_untracked().is_none() {
                    return;
                }
                let Ok(list) = answer else {
                    self.failed.set(true);
                    return;
                };
                let first = self.rows.with_untracked(Option::is_none);
                let top = list.threads.first().map(link_id).filter(|_| first);
                self.next.set(list.next);
                self.rows.update(|rows| {
                    let rows = rows.get_or_insert_default();
                    // What changed its place since the page before is listed once.
                    let new = |row: &ThreadRow| rows.iter().all(|known| key(known) != key(row));
                    let more: Vec<ThreadRow> = list.threads.into_iter().filter(new).collect();
                    rows.extend(more);
                });
                if let Some(top) = top {
                    self.live
                        .ui()
                        .browser(|browser| browser.focus_since(turn, &top));
                }
                self.live.lookups().ask_unknown();
            });
    }
}

/// The list, or that there is nothing in it.
pub(super) fn threads() -> View {
    let live = Live::here();
    let list = Loaded {
        live,
        rows: RwSignal::new(None),
        next: RwSignal::new(None),
        failed: RwSignal::new(false),
    };
    list.load();
    let words = &live.ui().words.threads;
    let here = derived(move || list.rows.with(|rows| rows.as_ref().map(Vec::is_empty)));
    many()
        .child(side_head(live, CLOSE, words.all.view()))
        .child(
            tag::div("pins-scroll").child(move || match (here.get(), list.failed.get()) {
                (_, true) => not_loaded(live, CLOSE, Callback::new(move |()| list.load())),
                (Some(true), _) => empty(words.none.to_owned(), words.none_more, 2, ()),
                (Some(false), _) => items(list),
                (None, _) => loading(live),
            }),
        )
        .view()
}

fn items(list: Loaded) -> View {
    let live = list.live;
    let more = derived(move || list.next.with(Option::is_some));
    many()
        .child(tag::ul("").attr("id", LIST).child(move || {
            list.rows.with(|rows| {
                let rows = rows.iter().flatten();
                rows.map(|row| item(live, row)).collect::<Vec<View>>()
            })
        }))
        .child(move || {
            more.get().then(|| {
                tag::p("pins-more").child(
                    tag::button("btn small")
                        .attr("type", "button")
                        .on(ev::click, move |_| list.load())
                        .child(live.ui().words.threads.more),
                )
            })
        })
        .view()
}
