//! Texts of messages, as they are drawn. What their marks mean, and what is a link, a mention or an emoji, is decided in the crate `text`, on both sides
//! alike; here is what only drawing needs.

mod script;

pub(crate) use script::{avatar_letters, has_han, isolated, lang_of};
pub(crate) use text::{
    Align, Block, Content, Inline, Kind, ListItem, Style, Table, parse, plain_pieces,
};

use leptos::prelude::GetUntracked as _;

use crate::{live::Live, ui::Ui};

/// Whom a name in a text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mentioned {
    /// The viewer, or everybody.
    Me,
    /// Somebody else.
    Other,
}

/// Tells whom the key of a name means.
type NameLookup = Box<dyn FnMut(&str) -> Option<Mentioned>>;

/// Takes words apart.
pub(crate) type RowPieces = text::Pieces<NameLookup>;

/// Takes words apart: whom a key means tells `who`; rooms are those of the page.
pub(crate) fn row_pieces(live: Live, me: String) -> RowPieces {
    let who = move |key: &str| live.people().named(key, &me);
    let rooms = live.room_names().get_untracked();
    let find = move |behind: &str| {
        let known = rooms.iter().map(|(key, room)| (key.as_str(), *room));
        text::longest_room(behind, known)
    };
    RowPieces::new(Box::new(who)).with_rooms(Box::new(find))
}

/// The first words of a text, in one line, without its marks.
pub(crate) fn first_words(text: &str) -> String {
    const MAX_CHARS: usize = 140;
    let line = text::readable(text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    match line.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Where an address goes, in ASCII (URL Standard): what the browser makes of it, and on the server the `url` crate. None where it
/// cannot be parsed.
pub(crate) fn href(ui: Ui, address: &str) -> Option<String> {
    ui.browser(|browser| browser.href(address))
        .unwrap_or_else(|| on_the_server(address))
}

#[cfg(feature = "ssr")]
fn on_the_server(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    let (path, after) = (url.path(), &url[url::Position::AfterPath..]);
    // The Standard's set of what is encoded in a path has `^` now, and browsers follow it; the crate (2.5) does not yet.
    let before = &url[..url::Position::BeforePath];
    Some([before, &path.replace('^', "%5E"), after].concat())
}

/// Without the tables of IDNA, which a page would have to load.
#[cfg(not(feature = "ssr"))]
const fn on_the_server(_: &str) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_words_are_one_line() {
        assert_eq!(first_words(" a\n\tb "), "a b");
        assert_eq!(first_words("> **a**\n- b ||c||"), "a b ▒▒▒");
        assert_eq!(first_words(&"字".repeat(200)).chars().count(), 141);
    }
}
