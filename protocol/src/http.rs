//! Bodies of the HTTP API, `/api/v1` (contract, "HTTP"). Each is wrapped by its name.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    ErrorCode, Message, MessageId, Notice, Role, RoomKind, RoomSummary, Seq, UserId, UserSummary,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
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

reads!(SignIn {
    id,
    label,
    address,
    created_at,
    seen_at,
    current
});

/// `GET /sessions`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Sessions {
    /// The newest first.
    pub sessions: Vec<SignIn>,
    /// Where the next page starts; none at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

reads!(Sessions { sessions } { next });

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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoomPatch {
    /// Its new name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its new topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Whether only its creator and admins write in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_only: Option<bool>,
    /// Whether nothing is said in it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
}

/// One room, wrapped.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoomBody {
    /// The room as the caller sees it.
    pub room: RoomSummary,
}

reads!(RoomBody { room });

/// `GET /rooms`: the caller's rooms and the public ones.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Rooms)]
pub struct RoomList {
    /// The rooms.
    pub rooms: Vec<RoomSummary>,
    /// Where the next page starts; none at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

reads!(RoomList { rooms } { next });

/// `GET /users`, `GET /rooms/{id}/members`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Users {
    /// The people.
    pub users: Vec<UserSummary>,
    /// Where the next page starts; none at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Of a room's members: how many there are in all, whatever was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

reads!(Users { users } { next, total });

/// `GET /rooms/{id}/mentions`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Mentions {
    /// The places of messages that name the caller or everybody, in order.
    pub mentions: Vec<Seq>,
}

reads!(Mentions { mentions });

/// `GET /rooms/{id}/day`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FirstSince {
    /// The place of the first message since the time that was asked for; none where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub seq: Option<Seq>,
}

reads!(FirstSince { } { seq });

/// `GET /rooms/{id}/pins`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PinList {
    /// What is pinned, what was pinned last first; at most [`crate::limits::PINS`].
    pub pins: Vec<PinnedMessage>,
    /// Whether more are pinned than the answer has place for; the ones pinned first are left out.
    #[serde(skip_serializing_if = "crate::summary::is_false")]
    pub more: bool,
}

reads!(PinList { pins } { more });

/// A pinned message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PinnedMessage {
    /// The message as it stands now.
    pub message: Message,
    /// Who pinned it.
    pub by: UserId,
    /// When, in milliseconds since the epoch.
    pub at: u64,
}

reads!(PinnedMessage { message, by, at });

/// `GET /rooms/{id}/messages/{seq}/reactions`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReactionList {
    /// In the order in which each emoji was first given.
    pub reactions: Vec<GivenReaction>,
}

reads!(ReactionList { reactions });

/// An emoji under a message, with who gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GivenReaction {
    /// The emoji.
    pub emoji: String,
    /// Who gave it, the first ones first; at most [`crate::limits::GIVERS`].
    pub users: Vec<UserSummary>,
}

reads!(GivenReaction { emoji, users });

/// `GET /rooms/{id}/messages/{seq}/edits`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EditList {
    /// What the message said before it said what it says now, the oldest first; at most [`crate::limits::EARLIER_TEXTS`].
    pub edits: Vec<EarlierText>,
    /// Whether older ones are left out.
    #[serde(skip_serializing_if = "crate::summary::is_false")]
    pub more: bool,
}

reads!(EditList { edits } { more });

/// What a message said for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EarlierText {
    /// Since when, in milliseconds since the epoch.
    pub at: u64,
    /// The text.
    pub text: String,
}

reads!(EarlierText { at, text });

/// One person, wrapped.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UserBody {
    /// The person.
    pub user: UserSummary,
}

reads!(UserBody { user });

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
    /// The thread that it is to stand in, by its first message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub thread: Option<Seq>,
    /// Whether it is to stand in the room too.
    #[serde(default, skip_serializing_if = "crate::summary::is_false")]
    pub also: bool,
}

/// `PATCH /users/me`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// What is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The time zone that is shown, by its IANA name (`Asia/Shanghai`); empty to show none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tz: Option<String>,
    /// A new password; ends the other sign-ins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<PasswordChange>,
}

/// `PATCH /users/{id}`: what somebody may do.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RolePatch {
    /// Their role from now on.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::summary::role_that_is_known"
    )]
    pub role: Option<Role>,
    /// Whether they are shut out: all their sign-ins end, and they cannot sign in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub banned: Option<bool>,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErrorBody {
    /// The error.
    pub error: ErrorDetail,
}

reads!(ErrorBody { error });

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ErrorDetail {
    /// Its code.
    pub code: ErrorCode,
    /// In words.
    pub message: String,
    /// The field that broke its rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

reads!(ErrorDetail { code, message } { field });
