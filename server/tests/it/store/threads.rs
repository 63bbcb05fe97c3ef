//! Threads: where replies stand, what they count for, and who follows.

use protocol::{ErrorCode, InThread, ReadPosition, Replies, ThreadSummary};
use server::store::{FollowedThread, PageAt, rules::FollowRow};

use super::{
    Act, Fixture, Kind, ReadTo, Reply, Write, WriteOutcome, does, general, id, send, user, who,
};

fn reply(by: u64, root: u64, also: bool, text: &str) -> Write {
    let act = Act::Send {
        text: text.into(),
        reply_to: None,
        thread: Some(InThread { root, also }),
    };
    does(by, id(), general(), act)
}

fn read(by: u64, root: u64, seq: u64, generation: Option<u64>) -> Write {
    Write::Read {
        who: who(by),
        room: general(),
        thread: Some(root),
        to: ReadTo { seq, generation },
        from: None,
    }
}

fn unread(by: u64, root: u64, seq: u64) -> Write {
    Write::Unread {
        who: who(by),
        room: general(),
        thread: Some(root),
        seq,
        from: None,
    }
}

fn follow(by: u64, root: u64, on: bool) -> Write {
    Write::Follow {
        who: who(by),
        room: general(),
        root,
        on,
    }
}

/// Following, generation, position, and whether this was changed.
fn stands(outcome: WriteOutcome) -> Result<(bool, u64, u64, bool), ErrorCode> {
    match outcome.map_err(|why| why.code)?.reply {
        Reply::Thread {
            follow: FollowRow { on, read },
            changed,
        } => {
            let ReadPosition { generation, seq } = read;
            Ok((on, generation, seq, changed))
        }
        other => panic!("{other:?}"),
    }
}

fn code(outcome: WriteOutcome) -> Option<ErrorCode> {
    outcome.err().map(|why| why.code)
}

/// How somebody stands to a thread.
async fn standing(fixture: &Fixture, by: u64, root: u64) -> ThreadSummary {
    let thread = fixture
        .store
        .thread((general(), root), user(by), PageAt::Newest, 1);
    thread.await.unwrap().unwrap().thread
}

/// Unread and mentions of the room, then of the thread.
async fn counts(fixture: &Fixture, by: u64, root: u64) -> [u64; 4] {
    let rooms = fixture.store.rooms_of(user(by)).await.unwrap();
    let (room, thread) = (&rooms[0], standing(fixture, by, root).await);
    [room.unread, room.mentions, thread.unread, thread.mentions]
}

/// Who follows, and of whom the commit tells that they do.
async fn followers(fixture: &Fixture, root: u64) -> Vec<u64> {
    let mut all = Vec::new();
    for number in 1..=3 {
        let thread = standing(fixture, number, root).await;
        all.extend(thread.following.then_some(number));
    }
    all
}

on_every_store!(
    a_reply_counts_for_who_follows_and_in_the_room_only_where_it_is_to,
    what_is_no_first_message_has_no_thread,
    who_follows_is_who_wrote_and_is_named,
    a_thread_has_a_read_position_of_its_own,
    threads_are_listed_with_what_is_unread_first,
    a_reply_that_is_changed_or_gone_counts_as_it_stands,
);

async fn a_reply_counts_for_who_follows_and_in_the_room_only_where_it_is_to(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    // 4 is ada's; 5 to 8 reply to it.
    for write in [
        send(1, id(), "who walks"),
        reply(2, 4, false, "I do"),
        reply(3, 4, true, "me too @here"),
        reply(2, 4, false, "good @ada"),
        reply(1, 4, false, "see you"),
    ] {
        fixture.one(write).await.unwrap();
    }
    assert_eq!(counts(&fixture, 1, 4).await, [1, 1, 3, 2]);
    assert_eq!(counts(&fixture, 2, 4).await, [2, 1, 2, 1]);
    // What was said before they came in is not unread.
    assert_eq!(counts(&fixture, 3, 4).await, [1, 0, 2, 0]);
    let room = fixture.store.history(general(), user(1), PageAt::Newest, 9);
    let room = room.await.unwrap();
    let seqs: Vec<u64> = room.messages.iter().map(|one| one.seq).collect();
    assert_eq!(seqs, [4, 6]);
    let at = room.messages[1].at;
    assert_eq!(
        (
            room.messages[1].thread,
            room.messages[1].n,
            room.messages[1].also
        ),
        (Some(4), 2, true)
    );
    let replies = Replies {
        n: 4,
        last_seq: 8,
        last_at: at,
        by: vec![user(1), user(2), user(3)],
    };
    let told = room.messages[0].replies.clone().unwrap();
    assert_eq!(
        Replies {
            last_at: at,
            ..told
        },
        replies
    );
    let thread = (general(), 4);
    let page = fixture.store.thread(thread, user(1), PageAt::Before(8), 2);
    let page = page.await.unwrap().unwrap().replies;
    let seqs: Vec<(u64, u64)> = page.messages.iter().map(|one| (one.seq, one.n)).collect();
    assert_eq!(
        (seqs, page.more, page.last_seq),
        (vec![(6, 2), (7, 3)], true, 8)
    );
    fixture.close().await;
}

