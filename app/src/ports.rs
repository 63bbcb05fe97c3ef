//! The two sides that the page does not know: the server that fills it in, and the browser that it runs in.

use std::future::Future;

use client::{Now, OutboxEntry, rows::Zone};
use protocol::{ClientFrame, MessageId, RoomId, Seq};
use serde::{Deserialize, Serialize};

use crate::boot::Boot;

/// What server rendering asks.
pub trait Backend {
    /// What it knows of a request: who asks, and with which cookies.
    type Viewer;
    /// Why there is no page at all.
    type Error;

    /// What the page at `path` shows to this viewer. A page that does not exist is a page too ([`crate::boot::BootPage::Missing`]).
    fn boot(
        &self,
        path: &str,
        viewer: &Self::Viewer,
    ) -> impl Future<Output = Result<Boot, Self::Error>> + Send;
}

/// What the page asks of the browser that it runs in. Nothing here decides anything; what happens comes back through
/// [`crate::PageHandle`].
pub trait Browser {
    /// What time it is.
    fn now(&self) -> Now;
    /// 64 random bits, from the browser's cryptographic source.
    fn random(&self) -> u64;
    /// The zone that it is in, from 1970 on.
    fn zone(&self) -> Zone;
    /// Minutes east of UTC of a zone just now, by its IANA name; none where it does not know it.
    fn minutes_in(&self, tz: &str) -> Option<i32>;
    /// Whether the clocks of its locale have twelve hours.
    fn hour12(&self) -> bool;

    /// Opens a socket to `/ws`; tells `Opened` or `Closed`.
    fn connect(&self);
    /// Asks `GET /readyz`, in place of the question before; tells `Probed`, here and in this browser's other pages.
    fn probe(&self);
    /// Closes the socket and forgets it: nothing more is told of it.
    fn disconnect(&self, code: u16, reason: &str);
    /// Sends a frame on the open socket.
    fn transmit(&self, frame: &ClientFrame);
    /// Tells `Wake` at this time of [`Now::mono_ms`]; the newest replaces the one before.
    fn wake_at(&self, mono_ms: u64);
    /// Keeps an entry of the outbox over reloads; written before what is transmitted after it.
    fn save(&self, entry: &OutboxEntry);
    /// Keeps it no longer.
    fn forget(&self, id: MessageId);
    /// Keeps what is written in a conversation, and not sent; an empty text is kept no longer.
    fn save_draft(&self, draft: &Draft);

    /// Asks the server's HTTP API, with the page's cookies. A 401 is tried once more after a refresh of the sign-in.
    fn request(&self, request: Request, answer: Box<dyn FnOnce(HttpAnswer)>);
    /// Fetches a file of the page; none if it did not come.
    fn fetch_text(&self, url: &str, then: Box<dyn FnOnce(Option<String>)>);
    /// What this browser keeps under a name, over visits.
    fn kept(&self, name: &str) -> Option<String>;
    /// Keeps it, if it can.
    fn keep(&self, name: &str, value: &str);
    /// Calls back after some milliseconds.
    fn after(&self, ms: u64, then: Box<dyn FnOnce()>);

    /// Calls back right before the page is drawn next; at once while it is hidden.
    fn before_paint(&self, then: Box<dyn FnOnce()>);

    /// Writes the address; `replace` leaves no step back.
    fn address(&self, path: &str, replace: bool);
    /// Keeps a note with this entry of the history, as long as the browser keeps that, or none.
    fn note(&self, note: Option<&str>);
    /// The note of this entry.
    fn noted(&self) -> Option<String>;
    /// Goes to a page that is loaded as a whole.
    fn load(&self, path: &str);
    /// Loads this page again.
    fn reload(&self);
    /// The address of the server, such as `https://chat.example`.
    fn origin(&self) -> String;
    /// The places of these names in the order that this language sorts them in, numbers by what they are worth; without a language by
    /// their letters in lower case.
    fn sorted(&self, lang: Option<&str>, names: &[String]) -> Vec<usize>;
    /// Writes the title.
    fn title(&self, title: &str);
    /// Sets the icon of the tab, by its path.
    fn icon(&self, path: &str);
    /// An address as the browser would go to it, in ASCII; none if it cannot be parsed.
    fn href(&self, address: &str) -> Option<String>;
    /// Takes out of the document what the server sent along for the start.
    fn forget_boot(&self);
    /// Copies a text; tells whether it did.
    fn copy(&self, text: &str, done: Box<dyn FnOnce(bool)>);
    /// Blocks of code came or went: those that are there are coloured soon, where the browser can.
    fn colour_code(&self);
    /// Whether the page can be seen and has the focus.
    fn attentive(&self) -> bool;
    /// How many panes the window has space for.
    fn layout(&self) -> Layout;
    /// Whether there is a mouse or the like, and so in all likelihood a keyboard: a field that gets the focus covers nothing.
    fn has_mouse(&self) -> bool;
    /// Whether nothing has the focus.
    fn is_unfocused(&self) -> bool;

