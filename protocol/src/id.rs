//! Ids. Rooms, users and sessions are positive integers below 2^53; a message's id is a UUID minted by its sender.

use std::{collections::BTreeMap, fmt, num::NonZeroU64, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::limits::MAX_ID;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
        #[schema(value_type = u64, minimum = 1, maximum = 9_007_199_254_740_991.0)]
        #[serde(transparent)]
        pub struct $name(NonZeroU64);

        impl $name {
            /// The id with this number; `None` outside 1…2^53−1.
            pub const fn new(number: u64) -> Option<Self> {
                if number > MAX_ID {
                    return None;
                }
                match NonZeroU64::new(number) {
                    Some(number) => Some(Self(number)),
                    None => None,
                }
            }

            /// The number, 1…2^53−1.
            pub const fn get(self) -> u64 {
                self.0.get()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = &'static str;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().ok().and_then(Self::new).ok_or("an id is a whole number from 1 to 2^53-1")
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let number = u64::deserialize(from)?;
                Self::new(number).ok_or_else(|| de::Error::custom("an id is a whole number from 1 to 2^53-1"))
            }
        }
    };
}

id!(
    /// A room.
    RoomId
);
id!(
    /// A person or a bot.
    UserId
);
id!(
    /// A live session: one a connection, kept across its reconnects.
    SessionId
);

/// A map by room, as it is read.
#[derive(Deserialize)]
pub(crate) struct ByRoom(
    #[serde(deserialize_with = "by_room::deserialize")] pub(crate) BTreeMap<RoomId, Seq>,
);

/// Maps by room: JSON's keys are strings, and a tagged frame hands them over as such.
pub(crate) mod by_room {
    use std::{collections::BTreeMap, fmt};

    use serde::{
        Deserializer,
        de::{self, MapAccess, Visitor},
    };

    use super::{RoomId, Seq};

    struct HeadsVisitor;

    impl<'de> Visitor<'de> for HeadsVisitor {
        type Value = BTreeMap<RoomId, Seq>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object from room ids to seqs")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = BTreeMap::new();
            while let Some((key, seq)) = map.next_entry::<std::borrow::Cow<'de, str>, Seq>()? {
                let room = key.parse().map_err(de::Error::custom)?;
                found.insert(room, seq);
            }
            Ok(found)
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<RoomId, Seq>, D::Error> {
        from.deserialize_map(HeadsVisitor)
    }
}

/// The place of an entry in its room's log: 1 for the first, no holes. 0 is the cursor of a client that has seen nothing.
pub type Seq = u64;

/// The id of a send, edit, delete or reaction: a UUID minted by its sender, unique for ever with its author.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[schema(value_type = String, format = "uuid")]
#[serde(transparent)]
pub struct MessageId(Uuid);

impl MessageId {
    /// The id with these 128 bits; whoever mints one brings its own randomness.
    pub const fn from_u128(bits: u128) -> Self {
        Self(Uuid::from_u128(bits))
    }

    /// A UUID version 7 (RFC 9562, section 5.7) from a time in milliseconds and 74 bits of `random`.
    pub const fn mint(now_ms: u64, random: u128) -> Self {
        let time = (now_ms as u128 & 0xffff_ffff_ffff) << 80;
        let mask = (0xfff << 64) | 0x3fff_ffff_ffff_ffff;
        Self(Uuid::from_u128(
            time | (0x7 << 76) | (0b10 << 62) | (random & mask),
        ))
    }

    /// The 16 bytes, as a database stores them.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// From 16 bytes; `None` for another length.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        Uuid::from_slice(bytes).ok().map(Self)
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageId({self})")
    }
}

impl FromStr for MessageId {
    type Err = &'static str;
    /// Takes the hyphenated form only (RFC 9562, section 4), in either case; the nil UUID is nobody's.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WHY: &str =
            "an id is a UUID of 36 characters, such as 0198c2a4-5b1e-7c3d-9f00-2b6d1e8a4c55";
        if text.len() != 36 {
            return Err(WHY);
        }
        let id = Uuid::try_parse(text).map_err(|_| WHY)?;
        if id.is_nil() { Err(WHY) } else { Ok(Self(id)) }
    }
}

impl<'de> Deserialize<'de> for MessageId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_positive_and_exact_in_javascript() {
        assert!(RoomId::new(0).is_none());
        assert!(RoomId::new(1 << 53).is_none());
        assert_eq!(RoomId::new(MAX_ID).unwrap().get(), MAX_ID);
        for bad in [
            "0",
            "-1",
            "9007199254740992",
            "1.5",
            "\"1\"",
            "null",
            "18446744073709551616",
        ] {
            assert!(serde_json::from_str::<RoomId>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn message_ids_are_uuids_in_one_spelling() {
        let id: MessageId = "0198C2A4-5B1E-7C3D-9F00-2B6D1E8A4C55".parse().unwrap();
        assert_eq!(id.to_string(), "0198c2a4-5b1e-7c3d-9f00-2b6d1e8a4c55");
        for bad in [
            "",
            "0198c2a45b1e7c3d9f002b6d1e8a4c55",
            "00000000-0000-0000-0000-000000000000",
            "not-a-uuid",
        ] {
            assert!(bad.parse::<MessageId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn minted_ids_are_version_7_and_sort_by_time() {
        let early = MessageId::mint(1_795_400_000_000, u128::MAX);
        let late = MessageId::mint(1_795_400_000_001, 0);
        assert!(early < late);
        assert_eq!(Uuid::from_bytes(*early.as_bytes()).get_version_num(), 7);
        assert_eq!(
            Uuid::from_bytes(*late.as_bytes()).get_variant(),
            uuid::Variant::RFC4122
        );
    }
}
