//! Everything that a page needs for its first paint. The server fills it in, renders from it, and sends it along, so that
//! the browser starts from the very same words.

pub use client::rows::Zone;
use protocol::{
    Event, ForYouMessage, Message, Page, RoomId, RoomSummary, Seq, UserSummary,
    fields::{self, Fields, FromFields, ReadError},
    reads,
};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

#[cfg(not(feature = "hydrate"))]
use crate::{
    account::{DevicesPage, YouPage},
    form::Form,
    governing::GoverningPage,
};
use crate::{
    i18n::Lang,
    look::{Contrast, Theme},
    route::Listing,
};

/// What a page is drawn from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Boot {
    /// The language of the page.
    pub lang: Lang,
    /// Light, dark, or as the system says.
    pub theme: Theme,
    /// High contrast, normal, or as the system says.
    pub contrast: Contrast,
    /// The viewer's zone, from the oldest time that the page shows; UTC where it is not known yet.
    pub zone: Zone,
    /// Whether the viewer's clock has twelve hours.
    pub hour12: bool,
    /// The server's time, in milliseconds since the epoch: "today" on the first paint.
    pub now_ms: u64,
    /// Whose house it is.
    pub server: Server,
    /// Where the page's files are.
    pub assets: AssetUrls,
    /// Who looks; nobody on the auth pages.
    pub me: Option<UserSummary>,
    /// Which page, with what only it needs.
    pub page: BootPage,
}

reads!(Boot { lang, theme, contrast, zone, hour12, now_ms, server, assets, page } { me });

/// The server, as a page names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Server {
    /// Its name, such as "Lantern Street"; "Hubbub" until its owner names it.
    pub name: String,
    /// Its version, such as "0.1.0".
    pub version: String,
}

reads!(Server { name, version });

/// URLs of the page's files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssetUrls {
    /// The module that wasm-bindgen wrote.
    pub js: String,
    /// The module's Wasm.
    pub wasm: String,
    /// The style sheet.
    pub css: String,
    /// The style sheet of the pages without rooms, beside the other.
    pub pages: String,
    /// The sprite of icons.
    pub icons: String,
    /// The table of emoji.
    pub emoji: String,
    /// The module that colours code. The page's own script has it, and no other part of the page.
    #[serde(skip)]
    pub code: String,
}

reads!(AssetUrls { js, wasm, css, pages, icons, emoji } { code });

/// The pages. The browser's module has none but those it takes over ([`BootPage::is_alive`]): what reads, copies and draws the others is left
/// out of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BootPage {
    /// Nobody has an account yet: the owner makes theirs.
    #[cfg(not(feature = "hydrate"))]
    #[serde(skip)]
    First {
        /// What was typed, and what was wrong with it.
        form: Form,
        /// Whether the server's setup code is asked for: it is not on the server's own machine.
        code: bool,
    },
    /// Signing in.
    #[cfg(not(feature = "hydrate"))]
    #[serde(skip)]
    SignIn {
        /// What was typed, and what was wrong with it.
        form: Form,
        /// The path to go to afterwards; always one of this server.
        next: Option<String>,
    },
    /// The page that an invite opens.
    #[cfg(not(feature = "hydrate"))]
    #[serde(skip)]
    Join {
        /// The invite's code.
        code: String,
        /// What the link is good for; none when it is over or never was.
        invitation: Option<Invitation>,
        /// What was typed, and what was wrong with it.
        form: Form,
    },
    /// The page that a link to a new password opens.
    #[cfg(not(feature = "hydrate"))]
    #[serde(skip)]
    Reset {
        /// The link's code.
        code: String,
        /// Whose password it changes; none when it is over or never was.
        person: Option<UserSummary>,
        /// What was wrong with what was typed.
        form: Form,
    },
    /// The rooms, and on a wide window the place where one of them would be.
    Rooms {
        /// The rooms and people.
        chat: Chat,
    },
    /// A room.
    Room {
        /// The rooms and people, with the open one.
        chat: Chat,
        /// The message that the link names: the page opens around it.
        at: Option<u64>,
    },
    /// A list of messages of all rooms, beside the list of rooms; a page of its own on a phone.
    List {
        /// The rooms and people.
        chat: Chat,
        /// Which list.
        list: Listing,
        /// Its first page; none where it is too large to be drawn twice.
        page: Option<ListPage>,
    },
    /// A thread of a room: its side pane on a wide window, a page of its own on a phone.
    Thread {
        /// The rooms and people, with the open room and the thread.
        chat: Chat,
        /// The reply that the link names: the thread opens around it.
        at: Option<u64>,
    },
    /// The people of a room: its side pane on a wide window, a page of its own on a phone.
    People {
        /// The rooms and people, with the open one.
        chat: Chat,
    },
    /// Where one is signed in.
    #[cfg(not(feature = "hydrate"))]
    #[serde(skip)]
    Devices(DevicesPage),
    /// Name, password, look and language.
    #[cfg(not(feature = "hydrate"))]
    #[serde(skip)]
    You(YouPage),
    /// People and roles.
    #[cfg(not(feature = "hydrate"))]
    #[serde(skip)]
    Governing(GoverningPage),
    /// Nothing here, or nothing that the viewer may know of.
    #[cfg(not(feature = "hydrate"))]
    #[serde(skip)]
    Missing,
    /// The server could not do what was asked.
    #[cfg(not(feature = "hydrate"))]
    #[serde(skip)]
    Trouble {
        /// Whether the same request may succeed soon.
        retry: bool,
    },
    /// A form came from another address than the server takes for its own: by its looks a stranger's page, most often a proxy.
    #[cfg(not(feature = "hydrate"))]
    #[serde(skip)]
    Foreign {
        /// The origin that the browser told; empty where it told none.
        from: String,
        /// The address that the server takes for its own.
        own: String,
    },
}

