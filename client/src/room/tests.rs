use protocol::{Message, MessageId, RoomId, RoomKind, UserId, UserSummary};

use super::*;

const ME: u64 = 1;

fn user(id: u64) -> UserId {
    UserId::new(id).unwrap()
}

fn people() -> People {
    let mut people = People::new(10);
    let (name, display_name) = ("ada".to_owned(), "Ada".to_owned());
    people.set_me(UserSummary::new(user(ME), name, display_name));
    people
}

fn summary(last_seq: Seq, read_seq: Seq, unread: u64) -> RoomSummary {
    RoomSummary {
        last_seq,
        read_seq,
        unread,
        ..RoomSummary::new(
            RoomId::new(1).unwrap(),
            RoomKind::Public,
            "general".to_owned(),
        )
    }
}

fn said(seq: Seq) -> Message {
    Message {
        text: Some("hello".to_owned()),
        ..Message::new(seq, MessageId::from_u128(u128::from(seq)), user(2), seq)
    }
}

/// A page of all messages from one place to another, as they were when the log ended at `asof`.
fn page(from: Seq, to: Seq, asof: Seq) -> FetchedPage {
    FetchedPage {
        messages: (from..=to).map(said).collect(),
        notes: Vec::new(),
        from,
        to,
        asof,
    }
}

fn event(seq: Seq, kind: EventKind) -> Event {
    Event {
        room: RoomId::new(1).unwrap(),
        seq,
        at: seq,
        by: user(2),
        kind,
    }
}

/// A room whose log was seen up to `cursor`, with all from `from` on held and certain.
fn room(cursor: Seq, from: Seq) -> Room {
    let mut room = Room::new(summary(cursor, 0, cursor));
    room.held
        .insert(page(from, cursor, cursor), cursor, &people());
    room.held.loaded = true;
    room
}

fn seqs(room: &Room) -> Vec<Seq> {
    room.held.entries.all.keys().copied().collect()
}

fn gaps(room: &Room) -> Vec<(Seq, Seq)> {
    room.held.spans.gaps().collect()
}

#[test]
fn reading_a_part_is_exact_where_what_is_held_is_of_the_same_moment() {
    let people = people();
    let mut exact = room(10, 1);
    assert!(exact.read_to(4, &people));
    assert_eq!((exact.counts.unread(), exact.counts.doubtful), (6, false));
    assert!(!exact.read_to(4, &people) && !exact.read_to(3, &people));

    // The server counted further than was seen.
    let mut ahead = room(10, 1);
    ahead.tell(summary(20, 0, 15), true);
    assert!(ahead.read_to(4, &people) && ahead.counts.doubtful);

    // A page may know more than was seen.
    let mut unsure = Room::new(summary(10, 0, 10));
    unsure.held.insert(page(1, 10, 12), 10, &people);
    assert!(unsure.read_to(4, &people) && unsure.counts.doubtful);

    // Not all of it is held.
    let mut partly = room(10, 3);
    assert!(partly.read_to(4, &people) && partly.counts.doubtful);
    assert!(partly.read_to(10, &people) && !partly.counts.doubtful);
    assert_eq!(partly.counts.unread(), 0);
}

#[test]
fn a_word_on_the_room_that_is_older_than_what_was_seen() {
    let people = people();
    let mut room = room(10, 1);
    for event in [
        event(
            11,
            EventKind::Topic {
                text: "new".to_owned(),
            },
        ),
        event(12, EventKind::Delete { of: 5 }),
    ] {
        assert!(matches!(room.log.take(event.clone()), TakenEntry::Next(_)));
        room.apply(&event, &people, false);
    }
    room.recap();
    assert_eq!(
        (room.summary.topic.as_str(), room.summary.unread),
        ("new", 9)
    );
    room.tell(
        RoomSummary {
            topic: "old".to_owned(),
            ..summary(10, 0, 10)
        },
        true,
    );
    assert!(room.counts.doubtful, "the deletion is not in that number");
    assert_eq!((room.summary.last_seq, room.log.cursor()), (12, 12));
    room.tell(
        RoomSummary {
            topic: "newest".to_owned(),
            ..summary(13, 0, 10)
        },
        true,
    );
    assert_eq!(
        (
            room.summary.topic.as_str(),
            room.summary.unread,
            room.log.is_behind()
        ),
        ("newest", 10, true)
    );
}