    /// Remembers what was typed and chosen in an element, the focus and the caret; what it gives puts them back into the
    /// elements that stand there then.
    fn keep_typed(&self, within: &str) -> Box<dyn FnOnce()>;
    /// The text in a field.
    fn value(&self, field: &str) -> String;
    /// Puts a text into a field, the caret at its end.
    fn set_value(&self, field: &str, text: &str);
    /// Selects the text in a field, once it is there, and gives it the focus.
    fn select(&self, field: &str);
    /// Where the caret of a field is, in UTF-16 units; none while something is selected, or an input method composes.
    fn caret(&self, field: &str) -> Option<usize>;
    /// Puts a text in place of what is from one place of a field to another, in UTF-16 units, and the caret behind it.
    fn replace(&self, field: &str, from: usize, to: usize, text: &str);
    /// Puts a text where the caret is.
    fn insert(&self, field: &str, text: &str);
    /// Makes a field as high as what is in it, where the style sheet cannot.
    fn fit(&self, field: &str);
    /// Gives the focus to an element, once it is there; not if a person moves it meanwhile.
    fn focus(&self, id: &str);
    /// Where the focus is, as a number that stays while it stays there: for [`Browser::focus_since`].
    fn focus_turn(&self) -> u32;
    /// Gives the focus to an element after an answer or in a later frame, if a person has not moved it since `turn`.
    fn focus_since(&self, turn: u32, id: &str);
    /// Gives the focus to a neighbour of the focused element, among the elements that match `item` in the one with the id
    /// `list`. From outside of them a step leads to the last.
    fn step_focus(&self, list: &str, item: &str, step: SiblingStep);
    /// Moves the focus to the next of these panes that is shown.
    fn step_pane(&self, panes: &[&str], forward: bool);
    /// Opens a `<dialog>` over the page.
    fn show_modal(&self, id: &str);
    /// Closes it.
    fn close_modal(&self, id: &str);
    /// A long press did something: letting go chooses nothing.
    fn held(&self);
    /// Whether any element of the page matches.
    fn finds(&self, selector: &str) -> bool;
    /// Opens a popover beside the element that has the focus, or was pressed last.
    fn show_popover(&self, id: &str);
    /// Closes it.
    fn hide_popover(&self, id: &str);
    /// How a scrolled element stands.
    fn scroll(&self, id: &str) -> Option<Scroll>;
    /// Scrolls an element to its newest end.
    fn to_end(&self, id: &str);
    /// Brings an element to the middle of the view, once it is there.
    fn reveal(&self, id: &str);
    /// Brings an element to the upper part of the view, once it is there: what follows it is seen.
    fn reveal_below(&self, id: &str);
    /// The rows of a scrolled list are about to change: what is in view stays where it is in the view; with `end` it is the
    /// newest end that stays in view.
    fn hold_place(&self, list: &str, end: bool);
    /// A row of a scrolled list is about to grow or shrink: its upper edge stays where it is in the view, or goes `down` by so many
    /// CSS pixels.
    fn hold_row(&self, list: &str, row: &str, down: f64);
    /// Whether a list was scrolled away from its newest end, which may be so before an event tells it.
    fn has_left_end(&self, list: &str) -> bool;
    /// Scrolls a list so that the upper edge of a row, once it is there, is so far above the lower edge of the view, in CSS pixels. Where
    /// what is drawn ends before that, it gets there as rows come, unless one scrolls meanwhile.
    fn put_row(&self, list: &str, row: &str, above: f64);
    /// The ids of the first and the last message in view of a scrolled list.
    fn in_view(&self, list: &str) -> Option<(String, String)>;
    /// The ids of the messages in view of a scrolled list, each with how far its upper edge is above the lower edge of the view, in CSS
    /// pixels. The nearest to the middle of the view comes first.
    fn by_middle(&self, list: &str) -> Vec<(String, f64)>;
    /// How far an element is from the view of the one that scrolls it.
    fn place(&self, id: &str, within: &str) -> Option<ElementPlace>;
}

/// How many panes the window has space for, by its width; as the style sheet has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// One at a time.
    One,
    /// Two; the side pane is a drawer over them.
    Two,
    /// Three, the side pane beside the timeline.
    #[default]
    Three,
}

/// A step among siblings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiblingStep {
    /// So many on, or back; it stops at the ends.
    By(i32),
    /// To the first.
    First,
    /// To the last.
    Last,
}

/// How a scrolled element stands, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scroll {
    /// What is hidden above.
    pub above: f64,
    /// What is hidden below.
    pub below: f64,
    /// What is seen.
    pub view: f64,
}

/// Where an element is, in CSS pixels from the upper edge of the view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ElementPlace {
    /// Its upper edge.
    pub top: f64,
    /// Its lower edge.
    pub bottom: f64,
    /// The height of the view.
    pub view: f64,
}

/// Where one writes: a room, or a thread of it by its first message.
pub type DraftPlace = (RoomId, Option<Seq>);

/// What is written in a conversation and not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The room's number; 0 is none.
    pub room: u64,
    /// The first message of the thread; 0 is none: it is the room's own.
    #[serde(default)]
    pub thread: Seq,
    /// What is written.
    pub text: String,
    /// When it was written, in milliseconds since the epoch.
    pub at: u64,
}

impl Draft {
    /// A text of a conversation.
    pub const fn new((room, thread): DraftPlace, text: String, at: u64) -> Self {
        Self {
            room: room.get(),
            thread: match thread {
                Some(root) => root,
                None => 0,
            },
            text,
            at,
        }
    }

    /// Where it is written.
    pub fn conversation(&self) -> Option<DraftPlace> {
        let thread = (self.thread != 0).then_some(self.thread);
        Some((RoomId::new(self.room)?, thread))
    }
}

/// A request to the HTTP API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST`, `PATCH`, `DELETE`.
    pub method: &'static str,
    /// The path after `/api/v1`.
    pub path: String,
    /// The body, in JSON.
    pub body: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpAnswer {
    /// The status; 0 when the server was not reached.
    pub status: u16,
    /// The body.
    pub body: String,
}
