//! What is one person's own over all rooms.

use protocol::UserId;
use server::store::{Moment, Saving};

use super::{
    Act, ErrorCode, Fixture, Kind, Reply, RoomId, RoomKind, Write, code, does, general, id, limits,
    say, send, user, who,
};

pub(super) fn save(by: u64, room: RoomId, seq: u64, on: bool) -> Write {
    Write::Save(Saving {
        who: who(by),
        room,
        seq,
        on,
        now: 30,
    })
}

async fn saved(fixture: &Fixture, by: u64) -> Vec<(u64, u64)> {
    let saved = fixture.store.saved(user(by)).await.unwrap();
    let place = |one: &server::store::SavedRow| (one.room.get(), one.seq);
    saved.iter().map(place).collect()
}

/// All pages of so many each, and how many pages they were.
async fn for_you(fixture: &Fixture, by: u64, limit: u32) -> (Vec<(u64, u64)>, usize) {
    let (mut all, mut pages, mut before) = (Vec::new(), 0, None);
    loop {
        let page = fixture.store.for_you(user(by), before, limit);
        let page = page.await.unwrap();
        assert!(page.places.len() <= limit as usize);
        pages += 1;
        all.extend(page.places);
        let Some(next) = page.next else { break };
        assert!(before.is_none_or(|before| next < before));
        before = Some(next);
    }
    let falls = |two: &[Moment]| two[0] > two[1];
    assert!(all.windows(2).all(falls), "{all:?}");
    let place = |at: &Moment| (at.room.get(), at.seq);
    (all.iter().map(place).collect(), pages)
}

on_every_store!(
    what_may_be_read_may_be_saved,
    only_so_many_are_saved,
    what_is_for_somebody_comes_newest_first_and_once,
    a_page_looks_through_so_much_and_the_next_goes_on,
);

async fn what_may_be_read_may_be_saved(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let hidden = make(&fixture, RoomKind::Private, "cellar").await;
    let public = make(&fixture, RoomKind::Public, "attic").await;
    for room in [general(), hidden, public] {
        fixture
            .one(does(1, id(), room, say("hello")))
            .await
            .unwrap();
    }
    let put = async |by, room, seq| code(fixture.one(save(by, room, seq, true)).await);
    assert_eq!(put(2, general(), 4).await, Ok(()));
    assert_eq!(put(2, public, 2).await, Ok(()), "not joined, but readable");
    for (room, seq) in [
        (hidden, 2),
        (RoomId::new(99).unwrap(), 1),
        (general(), 3),
        (general(), 0),
        (general(), u64::MAX),
    ] {
        let refused = put(2, room, seq).await;
        assert_eq!(refused, Err(ErrorCode::NotFound), "{room} {seq}");
    }
    assert_eq!(put(1, hidden, 2).await, Ok(()));
    // Again it stays where it is.
    assert_eq!(put(2, general(), 4).await, Ok(()));
    assert_eq!(saved(&fixture, 2).await, [(public.get(), 2), (1, 4)]);
    // A deleted one stays, and is let go of.
    let delete = does(1, id(), general(), Act::Delete { of: 4 });
    fixture.one(delete).await.unwrap();
    assert_eq!(saved(&fixture, 2).await.len(), 2);
    for _ in 0..2 {
        let gone = fixture.one(save(2, general(), 4, false)).await;
        assert_eq!(code(gone), Ok(()));
    }
    let nowhere = fixture.one(save(2, hidden, u64::MAX, false)).await;
    assert_eq!(code(nowhere), Ok(()));
    assert_eq!(saved(&fixture, 2).await, [(public.get(), 2)]);
    let (who, room, now) = (who(1), public, 40);
    fixture
        .one(Write::DeleteRoom { who, room, now })
        .await
        .unwrap();
    assert_eq!(saved(&fixture, 2).await, []);
    assert_eq!(saved(&fixture, 1).await, [(hidden.get(), 2)]);
    fixture.close().await;
}

