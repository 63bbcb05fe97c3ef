//! Summaries of rooms and people.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, de::Error};
use utoipa::ToSchema;

use crate::{ListOrder, NotifyLevel, RoomId, RoomPreferences, Seq, UserId};

/// Who may see and join a room. A kind of a newer server reads as [`RoomKind::Private`], which offers least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// Everybody sees, reads and may join it.
    Public,
    /// Two to ten fixed people.
    Direct,
    /// Only its members know of it.
    #[default]
    Private,
}

reads_words!(RoomKind { "public" => Public, "direct" => Direct } or Private);

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

/// A role in a request. There, one that is not known is refused: nobody must become something else than was asked for.
pub(crate) fn role_that_is_known<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Role>, D::Error> {
    let name = Option::<Cow<'_, str>>::deserialize(from)?;
    let Some(name) = name else { return Ok(None) };
    match Role::named(&name) {
        Some(role) => Ok(Some(role)),
        None => Err(D::Error::unknown_variant(&name, &Role::NAMES)),
    }
}

/// A room as one user sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and stands so on the wire"
)]
pub struct RoomSummary {
    /// The room.
    pub id: RoomId,
    /// Who may see it.
    pub kind: RoomKind,
    /// Its name; for a direct room the display names of the others.
    pub name: String,
    /// Its name in Latin letters, where it has Han characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latin: Option<String>,
    /// What it is about; may be empty.
    pub topic: String,
    /// The `seq` of its newest entry; 0 for none.
    #[schema(value_type = u64)]
    pub last_seq: Seq,
    /// How far this user has read.
    #[schema(value_type = u64)]
    pub read_seq: Seq,
    /// How often the position was set back; left out for never.
    #[serde(rename = "gen", skip_serializing_if = "is_default")]
    pub generation: u64,
    /// Messages of others after `read_seq`, deleted ones not counted.
    pub unread: u64,
    /// Those of them that name this user or everybody here.
    pub mentions: u64,
    /// Whether this user is a member. A frame lists only such rooms; over HTTP a public room may be not joined yet.
    #[serde(skip_serializing_if = "is_true")]
    pub member: bool,
    /// The people of a direct room, oneself included; empty for the other kinds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<UserId>,
    /// Who made it, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<UserId>,
    /// Whether only its creator and admins write in it.
    #[serde(skip_serializing_if = "is_false")]
    pub read_only: bool,
    /// Whether nothing is said in it any more.
    #[serde(skip_serializing_if = "is_false")]
    pub archived: bool,
    /// Of which messages this user wants to hear; left out for all.
    #[serde(skip_serializing_if = "is_default")]
    pub notify: NotifyLevel,
    /// Whether nothing of it is to disturb this user.
    #[serde(skip_serializing_if = "is_false")]
    pub muted: bool,
    /// Whether it is one of this user's favourites.
    #[serde(skip_serializing_if = "is_false")]
    pub favourite: bool,
    /// Where it stands in this user's list, if they said; the smaller one comes first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub order: Option<ListOrder>,
}

reads!(RoomSummary
    { id, kind, name, topic, last_seq, read_seq, unread, mentions }
    { latin, generation as "gen", member or true, users, created_by, read_only, archived, notify, muted, favourite, order }
);

impl RoomSummary {
    /// What this user wants of it.
    pub const fn preferences(&self) -> RoomPreferences {
        RoomPreferences {
            notify: self.notify,
            muted: self.muted,
            favourite: self.favourite,
            order: self.order,
        }
    }

    /// The same room for a user who wants this of it.
    #[must_use]
    pub fn preferred(self, of: RoomPreferences) -> Self {
        Self {
            notify: of.notify,
            muted: of.muted,
            favourite: of.favourite,
            order: of.order,
            ..self
        }
    }

