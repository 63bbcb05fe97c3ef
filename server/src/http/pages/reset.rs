//! The form of a link to a new password.

use app::form::{Field, Form, Why};
use axum::{
    extract::{Path, State as Extract},
    http::HeaderMap,
    response::Response,
};
use protocol::{ErrorCode, NewPassword};
use serde::Deserialize;

use super::{
    backend::PageBackend,
    forms::{again, device_cookie, explain, landing, signed_in, wrong_password},
    render,
    viewer::Viewer,
};
use crate::{
    commands::{reset as resets, sign_in::Device},
    http::extract::{FormBody as Body, From},
    state::State,
};

#[derive(Debug, Default, Deserialize)]
pub(super) struct ResetForm {
    #[serde(default)]
    password: String,
}

/// A new password, and the way in.
pub(super) async fn reset(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    Path(code): Path<String>,
    From(device): From,
    Body(typed): Body<ResetForm>,
) -> Response {
    let form = match take(&state, &headers, &code, (device, typed)).await {
        Ok(done) => return done,
        Err(form) => form,
    };
    let pages = PageBackend(state.clone());
    match pages.reset(&code, form).await {
        Ok(page) => again(&state, &headers, page),
        Err(_) => render(
            &state,
            &headers,
            pages.trouble(&Viewer::stranger(&headers, state.now())),
        ),
    }
}

async fn take(
    state: &State,
    headers: &HeaderMap,
    code: &str,
    (device, typed): (Device, ResetForm),
) -> Result<Response, Form> {
    let form = wrong_password(Form::default(), &typed.password);
    if !form.wrong.is_empty() {
        return Err(form);
    }
    let new = NewPassword {
        code: code.to_owned(),
        password: typed.password,
        device: device_cookie(headers),
    };
    match resets::redeem(state, new, device).await {
        Ok(grant) => {
            let landing = landing(state, headers, &grant).await;
            Ok(signed_in(state, headers, &grant, &landing))
        }
        Err(why) if why.code == ErrorCode::NotFound => Err(form.with(Field::Form, Why::ResetOver)),
        Err(why) => {
            let (field, why) = explain(&why, "");
            Err(form.with(field, why))
        }
    }
}
