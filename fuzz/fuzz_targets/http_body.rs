//! Bodies of the HTTP API, and the rules of what stands in them. A body that was read is written, read and written again to the
//! same bytes; what a rule lets through is as the contract says.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::{
    ErrorBody, InviteBody, NewAccount, NewDirect, NewInvite, NewMember, NewMessage, NewNotice,
    NewRoom, NewSession, RefreshSession, RoomBody, RoomList, RoomPatch, Sessions, SignedIn,
    UserBody, UserPatch, Users, is_visible, limits, name_key, validate_display_name,
    validate_room_name, validate_room_name_shape, validate_text, validate_topic,
    validate_user_name,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use text::{mentions, reaction_key};
use unicode_segmentation::UnicodeSegmentation as _;

fuzz_target!(|text: &str| {
    bodies(text);
    rules(text);
    if let Ok(json) = serde_json::from_str::<Value>(text) {
        each_string(&json, &mut rules);
    }
});

fn bodies(text: &str) {
    body::<NewAccount>(text);
    body::<NewSession>(text);
    body::<RefreshSession>(text);
    body::<SignedIn>(text);
    body::<Sessions>(text);
    body::<NewRoom>(text);
    body::<RoomPatch>(text);
    body::<RoomBody>(text);
    body::<RoomList>(text);
    body::<Users>(text);
    body::<UserBody>(text);
    body::<NewMember>(text);
    body::<NewDirect>(text);
    body::<NewMessage>(text);
    body::<UserPatch>(text);
    body::<NewInvite>(text);
    body::<InviteBody>(text);
    body::<NewNotice>(text);
    body::<ErrorBody>(text);
}

fn body<T: Serialize + DeserializeOwned>(text: &str) {
    let Ok(body) = serde_json::from_str::<T>(text) else {
        return;
    };
    let json = serde_json::to_string(&body).expect("a body can be written");
    let again: T = serde_json::from_str(&json).expect("what was written can be read");
    assert_eq!(serde_json::to_string(&again).ok(), Some(json));
}

fn each_string(json: &Value, look: &mut impl FnMut(&str)) {
    match json {
        Value::String(text) => look(text),
        Value::Array(all) => all.iter().for_each(|it| each_string(it, look)),
        Value::Object(all) => all.values().for_each(|it| each_string(it, look)),
        _ => {}
    }
}

fn rules(text: &str) {
    let chars = text.chars().count();
    let seen = text.chars().any(is_visible);
    let control = text.chars().any(char::is_control);
    let good = seen && chars <= limits::TEXT_CHARS && !text.contains('\0');
    assert_eq!(validate_text(text).is_ok(), good);
    if validate_user_name(text).is_ok() {
        assert!((1..=limits::NAME_CHARS).contains(&chars) && seen && !control);
        assert!(validate_room_name(text).is_ok() && validate_display_name(text).is_ok());
        // Whoever has a name can be called by it.
        let called = format!("@{text}");
        assert!(mentions(&called, text, |_| false), "{called:?}");
    }
    if validate_room_name(text).is_ok() {
        assert!(validate_room_name_shape(text).is_ok());
        let key = name_key(text);
        assert!(!key.is_empty());
        assert_eq!(name_key(&key), key, "of {text:?}");
    }
    if validate_display_name(text).is_ok() {
        assert!((1..=limits::NAME_CHARS).contains(&chars) && seen && !control);
    }
    if validate_topic(text).is_ok() {
        assert!(chars <= limits::TOPIC_CHARS && !control);
    }
    if reaction_key(text).is_ok() {
        assert!(text.graphemes(true).count() == 1 && seen && !control);
    }
}
