//! The rules of writes, the same for every store: rights in order, ids that were used before, counts, the first account, invites, refresh
//! tokens. A rule reads facts from a [`Transaction`] and keeps changes in it.

mod accounts;
mod changes;
mod facts;
mod gone;
mod links;
mod rooms;
mod saved;
mod sends;
mod sign_ins;
mod thread_rows;
mod threads;
mod transaction;

use futures_util::FutureExt as _;
use protocol::{Ack, ActKind, RoomId, UserId};

pub use facts::{
    FollowRow, HiddenRoom, LogEnd, MessageRow, NewEntry, NewUser, PinFacts, Reacted, ReactionRow,
    RoomRow, SavedFacts, Seat, Target, UnreadRoom,
};
pub use thread_rows::ThreadRows;
pub use transaction::{
    AccountRows, LogRows, RoomRows, SavedRows, SignInRows, StoreResult, Transaction,
};

use super::{Authored, Done, Reply, StoreError, StoredAck, Write, WriteOutcome};
use crate::{
    auth::rights::{Right, Who, may},
    error::Refusal,
};

/// Why one write went no further: refused, which leaves its neighbours alone, or the store itself failed.
enum NotStored {
    Refused(Refusal),
    Failed(StoreError),
}

impl From<Refusal> for NotStored {
    fn from(why: Refusal) -> Self {
        Self::Refused(why)
    }
}

impl From<StoreError> for NotStored {
    fn from(why: StoreError) -> Self {
        Self::Failed(why)
    }
}

type RuleResult<T> = Result<T, NotStored>;

/// Applies the writes of one transaction, in order, and tells what became of each. A refused one changes nothing. Messages that follow
/// each other are stored together.
pub async fn apply<T: Transaction>(tx: &mut T, writes: &[Write]) -> StoreResult<Vec<WriteOutcome>> {
    let mut outcomes = Vec::with_capacity(writes.len());
    for run in writes.chunk_by(|one, next| is_send(one) && is_send(next)) {
        match run {
            [write] if !is_send(write) => outcomes.push(outcome(one(tx, write).await)?),
            sends => outcomes.extend(sends::send_all(tx, sends).await?),
        }
    }
    Ok(outcomes)
}

/// Runs a rule to its end on this thread. For stores that never wait; a rule that waits all the same is [`StoreError::Unavailable`].
pub fn now<T>(rule: impl Future<Output = StoreResult<T>>) -> StoreResult<T> {
    let waited = || StoreError::Unavailable("an embedded store waited for something".into());
    rule.now_or_never().unwrap_or_else(|| Err(waited()))
}

fn is_send(write: &Write) -> bool {
    matches!(write, Write::Command(one) if one.command.act.kind() == ActKind::Send)
}

fn outcome(step: RuleResult<Done>) -> StoreResult<WriteOutcome> {
    match step {
        Ok(done) => Ok(Ok(done)),
        Err(NotStored::Refused(why)) => Ok(Err(why)),
        Err(NotStored::Failed(why)) => Err(why),
    }
}

async fn one<T: Transaction>(tx: &mut T, write: &Write) -> RuleResult<Done> {
    match *write {
        Write::Command(ref one) => changes::change(tx, one).await,
        Write::Read { .. }
        | Write::Unread { .. }
        | Write::Follow { .. }
        | Write::ReadAll { .. } => position(tx, write).await,
        Write::Save(one) => saved::save(tx, one).await,
        Write::Prefer { who, room, patch } => rooms::prefer(tx, who, room, patch).await,
        Write::Join {
            who,
            room,
            user,
            now,
        } => rooms::join(tx, who, room, user, now).await,
        Write::Leave {
            who,
            room,
            user,
            now,
        } => rooms::leave(tx, who, room, user, now).await,
        Write::CreateRoom {
            who,
            kind,
            ref name,
            ref topic,
            now,
        } => rooms::create(tx, who, (kind, name, topic), now).await,
        Write::CreateDirect {
            who,
            ref others,
            now,
        } => rooms::create_direct(tx, who, others, now).await,
        Write::ChangeRoom {
            who,
            room,
            ref patch,
            now,
        } => rooms::change(tx, who, room, patch, now).await,
        Write::DeleteRoom { who, room, now } => gone::delete(tx, who, room, now).await,
        Write::UndeleteRoom { who, room, now } => gone::undelete(tx, who, room, now).await,
        Write::EraseRoom { now } => gone::erase(tx, now).await,
        Write::CreateAccount(ref new) => accounts::create(tx, new).await,
        Write::SetProfile { user, ref patch } => accounts::set_profile(tx, user, patch).await,
        Write::SetPassword { .. }
        | Write::SignIn(_)
        | Write::Rotate(_)
        | Write::Revoke { .. }
        | Write::Use { .. } => sign_in(tx, write).await,
        Write::Govern {
            who,
            user,
            role,
            banned,
            now,
        } => accounts::govern(tx, (who, user), role, banned, now).await,
        Write::SetRole { user, role } => accounts::set_role(tx, user, role).await,
        Write::Invite(ref new) => links::invite(tx, new).await,
        Write::RevokeInvite { ref code } => links::revoke_invite(tx, code).await,
        Write::Reset(ref new) => links::reset(tx, new).await,
        Write::UseReset(ref used) => links::use_reset(tx, used).await,
    }
}

