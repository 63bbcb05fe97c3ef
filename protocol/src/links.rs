//! Bodies of links that let people in: invites, and resets of passwords.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{RoomId, UserId};

/// `POST /invites`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvite {
    /// How many people may use it; 1 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<u32>,
    /// Its life in seconds; 7 days when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_in_s: Option<u64>,
    /// Rooms that its people join, besides the first public one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rooms: Option<Vec<RoomId>>,
}

/// An invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Invite {
    /// What the link ends in.
    pub code: String,
    /// The whole link.
    pub url: String,
    /// How many people may still use it.
    pub uses: u32,
    /// When it ends.
    pub expires_at: u64,
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// The rooms that it opens, those of them that the caller may know of.
    pub rooms: Vec<RoomId>,
}

reads!(Invite { code, url, uses, expires_at } { by, rooms });

/// `GET /invites`: those that still work.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Invites)]
pub struct InviteList {
    /// The newest first.
    pub invites: Vec<Invite>,
    /// Where the next page starts; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A link by which somebody chooses a new password, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResetLink {
    /// What the link ends in.
    pub code: String,
    /// The whole link.
    pub url: String,
    /// When it ends.
    pub expires_at: u64,
}

/// `POST /users/{id}/reset`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ResetBody {
    /// The link.
    pub reset: ResetLink,
}

/// `POST /resets`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// What the link ends in.
    pub code: String,
    /// The new password, 8 to 256 characters.
    pub password: String,
    /// The device that signs in with it; a random one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}

/// One invite, wrapped.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InviteBody {
    /// The invite.
    pub invite: Invite,
}

reads!(InviteBody { invite });
