//! What was typed goes out once, in order, whatever happens.

use client::{Change, Effect, Input, Link, MessageView, OutboxEntry, SendState, TimelineItem};
use protocol::{
    Act, ClientFrame, Command, ErrorCode, EventKind, MessageId, Nack, ServerFrame, UserId,
};

use crate::{
    check,
    house::{at_home, house},
    model::{room_id, user_id},
    world::{World, id_of},
};

pub(crate) fn say(world: &mut World, room: u64, text: &str) {
    world.input(Input::Act {
        room: room_id(room),
        act: Act::Send {
            text: text.into(),
            reply_to: None,
            thread: None,
        },
    });
}

/// One's own messages in a room as they are shown, with where they are on their way.
pub(crate) fn own(world: &World, room: u64) -> Vec<(String, SendState)> {
    let own = |message: &MessageView| message.by == world.me && !message.deleted;
    shown(world, room)
        .into_iter()
        .filter(own)
        .map(|m| (m.text.unwrap_or_default(), m.state))
        .collect()
}

pub(crate) fn shown(world: &World, room: u64) -> Vec<MessageView> {
    let items = world.session.room(room_id(room)).unwrap().timeline().items;
    let messages = items.into_iter().filter_map(|item| match item {
        TimelineItem::Message(message) => Some((*message).clone()),
        _ => None,
    });
    messages.collect()
}

pub(crate) fn texts(world: &World, room: u64, by: UserId) -> Vec<String> {
    let all = world.model.messages(room_id(room), world.me);
    all.into_iter()
        .filter(|m| m.by == by)
        .filter_map(|m| m.text)
        .collect()
}

/// What another page of the browser wrote into the outbox, and left there.
fn left(world: &mut World, texts: &[&str]) -> Vec<OutboxEntry> {
    let mut other = house(99);
    other.input(Input::Start);
    other.run(200);
    other.input(Input::Offline);
    for text in texts {
        say(&mut other, 1, text);
    }
    let entries: Vec<_> = other.session.outbox().cloned().collect();
    world.stored.extend(
        entries
            .iter()
            .map(|entry| (entry.command.id, entry.clone())),
    );
    entries
}

#[test]
fn what_a_page_that_is_gone_left_goes_out_once_and_in_order() {
    let mut world = at_home(21);
    let entries = left(&mut world, &["a", "b", "c"]);
    // It comes while something of one's own is on its way, and the first of it did reach the server.
    say(&mut world, 1, "mine");
    let me = world.me;
    let kind = EventKind::Message {
        id: entries[0].command.id,
        text: Some("a".into()),
        reply_to: None,
        deleted: false,
        thread: None,
    };
    world.does(me, room_id(1), kind).unwrap();
    world.run(100);
    world.session.restore(entries.clone());
    world.session.restore(entries);
    world.input(Input::Wake);
    let count = |world: &World| own(world, 1).len();
    for _ in 0..3_000 {
        assert_eq!(count(&world), 4, "each once, at {}", world.now_ms);
        world.run(1);
    }
    assert!(world.stored.is_empty() && world.session.outbox().next().is_none());
    let mut said = texts(&world, 1, me);
    said.retain(|text| text != "mine");
    assert_eq!(said, ["a", "b", "c"]);
    check::converged(&world, false);
}

/// The server refuses the newest command.
pub(crate) fn nack(world: &mut World, code: ErrorCode, retry_after_ms: Option<u64>) -> MessageId {
    let id = world
        .transmitted
        .iter()
        .rev()
        .find_map(|(_, frame)| id_of(frame))
        .unwrap();
    let nack = Nack {
        id,
        code,
        message: "no".into(),
        retry_after_ms,
    };
    world.input(Input::Frame(ServerFrame::Nack(nack).to_json()));
    id
}

#[test]
fn it_is_kept_before_it_is_sent_and_forgotten_once_stored() {
    let mut world = at_home(1);
    let before = world.trace.len();
    say(&mut world, 1, "hello");
    let steps: Vec<&String> = world.trace[before..].iter().collect();
    let at = |what: &str| steps.iter().position(|step| step.contains(what)).unwrap();
    assert!(at("Save(") < at("Transmit("));
    assert_eq!(own(&world, 1), [("hello".to_owned(), SendState::Pending)]);
    world.run(200);
    assert_eq!(own(&world, 1), [("hello".to_owned(), SendState::Stored)]);
    assert!(world.stored.is_empty() && world.forgotten.len() == 1);
    assert_eq!(texts(&world, 1, user_id(1)), ["hello"]);
}

#[test]
fn it_waits_while_the_connection_is_down_and_keeps_its_order() {
    let mut world = at_home(2);
    world.up = false;
    world.cut();
    world.run(2_000);
    let sent = world.transmitted.len();
    for i in 0..30 {
        say(&mut world, 1 + i % 2, &format!("{i}"));
    }
    assert_eq!(
        own(&world, 1)[0].1,
        SendState::Waiting {
            why: None,
            until_ms: None
        }
    );
    assert_eq!(world.transmitted.len(), sent);
    world.up = true;
    world.run(60_000);
    let evens: Vec<String> = (0..30).step_by(2).map(|i| i.to_string()).collect();
    let odds: Vec<String> = (1..30).step_by(2).map(|i| i.to_string()).collect();
    assert_eq!(
        (texts(&world, 1, world.me), texts(&world, 2, world.me)),
        (evens, odds)
    );
    check::polite(&world);
    check::converged(&world, false);
}

