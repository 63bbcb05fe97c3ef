//! Theme and contrast, as the cookies and the page's root element say them.

use protocol::reads_words;
use serde::Serialize;

/// The cookie of the language: `en` or `zh`.
pub const LANG_COOKIE: &str = "hubbub_lang";
/// The cookie of the theme: `system`, `light` or `dark`.
pub const THEME_COOKIE: &str = "hubbub_theme";
/// The cookie of the contrast: `system`, `more` or `normal`.
pub const CONTRAST_COOKIE: &str = "hubbub_contrast";
/// The cookie of the zone; the page writes it: minutes east of UTC just now, and the zone's name (IANA) after a slash where the browser knows
/// it, such as `60/Europe/Berlin`.
pub const TZ_COOKIE: &str = "hubbub_tz";
/// The cookie of the hours that the viewer's clock has; the page writes it, by the browser's locale: `12` or `24`.
pub const HOURS_COOKIE: &str = "hubbub_hours";

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

reads_words!(Theme { "light" => Light, "dark" => Dark } or System);

/// How much the inks stand off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Contrast {
    /// As the system says.
    #[default]
    System,
    /// High, whatever the system says.
    More,
    /// Normal, whatever the system says.
    Normal,
}

reads_words!(Contrast { "more" => More, "normal" => Normal } or System);

impl Theme {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word in the cookie and the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// From that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }

    /// `data-theme` of the root element; none leaves it to the system.
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light | Self::Dark => Some(self.as_str()),
        }
    }
}

impl Contrast {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 3] = [Self::System, Self::More, Self::Normal];

    /// The word in the cookie and the form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::More => "more",
            Self::Normal => "normal",
        }
    }

    /// From that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }

    /// `data-contrast` of the root element; none leaves it to the system.
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::More | Self::Normal => Some(self.as_str()),
        }
    }
}
