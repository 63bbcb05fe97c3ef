//! The grammar of pages' paths, for links, the browser's address and the server's router. Those that a page moves between without loading
//! anew are a [`Route`].

use std::fmt::Write;

use client::put;
use protocol::{RoomId, Seq, UserId, limits::DIRECT_OTHERS};

/// The patterns of all pages' paths, as axum's router reads them.
pub const PATTERNS: [&str; 7] = [
    "/",
    "/rooms/{id}",
    "/rooms/{id}/people",
    "/sign-in",
    "/join/{code}",
    "/devices",
    "/you",
];

/// A page by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagePath<'a> {
    /// The rooms.
    Chat(Route),
    /// `/sign-in`; its query says where it leads.
    SignIn,
    /// `/join/{code}`: an invite.
    Join(&'a str),
    /// `/devices`: the sign-ins of the person.
    Devices,
    /// `/you`: profile and look.
    You,
}

impl<'a> PagePath<'a> {
    /// The page of a path with its query; none where there is none.
    pub fn parse(path: &'a str) -> Option<Self> {
        if let Some(route) = Route::parse(path) {
            return Some(Self::Chat(route));
        }
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        match path {
            "/sign-in" => Some(Self::SignIn),
            "/devices" => Some(Self::Devices),
            "/you" => Some(Self::You),
            _ => path.strip_prefix("/join/").map(Self::Join),
        }
    }

    /// Its path.
    pub fn path(self) -> String {
        match self {
            Self::Chat(route) => route.path(),
            Self::SignIn => "/sign-in".to_owned(),
            Self::Join(code) => format!("/join/{code}"),
            Self::Devices => "/devices".to_owned(),
            Self::You => "/you".to_owned(),
        }
    }
}

/// A place in the rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/`
    Rooms,
    /// `/rooms/12`, `/rooms/12?at=351`
    Room(RoomId, Option<Seq>),
    /// `/rooms/12/people`
    People(RoomId),
    /// `/?to=7,9`: a direct room that nothing is said in yet, and that is not made before.
    Talk(Others),
}

/// Who else is in a direct room, in the order of their numbers; 0 is nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Others([u64; DIRECT_OTHERS]);

impl Others {
    /// None where it is nobody, or too many.
    pub(crate) fn new(users: &[UserId]) -> Option<Self> {
        let mut sorted = Vec::new();
        for user in users.iter().map(|user| user.get()) {
            put(&mut sorted, user, |user| *user);
        }
        sorted.dedup();
        let mut others = [0; DIRECT_OTHERS];
        others.get_mut(..sorted.len())?.copy_from_slice(&sorted);
        (!sorted.is_empty()).then_some(Self(others))
    }

    /// Each of them.
    pub(crate) fn users(self) -> Vec<UserId> {
        self.0.into_iter().filter_map(UserId::new).collect()
    }

    fn parse(query: &str) -> Option<Self> {
        let list = query.split('&').find_map(|pair| pair.strip_prefix("to="))?;
        let users: Vec<UserId> = list.split(',').filter_map(|id| id.parse().ok()).collect();
        Self::new(&users)
    }
}

impl Route {
    /// The route of a path with its query; none for a page that is loaded as a whole.
    pub fn parse(path: &str) -> Option<Self> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut parts = path.trim_matches('/').split('/');
        let id = |part: Option<&str>| part.and_then(|part| part.parse::<RoomId>().ok());
        match (parts.next(), id(parts.next()), parts.next(), parts.next()) {
            (Some(""), None, None, None) if path == "/" => {
                Some(Others::parse(query).map_or(Self::Rooms, Self::Talk))
            }
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
    pub fn path(self) -> String {
        match self {
            Self::Rooms => "/".to_owned(),
            Self::Room(room, None) => format!("/rooms/{room}"),
            Self::Room(room, Some(at)) => format!("/rooms/{room}?at={at}"),
            Self::People(room) => format!("/rooms/{room}/people"),
            Self::Talk(others) => {
                let users: Vec<String> = others.users().iter().map(ToString::to_string).collect();
                format!("/?to={}", users.join(","))
            }
        }
    }

    /// The room that is open there.
    pub(crate) const fn room(self) -> Option<RoomId> {
        match self {
            Self::Rooms | Self::Talk(_) => None,
            Self::Room(room, _) | Self::People(room) => Some(room),
        }
    }
}

/// The path of signing in, which leads to `next` afterwards.
pub fn sign_in(next: Option<&str>) -> String {
    let path = PagePath::SignIn.path();
    match next {
        None | Some("/") => path,
        Some(next) => format!("{path}?next={}", encode(next)),
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

    fn talk(users: &[u64]) -> Others {
        let users: Vec<UserId> = users.iter().copied().filter_map(UserId::new).collect();
        Others::new(&users).unwrap()
    }

    #[test]
    fn every_pattern_is_a_page_and_comes_back() {
        for pattern in PATTERNS {
            let path = pattern.replace("{id}", "12").replace("{code}", "K3-X");
            let page = PagePath::parse(&path).expect(pattern);
            assert_eq!(page.path(), path);
        }
        assert_eq!(PagePath::parse("/join/"), Some(PagePath::Join("")));
        assert_eq!(
            PagePath::parse("/sign-in?next=/you"),
            Some(PagePath::SignIn)
        );
        for other in ["/sign-out", "/you/me", "/rooms", "/joining"] {
            assert_eq!(PagePath::parse(other), None, "{other}");
        }
    }

    #[test]
    fn paths_come_back_as_they_were() {
        let room = RoomId::new(12).unwrap();
        for route in [
            Route::Rooms,
            Route::Room(room, None),
            Route::Room(room, Some(351)),
            Route::People(room),
            Route::Talk(talk(&[9, 7])),
        ] {
            assert_eq!(Route::parse(&route.path()), Some(route));
        }
        assert_eq!(
            Route::parse("/?to=9,x,7,9"),
            Some(Route::Talk(talk(&[7, 9])))
        );
        assert_eq!(Route::parse("/?to=0"), Some(Route::Rooms));
        assert_eq!(
            Route::parse("/?to=1,2,3,4,5,6,7,8,9,10"),
            Some(Route::Rooms)
        );
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
    fn the_way_back_survives_signing_in() {
        assert_eq!(sign_in(None), "/sign-in");
        assert_eq!(
            sign_in(Some("/rooms/12?at=3&x=你")),
            "/sign-in?next=/rooms/12%3Fat%3D3%26x%3D%E4%BD%A0"
        );
    }
}
