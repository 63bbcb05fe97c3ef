//! The living page: a session, what is seen of it as signals, and what a person can do. Server rendering makes one too, which
//! stands still.

pub(crate) mod announcements;
pub(crate) mod api;
mod asking;
mod beginning;
pub(crate) mod calling;
pub(crate) mod completion;
pub(crate) mod compose;
pub(crate) mod composer_keys;
mod copying;
mod dialog;
mod drafts;
mod drive;
pub(crate) mod emoji;
mod emoji_choice;
pub(crate) mod failure_words;
pub(crate) mod favourites;
mod folding;
pub(crate) mod lists;
pub(crate) mod members;
pub(crate) mod missed;
mod navigate;
pub(crate) mod people;
pub(crate) mod pins;
mod press;
pub(crate) mod reactors;
mod returning;
mod rights;
mod room_names;
pub(crate) mod rooms;
pub(crate) mod row_cells;
pub(crate) mod saved;
mod scrolling;
pub(crate) mod text_length;
pub(crate) mod thread;
mod thread_rows;
pub(crate) mod timeline;
mod undo;
pub(crate) mod unsent;

pub(crate) use dialog::{Dialog, Picking};

use client::{Link, Session, SessionConfig};
use leptos::prelude::*;
use protocol::{Act, RoomId, RoomSummary, UserId, UserSummary};

use crate::{
    boot::{Boot, BootPage, ListPage},
    i18n::TimeFormat,
    ports::Layout,
    route::Route,
    ui::Ui,
};
use announcements::{AnnouncementSignals, Announcements};
use api::Api;
use asking::{Asking, Lookups};
use beginning::{route_of, snapshot};
use completion::{Completion, CompletionSignals};
use compose::{Compose, Composer};
use copying::Clipboard;
use drafts::Drafts;
use drive::Driver;
use emoji::EmojiSignals;
use emoji_choice::EmojiChoice;
use favourites::Favourites;
use members::{MemberList, Members};
use missed::Missed;
use navigate::Navigation;
use people::KnownPeople;
use pins::PinActions;
use press::LongPress;
use reactors::{ReactorSignals, Reactors};
use rights::Rights;
use room_names::{RoomNames, room_names};
use rooms::RoomActions;
use saved::{SavedActions, SavedSignals};
use scrolling::Scroller;
use thread::OpenThread;
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
    /// The keys of their names, for those that are named in a text.
    pub(crate) room_names: RwSignal<RoomNames>,
    /// The open room; none where the session knows of none.
    pub(crate) open: RwSignal<Option<RoomSummary>>,
    /// Who is writing in the open room.
    pub(crate) typing: RwSignal<Vec<UserId>>,
    /// The open room's people.
    pub(crate) members: RwSignal<Members>,
    /// Everybody who is known.
    pub(crate) people: KnownPeople,
    /// The open room's timeline.
    pub(crate) timeline: TimelineSignals,
    /// What was missed of the open room, where that is told.
    pub(crate) missed: RwSignal<Option<Missed>>,
    /// What one saved.
    saved: SavedSignals,
    /// The first page of the list that the page was loaded with, until it is drawn.
    first_page: StoredValue<Option<ListPage>>,
    /// The composer.
    pub(crate) compose: Compose,
    /// The completion of what is begun in it.
    pub(crate) completing: CompletionSignals,
    /// What is announced, and toasts.
    pub(crate) announced: AnnouncementSignals,
    /// Language, zone and day.
    pub(crate) clock: RwSignal<TimeFormat>,
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
    /// The emoji there are, and how the choice of them stands.
    pub(crate) emoji: EmojiSignals,
    /// Whether the side pane is wanted beside the room, where there is space for it.
    pub(crate) side: RwSignal<bool>,
    /// How many panes there is space for.
    pub(crate) layout: RwSignal<Layout>,
    session: StoredValue<Session>,
    /// Whether the key before was G, after which another one leads somewhere.
    pub(crate) leads: StoredValue<bool>,
    /// Whether this is what is seen of a thread, beside the page of its room.
    pub(crate) in_thread: bool,
    /// What is seen of a thread.
    panel: StoredValue<Option<Live>>,
    /// The threads with something unread: their rooms, how many messages, how many that name one.
    pub(crate) threads: RwSignal<Vec<(RoomId, u64, u64)>>,
    /// Whether one follows the thread that is open; none until that is known.
    pub(crate) following: RwSignal<Option<bool>>,
    /// The long press that may be under way.
    pub(crate) press: LongPress,
    /// What is told of who reacted.
    pub(crate) reactor_signals: ReactorSignals,
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
    completion: Completion,
    drafts: Drafts,
    emoji_choice: EmojiChoice,
    clipboard: Clipboard,
    view: TimelineView,
    scroll: Scroller,
    rights: Rights,
    thread: OpenThread,
    room_actions: RoomActions,
    favourites: Favourites,
    pin_actions: PinActions,
    saved_actions: SavedActions,
    member_list: MemberList,
    lookups: Lookups,
    announcements: Announcements,
    reactors: Reactors,
    navigation: Navigation,
    driver: Driver,
    api: Api,
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

