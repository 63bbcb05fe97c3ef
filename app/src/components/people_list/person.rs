//! A person in the people list: mark, name and role.

use leptos::{ev, prelude::*};
use protocol::{PresenceState, Role, UserId};

use super::PeopleList;
use crate::{
    components::avatar::{avatar_with, presence, state_name},
    i18n::Words,
    live::{Dialog, people::ShownPerson},
    text::lang_of,
    ui::bdi,
};
use view::{Part, View, many, tag};

impl PeopleList {
    /// A person: whoever is chosen is shown on a card.
    pub(super) fn person(self, id: UserId, state: PresenceState) -> View {
        let live = self.live;
        let person = live.people().person(id);
        let stop = move || {
            if live.ui().alive.get() && self.stop.get() != id.get() {
                "-1"
            } else {
                "0"
            }
        };
        let place = move || {
            self.of(state, |ids, _| {
                let at = ids.iter().position(|one| *one == id);
                at.map(|at| (at + 1).to_string())
            })
        };
        tag::li("")
            .attr("aria-setsize", move || {
                self.of(state, |_, count| count.to_string())
            })
            .attr("aria-posinset", place)
            .child(move || {
                let person = person.get();
                tag::button("person")
                    .attr("type", "button")
                    .attr("aria-haspopup", "dialog")
                    .on(ev::click, move |_| {
                        live.dialog().set(Some(Dialog::Profile(id)));
                    })
                    .class_when("off", person.state == PresenceState::Offline)
                    .attr("id", row_id(id))
                    .attr("tabindex", stop)
                    .on(ev::focus, move |_| self.active.set(id.get()))
                    .child(inside(live.ui().words, &person))
            })
            .view()
    }
}

/// The id of the row of a person.
pub(super) fn row_id(id: UserId) -> String {
    format!("person-{id}")
}

/// What somebody may do here, as a word; nothing for a plain member.
pub(in crate::components) fn role_name(words: &Words, role: Role) -> Option<&'static str> {
    match role {
        Role::Owner => Some(words.common.owner),
        Role::Admin => Some(words.common.admin),
        Role::Moderator => Some(words.common.moderator),
        Role::Member => None,
    }
}

fn inside(words: &Words, person: &ShownPerson) -> View {
    let tag = role_name(words, person.role);
    let state = format!(", {}", state_name(words, person.state).to_lowercase());
    many()
        .child(avatar_with(
            person.id,
            &person.name,
            "",
            presence(person.state),
        ))
        .child(
            tag::span("").child(
                tag::span("n")
                    .child(
                        tag::span("")
                            .attr("lang", lang_of(&person.name))
                            .child(bdi(&person.name)),
                    )
                    .child(tag.map(|tag| tag::span("tag").child(tag)))
                    .child(tag::span("sr up").child(state)),
            ),
        )
        .view()
}
