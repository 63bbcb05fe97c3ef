//! Typing indicators of a room.

use protocol::UserId;

use crate::sorted::SortedMap;

/// How long somebody counts as writing after the last word of it, in milliseconds; one is sent every 3 s.
const SHOWN_MS: u64 = 5_500;
/// Most people that are remembered as writing; "several" begins at three.
const MAX_TYPING: usize = 50;

/// People who are writing, and until when that is believed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Typists(SortedMap<UserId, u64>);

impl Typists {
    /// Somebody is writing. Whether that is news.
    pub(crate) fn heard(&mut self, user: UserId, now_ms: u64) -> bool {
        let news = !self.0.contains_key(&user);
        if news && self.0.len() >= MAX_TYPING {
            return false;
        }
        self.0.insert(user, now_ms.saturating_add(SHOWN_MS));
        news
    }

    /// Their message came. Whether they were writing.
    pub(crate) fn said(&mut self, user: UserId) -> bool {
        self.0.remove(&user).is_some()
    }

    /// Forgets who fell silent. Whether anybody did.
    pub(crate) fn expire(&mut self, now_ms: u64) -> bool {
        let before = self.0.len();
        self.0.retain(|_, until| *until > now_ms);
        before != self.0.len()
    }

    /// Nothing is known any more. Whether something was.
    pub(crate) fn clear(&mut self) -> bool {
        !std::mem::take(&mut self.0).is_empty()
    }

    pub(crate) fn deadline(&self) -> Option<u64> {
        self.0.values().min().copied()
    }

    pub(crate) fn all(&self) -> Vec<UserId> {
        self.0.keys().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_and_a_message_end_it() {
        let (ada, bo) = (UserId::new(1).unwrap(), UserId::new(2).unwrap());
        let mut typists = Typists::default();
        assert!(typists.heard(ada, 0) && !typists.heard(ada, 3_000) && typists.heard(bo, 3_000));
        assert!(!typists.expire(8_499) && typists.said(bo) && !typists.said(bo));
        assert_eq!(
            (typists.all(), typists.deadline()),
            (vec![ada], Some(8_500))
        );
        assert!(typists.expire(8_500) && typists.deadline().is_none() && !typists.clear());
    }

    #[test]
    fn a_crowd_is_bounded() {
        let mut typists = Typists::default();
        let news = (1..1_000)
            .filter(|&id| typists.heard(UserId::new(id).unwrap(), 0))
            .count();
        assert_eq!((news, typists.all().len()), (MAX_TYPING, MAX_TYPING));
    }
}
