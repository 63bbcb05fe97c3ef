//! The living page: a session, what is seen of it as signals, and what a person can do. Server rendering makes one too, which
//! stands still.

pub(crate) mod announcements;
pub(crate) mod api;
mod asking;
pub(crate) mod calling;
pub(crate) mod compose;
mod copying;
mod drafts;
mod drive;
mod folding;
pub(crate) mod members;
pub(crate) mod missed;
mod navigate;
pub(crate) mod people;
mod press;
mod returning;
mod rights;
pub(crate) mod rooms;
mod scrolling;
pub(crate) mod timeline;
pub(crate) mod unsent;

use client::{Config, Link, RoomSnapshot, Session, Snapshot, rows::RowKey};
use leptos::prelude::*;
use protocol::{Act, RoomId, RoomKind, RoomSummary, UserId, UserSummary};

use crate::{
    boot::{Boot, Chat, Page},
    i18n::Clock,
    ports::Layout,
    route::Route,
    ui::Ui,
};
use announcements::{AnnouncementSignals, Announcements};
use asking::{Asking, Lookups};
use compose::{Compose, Composer};
use drafts::Drafts;
use drive::Driver;
use members::{MemberList, Members};
use missed::Missed;
use navigate::Navigation;
use people::People;
use press::LongPress;
use rooms::RoomActions;
use scrolling::Scroller;
use timeline::{TimelineSignals, TimelineView};
use view::{Derived, derived};

/// The living page. It is a handle: copies are the same page.
#[derive(Clone, Copy)]
pub(crate) struct Live(StoredValue<Parts>);

/// Makes the parts of the page, and a method for each, so that a handle stays as small as one of them.
macro_rules! parts {
    ($($(#[$doc:meta])* $vis:vis $name:ident: $kind:ty,)+) => {
        #[derive(Clone, Copy)]
        struct Parts {
            $($name: $kind,)+
        }

        impl Live {
            $(
                $(#[$doc])*
                $vis fn $name(self) -> $kind {
                    self.0.with_value(|parts| parts.$name)
                }
            )+
        }
    };
}

parts! {
    /// Words, icons, the browser.
    pub(crate) ui: Ui,
    /// Who one is.
    pub(crate) me: RwSignal<UserSummary>,
    /// Where one is.
    pub(crate) route: RwSignal<Route>,
    /// The connection, and how many messages are not sent.
    pub(crate) link: RwSignal<LinkState>,
    /// One's rooms.
    pub(crate) rooms: RwSignal<Vec<RoomSummary>>,
    /// The open room; none where the session knows of none.
    pub(crate) open: RwSignal<Option<RoomSummary>>,
    /// Who is writing in the open room.
    pub(crate) typing: RwSignal<Vec<UserId>>,
    /// The open room's people.
    pub(crate) members: RwSignal<Members>,
    /// Everybody who is known.
    pub(crate) people: People,
    /// The open room's timeline.
    pub(crate) timeline: TimelineSignals,
    /// What was missed of the open room, where that is told.
    pub(crate) missed: RwSignal<Option<Missed>>,
    /// The composer.
    pub(crate) compose: Compose,
    /// What is announced, and toasts.
    pub(crate) announced: AnnouncementSignals,
    /// Language, zone and day.
    pub(crate) clock: RwSignal<Clock>,
    /// Grows when the outbox or the rooms change.
    outbox_version: RwSignal<u32>,
    /// What is drawn and not known.
    asking: Asking,
    /// The dialog that is open.
    pub(crate) dialog: RwSignal<Option<Dialog>>,
    /// What the browser did not copy.
    pub(crate) uncopied: RwSignal<String>,
    /// What the choice of emoji is for.
    pub(crate) picking: RwSignal<Picking>,
    /// Whether the side pane is wanted beside the room, where there is space for it.
    pub(crate) side: RwSignal<bool>,
    /// How many panes there is space for.
    pub(crate) layout: RwSignal<Layout>,
    session: StoredValue<Session>,
    /// The long press that may be under way.
    pub(crate) press: LongPress,
}

/// Makes a method for each handle of a part of the page.
macro_rules! handles {
    ($($name:ident: $handle:ident,)+) => {
        impl Live {
            $(
                #[doc = concat!("See [`", stringify!($handle), "`].")]
                pub(crate) const fn $name(self) -> $handle {
                    $handle(self)
                }
            )+
        }
    };
}

handles! {
    composer: Composer,
    drafts: Drafts,
    view: TimelineView,
    scroll: Scroller,
    room_actions: RoomActions,
    member_list: MemberList,
    lookups: Lookups,
    announcements: Announcements,
    navigation: Navigation,
    driver: Driver,
}

/// What the banner, the composer and the presence marks need to know of the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct LinkState {
    /// How it is.
    pub(crate) link: Link,
    /// Messages that are not sent.
    pub(crate) unsent: u64,
    /// Now, in the browser's monotonic milliseconds: the countdown.
    pub(crate) now_ms: u64,
    /// When it was last live, in milliseconds since the epoch.
    pub(crate) live_at_ms: u64,
}

impl LinkState {
    /// Whether presence is not known, and what is sent waits.
    pub(crate) const fn is_down(self) -> bool {
        self.link.is_shown() && !self.link.is_live()
    }
}

/// The dialogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialog {
    /// Make a room.
    NewRoom,
    /// The public rooms.
    Browse,
    /// Write to somebody.
    NewDirect,
    /// Bring people into a private room.
    AddPeople(RoomId),
    /// Make an invite.
    Invite,
    /// Change a room's topic.
    Topic(RoomId),
    /// Leave a room.
    Leave(RoomId),
    /// Delete a message.
    Delete(RoomId, u64),
    /// What was written for a room that one is no longer in.
    Unsent(RoomId),
    /// Another room for it.
    Elsewhere(RoomId),
    /// A text to copy by hand.
    ByHand,
    /// Find a room or a person.
    Switcher,
}

/// What a chosen emoji is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Picking {
    /// The composer's text.
    Text,
    /// A reaction to this row's message.
    Reaction(RowKey),
}

