//! The list of a room's people. Of thousands only the rows around the view are elements; what stands for the others is as high as
//! they would be, so that the scrollbar is right.

mod drawn;
mod find;
mod group;
mod in_view;
mod keys;
mod person;

use leptos::{ev, prelude::*};
use protocol::{PresenceState, UserId};

use crate::live::{
    Live,
    members::{Group, grouped},
};
use drawn::{packed, row_in_use};
pub(super) use person::role_name;
use view::{Derived, Part, View, derived, each, many, tag, watch};

/// The id of the element that scrolls.
const LIST: &str = "people-list";
/// Rows that are drawn before it is known what is in view.
const FIRST: usize = 60;

/// What the parts of the list share.
#[derive(Clone, Copy)]
struct PeopleList {
    live: Live,
    groups: Derived<Vec<Group>>,
    /// The [`packed`] window of each state.
    windows: [RwSignal<u64>; 3],
    /// The number of the row that had the focus last, 0 for none.
    active: RwSignal<u64>,
    /// The number of the [`row_in_use`]: it has the tab stop, and is drawn wherever it is.
    stop: Derived<u64>,
    typed: RwSignal<String>,
}

/// The people of the open room.
pub(super) fn people_list(live: Live) -> View {
    let (typed, found) = (RwSignal::new(String::new()), RwSignal::new(Vec::new()));
    let sorted =
        move || found.with(|found| live.member_list().members_in_order(&typed.get(), found));
    // Whoever comes and goes changes nothing of the order.
    let order = RwSignal::new(untrack(sorted));
    watch(move || order.set(sorted()));
    let groups = derived(move || {
        live.people().presence.track();
        let unloaded = live
            .members()
            .with(|members| members.total.saturating_sub(members.ids.len() as u64));
        let unloaded = if typed.with(String::is_empty) {
            unloaded
        } else {
            0
        };
        order.with(|order| {
            grouped(order, unloaded, |id| {
                live.people().person(id).with_untracked(|one| one.state)
            })
        })
    });
    let active = RwSignal::new(0);
    let stop = derived(move || {
        let active = active.get();
        groups.with(|groups| row_in_use(groups, active))
    });
    let list = PeopleList {
        live,
        groups,
        windows: [0; 3].map(|from| RwSignal::new(packed((from, FIRST)))),
        active,
        stop,
        typed,
    };
    list.follow();
    many()
        .child(list.find(found))
        .child(
            tag::div("side-scroll")
                .attr("id", LIST)
                .attr("role", "group")
                .attr("aria-label", live.ui().words.room.members)
                .on(ev::scroll, move |_| list.look())
                .on(ev::keydown, move |event| list.press(&event))
                .child(each(
                    move || groups.get(),
                    |(state, ..)| *state as u8,
                    move |(state, ..)| list.group(state),
                ))
                .child(move || list.nobody()),
        )
        .view()
}

impl PeopleList {
    /// Something of the group of this state.
    fn of<T: Default>(self, state: PresenceState, get: impl FnOnce(&[UserId], usize) -> T) -> T {
        self.groups.with(|groups| {
            let group = groups.iter().find(|(one, ..)| *one == state);
            group.map_or_else(T::default, |(_, ids, count)| get(ids, *count))
        })
    }
}
