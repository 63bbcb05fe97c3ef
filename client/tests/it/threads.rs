//! Threads: replies that stand beside the room, what is unread of them, and the one that is looked at.

use client::{Input, SendState, TimelineItem};
use protocol::{
    Act, Behind, ClientFrame, EventKind, History, InThread, Seq, ServerFrame, ThreadChange,
};

use crate::{
    check,
    house::{at_home, house},
    model::{room_id, user_id},
    timeline::frame,
    world::World,
};

fn texts(world: &World, root: Option<Seq>) -> Vec<String> {
    let view = match root {
        None => world.session.room(room_id(1)),
        Some(root) => world.session.thread(room_id(1), root),
    };
    let items = view.map(|view| view.timeline().items).unwrap_or_default();
    let text = |item: &TimelineItem| match item {
        TimelineItem::Message(message) => message.text.clone(),
        _ => None,
    };
    items.iter().filter_map(text).collect()
}

fn unread(world: &World) -> Vec<(u64, u64)> {
    let all = world.session.unread_threads();
    all.map(|(_, unread, mentions)| (unread, mentions))
        .collect()
}

fn open(world: &mut World, root: Seq) {
    let room = room_id(1);
    world.input(Input::OpenThread { room, root });
    world.run(500);
}

fn reply(world: &mut World, root: Seq, text: &str, also: bool) {
    let act = Act::Send {
        text: text.to_owned(),
        reply_to: None,
        thread: Some(InThread { root, also }),
    };
    let room = room_id(1);
    world.input(Input::Act { room, act });
}

#[test]
fn a_reply_is_none_of_the_rooms_own_messages() {
    let mut world = at_home(70);
    let root = world.says(user_id(2), room_id(1), "shall we?");
    world.run(500);
    let before = world.session.room(room_id(1)).unwrap().summary().unread;
    world.replies(user_id(3), room_id(1), root, "only in the thread @user1");
    world.replies_also(user_id(3), room_id(1), (root, true), "in both");
    world.run(500);
    let shown = texts(&world, None);
    assert!(
        !shown.iter().any(|text| text.starts_with("only")),
        "{shown:?}"
    );
    assert_eq!(shown.last().map(String::as_str), Some("in both"));
    let room = world.session.room(room_id(1)).unwrap();
    assert_eq!(
        (room.summary().unread, room.summary().mentions),
        (before + 1, 0)
    );
    let replies = room.message(root).unwrap().replies.clone().unwrap();
    assert_eq!((replies.n, replies.by), (2, vec![user_id(3)]));
    assert_eq!(unread(&world), [(2, 1)], "one is named, and so follows");
    check::settle(&mut world, true);
    check::converged(&world, true);
}

#[test]
fn what_was_said_before_one_followed_is_not_unread() {
    let mut world = at_home(71);
    let root = world.says(user_id(2), room_id(1), "shall we?");
    for _ in 0..3 {
        world.replies(user_id(3), room_id(1), root, "yes");
    }
    world.run(500);
    assert_eq!(unread(&world), []);
    world.replies(user_id(3), room_id(1), root, "@user1 too");
    world.replies(user_id(2), room_id(1), root, "good");
    world.run(500);
    assert_eq!(unread(&world), [(2, 1)]);
    open(&mut world, root);
    assert_eq!(texts(&world, Some(root)).len(), 5);
    let (room, seq) = (room_id(1), Seq::MAX);
    let input = Box::new(Input::Read { room, seq });
    world.input(Input::Thread { root, input });
    assert_eq!(unread(&world), []);
    world.run(2_000);
    assert_eq!(world.model.thread(room_id(1), root, world.me).unread, 0);
    check::settle(&mut world, true);
    check::converged(&world, true);
}

#[test]
fn a_deleted_reply_is_not_unread() {
    let mut world = at_home(72);
    let root = world.says(user_id(2), room_id(1), "shall we?");
    world.replies(user_id(3), room_id(1), root, "@user1");
    let last = world.replies(user_id(3), room_id(1), root, "no");
    world.run(500);
    assert_eq!(unread(&world), [(2, 1)]);
    world
        .does(user_id(3), room_id(1), EventKind::Delete { of: last })
        .unwrap();
    world.run(500);
    assert_eq!(unread(&world), [(1, 1)]);
    world.input(Input::Follow {
        room: room_id(1),
        root,
        on: false,
    });
    assert_eq!(unread(&world), []);
    check::settle(&mut world, true);
    check::converged(&world, true);
}

