//! Read positions: they grow within a generation, and "unread from here" begins the next one.

use protocol::ReadPosition;

use super::{
    Act, ErrorCode, Fixture, Kind, ReadTo, Reply, Write, WriteOutcome, does, general, id, limits,
    send, user, who,
};

pub(super) fn read(by: u64, seq: u64, generation: Option<u64>) -> Write {
    Write::Read {
        thread: None,
        who: who(by),
        room: general(),
        to: ReadTo { seq, generation },
        from: None,
    }
}

pub(super) fn unread(by: u64, seq: u64) -> Write {
    Write::Unread {
        thread: None,
        who: who(by),
        room: general(),
        seq,
        from: None,
    }
}

fn position(outcome: WriteOutcome) -> Result<(u64, u64, bool), ErrorCode> {
    match outcome.map_err(|why| why.code)?.reply {
        Reply::Read { position, moved } => {
            let ReadPosition { generation, seq } = position;
            Ok((generation, seq, moved))
        }
        other => panic!("{other:?}"),
    }
}

/// Unread, mentions, generation, read position.
async fn counts(fixture: &Fixture, by: u64) -> (u64, u64, u64, u64) {
    let rooms = fixture.store.rooms_of(user(by)).await.unwrap();
    let room = &rooms[0];
    (room.unread, room.mentions, room.generation, room.read_seq)
}

on_every_store!(
    a_position_is_set_back_in_a_new_generation,
    what_is_told_of_another_generation,
    only_so_far_back,
);

async fn a_position_is_set_back_in_a_new_generation(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    // 4 and 6 to 9 are ada's, 5 is wren's own; 7 is gone.
    for (by, text) in [
        (1, "@wren one"),
        (2, "mine"),
        (1, "two"),
        (1, "@wren three"),
        (1, "@here four"),
        (1, "five"),
    ] {
        fixture.one(send(by, id(), text)).await.unwrap();
    }
    let delete = does(1, id(), general(), Act::Delete { of: 7 });
    fixture.one(delete).await.unwrap();
    let at = async |write| position(fixture.one(write).await);
    assert_eq!(at(read(2, 10, None)).await, Ok((0, 10, true)));
    assert_eq!(counts(&fixture, 2).await, (0, 0, 0, 10));
    assert_eq!(at(unread(2, 5)).await, Ok((1, 4, true)));
    assert_eq!(counts(&fixture, 2).await, (3, 1, 1, 4));
    // Also before one came.
    assert_eq!(at(unread(2, 1)).await, Ok((2, 0, true)));
    assert_eq!(counts(&fixture, 2).await, (4, 2, 2, 0));
    // And forward.
    assert_eq!(at(unread(2, 9)).await, Ok((3, 8, true)));
    assert_eq!(counts(&fixture, 2).await, (1, 0, 3, 8));
    fixture.one(send(2, id(), "mine again")).await.unwrap();
    fixture.one(send(1, id(), "six")).await.unwrap();
    assert_eq!(counts(&fixture, 2).await, (2, 0, 3, 8));
    assert_eq!(at(read(2, 12, Some(3))).await, Ok((3, 12, true)));
    assert_eq!(counts(&fixture, 2).await, (0, 0, 3, 12));
    // Nobody else's moved; and who comes back begins anew.
    assert_eq!(counts(&fixture, 3).await.2, 0);
    let now = 50;
    let (who, room) = (who(2), general());
    let leave = Write::Leave {
        who,
        room,
        user: who.id,
        now,
    };
    let join = Write::Join {
        who,
        room,
        user: who.id,
        now,
    };
    fixture.all(&[leave, join]).await;
    assert_eq!(counts(&fixture, 2).await, (0, 0, 0, 14));
    // Own messages of before count as own ones.
    assert_eq!(at(unread(2, 5)).await, Ok((1, 4, true)));
    assert_eq!(counts(&fixture, 2).await, (4, 1, 1, 4));
    fixture.close().await;
}

async fn what_is_told_of_another_generation(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    for n in 0..6 {
        fixture.one(send(1, id(), &format!("{n}"))).await.unwrap();
    }
    let at = async |write| position(fixture.one(write).await);
    assert_eq!(at(read(2, 9, Some(0))).await, Ok((0, 9, true)));
    assert_eq!(at(read(2, 9, Some(1))).await, Err(ErrorCode::Invalid));
    assert_eq!(at(unread(2, 6)).await, Ok((1, 5, true)));
    assert_eq!(at(read(2, 9, Some(0))).await, Ok((1, 5, false)));
    for beyond in [2, u64::MAX] {
        let refused = at(read(2, 9, Some(beyond))).await;
        assert_eq!(refused, Err(ErrorCode::Invalid));
    }
    assert_eq!(at(read(2, 7, Some(1))).await, Ok((1, 7, true)));
    assert_eq!(at(read(2, 6, Some(1))).await, Ok((1, 7, false)));
    assert_eq!(at(read(2, 8, None)).await, Ok((1, 8, true)));
    fixture.close().await;
}

async fn only_so_far_back(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    let at = async |write| position(fixture.one(write).await);
    for nowhere in [0, 4, u64::MAX] {
        let refused = at(unread(2, nowhere)).await;
        assert_eq!(refused, Err(ErrorCode::Invalid), "{nowhere}");
    }
    assert_eq!(at(unread(9, 3)).await, Err(ErrorCode::Forbidden));
    let most = limits::UNREAD_BACK;
    let writes: Vec<Write> = (0..most).map(|_| send(1, id(), "x")).collect();
    fixture.all(&writes).await;
    assert_eq!(at(unread(2, 2)).await, Err(ErrorCode::Invalid));
    assert_eq!(at(unread(2, 3)).await, Ok((1, 2, true)));
    assert_eq!(counts(&fixture, 2).await, (most, 0, 1, 2));
    fixture.close().await;
}
