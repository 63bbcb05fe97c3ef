//! The port that rules ask a store through.

use std::collections::HashMap;

use protocol::{Ack, ActKind, Event, EventKind, MessageId, Role, RoomId, RoomKind, Seq, UserId};

use crate::{
    auth::rights::Place,
    store::{Authored, InviteRecord, Named, NewSignIn, SignInRecord, StoreError, StoredAck},
};

/// What a store answers; an error ends the transaction, and nothing of it is stored.
pub type Answer<T> = Result<T, StoreError>;

/// A transaction that writes, as rows: it reads facts and keeps changes, and decides nothing. Later calls see what earlier ones changed.
///
/// Calls are asynchronous by type, for databases that are asked over a network. An embedded one answers at once, on the thread that asks
/// ([`super::now`]).
pub trait Transaction: LogRows + RoomRows + AccountRows + SignInRows + Send {}

impl<T: LogRows + RoomRows + AccountRows + SignInRows + Send> Transaction for T {}

/// Logs in a transaction.
pub trait LogRows {
    /// What these ids of authors were acked with before, and for what kind of act; those that are new are left out.
    fn acks(
        &mut self,
        ids: &[(UserId, MessageId)],
    ) -> impl Future<Output = Answer<HashMap<(UserId, MessageId), (StoredAck, ActKind)>>> + Send;

    /// Messages by their places; a place without one is left out.
    fn targets(
        &mut self,
        at: &[(RoomId, Seq)],
    ) -> impl Future<Output = Answer<HashMap<(RoomId, Seq), Target>>> + Send;

    /// How an emoji stands under a message, for one user.
    fn reacted(
        &mut self,
        at: (RoomId, Seq),
        emoji: &str,
        by: UserId,
    ) -> impl Future<Output = Answer<Reacted>> + Send;

    /// Whom the text of a command names, among all who have an account by now.
    fn named(&mut self, one: &Authored) -> impl Future<Output = Answer<Named>> + Send;

