//! Frames (RFC 6455, section 5.2).

use thiserror::Error;

/// A text.
pub const OP_TEXT: u8 = 1;
/// The end.
pub const OP_CLOSE: u8 = 8;
/// Is somebody there?
pub const OP_PING: u8 = 9;
/// Somebody is.
pub const OP_PONG: u8 = 10;
/// Longest payload that is taken: `entries` may have about 1 MiB, and a welcome names many rooms and people.
pub const MAX_FRAME: usize = 8 * 1024 * 1024;

/// Where a frame lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameHead {
    /// What it is.
    pub opcode: u8,
    /// Where its payload begins, from the frame's first byte.
    pub start: usize,
    /// Where the next frame begins.
    pub end: usize,
}

/// What a server may not send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Broken {
    /// Servers do not mask (section 5.1).
    #[error("a masked frame")]
    Masked,
    /// No extension was agreed on.
    #[error("reserved bits are set")]
    Reserved,
    /// The contract's frames are whole.
    #[error("a fragmented message")]
    Fragment,
    /// See [`MAX_FRAME`].
    #[error("a frame of more than 8 MiB")]
    TooLong,
    /// Text and control frames are all there is.
    #[error("a frame with opcode {0}")]
    Opcode(u8),
}

impl FrameHead {
    /// Reads the head of the frame that `bytes` begin with; none while the head or its payload is not all there.
    #[inline]
    pub fn read(bytes: &[u8]) -> Result<Option<Self>, Broken> {
        let &[first, second, ref rest @ ..] = bytes else {
            return Ok(None);
        };
        if second & 0x80 != 0 {
            return Err(Broken::Masked);
        }
        if first & 0x70 != 0 {
            return Err(Broken::Reserved);
        }
        let opcode = first & 0x0f;
        if first & 0x80 == 0 || opcode == 0 {
            return Err(Broken::Fragment);
        }
        if !matches!(opcode, OP_TEXT | OP_CLOSE | OP_PING | OP_PONG) {
            return Err(Broken::Opcode(opcode));
        }
        let (start, length) = match second {
            126 => match rest.first_chunk() {
                Some(&two) => (4, usize::from(u16::from_be_bytes(two))),
                None => return Ok(None),
            },
            127 => match rest.first_chunk() {
                Some(&eight) => {
                    let length = u64::from_be_bytes(eight);
                    (10, usize::try_from(length).map_err(|_| Broken::TooLong)?)
                }
                None => return Ok(None),
            },
            few => (2, usize::from(few)),
        };
        if length > MAX_FRAME {
            return Err(Broken::TooLong);
        }
        let end = start + length;
        Ok((bytes.len() >= end).then_some(Self { opcode, start, end }))
    }
}

/// Appends a client's frame: masked, as clients must.
pub fn write(out: &mut Vec<u8>, opcode: u8, payload: &[u8], mask: [u8; 4]) {
    out.push(0x80 | opcode);
    let length = payload.len();
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(few @ 0..126), _) => out.push(0x80 | few),
        (_, Ok(more)) => {
            out.push(0xfe);
            out.extend(more.to_be_bytes());
        }
        _ => {
            out.push(0xff);
            out.extend((length as u64).to_be_bytes());
        }
    }
    out.extend(mask);
    out.extend(payload.iter().zip(mask.iter().cycle()).map(|(a, b)| a ^ b));
}

/// Code and reason of a close frame's payload; 1005 where it has none.
pub fn close_of(payload: &[u8]) -> (u16, String) {
    match payload {
        [high, low, reason @ ..] => (
            u16::from_be_bytes([*high, *low]),
            String::from_utf8_lossy(reason).into_owned(),
        ),
        _ => (1005, String::new()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As a server writes it.
    fn served(opcode: u8, payload: &[u8]) -> Vec<u8> {
        let mut masked = Vec::new();
        write(&mut masked, opcode, payload, [0; 4]);
        let head = masked.len() - payload.len() - 4;
        masked.drain(head..head + 4);
        masked[1] &= 0x7f;
        masked
    }

    proptest! {
        #[test]
        fn a_cut_anywhere_asks_for_more(length in prop_oneof![0usize..300, 65_000usize..66_000], cut in any::<prop::sample::Index>()) {
            let payload = vec![b'x'; length];
            let frame = served(OP_TEXT, &payload);
            let head = FrameHead::read(&frame).unwrap().unwrap();
            prop_assert_eq!(&frame[head.start..head.end], &payload[..]);
            prop_assert_eq!(head.end, frame.len());
            let cut = cut.index(frame.len());
            prop_assert_eq!(FrameHead::read(&frame[..cut]), Ok(None));
        }

        #[test]
        fn a_mask_is_undone_by_itself(payload in prop::collection::vec(any::<u8>(), 0..200), mask in any::<[u8; 4]>()) {
            let mut out = Vec::new();
            write(&mut out, OP_TEXT, &payload, mask);
            let start = out.len() - payload.len();
            let plain: Vec<u8> = out[start..].iter().zip(mask.iter().cycle()).map(|(a, b)| a ^ b).collect();
            prop_assert_eq!(plain, payload);
        }
    }

    #[test]
    fn what_a_server_may_not_send_is_told() {
        assert_eq!(FrameHead::read(&[0x81, 0x80]), Err(Broken::Masked));
        assert_eq!(FrameHead::read(&[0xc1, 0x00]), Err(Broken::Reserved));
        assert_eq!(FrameHead::read(&[0x01, 0x00]), Err(Broken::Fragment));
        assert_eq!(FrameHead::read(&[0x80, 0x00]), Err(Broken::Fragment));
        assert_eq!(FrameHead::read(&[0x82, 0x00]), Err(Broken::Opcode(2)));
        let huge = [0x81, 127, 0, 0, 0, 0, 0xff, 0, 0, 0];
        assert_eq!(FrameHead::read(&huge), Err(Broken::TooLong));
    }

    #[test]
    fn a_close_without_a_code_is_1005() {
        assert_eq!(close_of(&[]), (1005, String::new()));
        let payload = [&4002u16.to_be_bytes()[..], b"slow"].concat();
        assert_eq!(close_of(&payload), (4002, "slow".into()));
    }
}
