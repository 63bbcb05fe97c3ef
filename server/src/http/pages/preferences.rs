//! Language, theme and contrast, chosen by a form.

use app::{
    i18n::Lang,
    look::{CONTRAST_COOKIE, Contrast, LANG_COOKIE, THEME_COOKIE, Theme},
};
use axum::{
    extract::State as Extract,
    http::{HeaderMap, HeaderValue, header},
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::backend::own_path;
use crate::{
    http::{cookies, extract::FormBody as Body},
    state::State,
};

/// How long a preference is kept, in seconds.
const PREFERENCE_LIFE_S: u64 = 400 * 86_400;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Preferences {
    lang: Option<String>,
    theme: Option<String>,
    contrast: Option<String>,
    next: Option<String>,
}

/// Language, theme, contrast: kept in cookies of this browser.
pub(super) async fn preferences(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    Body(wish): Body<Preferences>,
) -> Response {
    let secure = if cookies::is_secure(&state, &headers) {
        "; Secure"
    } else {
        ""
    };
    let words = [
        (
            LANG_COOKIE,
            wish.lang.as_deref().and_then(Lang::parse).map(Lang::tag),
        ),
        (
            THEME_COOKIE,
            wish.theme
                .as_deref()
                .and_then(Theme::parse)
                .map(Theme::as_str),
        ),
        (
            CONTRAST_COOKIE,
            wish.contrast
                .as_deref()
                .and_then(Contrast::parse)
                .map(Contrast::as_str),
        ),
    ];
    let mut lines = Vec::new();
    for (name, word) in words {
        let Some(word) = word else { continue };
        let line =
            format!("{name}={word}; Path=/; Max-Age={PREFERENCE_LIFE_S}; SameSite=Lax{secure}");
        if let Ok(line) = HeaderValue::from_str(&line) {
            lines.push((header::SET_COOKIE, line));
        }
    }
    let next = wish
        .next
        .as_deref()
        .and_then(own_path)
        .unwrap_or_else(|| "/".to_owned());
    (AppendHeaders(lines), Redirect::to(&next)).into_response()
}
