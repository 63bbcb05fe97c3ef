//! The type of a frame, by its first bytes.

use protocol::{Seq, ServerFrame};

/// What a text frame says, as far as listeners care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScannedFrame<'a> {
    /// An entry of a room's log.
    Event {
        /// The room's number.
        room: u64,
        /// Its place in the log.
        seq: Seq,
    },
    /// The heartbeat's answer.
    Pong,
    /// Somebody came or went.
    Presence,
    /// Anything else.
    Other(&'a [u8]),
}

const EVENT: &[u8] = b"{\"t\":\"event\",";
const ROOM: &[u8] = b"\"room\":";
const SEQ: &[u8] = b",\"seq\":";
const PONG: &[u8] = b"{\"t\":\"pong\",";
const PRESENCE: &[u8] = b"{\"t\":\"presence\",";

/// Looks at a text frame. An event whose fields stand in another order than this server writes them is read in full instead.
#[inline]
pub fn said(payload: &[u8]) -> ScannedFrame<'_> {
    if let Some(rest) = payload.strip_prefix(EVENT) {
        return quick(rest).unwrap_or_else(|| slow(payload));
    }
    if payload.starts_with(PONG) {
        ScannedFrame::Pong
    } else if payload.starts_with(PRESENCE) {
        ScannedFrame::Presence
    } else {
        slow(payload)
    }
}

#[inline]
fn quick(rest: &[u8]) -> Option<ScannedFrame<'static>> {
    let (room, rest) = number(rest.strip_prefix(ROOM)?)?;
    let (seq, rest) = number(rest.strip_prefix(SEQ)?)?;
    matches!(rest.first(), Some(b',' | b'}')).then_some(ScannedFrame::Event { room, seq })
}

/// The digits that `bytes` begin with.
#[inline]
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0u64;
    let mut digits = 0;
    for &byte in bytes {
        if !byte.is_ascii_digit() {
            break;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
        digits += 1;
    }
    (digits > 0).then(|| (value, &bytes[digits..]))
}

fn slow(payload: &[u8]) -> ScannedFrame<'_> {
    // Acks and pages are read by whoever asked for them.
    let may_be_event = payload
        .windows(7)
        .take(4_096)
        .any(|some| some == b"\"event\"");
    if may_be_event
        && let Ok(text) = std::str::from_utf8(payload)
        && let Ok(ServerFrame::Event(event)) = ServerFrame::parse(text)
    {
        return ScannedFrame::Event {
            room: event.room.get(),
            seq: event.seq,
        };
    }
    ScannedFrame::Other(payload)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use protocol::{Event, EventKind, MessageId, Pong, RoomId, UserId};

    use super::*;

    proptest! {
        #[test]
        fn an_event_is_known_as_the_protocol_writes_it(room in 1u64..1 << 53, seq in any::<u64>(), at in any::<u64>(), text in ".*", topic: bool) {
            let kind = if topic {
                EventKind::Topic { text }
            } else {
                EventKind::Message { id: MessageId::mint(at, 7), text: Some(text), reply_to: None, deleted: false, thread: None, }
            };
            let event = Event { room: RoomId::new(room).unwrap(), seq, at, by: UserId::new(7).unwrap(), kind };
            let json = ServerFrame::Event(event).to_json();
            prop_assert_eq!(quick(&json.as_bytes()[EVENT.len()..]), Some(ScannedFrame::Event { room, seq }));
            prop_assert_eq!(said(json.as_bytes()), ScannedFrame::Event { room, seq });
        }
    }

    #[test]
    fn another_order_of_fields_is_the_same_event() {
        for json in [
            r#"{"t":"event","seq":9,"room":3,"at":1,"by":2,"kind":"delete","of":1}"#,
            r#"{"room":3,"seq":9,"at":1,"by":2,"kind":"delete","of":1,"t":"event"}"#,
            r#"{"t": "event", "room":3,"seq":9,"at":1,"by":2,"kind":"delete","of":1}"#,
        ] {
            assert_eq!(
                said(json.as_bytes()),
                ScannedFrame::Event { room: 3, seq: 9 }
            );
        }
    }

    #[test]
    fn what_is_no_event_is_not_taken_for_one() {
        let pong = ServerFrame::Pong(Pong {
            n: 1,
            now: 2,
            heads: [(RoomId::new(3).unwrap(), 4)].into(),
        });
        assert_eq!(said(pong.to_json().as_bytes()), ScannedFrame::Pong);
        let notice = br#"{"t":"notice","text":"\"event\""}"#;
        assert_eq!(said(notice), ScannedFrame::Other(notice));
        let half = br#"{"t":"event","room":3,"seq":"#;
        assert_eq!(said(half), ScannedFrame::Other(half));
        let long = br#"{"t":"event","room":99999999999999999999999,"seq":1}"#;
        assert_eq!(said(long), ScannedFrame::Other(long));
    }
}
