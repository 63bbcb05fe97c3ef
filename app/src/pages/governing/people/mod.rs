//! Everybody, and what they may do.

mod row;

use protocol::UserSummary;

use super::{done, refused, role_is};
use crate::{
    components::choice::option,
    governing::PeoplePage,
    pages::settings::{At, settings},
    route::{PagePath, encode},
    ui::{Ui, icon},
};
use row::row;
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

fn pages(page: &PeoplePage) -> Option<Element> {
    let said = &Ui::here().words.governing;
    let link = |after, says| tag::a("btn").attr("href", here(page, after)).child(says);
    let first = (page.after > 0).then(|| link(0, said.first));
    let next = page.next.map(|next| link(next, said.next));
    (first.is_some() || next.is_some()).then(|| tag::p("pages").child(first).child(next))
}
