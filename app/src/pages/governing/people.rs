//! Everybody, and what they may do.

use protocol::{Role, UserSummary};

use super::{done, hidden, name_and_handle, refused, role_is, role_name};
use crate::{
    components::{
        avatar::{avatar, state_name},
        choice::option,
    },
    governing::{GovernedPerson, PeoplePage},
    pages::settings::{At, settings},
    route::{PagePath, encode},
    text::isolated,
    ui::{Ui, icon},
};
use view::{Element, Part, View, many, tag};

pub(super) fn people(me: &UserSummary, page: &PeoplePage) -> View {
    let words = Ui::here().words;
    let said = &words.governing;
    let here = here(page, page.after);
    let notice = page.refused.map(|why| refused(words, why));
    let notice = notice.or_else(|| {
        let changed = page.changed.as_ref()?;
        Some(done(role_is(said, &changed.user)))
    });
    let rows: Vec<View> = page
        .people
        .iter()
        .map(|one| row(me, one, &here).view())
        .collect();
    let list = if rows.is_empty() {
        tag::p("lede").child(said.nobody).view()
    } else {
        table(rows).view()
    };
    settings(
        At::People,
        words.settings.people,
        &(said.people_n)(page.total),
        (),
        many()
            .child(notice)
            .child(find(page))
            .child(list)
            .child(pages(page)),
    )
}

/// The path of this list from a person on.
fn here(page: &PeoplePage, after: u64) -> String {
    let mut query = Vec::new();
    if !page.looked_for.is_empty() {
        query.push(format!("q={}", encode(&page.looked_for)));
    }
    if page.banned {
        query.push("show=banned".to_owned());
    }
    if after > 0 {
        query.push(format!("after={after}"));
    }
    let path = PagePath::People.path();
    if query.is_empty() {
        return path;
    }
    format!("{path}?{}", query.join("&"))
}

fn find(page: &PeoplePage) -> View {
    let words = Ui::here().words;
    let said = &words.governing;
    tag::form("find-people")
        .attr("role", "search")
        .attr("action", PagePath::People.path())
        .child(
            tag::input("input")
                .attr("type", "search")
                .attr("name", "q")
                .attr("value", page.looked_for.clone())
                .attr("aria-label", said.find)
                .attr("placeholder", said.find_hint)
                .attr("autocomplete", "off"),
        )
        .child(
            tag::span("pick")
                .child(
                    tag::select("input")
                        .attr("name", "show")
                        .attr("aria-label", said.show)
                        .attr("data-sends", true)
                        .child(option("", said.everybody, !page.banned, None))
                        .child(option("banned", said.banned, page.banned, None)),
                )
                .child(icon("down")),
        )
        .child(
            tag::button("btn")
                .attr("type", "submit")
                .child(icon("search"))
                .child(tag::span("").child(said.find)),
        )
        .view()
}

fn table(rows: Vec<View>) -> Element {
    let said = &Ui::here().words.governing;
    let head = |says| tag::el("th").attr("scope", "col").child(says);
    tag::table("people-table")
        .child(
            tag::thead("").child(
                tag::tr("")
                    .child(head(said.name))
                    .child(head(said.role))
                    .child(head(said.here))
                    .child(
                        tag::el("th")
                            .attr("scope", "col")
                            .child(tag::span("sr").child(said.acts)),
                    ),
            ),
        )
        .child(tag::tbody("").child(rows))
}

fn row(me: &UserSummary, one: &GovernedPerson, here: &str) -> Element {
    let words = Ui::here().words;
    let (said, user) = (&words.governing, &one.user);
    let you = (me.id == user.id).then(|| tag::span("tag").child(said.you));
    let more = (said.more_about)(&isolated(&user.display_name));
    let state = (!one.banned).then(|| state_name(words, user.state.unwrap_or_default()));
    tag::tr("")
        .class(if one.banned { "off" } else { "" })
        .child(
            tag::el("td").child(
                tag::span("person-cell")
                    .child(avatar(user.id, &user.display_name, "lg"))
                    .child(tag::span("").child(name_and_handle(user, you))),
            ),
        )
        .child(tag::el("td").child(role(me, one, here)))
        .child(tag::el("td").child(state))
        .child(
            tag::el("td").child(
                tag::a("icon-btn")
                    .attr("href", PagePath::Person(user.id).path())
                    .attr("aria-label", more.clone())
                    .attr("title", more)
                    .child(icon("more")),
            ),
        )
}

/// The role, as a choice where one may give another.
fn role(me: &UserSummary, one: &GovernedPerson, here: &str) -> View {
    let words = Ui::here().words;
    let (said, user) = (&words.governing, &one.user);
    if one.banned {
        return said.banned.view();
    }
    let offered: Vec<Role> = one.roles_by(me);
    if me.id == user.id || offered.is_empty() {
        return role_name(said, user.role).view();
    }
    let options: Vec<View> = offered
        .into_iter()
        .map(|role| option(role.name(), role_name(said, role), role == user.role, None))
        .collect();
    tag::form("role")
        .attr("method", "post")
        .attr(
            "action",
            format!("{}/role", PagePath::Person(user.id).path()),
        )
        .child(hidden("next", here))
        .child(
            tag::span("pick")
                .child(
                    tag::select("input")
                        .attr("name", "role")
                        .attr("aria-label", (said.role_of)(&isolated(&user.display_name)))
                        .attr("data-sends", true)
                        .child(options),
                )
                .child(icon("down")),
        )
        .child(
            tag::button("btn small no-js")
                .attr("type", "submit")
                .child(words.settings.save),
        )
        .view()
}

fn pages(page: &PeoplePage) -> Option<Element> {
    let said = &Ui::here().words.governing;
    let link = |after, says| tag::a("btn").attr("href", here(page, after)).child(says);
    let first = (page.after > 0).then(|| link(0, said.first));
    let next = page.next.map(|next| link(next, said.next));
    (first.is_some() || next.is_some()).then(|| tag::p("pages").child(first).child(next))
}
