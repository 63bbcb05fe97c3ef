//! Bodies of the HTTP API about what is one person's own over all rooms.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use utoipa::ToSchema;

use crate::{Message, RoomId, Seq};

/// `POST /read`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadRooms {
    /// Which rooms.
    #[serde(deserialize_with = "which_rooms")]
    pub rooms: WhichRooms,
}

/// By its name: what is no text at all is a wrong field too, not broken JSON.
fn which_rooms<'de, D: Deserializer<'de>>(from: D) -> Result<WhichRooms, D::Error> {
    let name = Cow::<str>::deserialize(from)?;
    if name == "all" {
        Ok(WhichRooms::All)
    } else {
        Err(D::Error::unknown_variant(&name, &["all"]))
    }
}

/// Rooms of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhichRooms {
    /// All that they are in.
    All,
}

/// `GET /saved`: what one saved, what was saved last first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SavedList {
    /// The messages.
    pub saved: Vec<SavedMessage>,
    /// Where the next page starts; none at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

reads!(SavedList { saved } { next });

/// A message that one saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SavedMessage {
    /// Its room.
    pub room: RoomId,
    /// The message as it stands now.
    pub message: Message,
    /// When it was saved, in milliseconds since the epoch.
    pub saved_at: u64,
}

reads!(SavedMessage {
    room,
    message,
    saved_at
});

/// `GET /saved?ids=1`: the places of all that one saved, what was saved last first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SavedPlaces {
    /// The places.
    pub saved: Vec<SavedPlace>,
}

reads!(SavedPlaces { saved });

/// The place of a message that one saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SavedPlace {
    /// Its room.
    pub room: RoomId,
    /// The message.
    #[schema(value_type = u64)]
    pub seq: Seq,
}

reads!(SavedPlace { room, seq });

/// `GET /for-you`: what is for the caller, the newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ForYou {
    /// The messages.
    pub for_you: Vec<ForYouMessage>,
    /// Where the next page starts; none at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

reads!(ForYou { for_you } { next });

/// A message that is for the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ForYouMessage {
    /// Its room.
    pub room: RoomId,
    /// The message as it stands now.
    pub message: Message,
}

reads!(ForYouMessage { room, message });