impl Live {
    /// The living page of a boot that has rooms.
    pub(crate) fn new(ui: Ui, boot: &Boot, device: &str) -> Option<Self> {
        let (chat, me) = (boot.page.chat()?, boot.me.as_ref()?);
        let route = route_of(&boot.page);
        let mut session = Session::new(Config::new(
            device,
            concat!("hubbub-web/", env!("CARGO_PKG_VERSION")),
        ));
        session.seed(snapshot(me, chat, &route));
        let live = Self(StoredValue::new(Parts {
            ui,
            me: RwSignal::new(me.clone()),
            route: RwSignal::new(route),
            link: RwSignal::new(LinkState {
                live_at_ms: boot.now_ms,
                ..LinkState::default()
            }),
            rooms: RwSignal::new(Vec::new()),
            open: RwSignal::new(chat.open.as_ref().map(|open| open.room.clone())),
            typing: RwSignal::new(Vec::new()),
            members: RwSignal::new(Members::of(chat)),
            people: People::new(me, &chat.users),
            timeline: TimelineSignals::new(),
            missed: RwSignal::new(None),
            compose: Compose::new(),
            announced: AnnouncementSignals::new(),
            clock: RwSignal::new(Clock::from(boot)),
            outbox_version: RwSignal::new(0),
            asking: Asking::new(),
            dialog: RwSignal::new(None),
            uncopied: RwSignal::new(String::new()),
            picking: RwSignal::new(Picking::Text),
            side: RwSignal::new(true),
            layout: RwSignal::new(Layout::default()),
            session: StoredValue::new(session),
            press: LongPress::new(),
        }));
        live.driver().see_everything();
        Some(live)
    }

    /// The one of the context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// Whether one is a member of the open room: whoever is not, reads.
    pub(crate) fn is_member(self) -> Derived<bool> {
        let open = self.open();
        derived(move || open.with(|open| open.as_ref().is_some_and(|open| open.member)))
    }

