//! The port that rules ask a store through.

use std::collections::HashMap;

use protocol::{
    Ack, ActKind, Event, MessageId, PreferencesPatch, ReadPosition, Role, RoomId, RoomSetting, Seq,
    UserId,
};

use super::thread_rows::ThreadRows;
use super::{
    HiddenRoom, MessageRow, NewEntry, NewUser, PinFacts, Reacted, ReactionRow, RoomRow, SavedFacts,
    Seat, Target, UnreadRoom,
};
use crate::store::{
    Authored, InviteRecord, Named, NewSignIn, ResetRecord, SignInRecord, StoreError, StoredAck,
};

/// What a store answers; an error ends the transaction, and nothing of it is stored.
pub type StoreResult<T> = Result<T, StoreError>;

/// A transaction that writes, as rows: it reads facts and keeps changes, and decides nothing. Later calls see what earlier ones changed.
///
/// Calls are asynchronous by type, for databases that are asked over a network. An embedded one answers at once, on the thread that asks
/// ([`super::now`]).
pub trait Transaction:
    LogRows + ThreadRows + RoomRows + SavedRows + AccountRows + SignInRows + Send
{
}

impl<T: LogRows + ThreadRows + RoomRows + SavedRows + AccountRows + SignInRows + Send> Transaction
    for T
{
}

/// Logs in a transaction.
pub trait LogRows {
    /// What these ids of authors were acked with before, and for what kind of act; those that are new are left out.
    fn acks(
        &mut self,
        ids: &[(UserId, MessageId)],
    ) -> impl Future<Output = StoreResult<HashMap<(UserId, MessageId), (StoredAck, ActKind)>>> + Send;

    /// Messages by their places; a place without one is left out.
    fn targets(
        &mut self,
        at: &[(RoomId, Seq)],
    ) -> impl Future<Output = StoreResult<HashMap<(RoomId, Seq), Target>>> + Send;

    /// How an emoji stands under a message, for one user.
    fn reacted(
        &mut self,
        at: (RoomId, Seq),
        emoji: &str,
        by: UserId,
    ) -> impl Future<Output = StoreResult<Reacted>> + Send;

    /// Whom the text of a command names, among all who have an account by now.
    fn named(&mut self, one: &Authored) -> impl Future<Output = StoreResult<Named>> + Send;

