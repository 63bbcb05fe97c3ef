//! Messages as they stand. Paging is by key, never by offset.

use std::collections::HashMap;

use protocol::{EarlierText, Message, PinnedMessage, Reaction, RoomId, Seq, UserId, limits::PINS};
use tokio_postgres::Row;

use super::{
    logs::last_seq,
    rows::{Db, Number as _, PgColumns as _, cut, numbers},
    threads::{note_replies, standing},
};
use crate::store::{
    GivenEmoji, MessagePage, Newest, PageAt, StandingMessage, ThreadPage, rules::StoreResult,
};

/// Of `m`, a row of the log that is a message.
const COLUMNS: &str = "m.seq, m.id, m.author, m.at, COALESCE(m.now_text, m.text), m.target, m.edited_at, m.deleted,
    EXISTS (SELECT 1 FROM pins p WHERE p.room_id = m.room_id AND p.target = m.seq AND p.pinned = 1), m.thread, m.nth, m.in_room";

/// A message without its reactions and replies.
fn message(row: &Row) -> StoreResult<Message> {
    let place = row.thread(9)?;
    Ok(Message {
        text: row.of(4)?,
        reply_to: row.some(5)?,
        edited_at: row.some(6)?,
        deleted: row.flag(7)?,
        pinned: row.of(8)?,
        ..Message::new(row.number(0)?, row.id(1)?, row.user(2)?, row.number(3)?)
    }
    .placed(place))
}

/// Which messages of a room: those of a thread, or the room's own.
const fn which(thread: Option<Seq>) -> &'static str {
    match thread {
        Some(_) => "m.room_id = $1 AND m.thread = $4",
        // Named again, though it is nobody's thread: a statement has as many parameters as it is given.
        None => "m.room_id = $1 AND m.kind = 0 AND m.in_room = 1 AND $4::bigint IS NULL",
    }
}

/// Messages before a place, the newest first.
async fn older(
    db: &mut Db,
    (room, thread): (RoomId, Option<Seq>),
    before: Seq,
    limit: u32,
) -> StoreResult<Vec<Message>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM entries m WHERE {} AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3",
        which(thread)
    );
    let (root, limit) = (thread.map(u64::n), i64::from(limit));
    db.all(&sql, &[&room.n(), &before.n(), &limit, &root], message)
        .await
}

/// Messages after a place, the oldest first.
async fn newer(
    db: &mut Db,
    (room, thread): (RoomId, Option<Seq>),
    after: Seq,
    limit: u32,
) -> StoreResult<Vec<Message>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM entries m WHERE {} AND m.seq > $2 ORDER BY m.seq LIMIT $3",
        which(thread)
    );
    let (root, limit) = (thread.map(u64::n), i64::from(limit));
    db.all(&sql, &[&room.n(), &after.n(), &limit, &root], message)
        .await
}

/// [`crate::store::Logs::thread`]; asked in one snapshot.
pub(super) async fn thread(
    db: &mut Db,
    (room, root): (RoomId, Seq),
    user: UserId,
    which: (PageAt, u32),
) -> StoreResult<Option<ThreadPage>> {
    let first = at(db, (room, user), &[root]).await?.pop();
    let Some(first) = first else { return Ok(None) };
    Ok(Some(ThreadPage {
        root: first,
        replies: page(db, (room, user), Some(root), which).await?,
        thread: standing(db, user, (room, root)).await?,
    }))
}

/// Messages of a room's own, or of a thread; asked in one snapshot.
pub(super) async fn page(
    db: &mut Db,
    (room, user): (RoomId, UserId),
    thread: Option<Seq>,
    (at, limit): (PageAt, u32),
) -> StoreResult<MessagePage> {
    let [before, after] = at.parts(limit);
    let mut page = MessagePage {
        last_seq: last_seq(db, room).await?,
        ..MessagePage::default()
    };
    // One more than asked tells whether there are more.
    if let Some((seq, most)) = before {
        let found = older(db, (room, thread), seq, most + 1).await?;
        (page.messages, page.more) = cut(found, most);
        page.messages.reverse();
    }
    if let Some((seq, most)) = after {
        let found = newer(db, (room, thread), seq, most + 1).await?;
        let (mut found, more) = cut(found, most);
        match at {
            PageAt::After(_) => page.more = more,
            _ => page.more_after = Some(more),
        }
        page.messages.append(&mut found);
    }
    react(db, (room, user), &mut page.messages).await?;
    Ok(page)
}

/// [`crate::store::Logs::newest`]; asked in one snapshot.
pub(super) async fn newest(db: &mut Db, room: RoomId, limit: u32) -> StoreResult<Newest> {
    let last_seq = last_seq(db, room).await?;
    let found = older(db, (room, None), Seq::MAX, limit + 1).await?;
    let (mut found, more) = cut(found, limit);
    found.reverse();
    note_replies(db, room, &mut found).await?;
    let mut given = givers(db, room, &found).await?;
    let standing = |message: Message| {
        let given = given.remove(&message.seq).unwrap_or_default();
        StandingMessage { message, given }
    };
    Ok(Newest {
        messages: found.into_iter().map(standing).collect(),
        more,
        last_seq,
    })
}

/// The messages at these places; asked in one snapshot.
pub(super) async fn at(
    db: &mut Db,
    (room, user): (RoomId, UserId),
    seqs: &[Seq],
) -> StoreResult<Vec<Message>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM entries m WHERE m.room_id = $1 AND m.kind = 0 AND m.seq = ANY ($2) ORDER BY m.seq"
    );
    let mut messages = db.all(&sql, &[&room.n(), &numbers(seqs)], message).await?;
    react(db, (room, user), &mut messages).await?;
    Ok(messages)
}

