//! Edits, deletes and reactions: entries that change how a message stands.

use protocol::{Act, RoomId, Seq};
use sqlx::SqliteConnection;

use super::{
    entries::{NewEntry, append},
    mentions,
    rows::{int, uint, user_id},
    tx::{Step, Stop, allowed, note, repeat},
};
use crate::{
    auth::rights::Right,
    store::{
        Authored, Done, Named, Reply, StoreError,
        rules::{Target, ack, may_change, no_message, room_for_emoji},
    },
};

async fn target(tx: &mut SqliteConnection, (room, of): (RoomId, Seq)) -> Step<Target> {
    let row: Option<(i64, bool)> = sqlx::query_as(
        "SELECT author, deleted FROM entries WHERE room_id = ? AND seq = ? AND kind = 0",
    )
    .bind(int(room.get()))
    .bind(int(of))
    .fetch_optional(tx)
    .await?;
    let Some((author, deleted)) = row else {
        return Err(no_message("of").into());
    };
    Ok(Target {
        author: user_id(author)?,
        deleted,
    })
}

/// An edit, a deletion or a reaction.
pub(super) async fn change(tx: &mut SqliteConnection, one: &Authored, named: &Named) -> Step<Done> {
    if let Some(done) = repeat(tx, one).await? {
        return Ok(done);
    }
    let (room, act) = (one.command.room, &one.command.act);
    let place = allowed(tx, one.who, room, Right::Write).await?;
    let Some(of) = act.of() else {
        return Err(outside_its_run());
    };
    let target = target(tx, (room, of)).await?;
    may_change(one.who, place, act, target)?;
    match act {
        Act::Edit { text, .. } => {
            let done = record(tx, one).await?;
            let naming = mentions::Naming {
                room,
                seq: of,
                author: target.author,
                named,
            };
            edit(tx, text, one.now, naming).await?;
            Ok(done)
        }
        Act::Delete { .. } => {
            let done = record(tx, one).await?;
            delete(tx, room, of).await?;
            Ok(done)
        }
        Act::React { emoji, on, .. } => react(tx, one, of, (emoji, *on)).await,
        Act::Send { .. } => Err(outside_its_run()),
    }
}

/// Sends are stored in runs ([`super::sends`]).
fn outside_its_run() -> Stop {
    Stop::Failed(StoreError::Corrupt("a send outside its run".into()))
}

async fn record(tx: &mut SqliteConnection, one: &Authored) -> Step<Done> {
    let kind = one.command.entry();
    let new = NewEntry {
        room: one.command.room,
        by: one.who.id,
        at: one.now,
        id: Some(one.command.id),
        kind: &kind,
    };
    let event = append(tx, new).await?;
    let ack = ack(one, (event.seq, one.now));
    note(tx, one, ack).await?;
    Ok(Done {
        reply: Reply::Ack { ack, repeat: false },
        events: vec![event],
        named: Named::default(),
    })
}

async fn edit(
    tx: &mut SqliteConnection,
    text: &str,
    now: u64,
    naming: mentions::Naming<'_>,
) -> Step<()> {
    sqlx::query("UPDATE entries SET now_text = ?, edited_at = ? WHERE room_id = ? AND seq = ?")
        .bind(text)
        .bind(int(now))
        .bind(int(naming.room.get()))
        .bind(int(naming.seq))
        .execute(&mut *tx)
        .await?;
    mentions::forget(tx, naming.room, naming.seq).await?;
    mentions::note(tx, std::iter::once(naming)).await?;
    Ok(())
}

/// Nothing of what it said stays: neither the text nor its edits (contract, "Commands", log).
async fn delete(tx: &mut SqliteConnection, room: RoomId, of: Seq) -> Step<()> {
    sqlx::query(
        "UPDATE entries SET deleted = 1, text = NULL, now_text = NULL, edited_at = NULL, sum = NULL
         WHERE room_id = ?1 AND seq = ?2",
    )
    .bind(int(room.get()))
    .bind(int(of))
    .execute(&mut *tx)
    .await?;
    sqlx::query("UPDATE entries SET deleted = 1, text = NULL, sum = NULL WHERE room_id = ?1 AND kind = 1 AND target = ?2")
        .bind(int(room.get()))
        .bind(int(of))
        .execute(&mut *tx)
        .await?;
    mentions::forget(tx, room, of).await?;
    Ok(())
}

async fn react(
    tx: &mut SqliteConnection,
    one: &Authored,
    of: Seq,
    (emoji, on): (&str, bool),
) -> Step<Done> {
    let room = one.command.room;
    if let Some(at) = stands(tx, one, of, (emoji, on)).await? {
        // It changes nothing: acked with the entry that made it so, and the id is spoken for.
        let ack = ack(one, at);
        note(tx, one, ack).await?;
        return Ok(Done::quiet(Reply::Ack { ack, repeat: false }));
    }
    let since = since(tx, (room, of), emoji, on).await?;
    let done = record(tx, one).await?;
    let seq = done.events.first().map_or(0, |event| event.seq);
    sqlx::query(
        "INSERT INTO reactions (room_id, target, emoji, user_id, given, seq, since) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (room_id, target, emoji, user_id)
         DO UPDATE SET given = excluded.given, seq = excluded.seq, since = excluded.since",
    )
    .bind(int(room.get()))
    .bind(int(of))
    .bind(emoji)
    .bind(int(one.who.id.get()))
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
    one: &Authored,
    of: Seq,
    (emoji, on): (&str, bool),
) -> Step<Option<(u64, u64)>> {
    let row: Option<(bool, i64)> = sqlx::query_as(
        "SELECT given, seq FROM reactions WHERE room_id = ? AND target = ? AND emoji = ? AND user_id = ?",
    )
    .bind(int(one.command.room.get()))
    .bind(int(of))
    .bind(emoji)
    .bind(int(one.who.id.get()))
    .fetch_optional(&mut *tx)
    .await?;
    let (given, seq) = row.unwrap_or((false, int(of)));
    if given != on {
        return Ok(None);
    }
    let (at,): (i64,) = sqlx::query_as("SELECT at FROM entries WHERE room_id = ? AND seq = ?")
        .bind(int(one.command.room.get()))
        .bind(seq)
        .fetch_one(tx)
        .await?;
    Ok(Some((uint(seq)?, uint(at)?)))
}

/// Since which entry others give this emoji; none if nobody does, and then only so many different ones fit.
async fn since(
    tx: &mut SqliteConnection,
    (room, of): (RoomId, Seq),
    emoji: &str,
    on: bool,
) -> Step<Option<i64>> {
    let (since, different): (Option<i64>, i64) = sqlx::query_as(
        "SELECT MIN(CASE WHEN emoji = ?3 THEN since END), COUNT(DISTINCT emoji) FROM reactions
         WHERE room_id = ?1 AND target = ?2 AND given = 1",
    )
    .bind(int(room.get()))
    .bind(int(of))
    .bind(emoji)
    .fetch_one(tx)
    .await?;
    if on && since.is_none() {
        room_for_emoji(usize::try_from(different).unwrap_or(usize::MAX))?;
    }
    Ok(since)
}
