//! Edits, deletes and reactions: entries that change how a message stands.

use protocol::{Ack, EventKind, MessageId, UserId};
use sqlx::SqliteConnection;

use super::{
    entries::{NewEntry, append},
    mentions,
    rows::{int, kind, uint, user_id},
    tx::{Spot, Step, allowed, note, repeat},
};
use crate::{
    auth::rights::{Act, Who, may},
    error::Refusal,
    store::{Done, Named, Reply},
};

/// Different emoji that one message may carry: a page must stay readable, and a row small.
const MOST_EMOJI: i64 = 50;

struct Target {
    author: UserId,
    deleted: bool,
}

async fn target(tx: &mut SqliteConnection, spot: Spot) -> Step<Target> {
    let row: Option<(i64, bool)> = sqlx::query_as(
        "SELECT author, deleted FROM entries WHERE room_id = ? AND seq = ? AND kind = 0",
    )
    .bind(int(spot.room.get()))
    .bind(int(spot.of))
    .fetch_optional(tx)
    .await?;
    let Some((author, deleted)) = row else {
        return Err(Refusal::not_found("message").on("of").into());
    };
    Ok(Target {
        author: user_id(author)?,
        deleted,
    })
}

async fn record(
    tx: &mut SqliteConnection,
    who: Who,
    id: MessageId,
    spot: Spot,
    kind: &EventKind,
    number: i64,
) -> Step<Done> {
    let new = NewEntry {
        room: spot.room,
        by: who.id,
        at: spot.now,
        id: Some(id),
        kind,
    };
    let event = append(tx, new).await?;
    let ack = Ack {
        id,
        room: spot.room,
        seq: event.seq,
        at: spot.now,
    };
    note(tx, who, ack, number).await?;
    Ok(Done {
        reply: Reply::Ack { ack, repeat: false },
        events: vec![event],
        named: Named::default(),
    })
}

pub(super) async fn edit(
    tx: &mut SqliteConnection,
    who: Who,
    id: MessageId,
    spot: Spot,
    (text, named): (&str, &Named),
) -> Step<Done> {
    if let Some(done) = repeat(tx, who, id, spot.room, kind::EDIT).await? {
        return Ok(done);
    }
    let place = allowed(tx, who, spot.room, Act::Write).await?;
    let target = target(tx, spot).await?;
    may(who, place, Act::Edit(target.author))?;
    if target.deleted {
        return Err(Refusal::conflict("this message was deleted")
            .on("of")
            .into());
    }
    let change = EventKind::Edit {
        of: spot.of,
        text: Some(text.to_owned()),
        deleted: false,
    };
    let done = record(tx, who, id, spot, &change, kind::EDIT).await?;
    sqlx::query("UPDATE entries SET now_text = ?, edited_at = ? WHERE room_id = ? AND seq = ?")
        .bind(text)
        .bind(int(spot.now))
        .bind(int(spot.room.get()))
        .bind(int(spot.of))
        .execute(&mut *tx)
        .await?;
    mentions::forget(tx, spot.room, spot.of).await?;
    let naming = mentions::Naming {
        room: spot.room,
        seq: spot.of,
        author: target.author,
        named,
    };
    mentions::note(tx, std::iter::once(naming)).await?;
    Ok(done)
}

pub(super) async fn delete(
    tx: &mut SqliteConnection,
    who: Who,
    id: MessageId,
    spot: Spot,
) -> Step<Done> {
    if let Some(done) = repeat(tx, who, id, spot.room, kind::DELETE).await? {
        return Ok(done);
    }
    let place = allowed(tx, who, spot.room, Act::Write).await?;
    let target = target(tx, spot).await?;
    may(who, place, Act::Delete(target.author))?;
    if target.deleted {
        return Err(Refusal::conflict("this message was deleted before")
            .on("of")
            .into());
    }
    let done = record(
        tx,
        who,
        id,
        spot,
        &EventKind::Delete { of: spot.of },
        kind::DELETE,
    )
    .await?;
    // Nothing of what it said stays: neither the text nor its edits (contract, "Commands", log).
    sqlx::query(
        "UPDATE entries SET deleted = 1, text = NULL, now_text = NULL, edited_at = NULL, sum = NULL
         WHERE room_id = ?1 AND seq = ?2",
    )
    .bind(int(spot.room.get()))
    .bind(int(spot.of))
    .execute(&mut *tx)
    .await?;
    sqlx::query("UPDATE entries SET deleted = 1, text = NULL, sum = NULL WHERE room_id = ?1 AND kind = 1 AND target = ?2")
        .bind(int(spot.room.get()))
        .bind(int(spot.of))
        .execute(&mut *tx)
        .await?;
    mentions::forget(tx, spot.room, spot.of).await?;
    Ok(done)
}

