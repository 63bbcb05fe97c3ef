//! Scrolling of the people list: what is in view is drawn, and more people are loaded before one comes to them.

use leptos::prelude::*;
use protocol::PresenceState;

use super::{
    LIST, PeopleList,
    drawn::{packed, unpacked, window},
    group::group_id,
};
use view::watch;

impl PeopleList {
    /// Draws what is in view when the list changes, and loads more of it while it is shown.
    pub(super) fn follow(self) {
        let live = self.live;
        watch(move || {
            self.groups.track();
            live.layout().track();
            let alive = live.ui().alive.get();
            let shown = live.member_list().people_shown();
            if alive && shown {
                // Once it is drawn.
                live.ui()
                    .browser(|browser| browser.after(0, Box::new(move || self.look())));
            }
        });
        watch(move || {
            let (_, to) = unpacked(self.windows[PresenceState::Offline as usize].get());
            let far = self.of(PresenceState::Offline, |ids, _| to > ids.len());
            let far = far && live.ui().alive.get();
            let more = live.members().with(|members| members.wants_more(far));
            if more && live.member_list().people_shown() {
                live.member_list().more_members();
            }
        });
    }

    /// Looks what is in view.
    pub(super) fn look(self) {
        let browser = self.live.ui();
        for state in [
            PresenceState::Online,
            PresenceState::Away,
            PresenceState::Offline,
        ] {
            let signal = self.windows[state as usize];
            let Some(before) = signal.try_get_untracked() else {
                // It is gone by now.
                return;
            };
            let place = browser.browser(|browser| browser.place(group_id(state), LIST));
            let count = untrack(|| self.of(state, |_, count| count));
            let now = place.flatten().map_or(before, |place| {
                packed(window(place.top, place.bottom, place.view, count))
            });
            if now != before {
                signal.set(now);
            }
        }
    }
}
