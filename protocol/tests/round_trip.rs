//! Whatever can be said comes back as it was; whatever else arrives is refused, never a panic.

use proptest::{collection::btree_map, option, prelude::*};
use protocol::{
    Ack, Act, ClientFrame, Command, Event, EventKind, Follow, Hello, History, InThread, MessageId,
    Read, Resume, RoomId, RoomSetting, ServerFrame, ThreadPlace, Unread, UserId, is_visible,
    name_key, validate_text, validate_user_name,
};

fn message_id() -> impl Strategy<Value = MessageId> {
    (1u128..).prop_map(MessageId::from_u128)
}

fn room_id() -> impl Strategy<Value = RoomId> {
    (1u64..1 << 53).prop_map(|number| RoomId::new(number).unwrap())
}

fn user_id() -> impl Strategy<Value = UserId> {
    (1u64..1 << 53).prop_map(|number| UserId::new(number).unwrap())
}

/// What somebody has read, and what they follow.
fn position_frame() -> impl Strategy<Value = ClientFrame> {
    let place = || (room_id(), option::of(any::<u64>()), any::<u64>());
    let read = (place(), option::of(any::<u64>())).prop_map(|((room, thread, seq), generation)| {
        ClientFrame::Read(Read {
            room,
            thread,
            seq,
            generation,
        })
    });
    let unread =
        place().prop_map(|(room, thread, seq)| ClientFrame::Unread(Unread { room, thread, seq }));
    let follow = (room_id(), any::<u64>(), any::<bool>())
        .prop_map(|(room, thread, on)| ClientFrame::Follow(Follow { room, thread, on }));
    prop_oneof![read, unread, follow]
}

fn hello() -> impl Strategy<Value = ClientFrame> {
    (
        ".*",
        ".*",
        option::of(".*"),
        option::of(btree_map(room_id(), any::<u64>(), 0..5)),
    )
        .prop_map(|(device, client, token, cursors)| {
            let resume = cursors.map(|cursors| Resume {
                session: None,
                cursors,
            });
            ClientFrame::Hello(Hello {
                v: 1,
                device,
                client,
                token,
                resume,
            })
        })
}

fn client_frame() -> impl Strategy<Value = ClientFrame> {
    let send = (
        message_id(),
        room_id(),
        ".*",
        option::of(any::<u64>()),
        option::of((any::<u64>(), any::<bool>())),
    )
        .prop_map(|(id, room, text, reply_to, thread)| {
            ClientFrame::Command(Command {
                id,
                room,
                act: Act::Send {
                    text,
                    reply_to,
                    thread: thread.map(|(root, also)| InThread { root, also }),
                },
            })
        });
    let edit = (message_id(), room_id(), any::<u64>(), ".*").prop_map(|(id, room, of, text)| {
        ClientFrame::Command(Command {
            id,
            room,
            act: Act::Edit { of, text },
        })
    });
    let react = (message_id(), room_id(), any::<u64>(), ".*", any::<bool>()).prop_map(
        |(id, room, of, emoji, on)| {
            ClientFrame::Command(Command {
                id,
                room,
                act: Act::React { of, emoji, on },
            })
        },
    );
    let pin = (message_id(), room_id(), any::<u64>(), any::<bool>());
    let pin = pin.prop_map(|(id, room, of, on)| {
        let act = Act::Pin { of, on };
        ClientFrame::Command(Command { id, room, act })
    });
    let history = (
        any::<u64>(),
        room_id(),
        option::of(any::<u64>()),
        option::of(any::<u32>()),
        any::<bool>(),
        option::of(any::<u64>()),
    )
        .prop_map(|(req, room, before, limit, counts, thread)| {
            ClientFrame::History(History {
                req,
                room,
                thread,
                before,
                after: None,
                around: None,
                limit,
                counts,
            })
        });
    prop_oneof![hello(), send, edit, react, pin, history, position_frame()]
}

fn event() -> impl Strategy<Value = Event> {
    let kind = prop_oneof![
        (
            message_id(),
            option::of(".*"),
            option::of(any::<u64>()),
            any::<bool>(),
            option::of((any::<u64>(), any::<u64>(), any::<bool>()))
        )
            .prop_map(|(id, text, reply_to, deleted, thread)| {
                EventKind::Message {
                    id,
                    text,
                    reply_to,
                    deleted,
                    thread: thread.map(|(root, n, also)| ThreadPlace { root, n, also }),
                }
            }),
        (any::<u64>(), option::of(".*"), any::<bool>())
            .prop_map(|(of, text, deleted)| EventKind::Edit { of, text, deleted }),
        any::<u64>().prop_map(|of| EventKind::Delete { of }),
        (any::<u64>(), ".*", any::<bool>()).prop_map(|(of, emoji, on)| EventKind::Reaction {
            of,
            emoji,
            on
        }),
        (any::<u64>(), any::<bool>()).prop_map(|(of, on)| EventKind::Pin { of, on }),
        user_id().prop_map(|user| EventKind::Join { user }),
        ".*".prop_map(|text| EventKind::Topic { text }),
        ".*".prop_map(|name| EventKind::Set(RoomSetting::Name(name))),
        any::<bool>().prop_map(|on| EventKind::Set(RoomSetting::ReadOnly(on))),
        any::<bool>().prop_map(|on| EventKind::Set(RoomSetting::Archived(on))),
    ];
    (room_id(), any::<u64>(), any::<u64>(), user_id(), kind).prop_map(
        |(room, seq, at, by, kind)| Event {
            room,
            seq,
            at,
            by,
            kind,
        },
    )
}

proptest! {
    #[test]
    fn client_frames_come_back(frame in client_frame()) {
        prop_assert_eq!(ClientFrame::parse(&frame.to_json()), Ok(frame));
    }

    #[test]
    fn server_frames_come_back(event in event(), id in message_id(), room in room_id(), seq: u64, at: u64) {
        for frame in [ServerFrame::Event(event.clone()), ServerFrame::Ack(Ack { id, room, seq, at })] {
            prop_assert_eq!(ServerFrame::parse(&frame.to_json()), Ok(frame));
        }
    }

    #[test]
    fn nothing_that_arrives_panics(text in ".*", json in "[\\[\\]{}\",:a-z0-9 \\\\]{0,200}") {
        drop((ClientFrame::parse(&text), ServerFrame::parse(&text), ClientFrame::parse(&json), ServerFrame::parse(&json)));
        drop((validate_text(&text), validate_user_name(&text), name_key(&text)));
    }

    #[test]
    fn a_text_is_good_if_something_in_it_can_be_seen(text in "\\PC{0,50}") {
        prop_assert_eq!(validate_text(&text).is_ok(), text.chars().any(is_visible));
    }

    #[test]
    fn keys_of_names_are_fixed_points(name in "[\\p{L}\\p{N}._-]{1,20}") {
        let key = name_key(&name);
        prop_assert_eq!(name_key(&key), key);
    }
}