/// What somebody has read of a room or a thread, and which threads they follow.
async fn position<T: Transaction>(tx: &mut T, write: &Write) -> RuleResult<Done> {
    match *write {
        Write::Read {
            who,
            room,
            thread,
            to,
            ..
        } => match thread {
            Some(root) => threads::read(tx, who, (room, root), to).await,
            None => rooms::read(tx, who, room, to).await,
        },
        Write::Unread {
            who,
            room,
            thread,
            seq,
            ..
        } => match thread {
            Some(root) => threads::unread(tx, who, (room, root), seq).await,
            None => rooms::unread(tx, who, room, seq).await,
        },
        Write::Follow {
            who,
            room,
            root,
            on,
        } => threads::follow(tx, who, (room, root), on).await,
        Write::ReadAll { who, after, limit } => rooms::read_all(tx, who, after, limit).await,
        _ => Err(no_such_write()),
    }
}

/// What becomes of sign-ins.
async fn sign_in<T: Transaction>(tx: &mut T, write: &Write) -> RuleResult<Done> {
    match *write {
        Write::SetPassword {
            user,
            ref hash,
            keep,
            now,
        } => sign_ins::set_password(tx, user, hash, (keep, now)).await,
        Write::SignIn(ref new) => sign_ins::begin(tx, new).await,
        Write::Rotate(ref rotation) => sign_ins::rotate(tx, rotation).await,
        Write::Revoke { user, id, now } => sign_ins::revoke(tx, user, id, now).await,
        Write::Use { ref uses, rule } => sign_ins::used(tx, uses, rule).await,
        _ => Err(no_such_write()),
    }
}

/// A write that came to a rule of others: a fault of this program.
fn no_such_write() -> NotStored {
    NotStored::Failed(StoreError::Corrupt("a write without a rule".into()))
}

/// How `who` stands to a room, if they may do this there.
async fn allowed<T: Transaction>(
    tx: &mut T,
    who: Who,
    room: RoomId,
    right: Right,
) -> RuleResult<Seat> {
    is_let_in(tx, who.id).await?;
    let seat = seat(tx, room, who.id).await?;
    may(who, seat.place, right)?;
    Ok(seat)
}

/// Refuses who was shut out while their command waited: what was let in at the door is asked again where it is stored.
async fn is_let_in<T: Transaction>(tx: &mut T, user: UserId) -> RuleResult<()> {
    match tx.living(&[user]).await? {
        0 => Err(shut_out().into()),
        _ => Ok(()),
    }
}

fn shut_out() -> Refusal {
    Refusal::forbidden("you have no access to this server")
}

/// How a user stands to a room that exists.
async fn seat<T: Transaction>(tx: &mut T, room: RoomId, user: UserId) -> RuleResult<Seat> {
    let mut seats = tx.seats(&[(room, user)]).await?;
    let seat = seats.remove(&(room, user));
    Ok(seat.ok_or_else(|| Refusal::not_found("room"))?)
}

/// The ack of a command that stands in the log at `seq` since `at`.
const fn ack(one: &Authored, (seq, at): (u64, u64)) -> Ack {
    Ack {
        id: one.command.id,
        room: one.command.room,
        seq,
        at,
    }
}

/// What an id that was acked before gets: the same again for the same kind of act in the same room, `conflict` for anything else
/// (contract, "Commands").
fn same_again(one: &Authored, stored: StoredAck, of_kind: ActKind) -> WriteOutcome {
    if stored.room != one.command.room || of_kind != one.command.act.kind() {
        return Err(Refusal::conflict("this id was used for something else").on("id"));
    }
    Ok(Done::quiet(Reply::Ack {
        ack: ack(one, (stored.seq, stored.at)),
        repeat: true,
    }))
}

/// There is no such message in the room.
fn no_message(field: &'static str) -> Refusal {
    Refusal::not_found("message").on(field)
}