#[test]
fn a_crash_loses_nothing_and_doubles_nothing() {
    for seed in 0..50 {
        let mut world = at_home(seed);
        for i in 0..5 {
            say(&mut world, 1, &format!("{i}"));
        }
        world.run(seed * 3);
        world.crash();
        world.run(5_000);
        assert_eq!(
            texts(&world, 1, world.me),
            ["0", "1", "2", "3", "4"],
            "seed {seed}"
        );
        assert!(world.stored.is_empty());
    }
}

#[test]
fn a_refusal_for_now_holds_up_its_room_and_nobody_else() {
    let mut world = at_home(3);
    say(&mut world, 1, "first");
    nack(&mut world, ErrorCode::Overloaded, Some(5_000));
    // The model took it: pretend that it did not, by asking only what was sent.
    let refused = world.now_ms;
    say(&mut world, 1, "second");
    say(&mut world, 2, "elsewhere");
    let state = own(&world, 1)[0].1.clone();
    assert!(
        matches!(
            state,
            SendState::Waiting {
                why: Some(ErrorCode::Overloaded),
                until_ms: Some(_)
            }
        ),
        "{state:?}"
    );
    let commands = |world: &World| {
        let sent = world.transmitted.iter().filter(|(at, _)| *at >= refused);
        let sent = sent.filter_map(|(at, frame)| match frame {
            ClientFrame::Command(command) => Some((at - refused, command.act.text()?.to_owned())),
            _ => None,
        });
        sent.collect::<Vec<_>>()
    };
    assert!(!commands(&world).iter().any(|(_, text)| text == "second"));
    assert!(commands(&world).iter().any(|(_, text)| text == "elsewhere"));
}

#[test]
fn too_many_at_once_is_about_the_person() {
    let mut world = at_home(4);
    world.deaden();
    say(&mut world, 1, "first");
    let id = nack(&mut world, ErrorCode::RateLimited, Some(3_000));
    let refused = world.now_ms;
    say(&mut world, 2, "second");
    world.run(2_900);
    let sent = |world: &World| {
        world
            .transmitted
            .iter()
            .filter(|(at, frame)| *at >= refused && id_of(frame).is_some())
            .count()
    };
    assert_eq!(sent(&world), 1, "only the refused one, before");
    world.run(800);
    assert_eq!(sent(&world), 3);
    let again = world
        .transmitted
        .iter()
        .rev()
        .filter_map(|(_, frame)| id_of(frame));
    assert!(again.take(2).any(|sent| sent == id), "the same id");
}

#[test]
fn a_refusal_that_names_no_wait_is_sent_again_after_a_longer_one_each_time() {
    let mut world = at_home(7);
    world.deaden();
    say(&mut world, 1, "first");
    let sent = |world: &World| {
        let sent = world.transmitted.iter();
        sent.filter(|(_, frame)| id_of(frame).is_some()).count()
    };
    for (turn, wait_ms) in [2_000, 4_000, 8_000].into_iter().enumerate() {
        nack(&mut world, ErrorCode::Unavailable, None);
        world.run(wait_ms * 8 / 10 - 50);
        assert_eq!(sent(&world), turn + 1, "before {wait_ms}");
        world.run(wait_ms * 4 / 10 + 100);
        assert_eq!(sent(&world), turn + 2, "after {wait_ms}");
    }
}

#[test]
fn a_final_refusal_is_kept_for_its_author() {
    let mut world = at_home(5);
    world.deaden();
    say(&mut world, 1, "not here");
    let id = nack(&mut world, ErrorCode::Forbidden, None);
    let failed = SendState::Failed {
        code: ErrorCode::Forbidden,
        message: "no".into(),
        retry: false,
    };
    assert_eq!(own(&world, 1), [("not here".to_owned(), failed)]);
    assert!(world.stored[&id].failed.is_some());
    assert!(
        world.told.iter().any(
            |effect| matches!(effect, Effect::Failed(failed) if failed.entry.command.id == id)
        )
    );
    // Later ones pass by it.
    say(&mut world, 1, "next");
    let last = world.transmitted.last().unwrap().1.clone();
    assert!(matches!(last, ClientFrame::Command(command) if command.act.text() == Some("next")));
    // Trying again is a new attempt with a new id.
    world.input(Input::Retry(id));
    assert!(!world.stored.contains_key(&id) && world.forgotten[&id] == 1);
    let again = world.session.outbox().last().unwrap().clone();
    assert_eq!(
        again.command.act,
        Act::Send {
            text: "not here".into(),
            reply_to: None,
            thread: None,
        }
    );
    world.input(Input::Discard(again.command.id));
    assert_eq!(own(&world, 1).len(), 1);
}

