//! Threads: who follows them, and how far they have read.

use std::collections::BTreeMap;

use protocol::{ReadPosition, RoomId, Seq, UserId};

use super::{FollowRow, RuleResult, Seat, Target, Transaction, allowed, rooms};
use crate::{
    auth::rights::{Right, Who},
    error::Refusal,
    store::{Done, Named, ReadTo, Reply, ThreadNews},
};

/// Who follows a thread, or did once.
pub(super) type Followers = BTreeMap<UserId, FollowRow>;

/// Refuses what is no first message of a thread (contract, "Threads").
pub(super) fn is_root(target: Option<&Target>) -> Result<(), Refusal> {
    let why = match target {
        None => "there is no such message to reply to",
        Some(target) if target.thread.is_some() => "a reply has no thread of its own",
        Some(_) => return Ok(()),
    };
    Err(Refusal::invalid("thread", why))
}

/// A reply, or what one says now, for those whom it makes follow its thread.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewReply<'a> {
    /// The thread's first message.
    pub(super) root: Seq,
    /// The reply.
    pub(super) seq: Seq,
    /// Who wrote it, and who the first message of the thread; none where it was there before, and was changed.
    pub(super) writers: Option<[UserId; 2]>,
    /// Whom it names.
    pub(super) named: &'a Named,
}

impl NewReply<'_> {
    /// Those whom it may make follow: the first message's author, who writes, and who is named; not by `@here`.
    pub(super) fn candidates(&self) -> impl Iterator<Item = UserId> {
        let named = self.named.users.iter().copied();
        self.writers.into_iter().flatten().chain(named)
    }

    /// Makes them follow, those of them who are members. Who did and does not want to any more follows again only where they write or are named.
    /// The new rows, and what is told of the thread.
    pub(super) fn follow(
        &self,
        followers: &mut Followers,
        is_member: impl Fn(UserId) -> bool,
    ) -> (Vec<(UserId, FollowRow)>, ThreadNews) {
        let by = self.writers.map(|[by, _]| by);
        let mut changed = Vec::new();
        for user in self.candidates() {
            let known = followers.get(&user).copied();
            let asks = Some(user) == by || self.named.users.contains(&user);
            let stays = known.is_some_and(|row| row.on || !asks);
            if stays || !is_member(user) {
                continue;
            }
            // Nothing before this reply is unread; it itself is, for others than its author.
            let seq = if Some(user) == by {
                self.seq
            } else {
                self.seq.saturating_sub(1)
            };
            let known = known.unwrap_or_default();
            let row = FollowRow {
                on: true,
                read: ReadPosition {
                    seq: known.read.seq.max(seq),
                    ..known.read
                },
            };
            followers.insert(user, row);
            changed.push((user, row));
        }
        let following = followers.iter().filter(|(_, row)| row.on);
        let news = ThreadNews {
            root: self.root,
            followers: following.map(|(user, _)| *user).collect(),
            followed: changed
                .iter()
                .copied()
                .filter(|(user, _)| by.is_none_or(|by| *user == by))
                .collect(),
        };
        (changed, news)
    }
}

/// How somebody stands to the thread of a message, and to its room.
async fn standing<T: Transaction>(
    tx: &mut T,
    who: Who,
    (room, root): (RoomId, Seq),
) -> RuleResult<(Seat, Option<FollowRow>)> {
    let seat = allowed(tx, who, room, Right::Read).await?;
    let targets = tx.targets(&[(room, root)]).await?;
    is_root(targets.get(&(room, root)))?;
    let row = tx.followed((room, root), who.id).await?;
    Ok((seat, row))
}

/// Moves the read position of a thread, as [`rooms::read`] that of a room. Who does not follow it has none.
pub(super) async fn read<T: Transaction>(
    tx: &mut T,
    who: Who,
    thread: (RoomId, Seq),
    to: ReadTo,
) -> RuleResult<Done> {
    let (seat, row) = standing(tx, who, thread).await?;
    let known = row.unwrap_or_default();
    let position = rooms::moved(known.read, to, seat.head.seq)?;
    let follow = FollowRow {
        read: position,
        ..known
    };
    let changed = row.is_some() && position != known.read;
    if changed {
        tx.follow(thread, who.id, follow).await?;
    }
    Ok(Done::quiet(Reply::Thread { follow, changed }))
}

/// Sets the read position of a thread back, as [`rooms::unread`] that of a room. Who wants to come back to it follows it.
pub(super) async fn unread<T: Transaction>(
    tx: &mut T,
    who: Who,
    thread: (RoomId, Seq),
    seq: Seq,
) -> RuleResult<Done> {
    let (seat, row) = standing(tx, who, thread).await?;
    let known = row.unwrap_or_default();
    let read = rooms::set_back(known.read, seq, seat.head.seq)?;
    let follow = FollowRow { on: true, read };
    tx.follow(thread, who.id, follow).await?;
    let changed = true;
    Ok(Done::quiet(Reply::Thread { follow, changed }))
}

/// Follows a thread, or not any more. Nothing that is there already is unread.
pub(super) async fn follow<T: Transaction>(
    tx: &mut T,
    who: Who,
    thread: (RoomId, Seq),
    on: bool,
) -> RuleResult<Done> {
    let (seat, row) = standing(tx, who, thread).await?;
    let known = row.unwrap_or_default();
    if row.is_some() && known.on == on {
        let (follow, changed) = (known, false);
        return Ok(Done::quiet(Reply::Thread { follow, changed }));
    }
    let seq = if on { seat.head.seq } else { known.read.seq };
    let follow = FollowRow {
        on,
        read: ReadPosition { seq, ..known.read },
    };
    tx.follow(thread, who.id, follow).await?;
    let changed = true;
    Ok(Done::quiet(Reply::Thread { follow, changed }))
}