    /// A room that the user is in, where nothing was said yet; what else is known of it goes over that:
    /// `RoomSummary { topic, ..RoomSummary::new(id, kind, name) }`.
    pub const fn new(id: RoomId, kind: RoomKind, name: String) -> Self {
        Self {
            id,
            kind,
            name,
            latin: None,
            topic: String::new(),
            last_seq: 0,
            read_seq: 0,
            generation: 0,
            unread: 0,
            mentions: 0,
            member: true,
            users: Vec::new(),
            created_by: None,
            read_only: false,
            archived: false,
            notify: NotifyLevel::All,
            muted: false,
            favourite: false,
            order: None,
        }
    }
}

/// What one user has not read of a room, as it was at `last_seq`: the counts of [`RoomSummary`] alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoomCounts {
    /// The `seq` of the room's newest entry; 0 for none.
    #[schema(value_type = u64)]
    pub last_seq: Seq,
    /// How far this user has read.
    #[schema(value_type = u64)]
    pub read_seq: Seq,
    /// How often the position was set back; left out for never.
    #[serde(rename = "gen", skip_serializing_if = "is_default")]
    pub generation: u64,
    /// Messages of others after `read_seq`, deleted ones not counted.
    pub unread: u64,
    /// Those of them that name this user or everybody here.
    pub mentions: u64,
}

reads!(RoomCounts { last_seq, read_seq, unread, mentions } { generation as "gen" });

impl RoomCounts {
    /// How far this user has read.
    pub const fn position(&self) -> ReadPosition {
        ReadPosition {
            generation: self.generation,
            seq: self.read_seq,
        }
    }
}

/// How far somebody has read a room. It grows in this order: by its generation, and within one by its entry. "Unread from here" begins a
/// new generation, so that nothing that was read before it, and is told late, can undo it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadPosition {
    /// How often it was set back.
    pub generation: u64,
    /// Up to and with this entry.
    pub seq: Seq,
}

impl From<&RoomSummary> for RoomCounts {
    fn from(room: &RoomSummary) -> Self {
        Self {
            last_seq: room.last_seq,
            read_seq: room.read_seq,
            generation: room.generation,
            unread: room.unread,
            mentions: room.mentions,
        }
    }
}

/// Whether a field says what its absence does.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
const fn is_true(value: &bool) -> bool {
    *value
}

/// Whether somebody is at the page. A state of a newer server reads as [`PresenceState::Offline`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PresenceState {
    /// At the page.
    Online,
    /// Connected, not at the page.
    Away,
    /// Not connected for longer than the grace period.
    #[default]
    Offline,
}

reads_words!(PresenceState { "online" => Online, "away" => Away } or Offline);

/// What somebody may do on the whole server; of two roles the greater may do more. A role of a newer server reads as [`Role::Member`], which may do least.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema,
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
    Member = 0,
}

reads_words!(Role { "owner" => Owner, "admin" => Admin, "moderator" => Moderator } or Member);

impl Role {
    /// Their names, from the least to the greatest.
    pub const NAMES: [&str; 4] = ["member", "moderator", "admin", "owner"];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The role of this name; none where this build knows none.
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Member, Self::Moderator, Self::Admin, Self::Owner];
        all.into_iter().find(|role| role.name() == name)
    }
}

/// A person or a bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UserSummary {
    /// The user.
    pub id: UserId,
    /// What `@` names; unique.
    pub name: String,
    /// What is shown.
    pub display_name: String,
    /// What is shown in Latin letters, where it has Han characters, and else what `@` names in them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latin: Option<String>,
    /// Whether they are here; left out of `welcome.user`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<PresenceState>,
    /// What they may do on the server; left out for plain members.
    #[serde(skip_serializing_if = "is_member")]
    pub role: Role,
    /// The time zone that they show, by its IANA name; left out where they show none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tz: Option<String>,
}

reads!(UserSummary { id, name, display_name } { latin, state, role, tz });

impl UserSummary {
    /// A plain member of whom it is not known whether they are here.
    pub const fn new(id: UserId, name: String, display_name: String) -> Self {
        Self {
            id,
            name,
            display_name,
            latin: None,
            state: None,
            role: Role::Member,
            tz: None,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_member(role: &Role) -> bool {
    *role == Role::Member
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
pub(crate) const fn is_false(value: &bool) -> bool {
    !*value
}
