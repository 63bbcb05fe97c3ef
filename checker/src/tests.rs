//! Histories that break each promise, and one that breaks none.

use protocol::{
    Act, Command, ErrorCode, EventKind, Hello, Limits, Resume, RoomKind, RoomSummary, SessionId,
    UserSummary,
};

use super::*;

fn user(n: u64) -> UserId {
    UserId::new(n).unwrap()
}

fn room() -> RoomId {
    RoomId::new(1).unwrap()
}

fn id(n: u128) -> MessageId {
    MessageId::from_u128(n)
}

fn message(seq: Seq, by: u64, n: u128) -> Event {
    Event {
        room: room(),
        seq,
        at: 1_000 + seq,
        by: user(by),
        kind: EventKind::Message {
            id: id(n),
            text: Some(format!("text {n}")),
            reply_to: None,
            deleted: false,
            thread: None,
        },
    }
}

fn send(n: u128) -> ClientFrame {
    ClientFrame::Command(Command {
        id: id(n),
        room: room(),
        act: Act::Send {
            text: format!("text {n}"),
            reply_to: None,
            thread: None,
        },
    })
}

fn ack(n: u128, seq: Seq) -> ServerFrame {
    ServerFrame::Ack(Ack {
        id: id(n),
        room: room(),
        seq,
        at: 1_000 + seq,
    })
}

fn nack(n: u128, code: ErrorCode) -> ServerFrame {
    ServerFrame::Nack(Nack {
        id: id(n),
        code,
        message: String::new(),
        retry_after_ms: None,
    })
}

fn welcome(last_seq: Seq) -> ServerFrame {
    let summary = RoomSummary {
        last_seq,
        ..RoomSummary::new(room(), RoomKind::Public, "general".into())
    };
    let me = UserSummary::new(user(1), "ada".into(), "Ada".into());
    ServerFrame::Welcome(Box::new(Welcome {
        threads: Vec::new(),
        v: 1,
        session: SessionId::new(1).unwrap(),
        resumed: false,
        user: me,
        heartbeat_ms: 30_000,
        now: 0,
        node: "a".into(),
        limits: Limits {
            text: 8_000,
            frame: 65_536,
            send_per_s: 10,
        },
        more_rooms: 0,
        rooms: vec![summary],
        users: Vec::new(),
        features: Vec::new(),
    }))
}

fn hello(cursor: Option<Seq>) -> ClientFrame {
    ClientFrame::Hello(Hello {
        v: 1,
        device: "0123456789abcdef".into(),
        client: String::new(),
        token: None,
        resume: cursor.map(|cursor| Resume {
            session: None,
            cursors: [(room(), cursor)].into(),
        }),
    })
}

fn connect(checker: &mut Checker, n: u64, cursor: Option<Seq>, last: Seq) -> ConnectionId {
    let connection = checker.opened(user(n));
    checker.says(connection, &hello(cursor));
    checker.hears(connection, &welcome(last));
    connection
}

fn push(checker: &mut Checker, connection: ConnectionId, event: Event) {
    checker.hears(connection, &ServerFrame::Event(event));
}

fn log(events: &[Event]) -> Vec<(RoomId, Vec<Event>)> {
    vec![(room(), events.to_vec())]
}

fn just(report: &Report, says: &str) {
    assert!(
        report.wrong.len() == 1 && report.wrong[0].contains(says),
        "{report}"
    );
}

#[test]
fn a_healthy_history_has_nothing_wrong() {
    let mut checker = Checker::new();
    let one = connect(&mut checker, 1, None, 1);
    let two = connect(&mut checker, 2, Some(0), 1);
    push(&mut checker, two, message(1, 3, 9));
    checker.says(one, &send(10));
    checker.says(one, &send(11));
    checker.hears(one, &ack(10, 2));
    // The ack of the second is lost with the connection; it is sent again over another.
    checker.closed(one);
    let again = connect(&mut checker, 1, Some(1), 3);
    checker.says(again, &send(12));
    checker.says(again, &send(11));
    push(&mut checker, again, message(2, 1, 10));
    push(&mut checker, again, message(3, 1, 11));
    checker.hears(again, &ack(12, 4));
    checker.hears(again, &ack(11, 3));
    for seq in 2..=4 {
        push(&mut checker, two, message(seq, 1, u128::from(seq) + 8));
    }
    let mut deleted = message(3, 1, 11);
    deleted.kind = EventKind::Message {
        id: id(11),
        text: None,
        reply_to: None,
        deleted: true,
        thread: None,
    };
    let report = checker.finish(&log(&[
        message(1, 3, 9),
        message(2, 1, 10),
        deleted,
        message(4, 1, 12),
    ]));
    assert_eq!(report.wrong, Vec::<String>::new());
    assert_eq!(
        (
            report.commands,
            report.repeats,
            report.acks,
            report.unknown,
            report.events
        ),
        (3, 1, 3, 1, 6)
    );
}

#[test]
fn an_ack_that_is_not_in_the_log() {
    let mut checker = Checker::new();
    let one = connect(&mut checker, 1, None, 0);
    checker.says(one, &send(10));
    checker.hears(one, &ack(10, 1));
    just(&checker.finish(&log(&[])), "acked and lost");
}

#[test]
fn an_ack_of_another_time() {
    let mut checker = Checker::new();
    let one = connect(&mut checker, 1, None, 0);
    checker.says(one, &send(10));
    checker.hears(one, &ack(10, 1));
    let mut other = message(1, 1, 10);
    other.at += 1;
    just(&checker.finish(&log(&[other])), "acked and lost");
}

