//! The page of one's own account, and its forms: the name that is shown, and the password.

use app::{
    account::{AccountChange, YouPage},
    boot::BootPage,
    form::{Field, Form, Why},
    route::PagePath,
};
use axum::{
    extract::State as Extract,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use protocol::{ErrorCode, PasswordChange, UserPatch, compose_name, validate_display_name};
use serde::Deserialize;

use super::{
    answer,
    backend::{PageBackend, query_value},
    forms::{explain, is_far_too_long, sign_in_again, wrong_password},
    viewer::Viewer,
};
use crate::{
    auth::Identity,
    commands::profile,
    error::Refusal,
    http::extract::{Caller, FormBody as Body, From},
    state::State,
    zones::zone_names,
};

/// The page, with what its address says was changed.
pub(super) fn page(path: &str, viewer: &Viewer) -> BootPage {
    let changed = query_value(path, "changed");
    let changed = changed.as_deref().and_then(AccountChange::named);
    show(viewer, Form::default(), changed)
}

fn show(viewer: &Viewer, form: Form, changed: Option<AccountChange>) -> BootPage {
    BootPage::You(YouPage {
        form,
        changed,
        own_zone: viewer.zone_name.clone(),
        zones: zone_names(),
    })
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct NameForm {
    #[serde(default)]
    display_name: String,
}

/// What one is called from now on.
pub(super) async fn name(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    caller: Result<Caller, Refusal>,
    From(device): From,
    Body(typed): Body<NameForm>,
) -> Response {
    let Ok(Caller(identity)) = caller else {
        return sign_in_again(PagePath::You);
    };
    if is_far_too_long(&typed.display_name) {
        let form = Form::default().with(Field::DisplayName, Why::NameLong);
        return again(&state, &headers, identity, form).await;
    }
    let form = Form {
        display_name: typed.display_name.clone(),
        ..Form::default()
    };
    let name = typed.display_name.split_whitespace();
    let name = name.collect::<Vec<_>>().join(" ");
    if let Err(why) = compose_name(&name).and_then(|name| validate_display_name(&name)) {
        let form = form.with(Field::DisplayName, why.into());
        return again(&state, &headers, identity, form).await;
    }
    let patch = UserPatch {
        display_name: Some(name.clone()),
        ..UserPatch::default()
    };
    match profile::change(&state, &identity, patch, &device).await {
        Ok(_) => changed(AccountChange::Name),
        Err(why) => {
            let (field, why) = match why.code {
                ErrorCode::Conflict => (Field::DisplayName, Why::NameTaken { name }),
                _ => explain(&why, &name),
            };
            again(&state, &headers, identity, form.with(field, why)).await
        }
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ZoneForm {
    #[serde(default)]
    tz: String,
}

/// The time zone that others see, or none.
pub(super) async fn zone(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    caller: Result<Caller, Refusal>,
    From(device): From,
    Body(typed): Body<ZoneForm>,
) -> Response {
    let Ok(Caller(identity)) = caller else {
        return sign_in_again(PagePath::You);
    };
    let patch = UserPatch {
        tz: Some(typed.tz),
        ..UserPatch::default()
    };
    match profile::change(&state, &identity, patch, &device).await {
        Ok(_) => changed(AccountChange::Zone),
        Err(why) => {
            let (field, why) = explain(&why, "");
            again(&state, &headers, identity, Form::default().with(field, why)).await
        }
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct PasswordForm {
    #[serde(default)]
    old: String,
    #[serde(default)]
    password: String,
}

/// A new password, which ends the other sign-ins.
pub(super) async fn password(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    caller: Result<Caller, Refusal>,
    From(device): From,
    Body(typed): Body<PasswordForm>,
) -> Response {
    let Ok(Caller(identity)) = caller else {
        return sign_in_again(PagePath::You);
    };
    let form = wrong_password(Form::default(), &typed.password);
    if !form.wrong.is_empty() {
        return again(&state, &headers, identity, form).await;
    }
    let patch = UserPatch {
        password: Some(PasswordChange {
            old: typed.old,
            new: typed.password,
        }),
        ..UserPatch::default()
    };
    match profile::change(&state, &identity, patch, &device).await {
        Ok(_) => changed(AccountChange::Password),
        Err(why) => {
            let (field, why) = match (why.code, why.field.as_deref()) {
                (ErrorCode::Forbidden, _) | (_, Some("old")) => {
                    (Field::OldPassword, Why::PasswordOld)
                }
                _ => explain(&why, ""),
            };
            again(&state, &headers, identity, form.with(field, why)).await
        }
    }
}

fn changed(what: AccountChange) -> Response {
    let next = format!("{}?changed={}", PagePath::You.path(), what.word());
    Redirect::to(&next).into_response()
}

/// The page with what was typed, and what was wrong with it.
async fn again(state: &State, headers: &HeaderMap, identity: Identity, form: Form) -> Response {
    let viewer = Viewer::of_identity(state, headers, identity);
    let page = show(&viewer, form, None);
    let boot = PageBackend(state.clone()).frame(&viewer, page);
    answer(state, headers, &viewer, async { Ok(boot) }).await
}
