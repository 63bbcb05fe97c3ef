//! Of which moment pages of messages are, and what came in while they were on their way.
//!
//! A page tells messages as they stood at some entry of the log, and does not say which. It is not older than what was seen when
//! it was asked for, and holds nothing that comes after the first pong to a ping sent when it was here. What is pushed in
//! between may be in it already or not.

use protocol::{Event, Seq};

use super::message::{Certain, HeldMessage};

use crate::sorted::SortedMap;

/// Changes of messages that are not held yet, kept while a page is on its way.
const ORPHANS_MOST: usize = 1_000;
/// Pages whose moment is not known yet. A further one makes the oldest count as known.
const MARKS_MOST: usize = 64;

/// Up to which entry a page may know more than was seen.
#[derive(Clone, Copy, Debug)]
struct Mark {
    /// The pong to this ping, or to a later one, tells.
    ping: u64,
    upto: Option<Seq>,
}

/// The moments of a room's pages.
#[derive(Clone, Debug, Default)]
pub(crate) struct Moments {
    marks: SortedMap<u64, Mark>,
    next: u64,
    orphans: Vec<Event>,
    lost: bool,
    /// A message became unsure since this was looked at last.
    pub(crate) doubt: bool,
}

impl Moments {
    /// A page came, when `pings` was the number of the last ping. The page's number.
    pub(crate) fn page(&mut self, pings: u64) -> u64 {
        let page = self.next;
        self.next += 1;
        self.marks.insert(
            page,
            Mark {
                ping: pings + 1,
                upto: None,
            },
        );
        if self.marks.len() > MARKS_MOST {
            self.marks.pop_first();
        }
        page
    }

    /// The pong to ping `n` came, and the log's end is `head`: pages that were here before hold no more than that. What the log
    /// was seen up to, `cursor`, is past.
    pub(crate) fn settle(&mut self, n: u64, head: Seq, cursor: Seq) {
        for mark in self
            .marks
            .values_mut()
            .filter(|mark| mark.upto.is_none() && mark.ping <= n)
        {
            mark.upto = Some(head);
        }
        self.marks
            .retain(|_, mark| mark.upto.is_none_or(|upto| upto > cursor));
    }

    /// Whether the entry `seq` is surely not yet in what this page brought.
    pub(crate) fn certain(&self, page: Option<u64>, seq: Seq) -> Certain {
        let mark = page.and_then(|page| self.marks.get(&page));
        let yes = mark.is_none_or(|mark| mark.upto.is_some_and(|upto| seq > upto));
        if yes { Certain::Yes } else { Certain::No }
    }

    /// Keeps a change of a message that a page may bring.
    pub(crate) fn orphan(&mut self, event: &Event) {
        if self.orphans.len() < ORPHANS_MOST {
            self.orphans.push(event.clone());
        } else {
            self.lost = true;
        }
    }

    /// Applies to a page's message what came for it while the page was on its way.
    pub(crate) fn adopt(
        &mut self,
        held: &mut HeldMessage,
        mine: impl Fn(&Event) -> bool,
        to_me: impl Fn(&str) -> bool,
    ) {
        let seq = held.view.seq;
        for event in self.orphans.iter().filter(|event| event.kind.of() == seq) {
            held.apply(event, mine(event), Certain::No, &to_me);
        }
        held.unsure |= self.lost;
        self.doubt |= held.unsure;
    }

    /// No page is on its way any more.
    pub(crate) fn expect_nothing(&mut self) {
        self.orphans.clear();
        self.lost = false;
    }

    /// Nothing is held any more that came with a page. Numbers of pages are never used twice.
    pub(crate) fn clear(&mut self) {
        *self = Self {
            next: self.next,
            ..Self::default()
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pong_to_a_later_ping_tells_the_moment() {
        let mut moments = Moments::default();
        let page = Some(moments.page(4));
        assert_eq!(moments.certain(None, 1), Certain::Yes);
        assert_eq!(moments.certain(page, 100), Certain::No);
        moments.settle(4, 10, 8);
        assert_eq!(moments.certain(page, 11), Certain::No);
        moments.settle(5, 12, 8);
        assert_eq!(
            (moments.certain(page, 12), moments.certain(page, 13)),
            (Certain::No, Certain::Yes)
        );
        moments.settle(0, 12, 12);
        assert_eq!(moments.certain(page, 1), Certain::Yes);
    }

    #[test]
    fn pages_are_bounded_and_never_share_a_number() {
        let mut moments = Moments::default();
        let first = moments.page(0);
        (0..MARKS_MOST).for_each(|_| assert!(moments.page(0) > first));
        assert_eq!(moments.certain(Some(first), 1), Certain::Yes);
        let last = moments.next;
        moments.clear();
        assert_eq!(moments.page(0), last);
    }
}
