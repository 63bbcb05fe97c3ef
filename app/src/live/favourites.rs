//! The order of the list of rooms: favourites in one's own order, then rooms and people by the alphabet.

use leptos::prelude::*;
use protocol::{ListOrder, PreferencesPatch, RoomId, RoomKind, RoomSummary};

use super::Live;

/// A part of the list of rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListPart {
    /// One's favourites, of every kind.
    Favourites,
    /// Public and private rooms.
    Rooms,
    /// Direct rooms.
    People,
}

/// Where a room stands.
pub(crate) fn list_part(room: &RoomSummary) -> ListPart {
    if room.favourite {
        ListPart::Favourites
    } else if room.kind == RoomKind::Direct {
        ListPart::People
    } else {
        ListPart::Rooms
    }
}

/// Rooms that are in the order of the alphabet, in the list's. Favourites without an order come after those that have one.
pub(super) fn arranged(rooms: Vec<RoomSummary>) -> Vec<RoomSummary> {
    let mut list: Vec<RoomSummary> = Vec::with_capacity(rooms.len());
    let (mut people, mut others) = (Vec::new(), Vec::new());
    for room in rooms {
        match list_part(&room) {
            ListPart::People => people.push(room),
            ListPart::Rooms => others.push(room),
            ListPart::Favourites => {
                let mine = order_of(&room);
                let at = list.iter().position(|one| order_of(one) > mine);
                list.insert(at.unwrap_or(list.len()), room);
            }
        }
    }
    list.append(&mut others);
    list.append(&mut people);
    list
}

fn order_of(room: &RoomSummary) -> f64 {
    room.order.map_or(f64::INFINITY, ListOrder::get)
}

/// One's favourites as they are listed, each with its order.
pub(crate) fn favourites(rooms: &[RoomSummary]) -> Vec<(RoomId, Option<f64>)> {
    let favourites = rooms.iter().filter(|room| room.favourite);
    favourites
        .map(|room| (room.id, room.order.map(ListOrder::get)))
        .collect()
}

/// The order of a new favourite: behind the others, unless some of them stand by the alphabet.
fn last(listed: &[(RoomId, Option<f64>)]) -> Option<f64> {
    let before = listed.last().map_or(Some(0.0), |(_, order)| *order);
    before.map(|before| before + 1.0)
}

/// What orders change when a favourite is moved one up or down. Nothing at the ends.
pub(crate) fn moved(
    listed: &[(RoomId, Option<f64>)],
    room: RoomId,
    up: bool,
) -> Vec<(RoomId, f64)> {
    let at = place_of(listed, room);
    let to = at.and_then(|at| if up { at.checked_sub(1) } else { Some(at + 1) });
    put_at(listed, at, to)
}

/// What orders change when a favourite is put beside another one, above or `below` it. Nothing where it stands there already.
fn put_beside(
    listed: &[(RoomId, Option<f64>)],
    room: RoomId,
    (beside, below): (RoomId, bool),
) -> Vec<(RoomId, f64)> {
    let at = place_of(listed, room);
    let to = place_of(listed, beside).map(|to| to + usize::from(below));
    // It leaves its own place first.
    let to = to.map(|to| to - usize::from(at.is_some_and(|at| at < to)));
    put_at(listed, at, to)
}

fn place_of(listed: &[(RoomId, Option<f64>)], room: RoomId) -> Option<usize> {
    listed.iter().position(|(one, _)| *one == room)
}

/// What orders change when a favourite goes from one place to another: its own, or all where there is no number between its neighbours'.
fn put_at(
    listed: &[(RoomId, Option<f64>)],
    at: Option<usize>,
    to: Option<usize>,
) -> Vec<(RoomId, f64)> {
    let (Some(at), Some(to)) = (at, to.filter(|to| Some(*to) != at && *to < listed.len())) else {
        return Vec::new();
    };
    let mut then = listed.to_vec();
    let one = then.remove(at);
    let room = one.0;
    then.insert(to, one);
    let order = |at: Option<usize>| at.and_then(|at| then.get(at)).map(|(_, order)| *order);
    let between = match (order(to.checked_sub(1)), order(Some(to + 1)).flatten()) {
        (None, None) => Some(0.0),
        (None, Some(after)) => Some(after - 1.0),
        (Some(before), None) => before.map(|before| before + 1.0),
        (Some(before), Some(after)) => before
            .map(|before| f64::midpoint(before, after))
            .filter(|middle| before < Some(*middle) && *middle < after),
    };
    // Those that stood by the alphabet do so no longer where one is put behind them.
    if let Some(order) = between {
        return vec![(room, order)];
    }
    let mut orders = Vec::new();
    let mut next = 0.0;
    for (room, before) in then {
        next += 1.0;
        if before != Some(next) {
            orders.push((room, next));
        }
    }
    orders
}

/// One's favourites: which rooms they are, and their order. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct Favourites(pub(super) Live);

impl Favourites {
    /// Makes a room a favourite, or no longer.
    pub(crate) fn favour(self, room: RoomId, favourite: bool) {
        let order = last(&self.listed()).filter(|_| favourite);
        let patch = PreferencesPatch {
            favourite: Some(favourite),
            order: Some(order.and_then(ListOrder::new)),
            ..PreferencesPatch::default()
        };
        self.0.room_actions().prefer(room, &patch);
    }

