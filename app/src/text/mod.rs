//! What messages say, as it is drawn. What is a link, a mention, code or an emoji is decided in the crate `text`, on both sides
//! alike; here is what only drawing needs.

mod script;

pub(crate) use script::{has_han, lang_of, seal_letters};
pub(crate) use text::{Kind, block, pieces, shown};

use crate::ui::Ui;

/// Whom a name in a text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// The viewer, or everybody.
    Me,
    /// Somebody else.
    Other,
}

/// A piece of a text.
pub(crate) type Piece = text::Piece<Named>;

/// Where an address goes, in ASCII (URL Standard): what the browser makes of it, and on the server the `url` crate. None where it
/// cannot be parsed.
pub(crate) fn href(ui: Ui, address: &str) -> Option<String> {
    ui.browser(|browser| browser.href(address))
        .unwrap_or_else(|| on_the_server(address))
}

#[cfg(feature = "ssr")]
fn on_the_server(address: &str) -> Option<String> {
    url::Url::parse(address).ok().map(String::from)
}

/// Without the tables of IDNA, which a page would have to load.
#[cfg(not(feature = "ssr"))]
const fn on_the_server(_: &str) -> Option<String> {
    None
}
