//! Name, look and language, password, and the way out.

use leptos::prelude::*;
use protocol::{UserSummary, limits::MIN_PASSWORD_CHARS};

use super::settings::{At, done, settings};
use crate::{
    account::{AccountChange, YouPage},
    boot::Boot,
    components::{
        choice::{labelled, option},
        field::{FieldInfo, password_field, text_field},
        field_notice::form_alert,
        preferences::look,
        user_name::user_name,
    },
    form::{Field, Form},
    ui::Ui,
};
use view::{Element, Part, View, many, tag};

/// Where the form of the name goes.
pub(crate) const NAME_PATH: &str = "/you/name";
/// Where the form of the time zone goes.
pub(crate) const ZONE_PATH: &str = "/you/zone";
/// Where the form of the password goes.
pub(crate) const PASSWORD_PATH: &str = "/you/password";

/// The page.
pub(crate) fn you(page: &YouPage) -> View {
    let words = &Ui::here().words.settings;
    let Some(me) = expect_context::<Boot>().me else {
        return ().view();
    };
    let notice = page.changed.map(|change| {
        done(match change {
            AccountChange::Name | AccountChange::Zone => words.saved.to_owned(),
            AccountChange::Password => words.password_saved.to_owned(),
        })
    });
    settings(
        At::You,
        words.profile,
        words.you_lede,
        (),
        many()
            .child(notice)
            .child(form_alert(&page.form))
            .child(display_name(&me, &page.form))
            .child(zone(&me, page))
            .child(tag::h2("").child(words.look))
            .child(look())
            .child(tag::h2("").child(words.password_title))
            .child(password(&me, &page.form))
            .child(tag::h2("").child(words.leave_title))
            .child(tag::p("lede").child(words.leave_text))
            .child(sign_out()),
    )
}

/// A form of this page.
fn form(path: &'static str) -> Element {
    tag::form("narrow")
        .attr("method", "post")
        .attr("action", path)
}

fn display_name(me: &UserSummary, typed: &Form) -> Element {
    let words = &Ui::here().words.settings;
    let field = FieldInfo {
        name: "display_name",
        label: words.display_name,
        autocomplete: "nickname",
        place: Field::DisplayName,
    };
    let shown = if typed.display_name.is_empty() {
        &me.display_name
    } else {
        &typed.display_name
    };
    let hint = (words.display_name_hint)(&me.name);
    form(NAME_PATH)
        .child(text_field(field, typed, shown, &hint))
        .child(tag::button("btn").attr("type", "submit").child(words.save))
}

/// Which time zone others see: none at first, and the viewer's own before all others.
fn zone(me: &UserSummary, page: &YouPage) -> Element {
    let words = &Ui::here().words.settings;
    let shown = me.tz.as_deref().unwrap_or_default();
    let own = page.own_zone.as_deref().filter(|own| !own.is_empty());
    let mut options = vec![option("", words.zone_none, shown.is_empty(), None)];
    let others = page.zones.iter().map(String::as_str);
    let others = others.filter(|zone| Some(*zone) != own);
    for zone in own.into_iter().chain(others) {
        options.push(option(zone, zone, zone == shown, Some("en")));
    }
    let select = tag::select("input").attr("name", "tz").child(options);
    form(ZONE_PATH)
        .child(labelled("tz", words.zone, select))
        .child(tag::p("hint").child(words.zone_hint))
        .child(
            tag::button("btn")
                .attr("type", "submit")
                .child(words.zone_save),
        )
}

fn password(me: &UserSummary, typed: &Form) -> Element {
    let words = &Ui::here().words.settings;
    let field = |name, label, autocomplete, place| FieldInfo {
        name,
        label,
        autocomplete,
        place,
    };
    let old = field(
        "old",
        words.password_old,
        "current-password",
        Field::OldPassword,
    );
    let new = field(
        "password",
        words.password_new,
        "new-password",
        Field::Password,
    );
    let hint = (words.password_hint)(MIN_PASSWORD_CHARS as u64);
    form(PASSWORD_PATH)
        .child(user_name(Some(me.name.clone())))
        .child(password_field(old, typed, ""))
        .child(password_field(new, typed, &hint))
        .child(
            tag::button("btn")
                .attr("type", "submit")
                .child(words.password_change),
        )
}

/// The way out.
pub(super) fn sign_out() -> Element {
    tag::form("")
        .attr("method", "post")
        .attr("action", "/sign-out")
        .child(
            tag::button("btn")
                .attr("type", "submit")
                .child(Ui::here().words.settings.sign_out),
        )
}
