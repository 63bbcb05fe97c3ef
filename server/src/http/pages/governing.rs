//! The pages for owners and admins, and their forms: who may what is decided where it is done, in `commands`.

use app::{
    boot::BootPage,
    governing::{
        GovernedPerson, GoverningChange, GoverningPage, GoverningRefusal, PeoplePage, PersonPage,
        ShownReset,
    },
    route::PagePath,
};
use axum::{
    extract::State as Extract,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use protocol::{ErrorCode, Role, RolePatch, UserId, compose_name, limits::MAX_ID};
use serde::Deserialize;

use super::{
    answer,
    backend::{NoPage, PageBackend, own_path, query_value},
    forms::sign_in_again,
    viewer::Viewer,
};
use crate::{
    auth::{
        Identity,
        rights::{ServerRight, Who, may_on_server},
    },
    commands::{govern::govern, reset as resets},
    error::Refusal,
    http::{
        api::origin,
        extract::{Caller, FormBody as Body, Path},
    },
    state::{Shared, State},
    store::{Account, UsersAsked},
};

/// People that one page lists at most.
const PAGE: u32 = 50;

/// The page at a path.
pub(super) async fn page(
    state: &Shared,
    who: Who,
    page: PagePath<'_>,
    path: &str,
) -> Result<BootPage, NoPage> {
    if may_on_server(who, ServerRight::LEAST).is_err() {
        return Ok(BootPage::Governing(GoverningPage::Denied));
    }
    let found = match page {
        PagePath::Person(user) => {
            let changed = match query_value(path, "changed").as_deref() {
                Some("role") => Some(GoverningChange::Role),
                Some("banned") => Some(GoverningChange::Banned),
                _ => None,
            };
            let page = person(state, user).await?;
            page.map(|page| GoverningPage::Person(PersonPage { changed, ..page }))
        }
        PagePath::Ban(user) => person(state, user).await?.map(|page| {
            GoverningPage::Person(PersonPage {
                asks_to_ban: true,
                ..page
            })
        }),
        _ => Some(GoverningPage::People(people(state, path).await?)),
    };
    Ok(found.map_or(BootPage::Missing, BootPage::Governing))
}

async fn people(state: &Shared, path: &str) -> Result<PeoplePage, NoPage> {
    let number = |key| {
        query_value(path, key)
            .and_then(|text| text.parse().ok())
            .filter(|number| *number <= MAX_ID)
    };
    let looked_for = query_value(path, "q").unwrap_or_default();
    // What cannot be composed is nobody's name, and looked for as it is.
    let looked_for = compose_name(&looked_for).unwrap_or(looked_for);
    let looked_for = looked_for.trim().to_owned();
    let banned = query_value(path, "show").as_deref() == Some("banned");
    let which = if banned {
        UsersAsked::Banned
    } else {
        UsersAsked::In
    };
    let after = number("after").unwrap_or_default();
    let page = state
        .store
        .users_page(which, &looked_for, after, PAGE)
        .await?;
    let changed = match number("changed").and_then(UserId::new) {
        Some(user) => state.cache.account(user).await?,
        None => None,
    };
    Ok(PeoplePage {
        looked_for,
        banned,
        total: state.store.people().await?,
        people: page.users.iter().map(|one| governed(state, one)).collect(),
        after,
        next: page.next,
        changed: changed.map(|one| governed(state, &one)),
        refused: None,
    })
}

async fn person(state: &Shared, user: UserId) -> Result<Option<PersonPage>, NoPage> {
    let account = state.cache.account(user).await?;
    Ok(account.map(|account| PersonPage {
        person: governed(state, &account),
        asks_to_ban: false,
        changed: None,
        reset: None,
        refused: None,
    }))
}

fn governed(state: &Shared, account: &Account) -> GovernedPerson {
    GovernedPerson {
        user: account.summary(Some(state.hub.people.state_of(account.id))),
        banned: account.banned,
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct RoleForm {
    #[serde(default)]
    role: String,
    /// The list that it was sent from, to go back to.
    next: Option<String>,
}

/// Give somebody a role.
pub(super) async fn role(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    caller: Result<Caller, Refusal>,
    Path(user): Path<UserId>,
    Body(typed): Body<RoleForm>,
) -> Response {
    let Ok(Caller(identity)) = caller else {
        return sign_in_again(PagePath::Person(user));
    };
    let done = match Role::named(&typed.role) {
        Some(role) => {
            let patch = RolePatch {
                role: Some(role),
                banned: None,
            };
            govern(&state, identity.who(), user, patch).await
        }
        None => Err(Refusal::not_found("role")),
    };
    match done {
        Ok(_) => {
            let list = typed.next.as_deref().and_then(own_path);
            let list = list.filter(|path| PagePath::parse(path) == Some(PagePath::People));
            let next = match list {
                Some(list) => {
                    let sign = if list.contains('?') { '&' } else { '?' };
                    format!("{list}{sign}changed={user}")
                }
                None => format!("{}?changed=role", PagePath::Person(user).path()),
            };
            Redirect::to(&next).into_response()
        }
        Err(why) => again(&state, &headers, identity, user, why).await,
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct BanForm {
    #[serde(default)]
    banned: bool,
}

/// Shut somebody out, or let them back in.
pub(super) async fn ban(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    caller: Result<Caller, Refusal>,
    Path(user): Path<UserId>,
    Body(BanForm { banned }): Body<BanForm>,
) -> Response {
    let Ok(Caller(identity)) = caller else {
        return sign_in_again(PagePath::Person(user));
    };
    let patch = RolePatch {
        role: None,
        banned: Some(banned),
    };
    match govern(&state, identity.who(), user, patch).await {
        Ok(_) => {
            let next = format!("{}?changed=banned", PagePath::Person(user).path());
            Redirect::to(&next).into_response()
        }
        Err(why) => again(&state, &headers, identity, user, why).await,
    }
}

/// Make a link to a new password. The page that answers is the only one that shows it.
pub(super) async fn reset(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    caller: Result<Caller, Refusal>,
    Path(user): Path<UserId>,
) -> Response {
    let Ok(Caller(identity)) = caller else {
        return sign_in_again(PagePath::Person(user));
    };
    let made = resets::create(&state, identity.who(), user, &origin(&state, &headers)).await;
    match made {
        Ok(link) => {
            let shown = ShownReset {
                url: link.url,
                expires_at: link.expires_at,
            };
            show(&state, &headers, identity, user, Ok(shown)).await
        }
        Err(why) => again(&state, &headers, identity, user, why).await,
    }
}

async fn again(
    state: &State,
    headers: &HeaderMap,
    identity: Identity,
    user: UserId,
    why: Refusal,
) -> Response {
    let why = explain(&why, identity.account.id == user);
    show(state, headers, identity, user, Err(why)).await
}

/// The person's page after a form that does not lead elsewhere: the link that it made, or why it did nothing.
async fn show(
    state: &State,
    headers: &HeaderMap,
    identity: Identity,
    user: UserId,
    outcome: Result<ShownReset, GoverningRefusal>,
) -> Response {
    let who = identity.who();
    let viewer = Viewer::of_identity(state, headers, identity);
    let page = async {
        let page = if may_on_server(who, ServerRight::LEAST).is_err() {
            GoverningPage::Denied
        } else {
            let (reset, refused) = match outcome {
                Ok(shown) => (Some(shown), None),
                Err(why) => (None, Some(why)),
            };
            match person(state, user).await? {
                Some(page) => GoverningPage::Person(PersonPage {
                    reset,
                    refused,
                    ..page
                }),
                None => GoverningPage::People(PeoplePage {
                    refused,
                    ..people(state, "").await?
                }),
            }
        };
        Ok(PageBackend(state.clone()).frame(&viewer, BootPage::Governing(page)))
    };
    answer(state, headers, &viewer, page).await
}

pub(super) fn explain(why: &Refusal, oneself: bool) -> GoverningRefusal {
    match why.code {
        ErrorCode::Forbidden => GoverningRefusal::OwnersOnly,
        ErrorCode::Conflict if why.field.as_deref() == Some("role") => GoverningRefusal::LastOwner,
        ErrorCode::Conflict if !oneself => GoverningRefusal::LastOwner,
        ErrorCode::Conflict | ErrorCode::Invalid => GoverningRefusal::Oneself,
        ErrorCode::NotFound => GoverningRefusal::NotThere,
        ErrorCode::RateLimited => GoverningRefusal::TooMany,
        _ => GoverningRefusal::Busy,
    }
}
