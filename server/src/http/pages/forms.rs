//! Classic forms: they work without scripts, answer 303 when all is well, and show the same page with what was typed when not.

use app::{
    boot::BootPage,
    form::{Field, Form, Why, sign_in_name},
    route::{self, PagePath, Route},
};
use axum::{
    extract::{Path, State as Extract},
    http::{HeaderMap, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use protocol::{
    ErrorCode, NameError, NewAccount, NewSession, PasswordError, RoomId, compose_name,
    limits::NAME_CHARS, limits::TYPED_PER_CHAR, new_password, validate_display_name,
    validate_user_name,
};
use serde::Deserialize;

use super::{
    backend::{PageBackend, own_path},
    render,
    viewer::Viewer,
};
use crate::{
    auth::cookies,
    commands::{account, sign_in as signs},
    error::Refusal,
    http::{
        cookies,
        extract::{Caller, FormBody as Body, From},
    },
    state::State,
};

/// The device id that the page set.
const DEVICE_COOKIE: &str = "hubbub_device";
/// The room that the page was in when it was left.
const ROOM_COOKIE: &str = "hubbub_room";

#[derive(Debug, Default, Deserialize)]
pub(super) struct AccountForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    password: String,
    /// The setup code, of the first account.
    code: Option<String>,
}

/// The owner's account.
pub(super) async fn first(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    From(device): From,
    Body(typed): Body<AccountForm>,
) -> Response {
    let code = !device.at_the_machine;
    let form = match state.store.is_empty().await {
        Ok(true) => match create_first(&state, &headers, device, typed).await {
            Ok(done) => return done,
            Err(form) => form,
        },
        Ok(false) => Form::default().with(Field::Form, Why::NotFirst),
        Err(_) => Form::default().with(Field::Form, Why::Busy),
    };
    again(&state, &headers, BootPage::First { form, code })
}

/// An account by invite.
pub(super) async fn join(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    Path(code): Path<String>,
    From(device): From,
    Body(typed): Body<AccountForm>,
) -> Response {
    let form = match create(&state, &headers, device, typed, Some(code.clone())).await {
        Ok(done) => return done,
        Err(form) => form,
    };
    let pages = PageBackend(state.clone());
    match pages.join(&code, form).await {
        Ok(page) => again(&state, &headers, page),
        Err(_) => render(
            &state,
            &headers,
            pages.trouble(&Viewer::stranger(&headers, state.now())),
        ),
    }
}

async fn create_first(
    state: &State,
    headers: &HeaderMap,
    device: signs::Device,
    mut typed: AccountForm,
) -> Result<Response, Form> {
    let code = typed.code.take();
    let done = create(state, headers, device, typed, code).await;
    done.map_err(|mut form| {
        for wrong in &mut form.wrong {
            if wrong.why == Why::InviteOver {
                (wrong.field, wrong.why) = (Field::Code, Why::CodeWrong);
            }
        }
        form
    })
}

async fn create(
    state: &State,
    headers: &HeaderMap,
    device: signs::Device,
    typed: AccountForm,
    invite: Option<String>,
) -> Result<Response, Form> {
    let mut form = Form::default();
    for (text, field) in [
        (&typed.name, Field::Name),
        (&typed.display_name, Field::DisplayName),
    ] {
        if is_far_too_long(text) {
            form = form.with(field, Why::NameLong);
        }
    }
    if !form.wrong.is_empty() {
        return Err(form);
    }
    let name = sign_in_name(&typed.name);
    let shown = if typed.display_name.trim().is_empty() {
        &typed.name
    } else {
        &typed.display_name
    };
    let display_name = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let form = Form {
        name: typed.name.clone(),
        display_name: typed.display_name.clone(),
        wrong: Vec::new(),
    };
    let form = wrong_fields(form, &name, &display_name, &typed.password);
    if !form.wrong.is_empty() {
        return Err(form);
    }
    let new = NewAccount {
        name,
        password: typed.password,
        invite,
        device: device_cookie(headers),
        display_name: Some(display_name),
    };
    match account::create(state, new, device).await {
        Ok(grant) => {
            let landing = landing(state, headers, &grant).await;
            Ok(signed_in(state, headers, &grant, &landing))
        }
        Err(why) => {
            let (mut field, why) = explain(&why, &form.name);
            if field == Field::DisplayName && form.display_name.trim().is_empty() {
                // What is shown was made from the name.
                field = Field::Name;
            }
            Err(form.with(field, why))
        }
    }
}

fn wrong_fields(mut form: Form, name: &str, display_name: &str, password: &str) -> Form {
    let checked = |text: &str, rule: fn(&str) -> Result<(), NameError>| {
        compose_name(text).and_then(|name| rule(&name))
    };
    if let Err(why) = checked(name, validate_user_name) {
        form = form.with(Field::Name, why.into());
    } else if let Err(why) = checked(display_name, validate_display_name) {
        form = form.with(Field::DisplayName, why.into());
    }
    wrong_password(form, password)
}

/// What is wrong with a new password by itself.
pub(super) fn wrong_password(form: Form, password: &str) -> Form {
    if let Err(why) = new_password(password) {
        let why = match why {
            PasswordError::Short { has } => Why::PasswordShort { has },
            PasswordError::Long => Why::PasswordLong,
            PasswordError::OneCharacter => Why::PasswordGuessed,
        };
        return form.with(Field::Password, why);
    }
    form
}

/// Longer than any name that could be brought into its composed form: it is not even shown again.
pub(super) fn is_far_too_long(name: &str) -> bool {
    name.chars().nth(NAME_CHARS * TYPED_PER_CHAR).is_some()
}

/// The room that somebody lands in who named no other place: where this browser was last, if it is still theirs, or the first
/// of theirs.
pub(super) async fn landing(state: &State, headers: &HeaderMap, grant: &signs::Grant) -> String {
    let rooms = state
        .cache
        .rooms_of(grant.body.user.id)
        .await
        .unwrap_or_default();
    let last = cookies(headers, ROOM_COOKIE).find_map(|id| id.parse::<RoomId>().ok());
    let known = rooms.iter().find(|room| Some(room.id) == last);
    known
        .or_else(|| rooms.first())
        .map_or_else(|| "/".to_owned(), |room| room_link(room.id))
}

fn room_link(room: RoomId) -> String {
    Route::Room(room, None).path()
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct SignInForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    next: Option<String>,
}

/// Sign in.
pub(super) async fn sign_in(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    From(device): From,
    Body(typed): Body<SignInForm>,
) -> Response {
    let next = typed.next.as_deref().and_then(own_path);
    let is_too_long = is_far_too_long(&typed.name);
    let name = if is_too_long {
        String::new()
    } else {
        sign_in_name(&typed.name)
    };
    let form = Form {
        name: if is_too_long {
            String::new()
        } else {
            typed.name
        },
        ..Form::default()
    };
    let form = if is_too_long {
        form.with(Field::Name, Why::NameLong)
    } else if name.is_empty() {
        form.with(Field::Name, Why::NameEmpty)
    } else {
        let new = NewSession {
            name,
            password: typed.password,
            device: device_cookie(&headers),
        };
        match signs::create(&state, new, device).await {
            Ok(grant) => {
                let wanted = next.filter(|next| next != "/");
                let next = match wanted {
                    Some(next) => next,
                    None => landing(&state, &headers, &grant).await,
                };
                return signed_in(&state, &headers, &grant, &next);
            }
            Err(why) if why.code == ErrorCode::Forbidden => form.with(Field::Form, Why::Banned),
            Err(why) => {
                let (field, why) = explain(&why, &form.name);
                form.with(field, why)
            }
        }
    };
    again(&state, &headers, BootPage::SignIn { form, next })
}

/// The answer to a form that was sent after the sign-in ended: the way to sign in, and back to the form's page.
pub(super) fn sign_in_again(page: PagePath<'_>) -> Response {
    Redirect::to(&route::sign_in(Some(&page.path()))).into_response()
}

/// Sign this device out.
pub(super) async fn sign_out(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    caller: Result<Caller, Refusal>,
) -> Response {
    if let Ok(Caller(identity)) = caller
        && let Err(why) = signs::revoke(&state, identity.account.id, identity.sign_in).await
        && why.code != ErrorCode::NotFound
    {
        return why.into_response();
    }
    let cleared = cookies::clear(&state, &headers);
    (AppendHeaders(cleared), Redirect::to("/sign-in")).into_response()
}

/// The page that says so, and what an operator must set if it was no stranger after all.
pub(in crate::http) fn foreign(headers: &HeaderMap, state: &State) -> Response {
    let text = |name| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let public = &state.config.serve.public_url;
    let own = public.first().map_or_else(
        || text(header::HOST),
        |url| url.origin().ascii_serialization(),
    );
    let from = text(header::ORIGIN);
    again(state, headers, BootPage::Foreign { from, own })
}

pub(super) fn device_cookie(headers: &HeaderMap) -> Option<String> {
    let fits = |id: &&str| {
        let mut bytes = id.bytes();
        (16..=64).contains(&id.len())
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    cookies(headers, DEVICE_COOKIE)
        .find(fits)
        .map(str::to_owned)
}

pub(super) fn signed_in(
    state: &State,
    headers: &HeaderMap,
    grant: &signs::Grant,
    next: &str,
) -> Response {
    let cookies = cookies::set(state, headers, grant);
    (AppendHeaders(cookies), Redirect::to(next)).into_response()
}

pub(super) fn again(state: &State, headers: &HeaderMap, page: BootPage) -> Response {
    render(
        state,
        headers,
        PageBackend(state.clone()).frame(&Viewer::stranger(headers, state.now()), page),
    )
}

pub(super) fn explain(why: &Refusal, typed: &str) -> (Field, Why) {
    match why.code {
        ErrorCode::Unauthorized => (Field::Form, Why::SignIn),
        ErrorCode::RateLimited => {
            let minutes = why
                .retry_after_ms
                .unwrap_or_default()
                .div_ceil(60_000)
                .max(1);
            (Field::Form, Why::ManyTries { minutes })
        }
        ErrorCode::Conflict => (
            if why.field.as_deref() == Some("display_name") {
                Field::DisplayName
            } else {
                Field::Name
            },
            Why::NameTaken {
                name: typed.to_owned(),
            },
        ),
        ErrorCode::Forbidden => (Field::Form, Why::InviteOver),
        // Its length was looked at before.
        ErrorCode::Invalid if why.field.as_deref() == Some("password") => {
            (Field::Password, Why::PasswordGuessed)
        }
        _ => (Field::Form, Why::Busy),
    }
}