#[test]
fn too_many_missed_leaves_the_newest_to_be_seen() {
    let mut room = room(300, 1);
    assert!(room.skip_to(5_000, true).is_empty());
    assert_eq!(seqs(&room), (201..=300).collect::<Vec<_>>());
    assert_eq!((gaps(&room), room.held.more), (vec![(300, 5_001)], true));
    assert!(room.held.entries.stale().is_some() && room.held.entries.messages() == 0);
    // They are loaded again; what the page does not reach is behind more.
    room.held.insert(
        FetchedPage {
            messages: (250..=300).map(said).collect(),
            ..page(250, 300, 5_000)
        },
        5_000,
        &people(),
    );
    room.held.forget_stale(5_000);
    assert_eq!(seqs(&room), (250..=300).collect::<Vec<_>>());
    assert_eq!(
        (
            gaps(&room),
            room.held.more,
            room.held.entries.stale().is_some()
        ),
        (vec![(300, 5_001)], true, false)
    );
}

#[test]
fn stale_messages_that_cannot_be_loaded_go() {
    let mut stale = room(300, 1);
    stale.skip_to(5_000, true);
    stale
        .held
        .insert(page(4_990, 5_000, 5_000), 5_000, &people());
    stale.held.forget_stale(5_000);
    assert_eq!(
        (seqs(&stale), gaps(&stale)),
        ((4_990..=5_000).collect(), vec![])
    );
    assert!(stale.held.more);
    let mut closed = room(300, 1);
    closed.skip_to(5_000, false);
    assert_eq!(
        (seqs(&closed), closed.held.loaded, closed.held.more),
        (vec![], false, true)
    );
}

#[test]
fn trimming_keeps_where_one_reads() {
    let mut down = room(1_000, 1);
    assert!(!down.held.trim(1_000, 1_000, None) && down.held.trim(400, 1_000, None));
    assert_eq!(
        (seqs(&down), gaps(&down), down.held.more),
        ((601..=1_000).collect(), vec![], true)
    );
    let mut up = room(1_000, 1);
    assert!(up.held.trim(400, 1_000, Some(1)));
    assert_eq!(
        (seqs(&up).len(), gaps(&up), up.held.more),
        (400, vec![(300, 901)], false)
    );
    let mut middle = room(1_000, 1);
    assert!(middle.held.trim(400, 1_000, Some(500)));
    let kept: Vec<Seq> = (350..650).chain(901..=1_000).collect();
    assert_eq!(
        (seqs(&middle), gaps(&middle), middle.held.more),
        (kept, vec![(649, 901)], true)
    );
    // What one reads is near the newest: nothing is between.
    let mut near = room(1_000, 1);
    assert!(near.held.trim(400, 1_000, Some(880)));
    assert_eq!(
        (seqs(&near), gaps(&near)),
        ((601..=1_000).collect(), vec![])
    );
    let mut none = room(1_000, 1);
    none.held.trim(0, 1_000, None);
    assert_eq!(
        (seqs(&none), gaps(&none), none.held.spans.first()),
        (vec![], vec![], 1_001)
    );
}

#[test]
fn a_window_is_a_part_and_knows_what_is_around_it() {
    let mut room = room(1_000, 1);
    room.held.trim(400, 1_000, Some(500));
    let end = room.held.window_at_end(60, true);
    assert_eq!((end.from, end.to), (Some(941), None));
    assert_eq!(room.held.window_size(end), 60);
    assert_eq!(
        room.held.window_at_end(4_000, true),
        crate::Window::default()
    );
    let around = room.held.window_around(500, 60, true);
    assert_eq!((around.from, around.to), (Some(440), Some(559)));
    // It crosses the gap, and ends where nothing more is held.
    let low = room.held.window_around(640, 60, true);
    assert_eq!((low.from, low.to), (Some(580), Some(950)));
    assert_eq!(room.held.window_around(980, 60, true).to, None);
    assert_eq!(room.held.window_around(355, 60, true).from, None);
    // Or it ends at the gap, which it shows.
    let gap = room.held.window_around(640, 60, false);
    assert_eq!((gap.from, gap.to), (Some(580), Some(649)));
    let gap = room.held.window_around(920, 60, false);
    assert_eq!((gap.from, gap.to), (Some(901), Some(979)));
    assert!(!room.held.crosses_gap(gap) && room.held.crosses_gap(low));
    assert_eq!(room.held.window_at_end(400, false).from, Some(901));
    let holds = |seq| room.held.holds(seq, seq, 1_000);
    assert!(room.held.holds_end(1_000) && holds(649) && !holds(650));
}

#[test]
fn what_is_shown_as_one_ends_at_gaps() {
    let mut room = room(1_000, 1);
    room.held.trim(400, 1_000, Some(500));
    assert_eq!(room.held.shown_as_one(400, 420, 1_000), (400, 420));
    assert_eq!(room.held.shown_as_one(350, 360, 1_000), (350, 360));
    assert_eq!(room.held.shown_as_one(640, 649, 1_000), (640, 649));
    assert_eq!(room.held.shown_as_one(901, 1_000, 1_000), (901, 1_000));
}