#[test]
fn two_different_acks_and_an_id_that_stands_twice() {
    let mut checker = Checker::new();
    let one = connect(&mut checker, 1, None, 0);
    checker.says(one, &send(10));
    checker.hears(one, &ack(10, 1));
    checker.says(one, &send(10));
    checker.hears(one, &ack(10, 2));
    let report = checker.finish(&log(&[message(1, 1, 10), message(2, 1, 10)]));
    assert!(
        report.wrong.iter().any(|line| line.contains("acked twice")),
        "{report}"
    );
    assert!(
        report.wrong.iter().any(|line| line.contains("twice")),
        "{report}"
    );
}

#[test]
fn a_hole_a_repeat_and_a_stranger_in_what_is_pushed() {
    for (events, says) in [
        (&[2, 4][..], "from seq 2 to 4"),
        (&[2, 2][..], "from seq 2 to 2"),
        (&[3][..], "from seq 1 to 3"),
    ] {
        let mut checker = Checker::new();
        let one = connect(&mut checker, 1, None, 1);
        let all: Vec<Event> = (1..=4)
            .map(|seq| message(seq, 2, u128::from(seq)))
            .collect();
        for &seq in events {
            push(&mut checker, one, message(seq, 2, u128::from(seq)));
        }
        just(&checker.finish(&log(&all)), says);
    }
    let mut checker = Checker::new();
    let one = checker.opened(user(1));
    push(&mut checker, one, message(1, 2, 1));
    just(
        &checker.finish(&log(&[message(1, 2, 1)])),
        "does not listen to",
    );
}

#[test]
fn what_is_seen_differs_from_the_log_or_from_what_another_saw() {
    let mut checker = Checker::new();
    let one = connect(&mut checker, 1, None, 0);
    let two = connect(&mut checker, 2, None, 0);
    push(&mut checker, one, message(1, 3, 10));
    push(&mut checker, two, message(1, 3, 11));
    just(
        &checker.finish(&log(&[message(1, 3, 10)])),
        "two different entries",
    );

    let mut checker = Checker::new();
    let one = connect(&mut checker, 1, None, 0);
    push(&mut checker, one, message(1, 3, 10));
    just(&checker.finish(&log(&[])), "is not in the log like that");
}

#[test]
fn a_pipeline_that_is_stored_out_of_order() {
    let mut checker = Checker::new();
    let one = connect(&mut checker, 1, None, 0);
    checker.says(one, &send(10));
    checker.says(one, &send(11));
    checker.hears(one, &ack(11, 1));
    checker.hears(one, &ack(10, 2));
    just(
        &checker.finish(&log(&[message(1, 1, 11), message(2, 1, 10)])),
        "after what it sent later",
    );
}

#[test]
fn no_answer_and_a_refusal_that_is_stored() {
    let mut checker = Checker::new();
    let one = connect(&mut checker, 1, None, 0);
    checker.says(one, &send(10));
    just(&checker.finish(&log(&[])), "never answered");

    let mut checker = Checker::new();
    let one = connect(&mut checker, 1, None, 0);
    checker.says(one, &send(10));
    checker.hears(one, &nack(10, ErrorCode::Forbidden));
    checker.says(one, &send(11));
    checker.hears(one, &nack(11, ErrorCode::Unavailable));
    just(
        &checker.finish(&log(&[message(1, 1, 10), message(2, 1, 11)])),
        "refused for good, and stored",
    );
}

#[test]
fn a_log_with_a_hole() {
    let report = Checker::new().finish(&log(&[message(1, 1, 1), message(3, 1, 2)]));
    just(&report, "seq 3 at place 2");
}

#[test]
fn one_id_for_two_commands() {
    let mut checker = Checker::new();
    let one = connect(&mut checker, 1, None, 0);
    let other = connect(&mut checker, 1, None, 0);
    let somebody_else = connect(&mut checker, 2, None, 0);
    for connection in [one, other, one, somebody_else] {
        checker.says(connection, &send(1));
        checker.hears(connection, &ack(1, 1));
    }
    // What was typed second is told to be stored, and is not.
    let mut second = send(1);
    if let ClientFrame::Command(command) = &mut second {
        command.act = Act::Send {
            text: "typed elsewhere".into(),
            reply_to: None,
            thread: None,
        };
    }
    checker.says(other, &second);
    checker.hears(other, &ack(1, 1));
    assert!(
        matches!(&checker.wrong.lines()[..], [line] if line.contains("was given to another command"))
    );
}

#[test]
fn replies_are_numbered_in_threads_that_there_are() {
    let reply = |seq, root, n| {
        let mut event = message(seq, 1, u128::from(seq));
        if let EventKind::Message { thread, .. } = &mut event.kind {
            let also = false;
            *thread = Some(protocol::ThreadPlace { root, n, also });
        }
        event
    };
    let wrong = |log_of: &[Event]| Checker::new().finish(&log(log_of)).wrong.len();
    let first = message(1, 1, 1);
    let good = [
        first.clone(),
        reply(2, 1, 1),
        message(3, 1, 3),
        reply(4, 1, 2),
    ];
    assert_eq!(wrong(&good), 0);
    for bad in [
        reply(2, 1, 2),
        reply(2, 2, 1),
        reply(2, 3, 1),
        reply(2, 0, 1),
    ] {
        assert_eq!(wrong(&[first.clone(), bad]), 1);
    }
    let nested = [first, reply(2, 1, 1), reply(3, 2, 1)];
    assert_eq!(wrong(&nested), 1);
}
