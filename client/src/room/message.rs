//! One message that is held, and what entries of the log do to it.

use std::sync::Arc;

use protocol::{Event, EventKind, Message, Reaction, Replies, Seq};

use crate::{MessageView, SendState};

/// A message with what is needed to apply each entry of the log to it exactly once.
#[derive(Clone, Debug)]
pub(crate) struct HeldMessage {
    pub(crate) view: Arc<MessageView>,
    /// Of which moment it was: entries up to here are in it. A page may be newer than the log was seen here, and these entries come yet.
    pub(crate) asof: Seq,
    /// Entries that it missed are not in it: it is shown until a page replaces it.
    pub(crate) stale: bool,
}

impl HeldMessage {
    /// From an entry of the log: as it was when it was said.
    pub(crate) fn from_event(view: MessageView) -> Self {
        let asof = view.seq.unwrap_or_default();
        Self {
            view: Arc::new(view),
            asof,
            stale: false,
        }
    }

    /// From a page: as it was when the log ended at `asof`.
    pub(crate) fn from_page(view: MessageView, asof: Seq) -> Self {
        Self {
            view: Arc::new(view),
            asof,
            stale: false,
        }
    }

    /// Applies an edit, deletion, reaction, pin or reply, unless it is in the message already. Whether anything changed.
    pub(crate) fn apply(
        &mut self,
        event: &Event,
        mine: bool,
        to_me: impl Fn(&str) -> bool,
    ) -> bool {
        if event.seq <= self.asof {
            return false;
        }
        match &event.kind {
            EventKind::Edit {
                text: Some(text), ..
            } => self.edit(event, text, to_me),
            EventKind::Delete { .. } => self.delete(),
            EventKind::Reaction { emoji, on, .. } if !self.view.deleted => {
                let view = Arc::make_mut(&mut self.view);
                if mine {
                    react_mine(&mut view.reactions, emoji, *on)
                } else {
                    count(&mut view.reactions, emoji, *on)
                }
            }
            EventKind::Message {
                thread: Some(place),
                ..
            } => {
                let view = Arc::make_mut(&mut self.view);
                let (n, at) = (place.n, (event.seq, event.at));
                view.replies = Some(Replies::with(view.replies.take(), n, at, event.by));
                true
            }
            EventKind::Pin { on, .. } if !self.view.deleted && self.view.pinned != *on => {
                Arc::make_mut(&mut self.view).pinned = *on;
                true
            }
            _ => false,
        }
    }

    fn edit(&mut self, event: &Event, text: &str, to_me: impl Fn(&str) -> bool) -> bool {
        if self.view.deleted {
            return false;
        }
        let view = Arc::make_mut(&mut self.view);
        view.to_me = to_me(text);
        view.text = Some(text.to_owned());
        view.edited_at = Some(event.at);
        true
    }

    fn delete(&mut self) -> bool {
        if self.view.deleted {
            return false;
        }
        bury(Arc::make_mut(&mut self.view));
        true
    }
}

/// A message as a page tells it.
pub(crate) fn view_of(message: Message, to_me: bool) -> MessageView {
    let mut view = MessageView {
        seq: Some(message.seq),
        thread: message.place(),
        replies: message.replies,
        id: message.id,
        by: message.by,
        at: message.at,
        text: message.text,
        reply_to: message.reply_to,
        edited_at: message.edited_at,
        deleted: message.deleted,
        reactions: message.reactions,
        pinned: message.pinned,
        to_me,
        state: SendState::Stored,
        changing: false,
    };
    if view.deleted {
        bury(&mut view);
    }
    view
}

/// Leaves a tombstone: the same whether the deletion was seen or the message came deleted.
pub(crate) fn bury(view: &mut MessageView) {
    view.deleted = true;
    view.text = None;
    view.edited_at = None;
    view.to_me = false;
    view.reactions.clear();
    view.pinned = false;
}

/// Another person's reaction.
fn count(reactions: &mut Vec<Reaction>, emoji: &str, on: bool) -> bool {
    let at = reactions
        .iter()
        .position(|reaction| reaction.emoji == emoji);
    match (at, on) {
        (Some(at), true) => reactions[at].count = reactions[at].count.saturating_add(1),
        (None, true) => reactions.push(Reaction {
            emoji: emoji.to_owned(),
            count: 1,
            mine: false,
        }),
        (Some(at), false) => take_back(reactions, at),
        (None, false) => return false,
    }
    true
}