    /// The room whose row is the stop for Tab: the open one, or the first of the list.
    pub(crate) fn tab_row(self) -> Derived<Option<RoomId>> {
        derived(move || {
            let open = self.route().get().room();
            self.rooms().with(|rooms| {
                let direct = |room: &&RoomSummary| room.kind == RoomKind::Direct;
                let first = rooms.iter().find(|room| !direct(room)).or(rooms.first());
                rooms
                    .iter()
                    .find(|room| Some(room.id) == open)
                    .or(first)
                    .map(|room| room.id)
            })
        })
    }

    /// Whether the people are a drawer over the room: a dialog.
    pub(crate) fn drawer(self) -> bool {
        self.layout().get() == Layout::Two && matches!(self.route().get(), Route::People(_))
    }

    /// The window has space for so many panes.
    pub(crate) fn lay_out(self, layout: Layout) {
        drive::set_if_new(self.layout(), layout);
    }

    /// Puts the focus into the composer, unless it would bring up a keyboard that nobody asked for.
    pub(crate) fn focus_field(self) {
        self.ui().browser(|browser| {
            if browser.has_mouse() {
                browser.focus(compose::FIELD);
            }
        });
    }

    /// The tab stop of something inside a row: only the row in use has any, so that Tab walks on. Without scripts all do.
    pub(crate) fn inner_tab(self, active: bool) -> Option<&'static str> {
        (self.ui().alive.get() && !active).then_some("-1")
    }

    /// Gives or takes back a reaction.
    pub(crate) fn react(self, room: RoomId, of: u64, emoji: &str, on: bool) {
        self.driver().input(client::Input::Act {
            room,
            act: Act::React {
                of,
                emoji: emoji.to_owned(),
                on,
            },
        });
    }

    /// Begins: with what storage kept.
    pub(crate) fn start(self, outbox: Vec<client::OutboxEntry>, drafts: Vec<crate::ports::Draft>) {
        self.session()
            .update_value(|session| session.restore(outbox));
        self.driver().keep_time();
        self.drafts().restore_drafts(drafts);
        self.driver().input(client::Input::Start);
        self.driver().see_everything();
        if let Some(layout) = self.ui().browser(|browser| browser.layout()) {
            self.lay_out(layout);
        }
        // The page was loaded again, or one came back to it from another one.
        let noted = self.view().noted();
        match self.route().get_untracked() {
            Route::Room(room, Some(seq)) if noted.is_none() => self.scroll().jump(room, seq),
            Route::Room(room, _) => {
                match noted {
                    Some(reading) => self.view().return_to(room, reading),
                    None => self.scroll().begin_at_new(room),
                }
                if self.ui().browser(|browser| browser.is_unfocused()) == Some(true) {
                    self.focus_field();
                }
            }
            _ => {}
        }
    }

    /// Takes over what another page of this browser left unsent.
    pub(crate) fn adopt(self, entries: Vec<client::OutboxEntry>) {
        self.session()
            .update_value(|session| session.restore(entries));
        self.driver().input(client::Input::Wake);
        self.driver().see(client::Change::Outbox);
        self.driver().see_everything();
    }
}

fn route_of(page: &Page) -> Route {
    match page {
        Page::Room { chat, at } => chat
            .open
            .as_ref()
            .map_or(Route::Rooms, |open| Route::Room(open.id(), *at)),
        Page::People { chat } => chat
            .open
            .as_ref()
            .map_or(Route::Rooms, |open| Route::People(open.id())),
        _ => Route::Rooms,
    }
}

fn snapshot(me: &UserSummary, chat: &Chat, route: &Route) -> Snapshot {
    let around = match route {
        Route::Room(_, at) => *at,
        _ => None,
    };
    // A room that is only read is no room of one's own, but it is looked at.
    let read = chat
        .open
        .iter()
        .map(|open| &open.room)
        .filter(|open| chat.rooms.iter().all(|room| room.id != open.id));
    Snapshot {
        me: me.clone(),
        rooms: chat.rooms.iter().chain(read).cloned().collect(),
        users: chat.users.clone(),
        open: chat.open.as_ref().map(|open| RoomSnapshot {
            room: open.id(),
            messages: open.messages.clone(),
            notes: open.notes.clone(),
            quoted: open.quoted.clone(),
            last_seq: open.last_seq,
            more: open.more,
            more_after: open.more_after,
            around,
        }),
    }
}
