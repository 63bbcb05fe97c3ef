//! Frames as they go over the wire (RFC 6455, section 5.2), header included: made once, shared by all who get them.

use bytes::{BufMut, Bytes, BytesMut};
use protocol::ServerFrame;

use crate::answers::AnswerPlace;

/// FIN, and what the payload is (section 5.2).
const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;
const CLOSE: u8 = 0x88;
const PONG: u8 = 0x8a;

/// A whole frame of a server: never fragmented, never masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame(Bytes);

impl Frame {
    /// A text.
    pub fn text(text: &str) -> Self {
        Self::new(TEXT, text.as_bytes())
    }

    /// A binary frame.
    pub fn binary(bytes: &[u8]) -> Self {
        Self::new(BINARY, bytes)
    }

    /// The answer to a ping, with the same payload (section 5.5.3).
    pub(crate) fn pong(payload: &[u8]) -> Self {
        Self::new(PONG, payload)
    }

    /// A goodbye: its code and its reason, or neither (section 5.5.1).
    pub(crate) fn close(why: Option<(u16, &str)>) -> Self {
        let mut payload = Vec::new();
        if let Some((code, reason)) = why {
            payload.extend(code.to_be_bytes());
            payload.extend(reason.as_bytes());
        }
        Self::new(CLOSE, &payload)
    }

    /// Several frames, to be written as if they were one; one alone is not copied.
    pub(super) fn joined(mut frames: Vec<Self>) -> Self {
        if frames.len() == 1
            && let Some(only) = frames.pop()
        {
            return only;
        }
        let mut all = BytesMut::with_capacity(frames.iter().map(Self::len).sum());
        for frame in &frames {
            all.put_slice(frame.bytes());
        }
        Self(all.freeze())
    }

    fn new(kind: u8, payload: &[u8]) -> Self {
        let mut frame = BytesMut::with_capacity(payload.len() + 10);
        put(&mut frame, kind, payload);
        Self(frame.freeze())
    }

    /// Its bytes, header and all.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// How many they are; never none, since the header counts.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Header and payload (section 5.2).
fn put(frame: &mut impl BufMut, kind: u8, payload: &[u8]) {
    frame.put_u8(kind);
    let len = payload.len();
    if let Ok(short @ 0..126) = u8::try_from(len) {
        frame.put_u8(short);
    } else if let Ok(len) = u16::try_from(len) {
        frame.put_u8(126);
        frame.put_u16(len);
    } else {
        frame.put_u8(127);
        frame.put_u64(len as u64);
    }
    frame.put_slice(payload);
}

/// As [`encode`], for an answer that has a place in the budget of long ones.
pub(crate) fn encode_long(frame: &ServerFrame, place: AnswerPlace) -> Frame {
    let text = frame.to_json();
    let mut bytes = Vec::with_capacity(text.len() + 10);
    put(&mut bytes, TEXT, text.as_bytes());
    Frame(place.hold(bytes))
}

/// A word of the server as the frame that every receiver shares.
pub fn encode(frame: &ServerFrame) -> Frame {
    Frame::text(&frame.to_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_take_the_fewest_bytes() {
        let head = |len: usize| Frame::binary(&vec![7; len]).bytes()[..4].to_vec();
        assert_eq!(Frame::text("hi").bytes(), [0x81, 2, b'h', b'i']);
        assert_eq!(head(125)[..2], [0x82, 125]);
        assert_eq!(head(126), [0x82, 126, 0, 126]);
        assert_eq!(head(65_535), [0x82, 126, 0xff, 0xff]);
        let long = Frame::binary(&vec![7; 65_536]);
        assert_eq!(long.bytes()[..10], [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
        assert_eq!(long.len(), 65_546);
    }

    #[test]
    fn a_goodbye_has_a_code_and_a_reason_or_neither() {
        assert_eq!(Frame::close(None).bytes(), [0x88, 0]);
        let bytes = Frame::close(Some((1012, "go"))).bytes().to_vec();
        assert_eq!(bytes, [0x88, 4, 0x03, 0xf4, b'g', b'o']);
    }
}
