//! Edits, deletes, reactions and pins: entries that change how a message stands.

use std::collections::BTreeSet;

use protocol::{
    Act, RoomId, Seq,
    limits::{EMOJI, PINS},
};

use super::{
    NewEntry, NotStored, PinFacts, Reacted, ReactionRow, RuleResult, Seat, Target, Transaction,
    ack, allowed, no_message, same_again,
    threads::{Followers, NewReply},
};
use crate::{
    auth::rights::{Right, may},
    error::Refusal,
    store::{Authored, Done, Named, Reply, StoreError},
};

/// An edit, a deletion, a reaction or a pin.
pub(super) async fn change<T: Transaction>(tx: &mut T, one: &Authored) -> RuleResult<Done> {
    let key = (one.who.id, one.command.id);
    if let Some(&(stored, of_kind)) = tx.acks(&[key]).await?.get(&key) {
        return Ok(same_again(one, stored, of_kind)?);
    }
    let (room, act) = (one.command.room, &one.command.act);
    let seat = allowed(tx, one.who, room, Right::Do(act.kind())).await?;
    let Some(of) = act.of() else {
        return Err(outside_its_run());
    };
    let targets = tx.targets(&[(room, of)]).await?;
    let target = *targets.get(&(room, of)).ok_or_else(|| no_message("of"))?;
    may_change(one, seat, target)?;
    match act {
        Act::Edit { text, .. } => {
            let done = record(tx, one).await?;
            let named = tx.named(one).await?;
            tx.edit((room, of), target, text, one.now, &named).await?;
            in_thread(tx, (room, of, target), &named, done).await
        }
        Act::Delete { .. } => {
            let done = record(tx, one).await?;
            tx.erase((room, of)).await?;
            in_thread(tx, (room, of, target), &Named::default(), done).await
        }
        Act::React { emoji, on, .. } => react(tx, one, (room, of, target), (emoji, *on)).await,
        Act::Pin { on, .. } => pin(tx, one, (room, of, target), *on).await,
        Act::Send { .. } => Err(outside_its_run()),
    }
}

/// A reply of a thread changed: for those who follow it, and for whom it names now.
async fn in_thread<T: Transaction>(
    tx: &mut T,
    (room, of, target): (RoomId, Seq, Target),
    named: &Named,
    mut done: Done,
) -> RuleResult<Done> {
    let Some(root) = target.thread else {
        return Ok(done);
    };
    let thread = (room, root);
    let reply = NewReply {
        root,
        seq: of,
        writers: None,
        named,
    };
    let mut followers: Followers = tx.followers(thread).await?.into_iter().collect();
    let asked: BTreeSet<_> = reply.candidates().map(|user| (room, user)).collect();
    let asked: Vec<_> = asked.into_iter().collect();
    let seats = tx.seats(&asked).await?;
    let is_member = |user| {
        seats
            .get(&(room, user))
            .is_some_and(|seat| seat.place.member)
    };
    let (changed, news) = reply.follow(&mut followers, is_member);
    for (user, row) in changed {
        tx.follow(thread, user, row).await?;
    }
    done.thread = Some(Box::new(news));
    Ok(done)
}

/// Sends come in runs ([`super::sends`]); one that comes here is a fault of this program.
fn outside_its_run() -> NotStored {
    NotStored::Failed(StoreError::Corrupt("a send outside of its run".into()))
}

/// Whether somebody who may write may change a message in this way, and whether there is anything left to change.
fn may_change(one: &Authored, seat: Seat, target: Target) -> Result<(), Refusal> {
    let kind = one.command.act.kind();
    may(one.who, seat.place, Right::Change(kind, target.author))?;
    if !target.deleted || !kind.rules().needs_living {
        return Ok(());
    }
    let why = match one.command.act {
        Act::Delete { .. } => "this message was deleted before",
        _ => "this message was deleted",
    };
    Err(Refusal::conflict(why).on("of"))
}

async fn record<T: Transaction>(tx: &mut T, one: &Authored) -> RuleResult<Done> {
    let kind = one.command.entry(0);
    let new = NewEntry {
        room: one.command.room,
        by: one.who.id,
        at: one.now,
        id: Some(one.command.id),
        kind: &kind,
    };
    let event = tx.append(new).await?;
    let ack = ack(one, (event.seq, one.now));
    tx.ack(one.who.id, ack, one.command.act.kind()).await?;
    Ok(Done {
        reply: Reply::Ack { ack, repeat: false },
        events: vec![event],
        named: Named::default(),
        thread: None,
    })
}

async fn react<T: Transaction>(
    tx: &mut T,
    one: &Authored,
    (room, of, target): (RoomId, Seq, Target),
    (emoji, on): (&str, bool),
) -> RuleResult<Done> {
    let Reacted {
        mine,
        since,
        different,
    } = tx.reacted((room, of), emoji, one.who.id).await?;
    // One never given is "off" since the message itself.
    let (stands, seq, at) = mine.unwrap_or((false, of, target.at));
    if stands == on {
        return stands_so(tx, one, (seq, at)).await;
    }
    if on && since.is_none() && different >= EMOJI {
        let why = format!("a message carries at most {EMOJI} different reactions");
        return Err(Refusal::invalid("emoji", why).into());
    }
    let done = record(tx, one).await?;
    let seq = done.events.first().map_or(0, |event| event.seq);
    let since = since.unwrap_or(seq);
    tx.react(
        (room, of),
        emoji,
        one.who.id,
        ReactionRow { on, seq, since },
    )
    .await?;
    Ok(done)
}

async fn pin<T: Transaction>(
    tx: &mut T,
    one: &Authored,
    (room, of, target): (RoomId, Seq, Target),
    on: bool,
) -> RuleResult<Done> {
    let PinFacts { stands, pinned } = tx.pinned((room, of)).await?;
    // One never pinned is "off" since the message itself.
    let (stands, seq, at) = stands.unwrap_or((false, of, target.at));
    if stands == on {
        return stands_so(tx, one, (seq, at)).await;
    }
    if on && pinned >= PINS {
        let why = format!("a room has at most {PINS} pinned messages: unpin one first");
        return Err(Refusal::conflict(why).on("of").into());
    }
    let done = record(tx, one).await?;
    let seq = done.events.first().map_or(0, |event| event.seq);
    tx.pin((room, of), on, seq).await?;
    Ok(done)
}

/// It changes nothing: acked with the entry that made it so, and the id is spoken for.
async fn stands_so<T: Transaction>(
    tx: &mut T,
    one: &Authored,
    made_so: (Seq, u64),
) -> RuleResult<Done> {
    let ack = ack(one, made_so);
    tx.ack(one.who.id, ack, one.command.act.kind()).await?;
    Ok(Done::quiet(Reply::Ack { ack, repeat: false }))
}
