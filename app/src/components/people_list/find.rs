//! The field that narrows the people list, and what is said where nobody fits.

use leptos::{ev, prelude::*};
use protocol::UserId;

use super::PeopleList;
use view::{Part, View, derived, dynamic, tag};

/// The id of the field that narrows the list.
const FIND: &str = "people-find";

/// With more people than these they are looked for by name.
const MANY: u64 = 20;

/// How long one types before the server is asked.
const PAUSE_MS: u64 = 150;

impl PeopleList {
    /// The field that narrows the list.
    pub(super) fn find(self, found: RwSignal<Vec<UserId>>) -> View {
        let (live, typed) = (self.live, self.typed);
        let many = derived(move || live.members().with(|members| members.total > MANY));
        let typing = move |event| {
            typed.set(event_target_value(&event));
            found.set(Vec::new());
            let what = typed.get_untracked();
            let ask = move || {
                let now = typed.try_get_untracked();
                if now.as_ref() == Some(&what) && !what.trim().is_empty() {
                    live.member_list().find_members(&what.clone(), move |ids| {
                        if typed.try_get_untracked().as_ref() == Some(&what) {
                            found.set(ids);
                        }
                    });
                }
            };
            live.ui()
                .browser(|browser| browser.after(PAUSE_MS, Box::new(ask)));
        };
        let says = live.ui().words.dialog.find_people;
        dynamic(move || {
            many.get().then(|| {
                tag::div("people-find js-only").child(
                    tag::input("input")
                        .attr("id", FIND)
                        .attr("type", "search")
                        .attr("autocomplete", "off")
                        .attr("placeholder", says)
                        .attr("aria-label", says)
                        .on(ev::input, typing),
                )
            })
        })
    }

    /// What stands where nobody fits what was typed.
    pub(super) fn nobody(self) -> View {
        let none = self.groups.with(Vec::is_empty);
        let typed = self.typed.get();
        (none && !typed.is_empty())
            .then(|| {
                tag::p("people-none").attr("role", "status").child((self
                    .live
                    .ui()
                    .words
                    .dialog
                    .nothing_found)(
                    &typed
                ))
            })
            .view()
    }
}
