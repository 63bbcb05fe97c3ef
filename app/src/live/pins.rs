//! Pins: pinning a message, and the list of what is pinned in a room.

use client::{Input, rows::RowKind};
use leptos::prelude::*;
use protocol::{Act, ActKind, Command, PinList, PinnedMessage, RoomId, Seq, UserId, rights::Right};

use super::{Live, drive::set_if_new};
use view::{Derived, derived, watch};

/// The id of the button that closes the list.
pub(crate) const CLOSE: &str = "pins-close";

/// The id of a message's link in the list.
pub(crate) fn link_id(seq: Seq) -> String {
    format!("pin-{seq}")
}

/// What one does with pins. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct PinActions(pub(super) Live);

impl PinActions {
    /// Pins a message for everybody in the room, or unpins it. Whether that was taken; if not, it is told why.
    pub(crate) fn pin(self, room: RoomId, of: Seq, on: bool) -> bool {
        let act = Act::Pin { of, on };
        let refused = self.0.driver().input(Input::Act { room, act });
        if let Some(why) = refused {
            self.0.composer().not_taken(why);
        }
        refused.is_none()
    }

    /// Whether one may pin and unpin messages of this author here.
    pub(crate) fn may_pin(self, author: UserId) -> bool {
        self.0.rights().may(Right::Change(ActKind::Pin, author))
    }

    /// The drawn messages that are pinned, or those that are not.
    fn drawn(self, pinned: bool) -> Vec<Seq> {
        let fits = |kind: &RowKind| match kind {
            RowKind::Message { message, .. } if message.pinned == pinned => message.seq,
            _ => None,
        };
        self.0.timeline().rows.with(|rows| {
            rows.iter()
                .filter_map(|cell| cell.kind.with(fits))
                .collect()
        })
    }

    /// Whether a pin of this room is on its way.
    fn is_pending(self, room: RoomId) -> bool {
        self.0.outbox_version().track();
        let pin =
            |command: &Command| command.room == room && matches!(command.act, Act::Pin { .. });
        self.0
            .session()
            .with_value(|session| session.outbox().any(|entry| pin(&entry.command)))
    }
}

/// The list of what is pinned in a room, while it is shown. It is asked for anew when what is drawn of the room is pinned or unpinned, and
/// when one's own pins are stored.
#[derive(Clone, Copy)]
pub(crate) struct PinnedList {
    /// The page.
    pub(crate) live: Live,
    /// The room.
    pub(crate) room: RoomId,
    /// What the server told; none until it did.
    pub(crate) told: RwSignal<Option<PinList>>,
    /// Whether it could not be had.
    pub(crate) failed: RwSignal<bool>,
    /// The message whose link or button has the focus, or had it last.
    pub(crate) active: RwSignal<Option<Seq>>,
    /// The newest request: older answers are dropped.
    asked: StoredValue<u32>,
}

impl PinnedList {
    /// Asks for it.
    pub(crate) fn new(live: Live, room: RoomId) -> Self {
        let list = Self {
            live,
            room,
            told: RwSignal::new(None),
            failed: RwSignal::new(false),
            active: RwSignal::new(None),
            asked: StoredValue::new(0),
        };
        let seen = StoredValue::new(None);
        watch(move || {
            let pins = live.pin_actions();
            let now = Some((pins.drawn(true), pins.is_pending(room)));
            let same = seen.with_value(|seen| *seen == now);
            let pending = now.as_ref().is_some_and(|(_, pending)| *pending);
            seen.set_value(now);
            // What the server would tell while a pin is on its way is over soon.
            let wanted = !same && !pending || list.told.with_untracked(Option::is_none);
            if wanted {
                untrack(|| list.load());
            }
        });
        list
    }

    /// Asks for it, once more where it could not be had.
    pub(crate) fn load(self) {
        let mine = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(mine);
        set_if_new(self.failed, false);
        let turn = self.live.ui().focus_turn();
        let path = format!("/rooms/{}/pins", self.room);
        self.live
            .api()
            .get(&path, move |answer: Result<PinList, _>| {
                if self.asked.try_get_value() != Some(mine) {
                    return;
                }
                let first = self.told.with_untracked(Option::is_none);
                match answer {
                    Ok(list) => self.told.set(Some(list)),
                    Err(_) => set_if_new(self.failed, first),
                }
                let top = self.pins().first().map(|pin| link_id(pin.message.seq));
                if let Some(top) = top.filter(|_| first) {
                    self.live
                        .ui()
                        .browser(|browser| browser.focus_since(turn, &top));
                }
                self.live.lookups().ask_unknown();
            });
    }

    /// What it lists: what the server told, without what was unpinned since.
    pub(crate) fn pins(self) -> Vec<PinnedMessage> {
        let off = self.live.pin_actions().drawn(false);
        self.told.with(|told| {
            let told = told.iter().flat_map(|list| &list.pins);
            told.filter(|pin| !off.contains(&pin.message.seq))
                .cloned()
                .collect()
        })
    }

    /// The message that is the stop for Tab: the one in use, or the first.
    pub(crate) fn tab_stop(self) -> Derived<Option<Seq>> {
        derived(move || {
            let (pins, active) = (self.pins(), self.active.get());
            let in_use = pins.iter().find(|pin| Some(pin.message.seq) == active);
            in_use.or(pins.first()).map(|pin| pin.message.seq)
        })
    }

    /// Unpins a message; the focus goes to the next one, or to the button that closes the list.
    pub(crate) fn unpin(self, seq: Seq) {
        let pins = untrack(|| self.pins());
        let at = pins.iter().position(|pin| pin.message.seq == seq);
        let near = at.and_then(|at| pins.get(at + 1).or_else(|| pins.get(at.checked_sub(1)?)));
        let to = near.map_or_else(|| CLOSE.to_owned(), |pin| link_id(pin.message.seq));
        if !self.live.pin_actions().pin(self.room, seq, false) {
            return;
        }
        // What is being told still lists it.
        self.asked
            .update_value(|asked| *asked = asked.wrapping_add(1));
        self.live.ui().browser(|browser| browser.focus(&to));
        self.told.update(|told| {
            if let Some(list) = told {
                list.pins.retain(|pin| pin.message.seq != seq);
            }
        });
    }
}