/// Only those that are taken over are read.
impl FromFields for BootPage {
    fn from_fields(fields: &mut Fields<'_>) -> Result<Self, ReadError> {
        let (name, mut page) = fields.only()?;
        let chat = page.must("chat")?;
        Ok(match &*name {
            "rooms" => Self::Rooms { chat },
            "room" => Self::Room {
                chat,
                at: page.may("at")?.unwrap_or_default(),
            },
            "list" => Self::List {
                chat,
                list: page.must("list")?,
                page: page.may("page")?.unwrap_or_default(),
            },
            "thread" => Self::Thread {
                chat,
                at: page.may("at")?.unwrap_or_default(),
            },
            "people" => Self::People { chat },
            _ => return Err(ReadError::custom("a page that has rooms is expected")),
        })
    }
}

impl<'de> Deserialize<'de> for BootPage {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        fields::read(from)
    }
}

impl BootPage {
    /// The status that goes with the page over HTTP.
    #[cfg(not(feature = "hydrate"))]
    pub const fn status(&self) -> u16 {
        match self {
            Self::First { form, .. }
            | Self::SignIn { form, .. }
            | Self::Join { form, .. }
            | Self::Reset {
                person: Some(_),
                form,
                ..
            } => form.status(),
            Self::Reset { person: None, .. } => 404,
            Self::Governing(page) => page.status(),
            Self::You(page) => page.form.status(),
            Self::Devices(page) if page.busy => 503,
            Self::Foreign { .. } => 403,
            Self::Missing => 404,
            Self::Trouble { retry: true } => 503,
            Self::Trouble { retry: false } => 500,
            Self::Rooms { .. }
            | Self::Room { .. }
            | Self::List { .. }
            | Self::People { .. }
            | Self::Thread { .. }
            | Self::Devices(_) => 200,
        }
    }

    /// Whether the browser's module takes it over. The others are forms and words, and work as they are.
    pub const fn is_alive(&self) -> bool {
        self.chat().is_some()
    }

    /// The rooms and people that came with it.
    pub const fn chat(&self) -> Option<&Chat> {
        match self {
            Self::Rooms { chat }
            | Self::Room { chat, .. }
            | Self::List { chat, .. }
            | Self::Thread { chat, .. }
            | Self::People { chat } => Some(chat),
            #[cfg(not(feature = "hydrate"))]
            _ => None,
        }
    }
}

/// What stands on an invite.
#[cfg(not(feature = "hydrate"))]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Who invites.
    pub by: UserSummary,
    /// People who have an account here.
    pub people: u64,
    /// Those of them who are here now.
    pub here: u64,
    /// When the link ends.
    pub expires_at: u64,
}

/// The rooms and people that a viewer starts from: what `welcome` will say a moment later, and the open room.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Chat {
    /// The viewer's rooms, in the server's order.
    pub rooms: Vec<RoomSummary>,
    /// Everybody whom the rooms, the messages and the member list name.
    pub users: Vec<UserSummary>,
    /// The room that the path names.
    pub open: Option<OpenRoom>,
}

reads!(Chat { rooms, users } { open });

/// A page of a list of messages: what `GET /for-you` and `GET /saved` answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListPage {
    /// The messages, with their rooms.
    pub items: Vec<ForYouMessage>,
    /// Where the next page starts; none at the end.
    pub next: Option<String>,
}

impl FromFields for ListPage {
    fn from_fields(fields: &mut Fields<'_>) -> Result<Self, ReadError> {
        let mut items = None;
        for name in ["items", "for_you", "saved"] {
            items = items.or(fields.may(name)?);
        }
        Ok(Self {
            items: items.ok_or_else(|| ReadError::missing_field("items"))?,
            next: fields.may("next")?.unwrap_or_default(),
        })
    }
}

impl<'de> Deserialize<'de> for ListPage {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        fields::read(from)
    }
}

/// A room with its newest messages, or those around the one that the link names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OpenRoom {
    /// The room; `member` is false for a public one that the viewer has not joined.
    pub room: RoomSummary,
    /// 50 messages, oldest first.
    pub messages: Vec<Message>,
    /// Joins, leaves and topics among them.
    pub notes: Vec<Event>,
    /// What they answer, as far as it is not among them.
    pub quoted: Vec<Message>,
    /// The end of the room's log when they were read.
    pub last_seq: Seq,
    /// Whether there are older ones.
    pub more: bool,
    /// Whether there are newer ones (only around a message far back).
    pub more_after: bool,
    /// Its first people by id, at most 200, and those of the others who are here, at most 200. The page loads the rest when its list is
    /// shown.
    pub members: Vec<UserSummary>,
    /// Where the page after the first goes on; none where they are all here.
    pub next: Option<String>,
    /// How many people it has.
    pub total: u64,
    /// The thread that the path names: its newest replies or those around the one that the link names, with its first message and how the viewer
    /// stands to it.
    pub thread: Option<Box<Page>>,
}

reads!(OpenRoom { room, messages, last_seq, more, members, total } { notes, quoted, more_after, next, thread });

impl OpenRoom {
    /// Its id.
    pub const fn id(&self) -> RoomId {
        self.room.id
    }
}