pub(super) async fn react(
    tx: &mut SqliteConnection,
    who: Who,
    id: MessageId,
    spot: Spot,
    emoji: &str,
    on: bool,
) -> Step<Done> {
    if let Some(done) = repeat(tx, who, id, spot.room, kind::REACTION).await? {
        return Ok(done);
    }
    allowed(tx, who, spot.room, Act::Write).await?;
    if target(tx, spot).await?.deleted {
        return Err(Refusal::conflict("this message was deleted")
            .on("of")
            .into());
    }
    if let Some((seq, at)) = stands(tx, who, spot, emoji, on).await? {
        // It changes nothing: acked with the entry that made it so, and the id is spoken for.
        let ack = Ack {
            id,
            room: spot.room,
            seq,
            at,
        };
        note(tx, who, ack, kind::REACTION).await?;
        return Ok(Done::quiet(Reply::Ack { ack, repeat: false }));
    }
    let since = since(tx, spot, emoji, on).await?;
    let change = EventKind::Reaction {
        of: spot.of,
        emoji: emoji.to_owned(),
        on,
    };
    let done = record(tx, who, id, spot, &change, kind::REACTION).await?;
    let seq = done.events.first().map_or(0, |event| event.seq);
    sqlx::query(
        "INSERT INTO reactions (room_id, target, emoji, user_id, given, seq, since) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (room_id, target, emoji, user_id)
         DO UPDATE SET given = excluded.given, seq = excluded.seq, since = excluded.since",
    )
    .bind(int(spot.room.get()))
    .bind(int(spot.of))
    .bind(emoji)
    .bind(int(who.id.get()))
    .bind(on)
    .bind(int(seq))
    .bind(since.unwrap_or_else(|| int(seq)))
    .execute(tx)
    .await?;
    Ok(done)
}

/// The entry that already made it so, with its time; a reaction never given is "off" since the message itself.
async fn stands(
    tx: &mut SqliteConnection,
    who: Who,
    spot: Spot,
    emoji: &str,
    on: bool,
) -> Step<Option<(u64, u64)>> {
    let row: Option<(bool, i64)> = sqlx::query_as(
        "SELECT given, seq FROM reactions WHERE room_id = ? AND target = ? AND emoji = ? AND user_id = ?",
    )
    .bind(int(spot.room.get()))
    .bind(int(spot.of))
    .bind(emoji)
    .bind(int(who.id.get()))
    .fetch_optional(&mut *tx)
    .await?;
    let (given, seq) = row.unwrap_or((false, int(spot.of)));
    if given != on {
        return Ok(None);
    }
    let (at,): (i64,) = sqlx::query_as("SELECT at FROM entries WHERE room_id = ? AND seq = ?")
        .bind(int(spot.room.get()))
        .bind(seq)
        .fetch_one(tx)
        .await?;
    Ok(Some((uint(seq)?, uint(at)?)))
}

/// Since which entry others give this emoji; none if nobody does, and then only so many different ones fit.
async fn since(tx: &mut SqliteConnection, spot: Spot, emoji: &str, on: bool) -> Step<Option<i64>> {
    let (since, different): (Option<i64>, i64) = sqlx::query_as(
        "SELECT MIN(CASE WHEN emoji = ?3 THEN since END), COUNT(DISTINCT emoji) FROM reactions
         WHERE room_id = ?1 AND target = ?2 AND given = 1",
    )
    .bind(int(spot.room.get()))
    .bind(int(spot.of))
    .bind(emoji)
    .fetch_one(tx)
    .await?;
    if on && since.is_none() && different >= MOST_EMOJI {
        let why = format!("a message carries at most {MOST_EMOJI} different reactions");
        return Err(Refusal::invalid("emoji", why).into());
    }
    Ok(since)
}