impl Live {
    /// The living page of a boot that has rooms.
    pub(crate) fn new(ui: Ui, boot: &Boot, device: &str) -> Option<Self> {
        let (chat, me) = (boot.page.chat()?, boot.me.as_ref()?);
        let route = route_of(&boot.page);
        let mut session = Session::new(SessionConfig::new(
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
            room_names: RwSignal::new(RoomNames::default()),
            open: RwSignal::new(chat.open.as_ref().map(|open| open.room.clone())),
            typing: RwSignal::new(Vec::new()),
            members: RwSignal::new(Members::of(chat)),
            people: KnownPeople::new(me, &chat.users),
            timeline: TimelineSignals::new(""),
            missed: RwSignal::new(None),
            saved: SavedSignals::new(),
            first_page: StoredValue::new(match &boot.page {
                BootPage::List { page, .. } => page.clone(),
                _ => None,
            }),
            compose: Compose::new(),
            completing: CompletionSignals::new(),
            announced: AnnouncementSignals::new(),
            clock: RwSignal::new(TimeFormat::from(boot)),
            outbox_version: RwSignal::new(0),
            asking: Asking::new(),
            dialog: RwSignal::new(None),
            uncopied: RwSignal::new(String::new()),
            picking: RwSignal::new(Picking::Text),
            emoji: EmojiSignals::new(),
            side: RwSignal::new(true),
            layout: RwSignal::new(Layout::default()),
            session: StoredValue::new(session),
            leads: StoredValue::new(false),
            in_thread: false,
            panel: StoredValue::new(None),
            threads: RwSignal::new(Vec::new()),
            following: RwSignal::new(None),
            press: LongPress::new(),
            reactor_signals: ReactorSignals::new(),
        }));
        live.make_panel();
        live.driver().see_everything();
        Some(live)
    }

    /// The one of the context.
    pub(crate) fn here() -> Self {
        expect_context()
    }

    /// The room whose row is the stop for Tab: the open one, or the first of the list; none while the row of a list of messages is.
    pub(crate) fn tab_row(self) -> Derived<Option<RoomId>> {
        derived(move || {
            let route = self.route().get();
            if matches!(route, Route::List(_)) {
                return None;
            }
            let open = route.room();
            self.rooms().with(|rooms| {
                rooms
                    .iter()
                    .find(|room| Some(room.id) == open)
                    .or(rooms.first())
                    .map(|room| room.id)
            })
        })
    }

    /// Whether the people or a thread are a drawer over the room: a dialog.
    pub(crate) fn drawer(self) -> bool {
        let aside = matches!(self.route().get(), Route::People(_) | Route::Thread(..));
        self.layout().get() == Layout::Two && aside
    }

    /// The window has space for so many panes.
    pub(crate) fn lay_out(self, layout: Layout) {
        drive::set_if_new(self.layout(), layout);
    }

    /// Puts the focus into the composer, unless it would bring up a keyboard that nobody asked for.
    pub(crate) fn focus_field(self) {
        self.ui().browser(|browser| {
            if browser.has_mouse() {
                browser.focus(self.own(compose::FIELD));
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
            Route::Thread(..) => self.navigation().open_thread(),
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
