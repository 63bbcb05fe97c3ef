//! Who looks at a page, and how they want it.

use app::{
    i18n::Lang,
    look::{CONTRAST_COOKIE, Contrast, LANG_COOKIE, THEME_COOKIE, TZ_COOKIE, Theme},
};
use axum::http::{HeaderMap, header};

use crate::{
    auth::{Identity, cookie, from_cookie},
    state::State,
    store::StoreError,
};

/// Zones are at most a day apart.
const MOST_TZ_MIN: i32 = 24 * 60;

/// See the module.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// Who; nobody at the door.
    pub identity: Option<Identity>,
    pub(super) lang: Lang,
    pub(super) theme: Theme,
    pub(super) contrast: Contrast,
    pub(super) tz_min: i32,
    /// Whether they are at the server's own machine.
    pub(super) at_the_machine: bool,
}

impl Viewer {
    /// From the cookies and the browser's languages.
    pub(super) async fn of(
        state: &State,
        headers: &HeaderMap,
        at_the_machine: bool,
    ) -> Result<Self, StoreError> {
        let identity = from_cookie(headers, &state.tokens, &*state.store, state.now()).await?;
        Ok(Self {
            identity,
            at_the_machine,
            ..Self::stranger(headers)
        })
    }

    /// The same, without asking who it is.
    pub(super) fn stranger(headers: &HeaderMap) -> Self {
        let accepts = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let tz = cookie(headers, TZ_COOKIE)
            .and_then(|minutes| minutes.parse::<i32>().ok())
            .unwrap_or_default();
        Self {
            identity: None,
            lang: cookie(headers, LANG_COOKIE)
                .and_then(Lang::parse)
                .unwrap_or_else(|| Lang::negotiate(accepts)),
            theme: cookie(headers, THEME_COOKIE)
                .and_then(Theme::parse)
                .unwrap_or_default(),
            contrast: cookie(headers, CONTRAST_COOKIE)
                .and_then(Contrast::parse)
                .unwrap_or_default(),
            tz_min: tz.clamp(-MOST_TZ_MIN, MOST_TZ_MIN),
            at_the_machine: false,
        }
    }
}
