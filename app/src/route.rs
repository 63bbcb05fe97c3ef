//! The grammar of pages' paths, for links, the browser's address and the server's router. Those that a page moves between without loading
//! anew are a [`Route`].

use std::fmt::Write;

use client::put;
use protocol::{Message, RoomId, Seq, UserId, limits::DIRECT_OTHERS, reads_words};
use serde::Serialize;

/// The patterns of all pages' paths, as axum's router reads them.
pub const PATTERNS: [&str; 15] = [
    "/",
    "/for-you",
    "/saved",
    "/rooms/{id}",
    "/rooms/{id}/people",
    "/rooms/{id}/thread/{root}",
    "/sign-in",
    "/join/{code}",
    "/reset/{code}",
    "/devices",
    "/you",
    "/people",
    "/people/{id}",
    "/people/{id}/ban",
    "/invites",
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
    /// `/reset/{code}`: a new password.
    Reset(&'a str),
    /// `/devices`: the sign-ins of the person.
    Devices,
    /// `/you`: profile and look.
    You,
    /// `/people`: everybody and their roles; its query says who of them.
    People,
    /// `/people/{id}`: what one person may do.
    Person(UserId),
    /// `/people/{id}/ban`: the question before they are shut out.
    Ban(UserId),
    /// `/invites`: the invites that work; its query says which is shown.
    Invites,
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
            "/people" => Some(Self::People),
            "/invites" => Some(Self::Invites),
            _ if path.starts_with("/people/") => person(path),
            _ => match path.strip_prefix("/join/") {
                Some(code) => Some(Self::Join(code)),
                None => path.strip_prefix("/reset/").map(Self::Reset),
            },
        }
    }

    /// Its path.
    pub fn path(self) -> String {
        match self {
            Self::Chat(route) => route.path(),
            Self::SignIn => "/sign-in".to_owned(),
            Self::Join(code) => format!("/join/{code}"),
            Self::Reset(code) => format!("/reset/{code}"),
            Self::Devices => "/devices".to_owned(),
            Self::You => "/you".to_owned(),
            Self::People => "/people".to_owned(),
            Self::Person(user) => format!("/people/{user}"),
            Self::Invites => "/invites".to_owned(),
            Self::Ban(user) => format!("/people/{user}/ban"),
        }
    }
}

fn person(path: &str) -> Option<PagePath<'static>> {
    let rest = path.strip_prefix("/people/")?;
    let (id, page): (_, fn(UserId) -> PagePath<'static>) = match rest.strip_suffix("/ban") {
        Some(id) => (id, PagePath::Ban),
        None => (rest, PagePath::Person),
    };
    id.parse().ok().map(page)
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
    /// `/for-you`, `/saved`
    List(Listing),
    /// `/rooms/12/thread/351`, `/rooms/12/thread/351?at=360`
    Thread(RoomId, Seq, Option<Seq>),
    /// `/?to=7,9`: a direct room that nothing is said in yet, and that is not made before.
    Talk(Others),
}

/// A list of messages of all rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Listing {
    /// What is to the viewer, the newest first.
    ForYou,
    /// What they saved, what was saved last first.
    Saved,
}

reads_words!(Listing { "Saved" => Saved } or ForYou);

impl Listing {
    /// Its path, of the page and of the HTTP API.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::ForYou => "/for-you",
            Self::Saved => "/saved",
        }
    }
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
        for list in [Listing::ForYou, Listing::Saved] {
            if path == list.path() {
                return Some(Self::List(list));
            }
        }
        let mut parts = path.trim_matches('/').split('/');
        let id = |part: Option<&str>| part.and_then(|part| part.parse::<RoomId>().ok());
        let at = || {
            query
                .split('&')
                .find_map(|pair| pair.strip_prefix("at=")?.parse().ok())
        };
        let found = (parts.next(), id(parts.next()), parts.next(), parts.next());
        match found {
            (Some("rooms"), Some(room), Some("thread"), Some(root)) if parts.next().is_none() => {
                let root = root.parse().ok().filter(|root| *root > 0)?;
                Some(Self::Thread(room, root, at()))
            }
            (Some(""), None, None, None) if path == "/" => {
                Some(Others::parse(query).map_or(Self::Rooms, Self::Talk))
            }
            (Some("rooms"), Some(room), None, None) => Some(Self::Room(room, at())),
            (Some("rooms"), Some(room), Some("people"), None) => Some(Self::People(room)),
            _ => None,
        }
    }

    /// Where a message stands: in its room, or in its thread alone.
    pub(crate) fn of_message(room: RoomId, message: &Message) -> Self {
        match message.thread.filter(|_| !message.counts_in_room()) {
            Some(root) => Self::Thread(room, root, Some(message.seq)),
            None => Self::Room(room, Some(message.seq)),
        }
    }

    /// Its path.
    pub fn path(self) -> String {
        match self {
            Self::Rooms => "/".to_owned(),
            Self::List(list) => list.path().to_owned(),
            Self::Room(room, None) => format!("/rooms/{room}"),
            Self::Room(room, Some(at)) => format!("/rooms/{room}?at={at}"),
            Self::People(room) => format!("/rooms/{room}/people"),
            Self::Thread(room, root, None) => format!("/rooms/{room}/thread/{root}"),
            Self::Thread(room, root, Some(at)) => format!("/rooms/{room}/thread/{root}?at={at}"),
            Self::Talk(others) => {
                let users: Vec<String> = others.users().iter().map(ToString::to_string).collect();
                format!("/?to={}", users.join(","))
            }
        }
    }

    /// The room that is open there.
    pub(crate) const fn room(self) -> Option<RoomId> {
        match self {
            Self::Rooms | Self::List(_) | Self::Talk(_) => None,
            Self::Room(room, _) | Self::People(room) | Self::Thread(room, ..) => Some(room),
        }
    }

    /// The thread that is open there, by its first message.
    pub(crate) const fn thread(self) -> Option<Seq> {
        match self {
            Self::Thread(_, root, _) => Some(root),
            _ => None,
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
pub fn encode(text: &str) -> String {
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
            let path = path.replace("{root}", "351");
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
            Route::List(Listing::ForYou),
            Route::List(Listing::Saved),
            Route::Thread(room, 351, None),
            Route::Thread(room, 351, Some(360)),
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
            "/saved/x",
            "/for-you/1",
            "/rooms/12/thread/0",
            "/rooms/12/thread/x",
            "/rooms/12/thread/1/2",
            "/rooms/12/thread",
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
