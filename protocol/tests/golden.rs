//! Every frame as it stands on the wire. A golden file changes only when the contract does.

use std::{collections::BTreeSet, fs, path::PathBuf};

use protocol::{
    ClientFrame, ErrorCode, EventKind, FaultAnswer, FrameFault, MessageId, ServerFrame,
};

fn golden(side: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("golden")
        .join(side);
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (
                name,
                fs::read_to_string(path).unwrap().trim_end().to_owned(),
            )
        })
        .collect();
    files.sort();
    files
}

fn types(files: &[(String, String)]) -> BTreeSet<String> {
    let tag = |json: &String| {
        serde_json::from_str::<serde_json::Value>(json).unwrap()["t"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    files.iter().map(|(_, json)| tag(json)).collect()
}

#[test]
fn client_frames() {
    let files = golden("client");
    for (name, json) in &files {
        let frame = ClientFrame::parse(json).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(&frame.to_json(), json, "{name}");
    }
    let all =
        "hello ping send edit delete react pin read unread follow presence typing history log bye";
    assert_eq!(types(&files), all.split(' ').map(str::to_owned).collect());
}

#[test]
fn server_frames() {
    let files = golden("server");
    for (name, json) in &files {
        let frame = ServerFrame::parse(json).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_ne!(frame, ServerFrame::Unknown, "{name}");
        assert_eq!(&frame.to_json(), json, "{name}");
    }
    let all = "welcome pong ack nack error event behind gone room presence read typing page entries notice user saved thread";
    assert_eq!(types(&files), all.split(' ').map(str::to_owned).collect());
}

#[test]
fn clients_ignore_what_they_do_not_know() {
    assert_eq!(
        ServerFrame::parse(r#"{"t":"call","room":1}"#).unwrap(),
        ServerFrame::Unknown
    );
    let newer = r#"{"t":"event","room":12,"seq":3,"at":1,"by":7,"kind":"poll","of":{"x":[2]},"text":[1],"on":-1.5}"#;
    let Ok(ServerFrame::Event(event)) = ServerFrame::parse(newer) else {
        panic!("an event of a newer kind")
    };
    assert_eq!((event.seq, event.kind), (3, EventKind::Unknown));
    let newer =
        r#"{"t":"event","room":12,"seq":4,"at":1,"by":7,"kind":"set","what":"slow_s","value":30}"#;
    let Ok(ServerFrame::Event(event)) = ServerFrame::parse(newer) else {
        panic!("a setting of a newer kind")
    };
    assert_eq!((event.seq, event.kind), (4, EventKind::Unknown));
    let Ok(ServerFrame::Nack(nack)) = ServerFrame::parse(
        r#"{"t":"nack","id":"0198c2a4-5b1e-7c3d-9f00-2b6d1e8a4c55","code":"moderated","message":"","more":1}"#,
    ) else {
        panic!("a nack with a newer code")
    };
    assert_eq!(nack.code, ErrorCode::Unknown);
    assert!(!nack.code.is_worth_a_retry());
}

#[test]
fn entries_whose_fields_do_not_fit_are_refused() {
    let head = r#""t":"event","room":12,"seq":3,"at":1,"by":7"#;
    let id = r#""id":"0198c2a4-5b1e-7c3d-9f00-2b6d1e8a4c55""#;
    for rest in [
        r#""kind":"message","text":"no id""#.to_owned(),
        r#""kind":"message","id":"nonsense","text":"x""#.to_owned(),
        format!(r#""kind":"message",{id},"text":1"#),
        format!(r#""kind":"message",{id},"text":"x","reply_to":-1"#),
        format!(r#""kind":"message",{id},"text":"x","deleted":"yes""#),
        r#""kind":"edit","text":"of nothing""#.to_owned(),
        r#""kind":"reaction","of":1,"emoji":"👍""#.to_owned(),
        r#""kind":"join""#.to_owned(),
        r#""kind":"leave","user":0"#.to_owned(),
        r#""kind":"topic""#.to_owned(),
        r#""kind":"set","value":true"#.to_owned(),
        r#""kind":"set","what":"name","value":true"#.to_owned(),
        r#""kind":"set","what":"archived","value":"yes""#.to_owned(),
        r#""text":"no kind""#.to_owned(),
    ] {
        let frame = format!("{{{head},{rest}}}");
        assert!(ServerFrame::parse(&frame).is_err(), "{frame}");
    }
}

/// Frames of which the `id` or the `req` is none, or is missing.
fn odd_ids() -> Vec<(String, FrameFault, FaultAnswer)> {
    vec![
        (
            r#"{"t":"send","id":"nonsense","room":1,"text":"x"}"#.into(),
            FrameFault::BadField,
            FaultAnswer::NackAs("nonsense".into()),
        ),
        (
            r#"{"t":"react","id":7,"room":1,"of":1,"emoji":"x","on":true}"#.into(),
            FrameFault::BadField,
            FaultAnswer::NackAs(7.into()),
        ),
        (
            r#"{"t":"edit","id":["a"],"room":1,"of":1,"text":"x"}"#.into(),
            FrameFault::BadField,
            FaultAnswer::NackAs(serde_json::json!(["a"])),
        ),
        (
            r#"{"t":"send","room":1,"text":"x"}"#.into(),
            FrameFault::BadField,
            FaultAnswer::Close,
        ),
        (
            r#"{"t":"delete","id":null,"room":1,"of":1}"#.into(),
            FrameFault::BadField,
            FaultAnswer::Close,
        ),
        (
            format!(
                r#"{{"t":"send","id":"{}","room":1,"text":"x"}}"#,
                "x".repeat(2_000)
            ),
            FrameFault::BadField,
            FaultAnswer::Close,
        ),
        (
            r#"{"t":"history","req":"five","room":1}"#.into(),
            FrameFault::BadField,
            FaultAnswer::ErrorAs("five".into()),
        ),
        (
            r#"{"t":"log","room":1,"after":0}"#.into(),
            FrameFault::BadField,
            FaultAnswer::Close,
        ),
    ]
}

#[test]
fn broken_frames_are_answered_where_they_can_be() {
    let id = "0198c2a4-5b1e-7c3d-9f00-2b6d1e8a4c55";
    let nack = FaultAnswer::Nack(id.parse().unwrap());
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let cases = [
        (String::new(), FrameFault::NotJson, FaultAnswer::Close),
        ("[]".into(), FrameFault::NotJson, FaultAnswer::Close),
        ("{}".into(), FrameFault::NotJson, FaultAnswer::Close),
        (r#"{"t":1}"#.into(), FrameFault::NotJson, FaultAnswer::Close),
        (deep, FrameFault::NotJson, FaultAnswer::Close),
        (
            r#"{"t":"dance"}"#.into(),
            FrameFault::UnknownType,
            FaultAnswer::Close,
        ),
        (
            format!(r#"{{"t":"send","id":"{id}","room":1}}"#),
            FrameFault::BadField,
            nack.clone(),
        ),
        (
            format!(r#"{{"t":"send","id":"{id}","room":-1,"text":"x"}}"#),
            FrameFault::BadField,
            nack.clone(),
        ),
        (
            format!(r#"{{"t":"send","id":"{id}","room":1e300,"text":"x"}}"#),
            FrameFault::BadField,
            nack.clone(),
        ),
        (
            format!(r#"{{"t":"send","id":"{id}","room":1,"text":"x","colour":"red"}}"#),
            FrameFault::BadField,
            nack.clone(),
        ),
        (
            r#"{"t":"history","req":5,"room":0}"#.into(),
            FrameFault::BadField,
            FaultAnswer::Error(5),
        ),
        (
            r#"{"t":"log","req":6,"room":1}"#.into(),
            FrameFault::BadField,
            FaultAnswer::Error(6),
        ),
        (
            r#"{"t":"read","room":"1","seq":2}"#.into(),
            FrameFault::BadField,
            FaultAnswer::Close,
        ),
        (
            r#"{"t":"ping","n":1,"x":2}"#.into(),
            FrameFault::BadField,
            FaultAnswer::Close,
        ),
    ];
    for (json, fault, answer) in cases.into_iter().chain(odd_ids()) {
        let why = ClientFrame::parse(&json).unwrap_err();
        assert_eq!(
            (why.fault, why.answer),
            (fault, answer),
            "{}",
            &json[..json.len().min(80)]
        );
    }
}

#[test]
fn what_is_no_id_is_told_back_as_it_came() {
    let id: MessageId = "0198c2a4-5b1e-7c3d-9f00-2b6d1e8a4c55".parse().unwrap();
    for (answer, json) in [
        (
            FaultAnswer::Nack(id),
            Some(
                r#"{"t":"nack","id":"0198c2a4-5b1e-7c3d-9f00-2b6d1e8a4c55","code":"invalid","message":"why"}"#,
            ),
        ),
        (
            FaultAnswer::NackAs("half \"id".into()),
            Some(r#"{"t":"nack","id":"half \"id","code":"invalid","message":"why"}"#),
        ),
        (
            FaultAnswer::Error(5),
            Some(r#"{"t":"error","req":5,"code":"invalid","message":"why"}"#),
        ),
        (
            FaultAnswer::ErrorAs(serde_json::json!(-5)),
            Some(r#"{"t":"error","req":-5,"code":"invalid","message":"why"}"#),
        ),
        (FaultAnswer::Close, None),
    ] {
        let said = answer.to_json(ErrorCode::Invalid, "why".into());
        assert_eq!(said.as_deref(), json);
    }
}