async fn what_is_no_first_message_has_no_thread(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    fixture.one(send(1, id(), "first")).await.unwrap();
    fixture.one(reply(2, 4, false, "reply")).await.unwrap();
    let invalid = Some(ErrorCode::Invalid);
    // Nothing, a join, a reply, what is not there yet, and beyond all numbers.
    for root in [0, 1, 5, 6, 99, u64::MAX] {
        assert_eq!(code(fixture.one(reply(2, root, true, "x")).await), invalid);
        assert_eq!(code(fixture.one(read(2, root, 5, None)).await), invalid);
        assert_eq!(code(fixture.one(unread(2, root, 5)).await), invalid);
        assert_eq!(code(fixture.one(follow(2, root, true)).await), invalid);
    }
    let delete = does(1, id(), general(), Act::Delete { of: 4 });
    fixture.one(delete).await.unwrap();
    let conflict = Some(ErrorCode::Conflict);
    assert_eq!(code(fixture.one(reply(2, 4, false, "x")).await), conflict);
    // What is there stays, and is read and followed.
    assert_eq!(counts(&fixture, 1, 4).await, [0, 0, 1, 0]);
    assert_eq!(
        stands(fixture.one(follow(3, 4, true)).await),
        Ok((true, 0, 6, true))
    );
    let first = fixture.store.messages(general(), user(1), &[4]).await;
    let first = first.unwrap().remove(0);
    assert_eq!(
        (first.deleted, first.replies.map(|it| it.n)),
        (true, Some(1))
    );
    // A stranger to the room.
    let stranger = reply(9, 4, false, "x");
    assert!(fixture.one(stranger).await.is_err());
    fixture.close().await;
}

async fn who_follows_is_who_wrote_and_is_named(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    fixture.one(send(1, id(), "first")).await.unwrap();
    let done = fixture.one(reply(2, 4, false, "reply")).await.unwrap();
    let news = done.thread.unwrap();
    assert_eq!((news.root, news.followers), (4, vec![user(1), user(2)]));
    let author = news.followed[0];
    assert_eq!(
        (author.0, author.1.on, author.1.read.seq),
        (user(2), true, 5)
    );
    // Everybody is named: those who follow, and nobody else.
    fixture.one(reply(2, 4, false, "@here")).await.unwrap();
    assert_eq!(followers(&fixture, 4).await, [1, 2]);
    let named = fixture.one(reply(2, 4, false, "@zhou look")).await.unwrap();
    assert_eq!(named.thread.unwrap().followed, []);
    assert_eq!(followers(&fixture, 4).await, [1, 2, 3]);
    assert_eq!(counts(&fixture, 3, 4).await[2..], [1, 1]);
    // Who does not want to any more is left alone by what does not name them.
    for by in [1, 3] {
        fixture.one(follow(by, 4, false)).await.unwrap();
    }
    assert_eq!(counts(&fixture, 1, 4).await[2..], [0, 0]);
    fixture.one(reply(2, 4, false, "more")).await.unwrap();
    assert_eq!(followers(&fixture, 4).await, [2]);
    fixture.one(reply(2, 4, false, "@ada more")).await.unwrap();
    assert_eq!(counts(&fixture, 1, 4).await[2..], [1, 1]);
    fixture.one(reply(3, 4, false, "I am back")).await.unwrap();
    assert_eq!(followers(&fixture, 4).await, [1, 2, 3]);
    assert_eq!(counts(&fixture, 3, 4).await[2..], [0, 0]);
    // Who leaves follows nothing, and who is named and not in the room does not either.
    let leave = Write::Leave {
        who: who(3),
        room: general(),
        user: user(3),
        now: 50,
    };
    fixture.one(leave).await.unwrap();
    fixture
        .one(reply(2, 4, false, "@zhou again"))
        .await
        .unwrap();
    assert_eq!(followers(&fixture, 4).await, [1, 2]);
    fixture.close().await;
}

