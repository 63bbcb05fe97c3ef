//! Paths, as the page writes and reads them. The ones that a page moves between without loading anew are a [`Route`].

use std::fmt::Write;

use protocol::{RoomId, Seq};

/// A place in the rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// `/`
    Rooms,
    /// `/rooms/12`, `/rooms/12?at=351`
    Room(RoomId, Option<Seq>),
    /// `/rooms/12/people`
    People(RoomId),
}

impl Route {
    /// The route of a path with its query; none for a page that is loaded as a whole.
    pub(crate) fn parse(path: &str) -> Option<Self> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut parts = path.trim_matches('/').split('/');
        let id = |part: Option<&str>| part.and_then(|part| part.parse::<RoomId>().ok());
        match (parts.next(), id(parts.next()), parts.next(), parts.next()) {
            (Some(""), None, None, None) if path == "/" => Some(Self::Rooms),
            (Some("rooms"), Some(room), None, None) => {
                let at = query
                    .split('&')
                    .find_map(|pair| pair.strip_prefix("at=")?.parse().ok());
                Some(Self::Room(room, at))
            }
            (Some("rooms"), Some(room), Some("people"), None) => Some(Self::People(room)),
            _ => None,
        }
    }

    /// Its path.
    pub(crate) fn path(self) -> String {
        match self {
            Self::Rooms => "/".to_owned(),
            Self::Room(room, None) => format!("/rooms/{room}"),
            Self::Room(room, Some(at)) => format!("/rooms/{room}?at={at}"),
            Self::People(room) => format!("/rooms/{room}/people"),
        }
    }

    /// The room that is open there.
    pub(crate) const fn room(self) -> Option<RoomId> {
        match self {
            Self::Rooms => None,
            Self::Room(room, _) | Self::People(room) => Some(room),
        }
    }
}

/// The path of the door, which leads to `next` afterwards.
pub(crate) fn sign_in(next: Option<&str>) -> String {
    match next {
        None | Some("/") => "/sign-in".to_owned(),
        Some(next) => format!("/sign-in?next={}", encode(next)),
    }
}

/// A piece of a query (RFC 3986, section 2.1).
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_come_back_as_they_were() {
        let room = RoomId::new(12).unwrap();
        for route in [
            Route::Rooms,
            Route::Room(room, None),
            Route::Room(room, Some(351)),
            Route::People(room),
        ] {
            assert_eq!(Route::parse(&route.path()), Some(route));
        }
        assert_eq!(Route::parse("/rooms/12/"), Some(Route::Room(room, None)));
        assert_eq!(
            Route::parse("/rooms/12?x=1&at=7"),
            Some(Route::Room(room, Some(7)))
        );
        for other in [
            "/rooms",
            "/rooms/0",
            "/rooms/x",
            "/rooms/12/thread/1",
            "/devices",
            "",
            "//",
            "/12",
        ] {
            assert_eq!(Route::parse(other), None, "{other}");
        }
    }

    #[test]
    fn the_way_back_survives_the_door() {
        assert_eq!(sign_in(None), "/sign-in");
        assert_eq!(
            sign_in(Some("/rooms/12?at=3&x=你")),
            "/sign-in?next=/rooms/12%3Fat%3D3%26x%3D%E4%BD%A0"
        );
    }
}