async fn only_so_many_are_saved(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let most = u64::from(limits::SAVED);
    let said: Vec<Write> = (0..=most).map(|_| send(1, id(), "x")).collect();
    fixture.all(&said).await;
    let all: Vec<Write> = (0..most).map(|n| save(2, general(), 4 + n, true)).collect();
    for outcome in fixture.all(&all).await {
        assert_eq!(code(outcome), Ok(()));
    }
    let put = async |seq, on| code(fixture.one(save(2, general(), seq, on)).await);
    let last = 4 + most;
    assert_eq!(put(last, true).await, Err(ErrorCode::Conflict));
    assert_eq!(put(4, true).await, Ok(()), "it is one of them");
    assert_eq!(put(5, false).await, Ok(()));
    assert_eq!(put(last, true).await, Ok(()));
    let saved = saved(&fixture, 2).await;
    assert_eq!((saved.len() as u64, saved[0]), (most, (1, last)));
    fixture.close().await;
}

/// A room of the first user's.
async fn make(fixture: &Fixture, kind: RoomKind, name: &str) -> RoomId {
    let (name, topic) = (name.to_owned(), String::new());
    let (who, now) = (who(1), 20);
    let new = Write::CreateRoom {
        who,
        kind,
        name,
        topic,
        now,
    };
    let Reply::Room { room, .. } = fixture.one(new).await.unwrap().reply else {
        unreachable!("a room was made");
    };
    room
}

async fn direct(fixture: &Fixture, by: u64, others: Vec<UserId>) -> RoomId {
    let (who, now) = (who(by), 20);
    let made = fixture.one(Write::CreateDirect { who, others, now }).await;
    let Reply::Room { room, .. } = made.unwrap().reply else {
        unreachable!("a room was made");
    };
    room
}

async fn what_is_for_somebody_comes_newest_first_and_once(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let both = direct(&fixture, 1, vec![user(2)]).await;
    let others = direct(&fixture, 1, vec![user(3)]).await;
    let room = both.get();
    for write in [
        send(1, id(), "@wren @here"),
        does(1, id(), both, say("hello @wren")),
        send(1, id(), "to nobody"),
        send(2, id(), "@here from wren"),
        does(2, id(), both, say("from wren")),
        does(1, id(), others, say("@wren is not here")),
        send(3, id(), "@here"),
        does(1, id(), both, say("again")),
        send(1, id(), "@wren gone"),
    ] {
        fixture.one(write).await.unwrap();
    }
    let delete = does(1, id(), general(), Act::Delete { of: 8 });
    fixture.one(delete).await.unwrap();
    let all = [(room, 5), (1, 7), (room, 3), (1, 4)];
    for limit in [1, 2, 3, 50] {
        let (found, _) = for_you(&fixture, 2, limit).await;
        let mut sorted = found.clone();
        sorted.sort_unstable();
        let mut expected = all.to_vec();
        expected.sort_unstable();
        assert_eq!(sorted, expected, "{limit}");
        // All of one moment: of one room the newer ones come first.
        let of = |found: &[(u64, u64)], room| {
            let of_room = found.iter().filter(|(of, _)| *of == room);
            of_room.map(|(_, seq)| *seq).collect::<Vec<_>>()
        };
        assert_eq!(of(&found, 1), [7, 4]);
        assert_eq!(of(&found, room), [5, 3]);
    }
    let (who, user, now) = (who(2), user(2), 40);
    let room = general();
    let leave = Write::Leave {
        who,
        room,
        user,
        now,
    };
    fixture.one(leave).await.unwrap();
    let (found, _) = for_you(&fixture, 2, 50).await;
    assert_eq!(found, [(both.get(), 5), (both.get(), 3)]);
    assert_eq!(for_you(&fixture, 9, 50).await, (vec![], 1));
    fixture.close().await;
}

async fn a_page_looks_through_so_much_and_the_next_goes_on(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let both = direct(&fixture, 1, vec![user(2)]).await;
    fixture
        .one(does(1, id(), both, say("the first")))
        .await
        .unwrap();
    let own = |_| does(2, id(), both, say("wren speaks"));
    let writes: Vec<Write> = (0..6_000).map(own).collect();
    fixture.all(&writes).await;
    let (found, pages) = for_you(&fixture, 2, 50).await;
    assert_eq!(found, [(both.get(), 3)]);
    assert_eq!(pages, if matches!(kind, Kind::Sqlite) { 2 } else { 1 });
    let (found, _) = for_you(&fixture, 1, 50).await;
    assert_eq!(found.len(), 6_000);
    fixture.close().await;
}
