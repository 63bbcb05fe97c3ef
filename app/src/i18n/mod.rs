//! The words of the page, in every language.

mod dates;
mod en;
#[cfg(test)]
mod tests;
pub(crate) mod words;
mod zh;

pub(crate) use dates::TimeFormat;
pub(crate) use words::{Words, number};

use protocol::reads_words;
use serde::Serialize;

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

reads_words!(Lang { "zh" => Zh } or En);

impl Lang {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// The tag in the cookie, the form and the root element.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    /// Its own name.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Zh => "简体中文",
        }
    }

    /// Its table.
    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::En => &en::EN,
            Self::Zh => &zh::ZH,
        }
    }

    /// What an answer says that is too cheap to be drawn as a page.
    #[cfg(not(feature = "hydrate"))]
    pub fn busy(self) -> &'static str {
        self.words().form.busy
    }

    /// From a tag such as `zh`, `zh-CN` or `en-GB`; none for a language that the page does not speak.
    pub fn parse(tag: &str) -> Option<Self> {
        let first = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|lang| lang.tag().eq_ignore_ascii_case(first))
    }

    /// The best for an `Accept-Language` header (RFC 9110, section 12.5.4); English where nothing fits.
    pub fn negotiate(header: &str) -> Self {
        let mut best = (Self::default(), 0.0_f32);
        for part in header.split(',').take(32) {
            let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
            let weight = rest
                .trim()
                .strip_prefix("q=")
                .map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
            if let Some(lang) = Self::parse(tag)
                && weight > best.1
            {
                best = (lang, weight);
            }
        }
        best.0
    }
}