    /// Stores messages with their acks and whom they name. The caller has numbered them already ([`MessageRow::at`]), and has seen that
    /// their authors are members.
    fn say(&mut self, new: &[MessageRow<'_>]) -> impl Future<Output = StoreResult<()>> + Send;

    /// Stores an entry that is no message, and numbers it: it gets the next `seq` of its room.
    fn append(&mut self, new: NewEntry<'_>) -> impl Future<Output = StoreResult<Event>> + Send;

    /// Keeps what an id is acked with, for ever.
    fn ack(
        &mut self,
        author: UserId,
        ack: Ack,
        kind: ActKind,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// A message says something else from `at` on, and names others.
    fn edit(
        &mut self,
        message: (RoomId, Seq),
        target: Target,
        text: &str,
        at: u64,
        named: &Named,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Nothing of what a message said stays: neither its text nor its edits, nor whom it named. It is pinned no more.
    fn erase(&mut self, message: (RoomId, Seq)) -> impl Future<Output = StoreResult<()>> + Send;

    /// How a user's emoji under a message stands from now on.
    fn react(
        &mut self,
        message: (RoomId, Seq),
        emoji: &str,
        by: UserId,
        given: ReactionRow,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Whether a message is pinned, and how many of its room are.
    fn pinned(
        &mut self,
        message: (RoomId, Seq),
    ) -> impl Future<Output = StoreResult<PinFacts>> + Send;

    /// A message is pinned or not from the entry `seq` on.
    fn pin(
        &mut self,
        message: (RoomId, Seq),
        on: bool,
        seq: Seq,
    ) -> impl Future<Output = StoreResult<()>> + Send;
}

/// Rooms and their members in a transaction.
pub trait RoomRows {
    /// How users stand to rooms; a room that does not exist is left out.
    fn seats(
        &mut self,
        at: &[(RoomId, UserId)],
    ) -> impl Future<Output = StoreResult<HashMap<(RoomId, UserId), Seat>>> + Send;

    /// The members of a room.
    fn members(&mut self, room: RoomId) -> impl Future<Output = StoreResult<Vec<UserId>>> + Send;

    /// Whether a public room but `except` has a name with one of these looks ([`protocol::name_looks`]).
    fn room_is_called(
        &mut self,
        looks: &[String; 2],
        except: Option<RoomId>,
    ) -> impl Future<Output = StoreResult<bool>> + Send;

    /// The direct room of just these people, who are sorted.
    fn direct_room(
        &mut self,
        people: &[UserId],
    ) -> impl Future<Output = StoreResult<Option<RoomId>>> + Send;

    /// The oldest public room that is not archived.
    fn first_room(&mut self) -> impl Future<Output = StoreResult<Option<RoomId>>> + Send;

    /// Moves a member's read position forward, in its generation.
    fn read(
        &mut self,
        room: RoomId,
        user: UserId,
        upto: Seq,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Sets a member's read position, to wherever it is.
    fn set_back(
        &mut self,
        room: RoomId,
        user: UserId,
        position: ReadPosition,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Up to where of their rooms after one, by id, a user has not read, with the ends of their logs; at most `limit`.
    fn unread_rooms(
        &mut self,
        user: UserId,
        after: u64,
        limit: u32,
    ) -> impl Future<Output = StoreResult<Vec<UnreadRoom>>> + Send;

    /// What a member wants of a room changes by what is named.
    fn prefer(
        &mut self,
        room: RoomId,
        user: UserId,
        patch: PreferencesPatch,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Makes somebody a member who has read up to `read`.
    fn add_member(
        &mut self,
        room: RoomId,
        user: UserId,
        at: u64,
        read: Seq,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Ends a membership, and with it whatever the user follows in the room; whether there was one.
    fn remove_member(
        &mut self,
        room: RoomId,
        user: UserId,
    ) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Makes a room without members.
    fn add_room(&mut self, new: RoomRow<'_>) -> impl Future<Output = StoreResult<RoomId>> + Send;

    /// Gives a setting of a room a value; whether it had another before.
    fn set(
        &mut self,
        room: RoomId,
        setting: &RoomSetting,
    ) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Changes a room's topic; whether it was another before.
    fn set_topic(
        &mut self,
        room: RoomId,
        topic: &str,
    ) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Hides a room since when and by whom, as if it did not exist, or shows it again.
    fn hide_room(
        &mut self,
        room: RoomId,
        hidden: Option<(u64, UserId)>,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// A room that is hidden.
    fn hidden_room(
        &mut self,
        room: RoomId,
        user: UserId,
    ) -> impl Future<Output = StoreResult<Option<HiddenRoom>>> + Send;

    /// Some room that is hidden since before that time.
    fn hidden_before(
        &mut self,
        at: u64,
    ) -> impl Future<Output = StoreResult<Option<RoomId>>> + Send;

    /// Makes a room gone, with its members and all that was said in it; the ids of its commands stay spoken for.
    fn delete_room(
        &mut self,
        room: RoomId,
        at: u64,
    ) -> impl Future<Output = StoreResult<()>> + Send;
}

/// Saved messages in a transaction.
pub trait SavedRows {
    /// Whether a user saved a message, and how many they did.
    fn saved(
        &mut self,
        user: UserId,
        message: (RoomId, Seq),
    ) -> impl Future<Output = StoreResult<SavedFacts>> + Send;

    /// A message is saved, as the last one of the user's.
    fn save(
        &mut self,
        user: UserId,
        message: (RoomId, Seq),
        at: u64,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// A message is not saved, if it was.
    fn unsave(
        &mut self,
        user: UserId,
        message: (RoomId, Seq),
    ) -> impl Future<Output = StoreResult<()>> + Send;
}

/// Accounts, invites and resets in a transaction.
pub trait AccountRows {
    /// Whether nobody has an account yet.
    fn is_empty(&mut self) -> impl Future<Output = StoreResult<bool>> + Send;

    /// How many of these users have an account that is not banned.
    fn living(&mut self, users: &[UserId]) -> impl Future<Output = StoreResult<usize>> + Send;

    /// Whether a name or display name of anybody but `except` has one of these looks.
    fn is_taken(
        &mut self,
        looks: &[String],
        except: Option<UserId>,
    ) -> impl Future<Output = StoreResult<bool>> + Send;

    /// An invite by its code.
    fn invite(
        &mut self,
        code: &str,
    ) -> impl Future<Output = StoreResult<Option<InviteRecord>>> + Send;

    /// Makes an account.
    fn add_user(&mut self, new: NewUser<'_>) -> impl Future<Output = StoreResult<UserId>> + Send;

    /// Changes what is shown of somebody.
    fn set_display_name(
        &mut self,
        user: UserId,
        display_name: &str,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Changes the time zone that somebody shows.
    fn set_zone(
        &mut self,
        user: UserId,
        tz: Option<&str>,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// What somebody may do; none without an account.
    fn role(&mut self, user: UserId) -> impl Future<Output = StoreResult<Option<Role>>> + Send;

    /// Whether somebody else than this user is an owner who is not banned.
    fn has_other_owner(&mut self, user: UserId) -> impl Future<Output = StoreResult<bool>> + Send;

    /// Changes what somebody may do.
    fn set_role(
        &mut self,
        user: UserId,
        role: Role,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Shuts somebody out since then, or lets them in again.
    fn set_banned(
        &mut self,
        user: UserId,
        since: Option<u64>,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Changes the hash of a password.
    fn set_password(
        &mut self,
        user: UserId,
        hash: &str,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Keeps an invite.
    fn add_invite(&mut self, new: &InviteRecord) -> impl Future<Output = StoreResult<()>> + Send;

    /// An invite is good for one less.
    fn spend_invite(&mut self, code: &str) -> impl Future<Output = StoreResult<()>> + Send;

    /// An invite is none any more; whether there was one.
    fn remove_invite(&mut self, code: &str) -> impl Future<Output = StoreResult<bool>> + Send;

    /// A user's reset, over or not.
    fn reset(
        &mut self,
        user: UserId,
    ) -> impl Future<Output = StoreResult<Option<ResetRecord>>> + Send;

    /// Keeps a reset, in place of the user's one before.
    fn set_reset(&mut self, new: &ResetRecord) -> impl Future<Output = StoreResult<()>> + Send;

    /// A user has no reset any more.
    fn remove_reset(&mut self, user: UserId) -> impl Future<Output = StoreResult<()>> + Send;
}

/// Sign-ins in a transaction.
pub trait SignInRows {
    /// One sign-in, revoked or not.
    fn sign_in(
        &mut self,
        id: u64,
    ) -> impl Future<Output = StoreResult<Option<SignInRecord>>> + Send;

    /// Keeps a sign-in without a refresh token; its id.
    fn add_sign_in(&mut self, new: &NewSignIn) -> impl Future<Output = StoreResult<u64>> + Send;

    /// Keeps what changed of a sign-in: tokens, times, device and address.
    fn save_sign_in(
        &mut self,
        record: &SignInRecord,
    ) -> impl Future<Output = StoreResult<()>> + Send;

    /// Ends a sign-in.
    fn revoke(&mut self, id: u64, at: u64) -> impl Future<Output = StoreResult<()>> + Send;

    /// Ends those of a user on a device; which, by id.
    fn revoke_device(
        &mut self,
        user: UserId,
        device: &str,
        at: u64,
    ) -> impl Future<Output = StoreResult<Vec<u64>>> + Send;

    /// Ends all of a user but one; which, by id.
    fn revoke_others(
        &mut self,
        user: UserId,
        keep: u64,
        at: u64,
    ) -> impl Future<Output = StoreResult<Vec<u64>>> + Send;
}