    /// Moves a favourite one up or down.
    pub(crate) fn shift(self, room: RoomId, up: bool) {
        self.order(moved(&self.listed(), room, up));
    }

    /// Puts a favourite beside another one, above or `below` it.
    pub(crate) fn put(self, room: RoomId, beside: RoomId, below: bool) {
        self.order(put_beside(&self.listed(), room, (beside, below)));
    }

    fn listed(self) -> Vec<(RoomId, Option<f64>)> {
        self.0.rooms().with_untracked(|rooms| favourites(rooms))
    }

    fn order(self, orders: Vec<(RoomId, f64)>) {
        for (room, order) in orders {
            let patch = PreferencesPatch {
                order: Some(ListOrder::new(order)),
                ..PreferencesPatch::default()
            };
            self.0.room_actions().prefer(room, &patch);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u64) -> RoomId {
        RoomId::new(n).unwrap()
    }

    fn listed(rooms: &[(u64, Option<f64>)]) -> Vec<(RoomId, Option<f64>)> {
        rooms
            .iter()
            .map(|(room, order)| (id(*room), *order))
            .collect()
    }

    fn numbers(orders: Vec<(RoomId, f64)>) -> Vec<(u64, f64)> {
        let number = |(room, order): (RoomId, f64)| (room.get(), order);
        orders.into_iter().map(number).collect()
    }

    #[test]
    fn favourites_come_first_in_their_own_order() {
        let room = |n: u64, kind, order: Option<f64>, favourite| RoomSummary {
            favourite,
            order: order.and_then(ListOrder::new),
            ..RoomSummary::new(id(n), kind, n.to_string())
        };
        let list = arranged(vec![
            room(1, RoomKind::Direct, None, false),
            room(2, RoomKind::Public, None, false),
            room(3, RoomKind::Public, None, true),
            room(4, RoomKind::Direct, Some(2.0), true),
            room(5, RoomKind::Private, Some(0.5), false),
            room(6, RoomKind::Private, Some(0.5), true),
            room(7, RoomKind::Public, None, true),
        ]);
        let order: Vec<u64> = list.iter().map(|room| room.id.get()).collect();
        assert_eq!(order, [6, 4, 3, 7, 2, 5, 1]);
    }

    #[test]
    fn one_is_moved_by_its_own_order_alone() {
        let all = listed(&[(1, Some(1.0)), (2, Some(2.0)), (3, Some(3.0)), (4, None)]);
        assert_eq!(numbers(moved(&all, id(2), true)), [(2, 0.0)]);
        assert_eq!(numbers(moved(&all, id(3), true)), [(3, 1.5)]);
        assert_eq!(numbers(moved(&all, id(1), false)), [(1, 2.5)]);
        assert_eq!(numbers(moved(&all, id(4), true)), [(4, 2.5)]);
        assert_eq!(numbers(moved(&all, id(1), true)), []);
        assert_eq!(numbers(moved(&all, id(4), false)), []);
        assert_eq!(numbers(moved(&all, id(9), true)), []);
    }

    #[test]
    fn one_is_put_beside_another() {
        let all = listed(&[
            (1, Some(1.0)),
            (2, Some(2.0)),
            (3, Some(3.0)),
            (4, Some(4.0)),
        ]);
        let put = |room, beside, below| numbers(put_beside(&all, id(room), (id(beside), below)));
        assert_eq!(put(4, 1, false), [(4, 0.0)]);
        assert_eq!(put(4, 1, true), [(4, 1.5)]);
        assert_eq!(put(1, 3, false), [(1, 2.5)]);
        assert_eq!(put(1, 4, true), [(1, 5.0)]);
        for (beside, below) in [(2, false), (2, true), (1, true), (3, false), (9, true)] {
            assert_eq!(put(2, beside, below), [], "{beside} {below}");
        }
        let by_name = listed(&[(1, None), (2, None), (3, None)]);
        let put = numbers(put_beside(&by_name, id(1), (id(3), true)));
        assert_eq!(put, [(2, 1.0), (3, 2.0), (1, 3.0)]);
    }

    #[test]
    fn where_there_is_no_number_between_all_get_one() {
        let by_name = listed(&[(1, None), (2, None), (3, None)]);
        assert_eq!(numbers(moved(&by_name, id(2), true)), [(2, 0.0)]);
        assert_eq!(
            numbers(moved(&by_name, id(3), true)),
            [(1, 1.0), (3, 2.0), (2, 3.0)]
        );
        let next = f64::from_bits(1.0_f64.to_bits() + 1);
        let close = listed(&[(1, Some(1.0)), (2, Some(next)), (3, Some(5.0))]);
        assert_eq!(numbers(moved(&close, id(3), true)), [(3, 2.0), (2, 3.0)]);
    }

    #[test]
    fn a_new_one_comes_last() {
        assert_eq!(last(&[]), Some(1.0));
        assert_eq!(last(&listed(&[(1, Some(4.5))])), Some(5.5));
        assert_eq!(last(&listed(&[(1, Some(4.5)), (2, None)])), None);
    }
}