/// One's own reaction: given or not, never twice.
pub(crate) fn react_mine(reactions: &mut Vec<Reaction>, emoji: &str, on: bool) -> bool {
    let at = reactions
        .iter()
        .position(|reaction| reaction.emoji == emoji);
    match (at, on) {
        (Some(at), true) if !reactions[at].mine => {
            reactions[at].mine = true;
            reactions[at].count = reactions[at].count.saturating_add(1);
        }
        (None, true) => reactions.push(Reaction {
            emoji: emoji.to_owned(),
            count: 1,
            mine: true,
        }),
        (Some(at), false) if reactions[at].mine => {
            reactions[at].mine = false;
            take_back(reactions, at);
        }
        _ => return false,
    }
    true
}

fn take_back(reactions: &mut Vec<Reaction>, at: usize) {
    reactions[at].count = reactions[at].count.saturating_sub(1);
    if reactions[at].count == 0 {
        reactions.remove(at);
    }
}

#[cfg(test)]
mod tests {
    use protocol::{MessageId, RoomId, UserId};

    use super::*;

    fn message(reactions: &[(&str, u32, bool)]) -> HeldMessage {
        let reactions = reactions
            .iter()
            .map(|&(emoji, count, mine)| Reaction {
                emoji: emoji.to_owned(),
                count,
                mine,
            })
            .collect();
        let message = Message {
            text: Some("one".to_owned()),
            reactions,
            ..Message::new(5, MessageId::from_u128(1), UserId::new(2).unwrap(), 50)
        };
        HeldMessage::from_page(view_of(message, false), 9)
    }

    fn event(seq: Seq, kind: EventKind) -> Event {
        Event {
            room: RoomId::new(1).unwrap(),
            seq,
            at: seq * 10,
            by: UserId::new(3).unwrap(),
            kind,
        }
    }

    fn reaction(seq: Seq, on: bool) -> Event {
        event(
            seq,
            EventKind::Reaction {
                of: 5,
                emoji: "👍".to_owned(),
                on,
            },
        )
    }

    fn edit(seq: Seq, text: &str) -> Event {
        event(
            seq,
            EventKind::Edit {
                of: 5,
                text: Some(text.to_owned()),
                deleted: false,
            },
        )
    }

    fn shown(held: &HeldMessage) -> Vec<(&str, u32, bool)> {
        held.view
            .reactions
            .iter()
            .map(|r| (r.emoji.as_str(), r.count, r.mine))
            .collect()
    }

    #[test]
    fn entries_that_are_in_it_change_nothing() {
        let mut held = message(&[("👍", 2, false)]);
        assert!(!held.apply(&reaction(9, true), false, |_| false));
        assert!(!held.apply(&edit(8, "no"), false, |_| false));
        assert!(held.apply(&reaction(10, true), false, |_| false));
        assert_eq!(shown(&held), [("👍", 3, false)]);
    }

    #[test]
    fn ones_own_reaction_is_given_or_not_and_never_twice() {
        let mut held = message(&[("👍", 2, true)]);
        assert!(!held.apply(&reaction(10, true), true, |_| false));
        assert_eq!(shown(&held), [("👍", 2, true)]);
        assert!(held.apply(&reaction(11, false), false, |_| false));
        assert_eq!(shown(&held), [("👍", 1, true)]);
        held.apply(&reaction(12, false), true, |_| false);
        assert_eq!(shown(&held), []);
    }

    #[test]
    fn edits_and_deletions() {
        let mut held = message(&[("👍", 2, false)]);
        assert!(held.apply(&edit(12, "two"), false, |_| true));
        assert_eq!(
            (
                held.view.text.as_deref(),
                held.view.edited_at,
                held.view.to_me
            ),
            (Some("two"), Some(120), true)
        );
        assert!(held.apply(&event(13, EventKind::Delete { of: 5 }), false, |_| false));
        assert!(!held.apply(&edit(14, "back"), false, |_| false));
        assert!(!held.apply(&reaction(15, true), false, |_| false));
        assert_eq!(
            (held.view.deleted, held.view.text.is_none(), shown(&held)),
            (true, true, Vec::new())
        );
    }
}
