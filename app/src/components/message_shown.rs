//! Shown: what a row of the timeline shows of its message, and how the message stands.

use std::sync::Arc;

use client::{
    MessageView, SendState,
    rows::{Quote, RowKind},
};
use leptos::prelude::*;

use crate::live::row_cells::RowCell;
use view::{Derived, derived};

/// What a row of a message shows, as its parts need it.
#[derive(Clone)]
pub(crate) struct Shown {
    /// The message.
    pub(crate) message: Arc<MessageView>,
    /// Whether it names its author and time.
    pub(crate) first: bool,
    /// What it answers.
    pub(crate) quote: Option<Quote>,
}

impl Shown {
    /// Whether something of it is on its way: the message, or a change of it.
    pub(super) fn is_pending(&self) -> bool {
        matches!(
            self.message.state,
            SendState::Pending | SendState::Late | SendState::Waiting { .. }
        ) || self.message.changing
    }

    /// Whether it was not sent.
    pub(super) fn has_failed(&self) -> bool {
        matches!(self.message.state, SendState::Failed { .. })
    }

    /// Whether it is in the room's log with a text, so that something can be done with it.
    pub(super) fn is_stored(&self) -> bool {
        self.message.seq.is_some() && !self.message.deleted
    }
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        (self.first, &self.quote, &self.message) == (other.first, &other.quote, &other.message)
    }
}

/// The row's message now. A row keeps its kind as long as it keeps its key.
pub(super) fn shown(cell: &RowCell) -> Derived<Option<Shown>> {
    let kind = cell.kind.clone();
    derived(move || {
        kind.with(|kind| match kind {
            RowKind::Message {
                message,
                first,
                quote,
            } => Some(Shown {
                message: Arc::clone(message),
                first: *first,
                quote: quote.clone(),
            }),
            _ => None,
        })
    })
}

#[cfg(test)]
mod tests {
    use protocol::{MessageId, UserId};

    use super::*;

    fn shown(seq: Option<u64>, state: SendState) -> Shown {
        let message = MessageView {
            seq,
            id: MessageId::from_u128(1),
            by: UserId::new(1).unwrap(),
            at: 1,
            text: Some("hello".to_owned()),
            reply_to: None,
            edited_at: None,
            deleted: false,
            reactions: Vec::new(),
            pinned: false,
            thread: None,
            replies: None,
            to_me: false,
            state,
            changing: false,
        };
        Shown {
            message: Arc::new(message),
            first: true,
            quote: None,
        }
    }

    #[test]
    fn a_message_is_pending_until_it_is_stored() {
        let waiting = SendState::Waiting {
            why: None,
            until_ms: None,
        };
        for state in [SendState::Pending, SendState::Late, waiting] {
            let shown = shown(None, state);
            assert!(shown.is_pending() && !shown.has_failed() && !shown.is_stored());
        }
        let stored = shown(Some(7), SendState::Stored);
        assert!(!stored.is_pending() && stored.is_stored());
    }

    #[test]
    fn a_message_that_is_being_changed_is_pending_and_stored() {
        let mut shown = shown(Some(7), SendState::Stored);
        Arc::make_mut(&mut shown.message).changing = true;
        assert!(shown.is_pending() && shown.is_stored());
    }

    #[test]
    fn nothing_can_be_done_with_a_deleted_message() {
        let mut shown = shown(Some(7), SendState::Stored);
        Arc::make_mut(&mut shown.message).deleted = true;
        assert!(!shown.is_stored());
    }
}
