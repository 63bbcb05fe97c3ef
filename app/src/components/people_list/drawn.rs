//! Rows of the people list: which of them are drawn, and which one has the tab stop.

use protocol::UserId;

use crate::live::members::Group;

/// Rows that are drawn before and after those in view.
const MARGIN: usize = 20;

/// A window begins and ends at a multiple of this: not each step of a scroll draws.
pub(super) const STEP: usize = 10;

/// The part of a group that is drawn: from a row up to another.
pub(super) type RowWindow = (usize, usize);

/// What stands in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PersonRow {
    /// Somebody, and their place in the group.
    One(UserId, usize),
    /// So many who are not drawn, behind a place.
    Gap(usize, usize),
}

/// The rows of a group of `count`, of whom `ids` are loaded: those of the window, and the one in use.
pub(super) fn rows(ids: &[UserId], count: usize, window: RowWindow, active: u64) -> Vec<PersonRow> {
    let (from, to) = (window.0.min(ids.len()), window.1.min(ids.len()));
    let used = ids
        .iter()
        .position(|id| id.get() == active)
        .filter(|at| !(from..to).contains(at));
    let (before, after) = (used.filter(|at| *at < from), used.filter(|at| *at >= to));
    let mut rows = Vec::new();
    let mut next = 0;
    for at in before.into_iter().chain(from..to).chain(after) {
        if at > next {
            rows.push(PersonRow::Gap(next, at - next));
        }
        rows.push(PersonRow::One(ids[at], at));
        next = at + 1;
    }
    if count > next {
        rows.push(PersonRow::Gap(next, count - next));
    }
    rows
}

/// What is to be drawn of `count` rows that begin at `top` and end at `bottom` of a view of this height.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "rows of a list; what is negative becomes 0"
)]
pub(super) fn window(top: f64, bottom: f64, view: f64, count: usize) -> RowWindow {
    let row = ((bottom - top) / count.max(1) as f64).max(1.0);
    let (first, last) = ((-top / row) as usize, ((view - top) / row) as usize);
    if top >= view || bottom <= 0.0 {
        return (0, 0);
    }
    let from = first.saturating_sub(MARGIN) / STEP * STEP;
    let to = (last + MARGIN).div_ceil(STEP) * STEP;
    (from, to.min(count))
}

/// A window in one number: the signals of numbers are in the page anyway, each other kind would be a kilobyte more of it.
pub(super) const fn packed((from, to): RowWindow) -> u64 {
    ((from as u64) << 32) | to as u64
}

#[expect(clippy::cast_possible_truncation, reason = "halves of 32 bits")]
pub(super) const fn unpacked(window: u64) -> RowWindow {
    ((window >> 32) as usize, window as u32 as usize)
}

/// The number of the row in use: the one that had the focus last, if its person is in the list, or else the first.
pub(super) fn row_in_use(groups: &[Group], active: u64) -> u64 {
    let mut ids = groups.iter().flat_map(|(_, ids, _)| ids).map(|id| id.get());
    let first = ids.clone().next().unwrap_or_default();
    ids.find(|id| *id == active).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use protocol::PresenceState;

    use super::*;

    #[test]
    fn the_row_in_use_is_the_one_that_had_the_focus_or_the_first() {
        let all = ids(3);
        let groups = [
            (PresenceState::Online, vec![all[2]], 1),
            (PresenceState::Offline, vec![all[0], all[1]], 2),
        ];
        assert_eq!(row_in_use(&groups, 2), 2);
        assert_eq!(row_in_use(&groups, 0), 3);
        assert_eq!(row_in_use(&groups, 9), 3);
        assert_eq!(row_in_use(&[], 2), 0);
    }

    fn ids(count: u64) -> Vec<UserId> {
        (1..=count).filter_map(UserId::new).collect()
    }

    proptest! {
        /// Whatever is drawn, the rows and what stands for the others are as many as there are people, in their order.
        #[test]
        fn drawn_and_not_drawn_are_all(
            loaded in 0_u64..300, rest in 0_usize..300, from in 0_usize..320, more in 0_usize..100, used in 0_u64..320
        ) {
            let (all, active) = (ids(loaded), used);
            let count = all.len() + rest;
            let drawn = rows(&all, count, (from, from + more), active);
            let mut next = 0;
            for row in &drawn {
                match *row {
                    PersonRow::One(id, at) => {
                        prop_assert_eq!((at, id), (next, all[at]));
                        next += 1;
                    }
                    PersonRow::Gap(at, many) => {
                        prop_assert!(at == next && many > 0);
                        next += many;
                    }
                }
            }
            prop_assert_eq!(next, count);
            prop_assert!(drawn.len() <= more + 4);
            // The row in use is there, so that the focus is not lost.
            if all.iter().any(|id| id.get() == active) {
                prop_assert!(drawn.iter().any(|row| matches!(row, PersonRow::One(id, _) if id.get() == active)));
            }
        }

        /// What is in view is drawn, and not much more, however long the list is and however it is scrolled.
        #[test]
        fn what_is_in_view_is_drawn(count in 1_usize..20_000, scrolled in 0_usize..900_000, view in 100_u32..2_200) {
            prop_assert_eq!(unpacked(packed((scrolled, count))), (scrolled, count));
            let px = |rows: usize| f64::from(u32::try_from(rows).unwrap()) * 44.0;
            let in_view = usize::try_from(view / 44).unwrap();
            let (top, view) = (-px(scrolled) / 44.0, f64::from(view));
            let (from, to) = window(top, top + px(count), view, count);
            prop_assert!(to - from.min(to) <= in_view + 2 * (MARGIN + STEP) + 2);
            for at in 0..count {
                if top + px(at + 1) > 0.0 && top + px(at) < view {
                    prop_assert!((from..to).contains(&at), "{} of {}..{}", at, from, to);
                }
            }
        }
    }
}
