//! Messages that others answer and that are not held: what a quote shows of them.

use std::sync::Arc;

use protocol::{Changes, Event, EventKind, Seq};

use super::message::bury;
use crate::MessageView;

/// Most quoted messages of a room that are kept; of more the oldest go, and are asked for again when they are drawn.
const MAX_KNOWN: usize = 500;
/// Most that are asked for and not told yet.
const MAX_ASKED: usize = 200;

/// Quoted messages of a room.
#[derive(Clone, Debug, Default)]
pub(crate) struct Quoted {
    /// What is known; none where there is no such message.
    known: Vec<(Seq, Option<Arc<MessageView>>)>,
    /// What is asked for, and whether it changed since: then what is told may be older than that.
    asked: Vec<(Seq, bool)>,
}

impl Quoted {
    pub(crate) fn get(&self, seq: Seq) -> Option<&Arc<MessageView>> {
        let (_, view) = self.known.iter().find(|(of, _)| *of == seq)?;
        view.as_ref()
    }

    /// Somebody asks for a message. Whether they should: it is neither known nor asked for.
    pub(crate) fn ask(&mut self, seq: Seq) -> bool {
        let new = self.known.iter().all(|(of, _)| *of != seq)
            && self.asked.iter().all(|(of, _)| *of != seq)
            && self.asked.len() < MAX_ASKED;
        if new {
            self.asked.push((seq, false));
        }
        new
    }

    /// Asking for these came to nothing: they may be asked for again.
    pub(crate) fn forget_asked(&mut self, asked: &[Seq]) {
        self.asked.retain(|(seq, _)| !asked.contains(seq));
    }

    /// These were told, as the answer to asking for `asked`; what is not among them is no message.
    pub(crate) fn tell(&mut self, asked: &[Seq], messages: Vec<MessageView>) {
        let fresh: Vec<Seq> = self
            .asked
            .iter()
            .filter(|(seq, changed)| !changed && asked.contains(seq))
            .map(|&(seq, _)| seq)
            .collect();
        self.forget_asked(asked);
        for &seq in &fresh {
            self.keep(seq, None);
        }
        let told = |view: &MessageView| view.seq.is_some_and(|seq| fresh.contains(&seq));
        self.know(messages.into_iter().filter(told));
    }

    /// These came without being asked for.
    pub(crate) fn know(&mut self, messages: impl Iterator<Item = MessageView>) {
        for view in messages {
            if let Some(seq) = view.seq {
                self.keep(seq, Some(Arc::new(view)));
            }
        }
    }

    fn keep(&mut self, seq: Seq, view: Option<Arc<MessageView>>) {
        self.known.retain(|(of, _)| *of != seq);
        self.known.push((seq, view));
        if self.known.len() > MAX_KNOWN {
            self.known.remove(0);
        }
    }

    /// A message changed. Whether that is seen in a quote.
    pub(crate) fn apply(&mut self, event: &Event) -> bool {
        let (Some(Changes::Text | Changes::Erases), Some(of)) =
            (event.kind.changes(), event.kind.of())
        else {
            return false;
        };
        for (seq, changed) in &mut self.asked {
            *changed |= *seq == of;
        }
        let known = self.known.iter_mut().find(|(seq, _)| *seq == of);
        let Some((_, Some(view))) = known else {
            return false;
        };
        let view = Arc::make_mut(view);
        match &event.kind {
            EventKind::Edit {
                text: Some(text), ..
            } if !view.deleted => view.text = Some(text.clone()),
            EventKind::Delete { .. } => bury(view),
            _ => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use protocol::{MessageId, RoomId, UserId};

    use super::*;
    use crate::SendState;

    fn view(seq: Seq, text: &str) -> MessageView {
        MessageView {
            seq: Some(seq),
            id: MessageId::from_u128(u128::from(seq)),
            by: UserId::new(2).unwrap(),
            at: seq,
            text: Some(text.to_owned()),
            reply_to: None,
            edited_at: None,
            deleted: false,
            reactions: Vec::new(),
            pinned: false,
            thread: None,
            replies: None,
            to_me: false,
            state: SendState::Stored,
            changing: false,
        }
    }

    fn event(kind: EventKind) -> Event {
        Event {
            room: RoomId::new(1).unwrap(),
            seq: 99,
            at: 99,
            by: UserId::new(2).unwrap(),
            kind,
        }
    }

    fn text(quoted: &Quoted, seq: Seq) -> Option<&str> {
        quoted.get(seq)?.text.as_deref()
    }

    #[test]
    fn it_is_asked_for_once_and_follows_changes() {
        let mut quoted = Quoted::default();
        assert!(quoted.ask(5) && !quoted.ask(5) && quoted.ask(7));
        quoted.tell(&[5, 7], vec![view(5, "one"), view(6, "not asked for")]);
        assert!(
            !quoted.ask(5) && !quoted.ask(7),
            "what there is not is asked for once"
        );
        assert_eq!((text(&quoted, 5), text(&quoted, 6)), (Some("one"), None));
        let edit = EventKind::Edit {
            of: 5,
            text: Some("two".to_owned()),
            deleted: false,
        };
        assert!(quoted.apply(&event(edit)));
        assert_eq!(text(&quoted, 5), Some("two"));
        assert!(quoted.apply(&event(EventKind::Delete { of: 5 })));
        assert!(quoted.get(5).unwrap().deleted && text(&quoted, 5).is_none());
    }

    #[test]
    fn what_changed_while_it_was_asked_for_is_asked_for_again() {
        let mut quoted = Quoted::default();
        assert!(quoted.ask(5));
        assert!(!quoted.apply(&event(EventKind::Delete { of: 5 })));
        quoted.tell(&[5], vec![view(5, "as it was before")]);
        assert!(quoted.get(5).is_none() && quoted.ask(5));
    }

    #[test]
    fn it_is_bounded() {
        let mut quoted = Quoted::default();
        assert_eq!((0..1_000).filter(|&seq| quoted.ask(seq)).count(), MAX_ASKED);
        for seq in 1_000..2_000 {
            quoted.asked.clear();
            quoted.ask(seq);
            quoted.tell(&[seq], vec![view(seq, "one")]);
        }
        assert_eq!(quoted.known.len(), MAX_KNOWN);
    }
}
