//! Names that are read: people and rooms whose names have Han characters.

use protocol::{RoomKind, RoomPatch};
use server::store::{Account, UsersAsked, Write};

use super::{Fixture, Kind, account, create_room, general, who};

on_every_store!(
    people_are_found_by_each_reading_of_their_names,
    a_room_says_how_its_name_is_read
);

fn names(found: &[Account]) -> Vec<&str> {
    found.iter().map(|one| one.name.as_str()).collect()
}

async fn people_are_found_by_each_reading_of_their_names(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    for name in ["周明", "重庆人", "Zhou-M"] {
        fixture.one(account(name)).await.unwrap();
    }
    for (typed, expected) in [
        ("zm", vec!["周明"]),
        ("ZHOU", vec!["zhou", "周明", "Zhou-M"]),
        ("zhou ming", vec!["周明"]),
        ("cqr", vec!["重庆人"]),
        ("zhongq", vec!["重庆人"]),
        ("明", vec!["周明"]),
        ("hou", vec!["zhou", "Zhou-M"]),
        ("mz", vec![]),
    ] {
        let page = fixture
            .store
            .users_page(UsersAsked::In, typed, 0, 10)
            .await
            .unwrap();
        assert_eq!(names(&page.users), expected, "{typed}");
        let page = fixture.store.members(general(), typed, 0, 10).await;
        assert_eq!(names(&page.unwrap().users), expected, "{typed}");
    }
    fixture.close().await;
}

async fn a_room_says_how_its_name_is_read(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    fixture.one(account("周明")).await.unwrap();
    let made = create_room(RoomKind::Private, "中文频道");
    let room = fixture.one(made).await.unwrap();
    drop(room);
    let read = async || -> Vec<Option<String>> {
        let rooms = fixture.store.rooms_of(super::user(2)).await.unwrap();
        rooms.into_iter().map(|room| room.latin).collect()
    };
    assert_eq!(read().await, [None, Some("zhong wen pin dao".to_owned())]);
    let renamed = Write::ChangeRoom {
        who: who(2),
        room: protocol::RoomId::new(2).unwrap(),
        patch: RoomPatch {
            name: Some("设计".to_owned()),
            ..RoomPatch::default()
        },
        now: 5,
    };
    fixture.one(renamed).await.unwrap();
    assert_eq!(read().await, [None, Some("she ji".to_owned())]);
    let direct = Write::CreateDirect {
        who: who(2),
        others: vec![super::user(4)],
        now: 6,
    };
    fixture.one(direct).await.unwrap();
    assert_eq!(read().await[2].as_deref(), Some("zhou ming"));
    fixture.close().await;
}
