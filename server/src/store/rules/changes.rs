//! Edits, deletes and reactions: entries that change how a message stands.

use protocol::{Act, RoomId, Seq};

use super::{
    Given, NewEntry, NotStored, Reacted, RuleResult, Seat, Target, Transaction, ack, allowed,
    no_message, same_again,
};
use crate::{
    auth::rights::{Right, may},
    error::Refusal,
    store::{Authored, Done, Named, Reply, StoreError},
};

/// Different emoji that one message may carry: a page must stay readable, and a row small.
const MAX_EMOJI: usize = 50;

/// An edit, a deletion or a reaction.
pub(super) async fn change<T: Transaction>(tx: &mut T, one: &Authored) -> RuleResult<Done> {
    let key = (one.who.id, one.command.id);
    if let Some(&(stored, of_kind)) = tx.acks(&[key]).await?.get(&key) {
        return Ok(same_again(one, stored, of_kind)?);
    }
    let (room, act) = (one.command.room, &one.command.act);
    let seat = allowed(tx, one.who, room, Right::Write).await?;
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
            tx.edit((room, of), target.author, text, one.now, &named)
                .await?;
            Ok(done)
        }
        Act::Delete { .. } => {
            let done = record(tx, one).await?;
            tx.erase((room, of)).await?;
            Ok(done)
        }
        Act::React { emoji, on, .. } => react(tx, one, (room, of, target), (emoji, *on)).await,
        Act::Send { .. } => Err(outside_its_run()),
    }
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
    let kind = one.command.entry();
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
        // It changes nothing: acked with the entry that made it so, and the id is spoken for.
        let ack = ack(one, (seq, at));
        tx.ack(one.who.id, ack, one.command.act.kind()).await?;
        return Ok(Done::quiet(Reply::Ack { ack, repeat: false }));
    }
    if on && since.is_none() && different >= MAX_EMOJI {
        let why = format!("a message carries at most {MAX_EMOJI} different reactions");
        return Err(Refusal::invalid("emoji", why).into());
    }
    let done = record(tx, one).await?;
    let seq = done.events.first().map_or(0, |event| event.seq);
    let since = since.unwrap_or(seq);
    tx.react((room, of), emoji, one.who.id, Given { on, seq, since })
        .await?;
    Ok(done)
}