async fn a_thread_has_a_read_position_of_its_own(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    fixture.one(send(1, id(), "first")).await.unwrap();
    for text in ["one", "two", "three"] {
        fixture.one(reply(2, 4, false, text)).await.unwrap();
    }
    let at = async |write| stands(fixture.one(write).await);
    assert_eq!(at(read(1, 4, 6, None)).await, Ok((true, 0, 6, true)));
    assert_eq!(counts(&fixture, 1, 4).await, [0, 0, 1, 0]);
    assert_eq!(at(read(1, 4, 5, None)).await, Ok((true, 0, 6, false)));
    assert_eq!(at(read(1, 4, 99, Some(1))).await, Err(ErrorCode::Invalid));
    assert_eq!(at(unread(1, 4, 6)).await, Ok((true, 1, 5, true)));
    assert_eq!(counts(&fixture, 1, 4).await[2..], [2, 0]);
    // Told late, of the generation before.
    assert_eq!(at(read(1, 4, 7, Some(0))).await, Ok((true, 1, 5, false)));
    assert_eq!(at(read(1, 4, 99, None)).await, Ok((true, 1, 7, true)));
    assert_eq!(at(unread(1, 4, 8)).await, Err(ErrorCode::Invalid));
    // Who does not follow has no position; the room's is another one.
    assert_eq!(at(read(3, 4, 7, None)).await, Ok((false, 0, 7, false)));
    assert_eq!(at(unread(3, 4, 7)).await, Ok((true, 1, 6, true)));
    assert_eq!(counts(&fixture, 3, 4).await, [1, 0, 1, 0]);
    fixture.close().await;
}

async fn threads_are_listed_with_what_is_unread_first(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    for text in ["4", "5", "6", "7"] {
        fixture.one(send(1, id(), text)).await.unwrap();
    }
    for (by, root) in [(2, 4), (2, 5), (1, 4), (2, 6), (3, 5)] {
        fixture.one(reply(by, root, false, "x")).await.unwrap();
    }
    fixture.one(read(1, 6, 99, None)).await.unwrap();
    fixture.one(follow(1, 7, true)).await.unwrap();
    let list = async |by: u64, unread: bool, before| {
        let some = fixture.store.threads(user(by), unread, before, 9).await;
        let some = some.unwrap();
        let places = some.iter().map(|one| (one.thread.root, one.thread.unread));
        (
            places.collect::<Vec<_>>(),
            some.first().map(FollowedThread::moment),
        )
    };
    let (unread, first) = list(1, true, None).await;
    assert_eq!(unread, [(5, 2), (4, 1)]);
    assert_eq!(list(1, true, first).await.0, [(4, 1)]);
    assert_eq!(list(1, false, None).await.0, [(6, 0), (7, 0)]);
    assert_eq!(list(2, true, None).await.0, [(5, 1), (4, 1)]);
    assert_eq!(list(3, true, None).await.0, []);
    // Nobody sees a room that is gone, and what is brought back is as it was.
    let room = general();
    let delete = Write::DeleteRoom {
        who: who(1),
        room,
        now: 60,
    };
    fixture.one(delete).await.unwrap();
    assert_eq!(list(1, true, None).await.0, []);
    let undelete = Write::UndeleteRoom {
        who: who(1),
        room,
        now: 61,
    };
    fixture.one(undelete).await.unwrap();
    assert_eq!(list(1, true, None).await.0, [(5, 2), (4, 1)]);
    fixture.close().await;
}

async fn a_reply_that_is_changed_or_gone_counts_as_it_stands(kind: Kind) {
    let fixture = Fixture::new(kind).await;
    fixture.one(send(1, id(), "first")).await.unwrap();
    for also in [false, true] {
        fixture.one(reply(2, 4, also, "one @ada")).await.unwrap();
    }
    assert_eq!(counts(&fixture, 1, 4).await, [1, 1, 2, 2]);
    let edit = |of: u64, text: &str| {
        let text = text.into();
        does(2, id(), general(), Act::Edit { of, text })
    };
    fixture.one(edit(5, "nobody")).await.unwrap();
    assert_eq!(counts(&fixture, 1, 4).await, [1, 1, 2, 1]);
    let named = fixture.one(edit(5, "@zhou @ada")).await.unwrap();
    let all = vec![user(1), user(2), user(3)];
    let news = named.thread.unwrap();
    assert_eq!((news.followers, news.followed[0].0), (all.clone(), user(3)));
    assert_eq!(counts(&fixture, 3, 4).await, [2, 0, 2, 1]);
    for of in [5, 6] {
        let delete = does(2, id(), general(), Act::Delete { of });
        let gone = fixture.one(delete).await.unwrap();
        assert_eq!(gone.thread.unwrap().followers, all);
    }
    assert_eq!(counts(&fixture, 1, 4).await, [0, 0, 0, 0]);
    fixture.one(reply(2, 4, false, "two")).await.unwrap();
    let first = fixture.store.messages(general(), user(1), &[4]).await;
    let replies = first.unwrap().remove(0).replies.unwrap();
    assert_eq!((replies.n, replies.by), (3, vec![user(2)]));
    fixture.close().await;
}
