//! Values of a newer server read as the least that they may mean; in a request they are refused.

use protocol::{
    ErrorCode, ListOrder, NewRoom, NotifyLevel, PreferencesPatch, PresenceState, Role, RoomKind,
    RoomSummary, ServerFrame, UserSummary,
};

#[test]
fn an_unknown_value_is_the_least_one() {
    for odd in ["\"warden\"", "\"\"", "\"MEMBER\"", "\"Owner\""] {
        assert_eq!(serde_json::from_str::<Role>(odd).unwrap(), Role::Member);
        assert_eq!(
            serde_json::from_str::<RoomKind>(odd).unwrap(),
            RoomKind::Private
        );
        assert_eq!(
            serde_json::from_str::<PresenceState>(odd).unwrap(),
            PresenceState::Offline
        );
        assert_eq!(
            serde_json::from_str::<ErrorCode>(odd).unwrap(),
            ErrorCode::Unknown
        );
    }
}

#[test]
fn an_unknown_level_of_a_room_disturbs_least() {
    let room = |level: &str| {
        let json = format!(
            r#"{{"id":1,"kind":"public","name":"a","topic":"","last_seq":0,"read_seq":0,"unread":0,"mentions":0{level}}}"#
        );
        serde_json::from_str::<RoomSummary>(&json).unwrap()
    };
    assert_eq!(room("").notify, NotifyLevel::All);
    for odd in ["threads", "", "ALL"] {
        let level = format!(r#","notify":"{odd}""#);
        assert_eq!(room(&level).notify, NotifyLevel::Nothing);
        let body = format!(r#"{{"notify":"{odd}"}}"#);
        assert!(serde_json::from_str::<PreferencesPatch>(&body).is_err());
    }
    for (level, name) in NotifyLevel::ALL {
        assert_eq!(room(&format!(r#","notify":"{name}""#)).notify, level);
        assert_eq!(serde_json::to_value(level).unwrap(), name);
        let body = format!(r#"{{"notify":"{name}"}}"#);
        let patch: PreferencesPatch = serde_json::from_str(&body).unwrap();
        assert_eq!(patch.notify, Some(level));
    }
}

/// A number is written as it came: a whole one without a fraction.
#[test]
fn the_order_of_a_room_comes_back_as_it_was() {
    for number in ["0", "3", "-7", "1.5", "9007199254740992", "1e300"] {
        let order: ListOrder = serde_json::from_str(number).unwrap();
        let written = serde_json::to_string(&order).unwrap();
        assert_eq!(written.replace('+', ""), number);
    }
    let order: ListOrder = serde_json::from_str("-0.0").unwrap();
    assert_eq!(serde_json::to_string(&order).unwrap(), "0");
    for odd in ["\"1\"", "null", "[]", "true"] {
        assert!(serde_json::from_str::<ListOrder>(odd).is_err());
    }
}

#[test]
fn every_known_value_is_written_and_read_as_itself() {
    for role in [Role::Member, Role::Moderator, Role::Admin, Role::Owner] {
        let text = serde_json::to_string(&role).unwrap();
        assert_eq!(serde_json::from_str::<Role>(&text).unwrap(), role);
    }
    assert!(
        Role::Member < Role::Moderator
            && Role::Moderator < Role::Admin
            && Role::Admin < Role::Owner
    );
    for kind in [RoomKind::Public, RoomKind::Private, RoomKind::Direct] {
        let text = serde_json::to_string(&kind).unwrap();
        assert_eq!(serde_json::from_str::<RoomKind>(&text).unwrap(), kind);
        let body = format!(r#"{{"kind":{text},"name":"a"}}"#);
        assert_eq!(serde_json::from_str::<NewRoom>(&body).unwrap().kind, kind);
    }
    for state in [
        PresenceState::Online,
        PresenceState::Away,
        PresenceState::Offline,
    ] {
        let text = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<PresenceState>(&text).unwrap(), state);
    }
}

#[test]
fn a_request_for_an_unknown_kind_of_room_is_refused() {
    for odd in ["\"channel\"", "\"Private\"", "\"\"", "3", "null"] {
        let body = format!(r#"{{"kind":{odd},"name":"a"}}"#);
        assert!(serde_json::from_str::<NewRoom>(&body).is_err(), "{body}");
    }
}

/// A welcome with fields and values of tomorrow, and frames of unknown types.
#[test]
fn frames_of_a_newer_server_are_read() {
    let welcome = r#"{"t":"welcome","v":1,"session":"s-00000000000000000000000000000001","resumed":false,"shard":"eu-1",
        "user":{"id":1,"name":"ada","display_name":"Ada","role":"warden","pronouns":["she"]},
        "heartbeat_ms":30000,"now":1,"node":"a","limits":{"text":8000,"frame":65536,"send_per_s":10,"upload":5000000},
        "rooms":[{"id":1,"kind":"channel","name":"general","topic":"","last_seq":0,"read_seq":0,"unread":0,"mentions":0,"level":"all"}],
        "users":[{"id":2,"name":"wren","display_name":"Wren","state":"in_a_call","badge":null}],"features":["threads","files"],"e2e":{}}"#;
    let session = protocol::SessionId::new(1).unwrap();
    let welcome = welcome.replace(
        "\"s-00000000000000000000000000000001\"",
        &serde_json::to_string(&session).unwrap(),
    );
    let ServerFrame::Welcome(welcome) = ServerFrame::parse(&welcome).unwrap() else {
        panic!("no welcome");
    };
    assert_eq!(welcome.user.role, Role::Member);
    assert_eq!(welcome.rooms[0].kind, RoomKind::Private);
    assert_eq!(welcome.users[0].state, Some(PresenceState::Offline));
    for unknown in [
        r#"{"t":"poll"}"#,
        r#"{"t":"Event","room":1}"#,
        r#"{"id":0,"room":{},"t":"upload"}"#,
    ] {
        assert_eq!(ServerFrame::parse(unknown).unwrap(), ServerFrame::Unknown);
    }
}

#[test]
fn what_is_made_with_new_is_what_the_wire_leaves_out() {
    let room: RoomSummary = serde_json::from_str(
        r#"{"id":1,"kind":"public","name":"a","topic":"","last_seq":0,"read_seq":0,"unread":0,"mentions":0}"#,
    )
    .unwrap();
    assert_eq!(
        room,
        RoomSummary::new(room.id, RoomKind::Public, "a".into())
    );
    let user: UserSummary =
        serde_json::from_str(r#"{"id":1,"name":"a","display_name":"b"}"#).unwrap();
    assert_eq!(user, UserSummary::new(user.id, "a".into(), "b".into()));
}
