//! The viewer of a page: identity, language, look.

use app::{
    boot::Zone,
    i18n::Lang,
    look::{CONTRAST_COOKIE, Contrast, HOURS_COOKIE, LANG_COOKIE, THEME_COOKIE, TZ_COOKIE, Theme},
};
use axum::http::{HeaderMap, header};

use super::zone::zone;
use crate::{
    auth::{Identity, cookies},
    http::{api::origin, cookies::who},
    state::{Shared, State},
    store::StoreError,
    zones::zone_name,
};

/// Who looks at a page, and how: identity, language, theme, contrast, time zone.
#[derive(Clone, Debug)]
pub(crate) struct Viewer {
    /// The person who is signed in; nobody on the auth pages.
    pub(crate) identity: Option<Identity>,
    pub(super) lang: Lang,
    pub(super) theme: Theme,
    pub(super) contrast: Contrast,
    pub(super) zone: Zone,
    /// Its name, where their browser told one that is known here.
    pub(super) zone_name: Option<String>,
    pub(super) hour12: bool,
    /// What links to this server start with, as they came to it; empty for a stranger.
    pub(super) origin: String,
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
        let identity = who(state, headers).await?;
        Ok(Self {
            identity,
            origin: origin(state, headers),
            at_the_machine,
            ..Self::stranger(headers, state.now())
        })
    }

    /// The same, of whom it is known who it is.
    pub(super) fn of_identity(state: &Shared, headers: &HeaderMap, identity: Identity) -> Self {
        Self {
            identity: Some(identity),
            origin: origin(state, headers),
            ..Self::stranger(headers, state.now())
        }
    }

    /// The same, without asking who it is.
    pub(super) fn stranger(headers: &HeaderMap, now_ms: u64) -> Self {
        Self {
            identity: None,
            lang: lang(headers),
            theme: cookies(headers, THEME_COOKIE)
                .find_map(Theme::parse)
                .unwrap_or_default(),
            contrast: cookies(headers, CONTRAST_COOKIE)
                .find_map(Contrast::parse)
                .unwrap_or_default(),
            zone: cookies(headers, TZ_COOKIE)
                .next()
                .map(|said| zone(said, now_ms))
                .unwrap_or_default(),
            zone_name: cookies(headers, TZ_COOKIE)
                .next()
                .and_then(|said| zone_name(said.split_once('/')?.1)),
            hour12: cookies(headers, HOURS_COOKIE).any(|hours| hours == "12"),
            origin: String::new(),
            at_the_machine: false,
        }
    }
}

/// The language that was chosen, or the best of those that the browser names.
pub(super) fn lang(headers: &HeaderMap) -> Lang {
    let accepts = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    cookies(headers, LANG_COOKIE)
        .find_map(Lang::parse)
        .unwrap_or_else(|| Lang::negotiate(accepts))
}