/// [`crate::store::Logs::pins`]; asked in one snapshot.
pub(super) async fn pins(
    db: &mut Db,
    (room, user): (RoomId, UserId),
) -> StoreResult<Vec<PinnedMessage>> {
    let sql = format!(
        "SELECT {COLUMNS}, e.author, e.at FROM pins n
         JOIN entries m ON m.room_id = n.room_id AND m.seq = n.target
         JOIN entries e ON e.room_id = n.room_id AND e.seq = n.seq
         WHERE n.room_id = $1 AND n.pinned = 1 ORDER BY n.seq DESC LIMIT $2"
    );
    let limit = i64::from(PINS);
    let mut pins = db
        .all(&sql, &[&room.n(), &limit], |row| {
            Ok(PinnedMessage {
                message: message(row)?,
                by: row.user(12)?,
                at: row.number(13)?,
            })
        })
        .await?;
    let mut messages: Vec<Message> = pins.iter().map(|pin| pin.message.clone()).collect();
    react(db, (room, user), &mut messages).await?;
    for (pin, message) in pins.iter_mut().zip(messages) {
        pin.message = message;
    }
    Ok(pins)
}

/// The places of messages that may carry reactions.
fn reactable(messages: &[Message]) -> Vec<i64> {
    let living = messages.iter().filter(|message| !message.deleted);
    living.map(|message| message.seq.n()).collect()
}

async fn givers(
    db: &mut Db,
    room: RoomId,
    messages: &[Message],
) -> StoreResult<HashMap<Seq, Vec<GivenEmoji>>> {
    let rows = db
        .all(
            "SELECT target, emoji, user_id FROM reactions WHERE room_id = $1 AND target = ANY ($2) AND given = 1
             ORDER BY target, since, emoji, user_id",
            &[&room.n(), &reactable(messages)],
            |row| Ok((row.number(0)?, row.of::<String>(1)?, row.user(2)?)),
        )
        .await?;
    let mut by_message: HashMap<Seq, Vec<GivenEmoji>> = HashMap::new();
    for (target, emoji, user) in rows {
        GivenEmoji::add(by_message.entry(target).or_default(), emoji, user);
    }
    Ok(by_message)
}

/// [`crate::store::Logs::givers`].
pub(super) async fn givers_of(
    db: &mut Db,
    (room, seq): (RoomId, Seq),
    limit: u32,
) -> StoreResult<Vec<GivenEmoji>> {
    let rows = db
        .all(
            "SELECT emoji, user_id FROM (SELECT r.emoji, r.user_id, MIN(r.since) OVER (PARTITION BY r.emoji) AS first,
                 ROW_NUMBER() OVER (PARTITION BY r.emoji ORDER BY r.seq) AS n
               FROM entries m JOIN reactions r ON r.room_id = m.room_id AND r.target = m.seq AND r.given = 1
               WHERE m.room_id = $1 AND m.seq = $2 AND m.kind = 0 AND m.deleted = 0) AS ranked
             WHERE n <= $3 ORDER BY first, emoji, n",
            &[&room.n(), &seq.n(), &i64::from(limit)],
            |row| Ok((row.of::<String>(0)?, row.user(1)?)),
        )
        .await?;
    let mut given = Vec::new();
    for (emoji, user) in rows {
        GivenEmoji::add(&mut given, emoji, user);
    }
    Ok(given)
}

/// [`crate::store::Logs::earlier_texts`]: each edit was one, but the last, and so was what the message first said.
pub(super) async fn earlier_texts(
    db: &mut Db,
    (room, seq): (RoomId, Seq),
    limit: u32,
) -> StoreResult<Vec<EarlierText>> {
    db.all(
        "SELECT at, text FROM (
           SELECT seq, at, text FROM entries WHERE room_id = $1 AND kind = 1 AND target = $2 AND deleted = 0
           UNION ALL SELECT seq, at, text FROM entries WHERE room_id = $1 AND seq = $2 AND kind = 0 AND deleted = 0) AS said
         ORDER BY seq DESC LIMIT $3 OFFSET 1",
        &[&room.n(), &seq.n(), &i64::from(limit)],
        |row| {
            Ok(EarlierText {
                at: row.number(0)?,
                text: row.of(1)?,
            })
        },
    )
    .await
}

/// Notes the reactions to messages, as a user sees them, and their replies.
async fn react(
    db: &mut Db,
    (room, user): (RoomId, UserId),
    messages: &mut [Message],
) -> StoreResult<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let rows = db
        .all(
            "SELECT target, emoji, COUNT(*), BOOL_OR(user_id = $2) FROM reactions
             WHERE room_id = $1 AND target = ANY ($3) AND given = 1 GROUP BY target, emoji ORDER BY target, MIN(since)",
            &[&room.n(), &user.n(), &reactable(messages)],
            |row| {
                let reaction = Reaction {
                    emoji: row.of(1)?,
                    count: u32::try_from(row.number(2)?).unwrap_or(u32::MAX),
                    mine: row.of(3)?,
                };
                Ok((row.number(0)?, reaction))
            },
        )
        .await?;
    let mut by_message: HashMap<Seq, Vec<Reaction>> = HashMap::new();
    for (target, reaction) in rows {
        by_message.entry(target).or_default().push(reaction);
    }
    for message in &mut *messages {
        message.reactions = by_message.remove(&message.seq).unwrap_or_default();
    }
    note_replies(db, room, messages).await
}