#[test]
fn an_own_reply_waits_for_the_connection_and_is_seen_where_it_will_stand() {
    let mut world = at_home(73);
    let root = world.says(user_id(2), room_id(1), "shall we?");
    world.run(500);
    open(&mut world, root);
    world.up = false;
    world.cut();
    world.run(200);
    reply(&mut world, root, "quietly", false);
    reply(&mut world, root, "aloud", true);
    assert_eq!(texts(&world, Some(root)), ["quietly", "aloud"]);
    let room = texts(&world, None);
    assert!(
        room.ends_with(&["shall we?".to_owned(), "aloud".to_owned()]),
        "{room:?}"
    );
    world.crash();
    world.up = true;
    world.run(30_000);
    world.input(Input::OpenRoom(room_id(1)));
    open(&mut world, root);
    assert_eq!(texts(&world, Some(root)), ["quietly", "aloud"]);
    let view = world.session.thread(room_id(1), root).unwrap();
    let stored = |item: &TimelineItem| matches!(item, TimelineItem::Message(m) if m.state == SendState::Stored);
    assert!(view.timeline().items.iter().all(stored) && view.following());
    check::settle(&mut world, true);
    check::converged(&world, true);
}

#[test]
fn a_thread_that_is_looked_at_follows_its_room_over_an_outage() {
    let mut world = at_home(74);
    let root = world.says(user_id(2), room_id(1), "shall we?");
    let first = world.replies(user_id(3), room_id(1), root, "one @user1");
    world.run(500);
    open(&mut world, root);
    for replay in [1_000, 2] {
        world.replay = replay;
        world.up = false;
        world.cut();
        world.run(500);
        for n in 0..2 {
            world.says(user_id(2), room_id(1), "beside it");
            world.replies(user_id(3), room_id(1), root, &format!("later {n}"));
        }
        let of = first;
        let text = Some(format!("better {replay}"));
        let edit = EventKind::Edit {
            of,
            text,
            deleted: false,
        };
        world.does(user_id(3), room_id(1), edit).unwrap();
        world.up = true;
        world.run(30_000);
        let shown = texts(&world, Some(root));
        assert_eq!(shown[0], format!("better {replay}"));
        assert_eq!(
            shown.len(),
            world.model.replies(room_id(1), root, world.me).len()
        );
        let first = world
            .session
            .thread(room_id(1), root)
            .unwrap()
            .first()
            .unwrap();
        assert_eq!(
            first.replies.as_ref().map(|replies| replies.n),
            Some(shown.len() as u64)
        );
    }
    check::settle(&mut world, true);
    check::converged(&world, true);
}

#[test]
fn five_threads_are_kept_and_all_are_counted() {
    let mut world = at_home(75);
    let roots: Vec<Seq> = (0..7)
        .map(|_| world.says(user_id(2), room_id(1), "a topic"))
        .collect();
    for &root in &roots {
        world.replies(user_id(3), room_id(1), root, "@user1");
    }
    world.run(500);
    for &root in &roots {
        open(&mut world, root);
    }
    let loaded = |root: &&Seq| {
        let view = world.session.thread(room_id(1), **root).unwrap();
        view.timeline().loaded
    };
    assert_eq!(roots.iter().filter(loaded).count(), 5);
    assert_eq!(unread(&world), vec![(1, 1); 7]);
    world.member(room_id(1), user_id(1), false);
    world.run(500);
    assert_eq!(unread(&world), [], "nothing of a room that is gone");
    assert!(world.session.thread(room_id(1), roots[6]).is_none());
}

/// The newest request for a page of a thread.
fn asked(world: &World) -> History {
    let mut frames = world.transmitted.iter().rev();
    let ask = frames.find_map(|(_, frame)| match frame {
        ClientFrame::History(ask) if ask.thread.is_some() => Some(*ask),
        _ => None,
    });
    ask.unwrap()
}