    /// Appends messages with their acks and whom they name. Each has the next place of its room; their authors are members.
    fn say(&mut self, new: &[NewMessage<'_>]) -> impl Future<Output = Answer<()>> + Send;

    /// Appends an entry that is no message at the next place of its room.
    fn append(&mut self, new: NewEntry<'_>) -> impl Future<Output = Answer<Event>> + Send;

    /// Keeps what an id is acked with, for ever.
    fn ack(
        &mut self,
        author: UserId,
        ack: Ack,
        kind: ActKind,
    ) -> impl Future<Output = Answer<()>> + Send;

    /// A message says something else from `at` on, and names others.
    fn edit(
        &mut self,
        message: (RoomId, Seq),
        author: UserId,
        text: &str,
        at: u64,
        named: &Named,
    ) -> impl Future<Output = Answer<()>> + Send;

    /// Nothing of what a message said stays: neither its text nor its edits, nor whom it named.
    fn erase(&mut self, message: (RoomId, Seq)) -> impl Future<Output = Answer<()>> + Send;

    /// How a user's emoji under a message stands from now on.
    fn react(
        &mut self,
        message: (RoomId, Seq),
        emoji: &str,
        by: UserId,
        given: Given,
    ) -> impl Future<Output = Answer<()>> + Send;
}

/// Rooms and their members in a transaction.
pub trait RoomRows {
    /// How users stand to rooms; a room that does not exist is left out.
    fn seats(
        &mut self,
        at: &[(RoomId, UserId)],
    ) -> impl Future<Output = Answer<HashMap<(RoomId, UserId), Seat>>> + Send;

    /// The members of a room.
    fn members(&mut self, room: RoomId) -> impl Future<Output = Answer<Vec<UserId>>> + Send;

    /// Whether a public room but `except` has a name with one of these looks ([`protocol::name_looks`]).
    fn room_is_called(
        &mut self,
        looks: &[String; 2],
        except: Option<RoomId>,
    ) -> impl Future<Output = Answer<bool>> + Send;

    /// The direct room of just these people, who are sorted.
    fn direct_room(
        &mut self,
        people: &[UserId],
    ) -> impl Future<Output = Answer<Option<RoomId>>> + Send;

    /// The oldest public room.
    fn first_room(&mut self) -> impl Future<Output = Answer<Option<RoomId>>> + Send;

    /// Moves a member's read position forward.
    fn read(
        &mut self,
        room: RoomId,
        user: UserId,
        upto: Seq,
    ) -> impl Future<Output = Answer<()>> + Send;

    /// Makes somebody a member who has read up to `read`.
    fn add_member(
        &mut self,
        room: RoomId,
        user: UserId,
        at: u64,
        read: Seq,
    ) -> impl Future<Output = Answer<()>> + Send;

    /// Ends a membership; whether there was one.
    fn remove_member(
        &mut self,
        room: RoomId,
        user: UserId,
    ) -> impl Future<Output = Answer<bool>> + Send;

    /// Makes a room without members.
    fn add_room(&mut self, new: NewRoom<'_>) -> impl Future<Output = Answer<RoomId>> + Send;

    /// Calls a room otherwise.
    fn rename_room(&mut self, room: RoomId, name: &str) -> impl Future<Output = Answer<()>> + Send;

    /// Changes a room's topic; whether it was another before.
    fn set_topic(&mut self, room: RoomId, topic: &str)
    -> impl Future<Output = Answer<bool>> + Send;

    /// Makes a room gone, with its members and all that was said in it; the ids of its commands stay spoken for.
    fn delete_room(&mut self, room: RoomId, at: u64) -> impl Future<Output = Answer<()>> + Send;
}

/// Accounts and invites in a transaction.
pub trait AccountRows {
    /// Whether nobody has an account yet.
    fn is_empty(&mut self) -> impl Future<Output = Answer<bool>> + Send;

    /// How many of these users have an account that is not banned.
    fn living(&mut self, users: &[UserId]) -> impl Future<Output = Answer<usize>> + Send;

    /// Whether a name or display name of anybody but `except` has one of these looks.
    fn is_taken(
        &mut self,
        looks: &[String],
        except: Option<UserId>,
    ) -> impl Future<Output = Answer<bool>> + Send;

    /// An invite by its code.
    fn invite(&mut self, code: &str) -> impl Future<Output = Answer<Option<InviteRecord>>> + Send;

    /// Makes an account.
    fn add_user(&mut self, new: NewUser<'_>) -> impl Future<Output = Answer<UserId>> + Send;

    /// Changes what is shown of somebody.
    fn set_display_name(
        &mut self,
        user: UserId,
        display_name: &str,
    ) -> impl Future<Output = Answer<()>> + Send;

    /// Changes the hash of a password.
    fn set_password(&mut self, user: UserId, hash: &str)
    -> impl Future<Output = Answer<()>> + Send;

    /// Keeps an invite.
    fn add_invite(&mut self, new: &InviteRecord) -> impl Future<Output = Answer<()>> + Send;

    /// An invite is good for one less.
    fn spend_invite(&mut self, code: &str) -> impl Future<Output = Answer<()>> + Send;
}

/// Sign-ins in a transaction.
pub trait SignInRows {
    /// One sign-in, revoked or not.
    fn sign_in(&mut self, id: u64) -> impl Future<Output = Answer<Option<SignInRecord>>> + Send;

    /// Keeps a sign-in without a refresh token; its id.
    fn add_sign_in(&mut self, new: &NewSignIn) -> impl Future<Output = Answer<u64>> + Send;

    /// Keeps what changed of a sign-in: tokens, times, device and address.
    fn save_sign_in(&mut self, record: &SignInRecord) -> impl Future<Output = Answer<()>> + Send;

    /// Ends a sign-in.
    fn revoke(&mut self, id: u64, at: u64) -> impl Future<Output = Answer<()>> + Send;

    /// Ends those of a user on a device; which, by id.
    fn revoke_device(
        &mut self,
        user: UserId,
        device: &str,
        at: u64,
    ) -> impl Future<Output = Answer<Vec<u64>>> + Send;

    /// Ends all of a user but one; which, by id.
    fn revoke_others(
        &mut self,
        user: UserId,
        keep: u64,
        at: u64,
    ) -> impl Future<Output = Answer<Vec<u64>>> + Send;
}

/// How a user stands to a room.
#[derive(Clone, Copy, Debug)]
pub struct Seat {
    /// What decides about rights.
    pub place: Place,
    /// Up to where a member has read; 0 for others.
    pub read: Seq,
    /// Where the room's log ends.
    pub head: Head,
}

/// Where a room's log ends.
#[derive(Clone, Copy, Debug, Default)]
pub struct Head {
    /// The newest entry; 0 for none.
    pub seq: Seq,
    /// Messages in the log, deleted ones too.
    pub said: u64,
}

/// A message that a command changes, or answers.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Who said it.
    pub author: UserId,
    /// When, in milliseconds since the epoch.
    pub at: u64,
    /// Whether it was deleted.
    pub deleted: bool,
}

/// How an emoji stands under a message, for one user.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reacted {
    /// Whether the user gives it, by which entry, and when that was stored; none if the user never did.
    pub mine: Option<(bool, Seq, u64)>,
    /// Since which entry anybody gives it; none if nobody does.
    pub since: Option<Seq>,
    /// How many different emoji the message carries.
    pub different: usize,
}

/// How a user's emoji under a message stands.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// Whether it is given.
    pub on: bool,
    /// The entry that made it so.
    pub seq: Seq,
    /// The entry that brought this emoji under this message.
    pub since: Seq,
}

/// A message on its way into a log.
#[derive(Clone, Copy, Debug)]
pub struct NewMessage<'a> {
    /// The command that says it.
    pub one: &'a Authored,
    /// Its text.
    pub text: &'a str,
    /// What it answers.
    pub reply_to: Option<Seq>,
    /// Its place, and which message of the room it is.
    pub at: Head,
    /// Whom it names.
    pub named: &'a Named,
}

/// An entry on its way into a log.
#[derive(Clone, Copy, Debug)]
pub struct NewEntry<'a> {
    /// The room.
    pub room: RoomId,
    /// Who makes it.
    pub by: UserId,
    /// When, in milliseconds since the epoch.
    pub at: u64,
    /// The id of the command that makes it.
    pub id: Option<MessageId>,
    /// What it says.
    pub kind: &'a EventKind,
}

/// A room to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewRoom<'a> {
    /// Whether it is public, private or direct.
    pub kind: RoomKind,
    /// Its name; empty for a direct one.
    pub name: &'a str,
    /// Its topic.
    pub topic: &'a str,
    /// The people of a direct room, sorted.
    pub people: &'a [UserId],
    /// Who makes it.
    pub by: UserId,
    /// When, in milliseconds since the epoch.
    pub at: u64,
}

/// An account to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewUser<'a> {
    /// Its name.
    pub name: &'a str,
    /// What is shown.
    pub display_name: &'a str,
    /// The password's hash.
    pub password: &'a str,
    /// On the whole server.
    pub role: Role,
    /// When, in milliseconds since the epoch.
    pub at: u64,
}
