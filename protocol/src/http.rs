//! Bodies of the HTTP API, `/api/v1` (contract, "HTTP"). Each is wrapped by its name.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ErrorCode, MessageId, Notice, RoomId, RoomKind, RoomSummary, Seq, UserId, UserSummary,
};

/// `POST /accounts`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// The user's name.
    pub name: String,
    /// 8 to 256 characters.
    pub password: String,
    /// An invite's code; needed unless sign-up is open. For the first account the setup code of the server's log; not needed on the
    /// server's own machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite: Option<String>,
    /// The device that signs in with it; a random one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// What is shown; the name when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
}

/// `POST /sessions`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSession {
    /// The user's name, in any case.
    pub name: String,
    /// The password.
    pub password: String,
    /// A stable random id of the device, 16 to 64 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}

/// `POST /sessions/refresh`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshSession {
    /// The refresh token; the cookie's when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// The device that asks. A token of another device's sign-in ends that sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}

/// The answer to all three.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SignedIn {
    /// Who signed in.
    pub user: UserSummary,
    /// A JWT for `Authorization: Bearer`.
    pub access_token: String,
    /// Good for one refresh.
    pub refresh_token: String,
    /// Life of the access token, in seconds.
    pub expires_in: u64,
}

/// One device that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignIn {
    /// The sign-in.
    pub id: u64,
    /// What it looks like: the browser and system, from its own words.
    pub label: String,
    /// Its address, the last part cut.
    pub address: String,
    /// When it signed in.
    pub created_at: u64,
    /// When it was last seen.
    pub seen_at: u64,
    /// Whether it is the asking one.
    pub current: bool,
}

/// `GET /sessions`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Sessions {
    /// The newest first.
    pub sessions: Vec<SignIn>,
    /// Where the next page starts; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// `POST /rooms`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRoom {
    /// `public` or `private`.
    #[serde(deserialize_with = "crate::summary::kind_that_is_known")]
    pub kind: RoomKind,
    /// Its name.
    pub name: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
}

/// `PATCH /rooms/{id}`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoomPatch {
    /// Its new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its new topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
}

/// One room, wrapped.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RoomBody {
    /// The room as the caller sees it.
    pub room: RoomSummary,
}

/// `GET /rooms`: the caller's rooms and the public ones.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Rooms {
    /// The rooms.
    pub rooms: Vec<RoomSummary>,
    /// Where the next page starts; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// `GET /users`, `GET /rooms/{id}/members`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Users {
    /// The people.
    pub users: Vec<UserSummary>,
    /// Where the next page starts; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Of a room's members: how many there are in all, whatever was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

/// `GET /rooms/{id}/mentions`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Mentions {
    /// The places of messages that name the caller or everybody, in order.
    pub mentions: Vec<Seq>,
}

/// One person, wrapped.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct UserBody {
    /// The person.
    pub user: UserSummary,
}

/// `POST /rooms/{id}/members`.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// Whom to add; oneself when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
}

/// `POST /direct`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDirect {
    /// One to nine others.
    pub users: Vec<UserId>,
}

/// `POST /rooms/{id}/messages`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// Minted by the sender.
    pub id: MessageId,
    /// What to say.
    pub text: String,
    /// The message in the same room that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub reply_to: Option<Seq>,
}

/// `PATCH /users/me`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// What is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// A new password; ends the other sign-ins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<PasswordChange>,
}

/// The old password proves who asks.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The present one.
    pub old: String,
    /// The next one, 8 to 256 characters.
    pub new: String,
}

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invite {
    /// What the link ends in.
    pub code: String,
    /// The whole link.
    pub url: String,
    /// How many people may still use it.
    pub uses: u32,
    /// When it ends.
    pub expires_at: u64,
}

/// One invite, wrapped.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InviteBody {
    /// The invite.
    pub invite: Invite,
}

/// `POST /notices`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNotice {
    /// What everybody sees, by the rule of texts.
    pub text: String,
}

/// One notice, wrapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NoticeBody {
    /// The notice, as everybody hears it.
    pub notice: Notice,
}

/// An error over HTTP, wrapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErrorBody {
    /// The error.
    pub error: ErrorDetail,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ErrorDetail {
    /// Its code.
    pub code: ErrorCode,
    /// In words.
    pub message: String,
    /// The field that broke its rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}