#[test]
fn a_page_from_before_a_skipped_part_of_the_log_is_asked_for_again() {
    let room = room_id(1);
    let mut world = at_home(77);
    let root = world.says(user_id(2), room, "shall we?");
    let of = world.replies(user_id(3), room, root, "yes");
    world.run(500);
    world.deaden();
    world.input(Input::OpenThread { room, root });
    let first = asked(&world);
    let page = world.model.page(&first, world.me);
    // The reply is changed in a part of the log that is skipped; what follows that part was pushed before it was known to be.
    let from = world.model.last(room);
    let (text, deleted) = (Some("no".to_owned()), false);
    let edit = EventKind::Edit { of, text, deleted };
    let last_seq = world.model.add(room, user_id(3), edit).seq;
    let next = world.says(user_id(2), room, "what follows");
    let event = world.model.entry(room, next);
    frame(&mut world, &ServerFrame::Event(event));
    frame(
        &mut world,
        &ServerFrame::Behind(Behind {
            room,
            from,
            last_seq,
        }),
    );
    frame(&mut world, &ServerFrame::Page(page));
    let again = asked(&world);
    assert!(again.req > first.req);
    let page = world.model.page(&again, world.me);
    frame(&mut world, &ServerFrame::Page(page));
    assert_eq!(texts(&world, Some(root)), ["no"]);
}

fn follow(world: &mut World, root: Seq, on: bool) {
    let room = room_id(1);
    world.input(Input::Follow { room, root, on });
}

#[test]
fn a_reply_that_was_stored_before_ones_word_on_its_thread_does_not_undo_it() {
    let mut world = at_home(76);
    let root = world.says(user_id(1), room_id(1), "shall we?");
    world.run(500);
    world.faults.commit_ms = 1_500;
    follow(&mut world, root, false);
    // The server was asked for it meanwhile, and did not have it.
    world.run(1_000);
    world.replies(user_id(2), room_id(1), root, "yes");
    world.run(2_000);
    assert!(!world.model.thread(room_id(1), root, user_id(1)).following);
    assert_eq!(unread(&world), []);
    check::settle(&mut world, true);
    check::converged(&world, true);
}

#[test]
fn a_page_that_was_read_before_ones_word_on_a_thread_does_not_undo_it() {
    for on in [true, false] {
        let mut world = at_home(77);
        let root = world.says(user_id(2), room_id(1), "shall we?");
        world.replies(user_id(3), room_id(1), root, "yes");
        if !on {
            world.replies(user_id(3), room_id(1), root, "@user1 too");
        }
        world.run(500);
        (world.faults.commit_ms, world.faults.page_ms) = (600, 400);
        follow(&mut world, root, on);
        world.run(5_000);
        world.replies(user_id(3), room_id(1), root, "good");
        world.run(500);
        assert_eq!(unread(&world).len(), usize::from(on));
        world.faults.page_ms = 0;
        check::settle(&mut world, true);
        check::converged(&world, true);
    }
}

#[test]
fn threads_of_rooms_that_are_told_behind_the_welcome_are_counted() {
    let mut world = house(78);
    world.welcome_rooms = 1;
    let root = world.says(user_id(1), room_id(2), "shall we?");
    world.replies(user_id(2), room_id(2), root, "@user1 yes");
    world.input(Input::Start);
    world.run(1_000);
    assert_eq!(unread(&world), [(1, 1)]);
    check::settle(&mut world, true);
    check::converged(&world, true);
}

/// Somebody begins to follow a thread with a reply, of which another node told; what was told of an earlier one is lost.
#[test]
fn where_one_began_to_follow_is_the_servers_to_say() {
    for reads in [false, true] {
        let mut world = at_home(77);
        let root = world.says(user_id(2), room_id(1), "shall we?");
        let first = world.replies(user_id(3), room_id(1), root, "yes");
        let second = world.replies(user_id(3), room_id(1), root, "at noon");
        world.run(500);
        let told = |seq: Option<Seq>, read_seq: Option<Seq>| {
            ServerFrame::Thread(ThreadChange {
                room: room_id(1),
                root,
                seq,
                following: Some(true),
                read_seq,
                generation: 0,
            })
        };
        let read_to = |world: &World| {
            let view = world.session.thread(room_id(1), root).unwrap();
            view.summary().read_seq
        };
        frame(&mut world, &told(Some(second), None));
        assert_eq!(read_to(&world), first);
        if reads {
            let (room, seq) = (room_id(1), second);
            let input = Box::new(Input::Read { room, seq });
            world.input(Input::Thread { root, input });
        }
        frame(&mut world, &told(None, Some(first - 1)));
        // What one read oneself stays read.
        assert_eq!(read_to(&world), if reads { second } else { first - 1 });
        frame(&mut world, &told(None, Some(first - 2)));
        assert_eq!(read_to(&world), if reads { second } else { first - 1 });
    }
}
