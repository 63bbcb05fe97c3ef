//! Summaries of rooms, people and messages.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use utoipa::ToSchema;

use crate::{MessageId, RoomId, Seq, UserId};

/// Who may see and join a room. A kind of a newer server reads as [`RoomKind::Private`], which offers least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// Everybody sees, reads and may join it.
    Public,
    /// Two to ten fixed people.
    Direct,
    /// Only its members know of it.
    #[default]
    #[serde(other)]
    Private,
}

/// A kind in a request. There, one that is not known is refused: a room must not be made as something else than was asked for.
pub(crate) fn kind_that_is_known<'de, D: Deserializer<'de>>(from: D) -> Result<RoomKind, D::Error> {
    let name = Cow::<str>::deserialize(from)?;
    match &*name {
        "public" => Ok(RoomKind::Public),
        "private" => Ok(RoomKind::Private),
        "direct" => Ok(RoomKind::Direct),
        _ => Err(D::Error::unknown_variant(&name, &["public", "private"])),
    }
}

/// A room as one user sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoomSummary {
    /// The room.
    pub id: RoomId,
    /// Who may see it.
    pub kind: RoomKind,
    /// Its name; for a direct room the display names of the others.
    pub name: String,
    /// What it is about; may be empty.
    pub topic: String,
    /// The `seq` of its newest entry; 0 for none.
    #[schema(value_type = u64)]
    pub last_seq: Seq,
    /// How far this user has read.
    #[schema(value_type = u64)]
    pub read_seq: Seq,
    /// Messages of others after `read_seq`, deleted ones not counted.
    pub unread: u64,
    /// Those of them that name this user or everybody here.
    pub mentions: u64,
    /// Whether this user is a member. A frame lists only such rooms; over HTTP a public room may be not joined yet.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub member: bool,
    /// The people of a direct room, oneself included; empty for the other kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<UserId>,
    /// Who made it, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<UserId>,
}

impl RoomSummary {
    /// A room that the user is in, where nothing was said yet; what else is known of it goes over that:
    /// `RoomSummary { topic, ..RoomSummary::new(id, kind, name) }`.
    pub const fn new(id: RoomId, kind: RoomKind, name: String) -> Self {
        Self {
            id,
            kind,
            name,
            topic: String::new(),
            last_seq: 0,
            read_seq: 0,
            unread: 0,
            mentions: 0,
            member: true,
            users: Vec::new(),
            created_by: None,
        }
    }
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
const fn is_true(value: &bool) -> bool {
    *value
}

/// Whether somebody is at the page. A state of a newer server reads as [`PresenceState::Offline`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PresenceState {
    /// At the page.
    Online,
    /// Connected, not at the page.
    Away,
    /// Not connected for longer than the grace period.
    #[default]
    #[serde(other)]
    Offline,
}

/// What somebody may do on the whole server; of two roles the greater may do more. A role of a newer server reads as [`Role::Member`], which may do least.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The first account.
    Owner = 3,
    /// Also invites, notices, any public room.
    Admin = 2,
    /// Deletes anyone's message, removes people from rooms.
    Moderator = 1,
    /// Writes, makes rooms.
    #[default]
    #[serde(other)]
    Member = 0,
}

/// A person or a bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserSummary {
    /// The user.
    pub id: UserId,
    /// What `@` names; unique.
    pub name: String,
    /// What is shown.
    pub display_name: String,
    /// Whether they are here; left out of `welcome.user`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<PresenceState>,
    /// What they may do on the server; left out for plain members.
    #[serde(default, skip_serializing_if = "is_member")]
    pub role: Role,
}

impl UserSummary {
    /// A plain member of whom it is not known whether they are here.
    pub const fn new(id: UserId, name: String, display_name: String) -> Self {
        Self {
            id,
            name,
            display_name,
            state: None,
            role: Role::Member,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_member(role: &Role) -> bool {
    *role == Role::Member
}

/// A message as it stands now: edits applied, reactions counted, a deleted one as a tombstone (contract, "Commands", `history`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// Its place in the room's log.
    #[schema(value_type = u64)]
    pub seq: Seq,
    /// The id its sender minted.
    pub id: MessageId,
    /// Its author.
    pub by: UserId,
    /// When it was stored, in milliseconds since the epoch.
    pub at: u64,
    /// Its text; none once deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The message in the same room that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub reply_to: Option<Seq>,
    /// When it was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<u64>,
    /// Whether it was deleted.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deleted: bool,
    /// Its reactions, in the order in which each was first given.
    #[serde(default)]
    pub reactions: Vec<Reaction>,
}

impl Message {
    /// A message without text, reactions or edits: where a text is set it is one that stands, where `deleted` is set a tombstone.
    pub const fn new(seq: Seq, id: MessageId, by: UserId, at: u64) -> Self {
        Self {
            seq,
            id,
            by,
            at,
            text: None,
            reply_to: None,
            edited_at: None,
            deleted: false,
            reactions: Vec::new(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
pub(crate) const fn is_false(value: &bool) -> bool {
    !*value
}

/// One emoji under a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// How many people gave it; at least 1.
    pub count: u32,
    /// Whether the asking user is one of them.
    pub mine: bool,
}