#[test]
fn a_busy_server_gives_the_choice_back_in_the_end() {
    let mut world = at_home(6);
    world.limits.send_per_s = 0;
    say(&mut world, 1, "hello");
    world.deaden();
    for _ in 0..30 {
        nack(&mut world, ErrorCode::Unavailable, Some(0));
        world.input(Input::Wake);
    }
    let state = own(&world, 1)[0].1.clone();
    assert!(
        matches!(
            state,
            SendState::Failed {
                code: ErrorCode::Unavailable,
                retry: true,
                ..
            }
        ),
        "{state:?}"
    );
    let id = world.session.outbox().next().unwrap().command.id;
    world.input(Input::Retry(id));
    assert_eq!(own(&world, 1)[0].1, SendState::Pending);
    assert_eq!(world.session.outbox().next().unwrap().command.id, id);
}

#[test]
fn somebody_else_does_not_send_what_is_not_theirs() {
    let mut world = house(11);
    let command = |n| Command {
        id: MessageId::from_u128(n),
        room: room_id(1),
        act: Act::Send {
            text: "secret".into(),
            reply_to: None,
            thread: None,
        },
    };
    let theirs = OutboxEntry {
        command: command(77),
        order: 0,
        by: Some(user_id(4)),
        at: 5,
        attempts: 1,
        failed: None,
    };
    let nobodys = OutboxEntry {
        command: command(78),
        order: 1,
        by: None,
        ..theirs.clone()
    };
    for entry in [&theirs, &nobodys] {
        world.stored.insert(entry.command.id, entry.clone());
    }
    world.session.restore(vec![nobodys, theirs.clone()]);
    world.input(Input::Start);
    world.run(10_000);
    assert_eq!(texts(&world, 1, world.me), ["secret"]);
    assert_eq!(world.session.outbox().count(), 0);
    assert_eq!(world.stored.get(&theirs.command.id), Some(&theirs));
}

#[test]
fn an_answer_that_never_comes_is_asked_for_again() {
    let mut world = at_home(12);
    say(&mut world, 1, "hello");
    // The command vanished, the connection did not.
    world.lose_frames();
    world.run(30_000);
    assert_eq!(texts(&world, 1, world.me), ["hello"]);
    assert_eq!(
        (world.connects.len(), world.session.link()),
        (1, Link::Online)
    );
}

#[test]
fn the_entry_reads_back_from_storage() {
    let mut world = at_home(13);
    world.input(Input::Offline);
    say(&mut world, 1, "hello");
    world.input(Input::Act {
        room: room_id(1),
        act: Act::React {
            of: 5,
            emoji: "👍".into(),
            on: true,
        },
    });
    for entry in world.stored.values() {
        let text = serde_json::to_string(entry).unwrap();
        assert_eq!(&serde_json::from_str::<OutboxEntry>(&text).unwrap(), entry);
    }
    // A field that a later build adds, and those that an earlier one did not have.
    let old = r#"{"id":"00000000-0000-0000-0000-00000000004d","order":3,"by":1,"room":1,
        "command":{"send":{"text":"hi"}},"at":5,"mood":"good"}"#;
    assert_eq!(
        serde_json::from_str::<OutboxEntry>(old).unwrap().attempts,
        0
    );
}

#[test]
fn states_change_with_the_link() {
    let mut world = at_home(14);
    world.faults.slow_ms = 500;
    say(&mut world, 1, "hello");
    world.told.clear();
    world.input(Input::Offline);
    assert!(
        world
            .told
            .contains(&Effect::Changed(Change::Timeline(room_id(1))))
    );
    assert_eq!(
        own(&world, 1)[0].1,
        SendState::Waiting {
            why: None,
            until_ms: None
        }
    );
}

#[test]
fn what_an_earlier_release_kept_is_read_and_written_as_it_was() {
    let kept = r#"{"id":"0198c2a4-5b1e-7c3d-9f00-2b6d1e8a4c55","order":3,"by":7,"room":2,"command":{"edit":{"of":5,"text":"tea"}},"at":9,"attempts":1,"failed":null}"#;
    let entry: OutboxEntry = serde_json::from_str(kept).unwrap();
    assert_eq!(entry.command.room, room_id(2));
    assert_eq!(
        entry.command.act,
        Act::Edit {
            of: 5,
            text: "tea".into()
        }
    );
    assert_eq!(serde_json::to_string(&entry).unwrap(), kept);
    for command in [
        r#"{"send":{"text":"tea"}}"#,
        r#"{"send":{"text":"tea","reply_to":4}}"#,
        r#"{"delete":{"of":5}}"#,
        r#"{"react":{"of":5,"emoji":"🍵","on":false}}"#,
    ] {
        let old = format!(
            r#"{{"id":"0198c2a4-5b1e-7c3d-9f00-2b6d1e8a4c55","order":3,"by":null,"room":2,"command":{command},"at":9}}"#
        );
        assert!(serde_json::from_str::<OutboxEntry>(&old).is_ok(), "{old}");
    }
}
