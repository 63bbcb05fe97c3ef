//! Messages as they stand. Paging is by key, never by offset.

use std::collections::HashMap;

use protocol::{EarlierText, Message, PinnedMessage, Reaction, RoomId, Seq, UserId, limits::PINS};
use rusqlite::{Connection, Row, params};
use serde_json::json;

use super::{
    logs::last_seq,
    rows::{Columns as _, all, cut, int, thread_place},
    threads::{note_replies, standing},
};
use crate::store::{
    GivenEmoji, MessagePage, Newest, PageAt, StandingMessage, ThreadPage, rules::StoreResult,
};

/// Of `m`, a row of the log that is a message.
const COLUMNS: &str = "m.seq, m.id, m.author, m.at, COALESCE(m.now_text, m.text), m.target, m.edited_at, m.deleted,
    EXISTS (SELECT 1 FROM pins p WHERE p.room_id = m.room_id AND p.target = m.seq AND p.pinned = 1), m.thread, m.nth, m.in_room";

/// A message without its reactions and replies.
fn message(row: &Row<'_>) -> StoreResult<Message> {
    let place = thread_place(row, 9)?;
    Ok(Message {
        text: row.get(4)?,
        reply_to: row.get(5)?,
        edited_at: row.get(6)?,
        deleted: row.get(7)?,
        pinned: row.get(8)?,
        ..Message::new(row.get(0)?, row.id(1)?, row.user(2)?, row.get(3)?)
    }
    .placed(place))
}

/// Which messages of a room: those of a thread, or the room's own.
fn which(thread: Option<Seq>) -> &'static str {
    match thread {
        Some(_) => "m.room_id = ?1 AND m.thread = ?4",
        // Named again, though it is nobody's thread: a statement has as many parameters as it is given.
        None => "m.room_id = ?1 AND m.kind = 0 AND m.in_room = 1 AND ?4 IS NULL",
    }
}

/// Messages before a place, the newest first.
fn older(
    db: &Connection,
    (room, thread): (RoomId, Option<Seq>),
    before: Seq,
    limit: u32,
) -> StoreResult<Vec<Message>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM entries m WHERE {} AND m.seq < ?2 ORDER BY m.seq DESC LIMIT +?3",
        which(thread)
    );
    let asked = params![room.get(), int(before), limit, thread.map(int)];
    all(db, &statement, asked, message)
}

/// Messages after a place, the oldest first.
fn newer(
    db: &Connection,
    (room, thread): (RoomId, Option<Seq>),
    after: Seq,
    limit: u32,
) -> StoreResult<Vec<Message>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM entries m WHERE {} AND m.seq > ?2 ORDER BY m.seq LIMIT +?3",
        which(thread)
    );
    let asked = params![room.get(), int(after), limit, thread.map(int)];
    all(db, &statement, asked, message)
}

/// [`crate::store::Logs::history`], all of one moment.
pub(super) fn history(
    db: &mut Connection,
    of: (RoomId, UserId),
    at: PageAt,
    limit: u32,
) -> StoreResult<MessagePage> {
    page(&*db.transaction()?, of, None, (at, limit))
}

/// [`crate::store::Logs::thread`], all of one moment.
pub(super) fn thread(
    db: &mut Connection,
    (room, root): (RoomId, Seq),
    user: UserId,
    which: (PageAt, u32),
) -> StoreResult<Option<ThreadPage>> {
    let db = db.transaction()?;
    let first = some(&db, (room, user), &json!([root]).to_string())?.pop();
    let Some(first) = first else { return Ok(None) };
    Ok(Some(ThreadPage {
        root: first,
        replies: page(&db, (room, user), Some(root), which)?,
        thread: standing(&db, user, (room, root))?,
    }))
}

/// Messages of a room's own, or of a thread.
fn page(
    db: &Connection,
    (room, user): (RoomId, UserId),
    thread: Option<Seq>,
    (at, limit): (PageAt, u32),
) -> StoreResult<MessagePage> {
    let [before, after] = at.parts(limit);
    let mut page = MessagePage {
        last_seq: last_seq(db, room)?,
        ..MessagePage::default()
    };
    // One more than asked tells whether there are more.
    if let Some((seq, most)) = before {
        (page.messages, page.more) = cut(older(db, (room, thread), seq, most + 1)?, most);
        page.messages.reverse();
    }
    if let Some((seq, most)) = after {
        let (mut found, more) = cut(newer(db, (room, thread), seq, most + 1)?, most);
        match at {
            PageAt::After(_) => page.more = more,
            _ => page.more_after = Some(more),
        }
        page.messages.append(&mut found);
    }
    react(db, (room, user), &mut page.messages)?;
    Ok(page)
}

/// [`crate::store::Logs::newest`], all of one moment.
pub(super) fn newest(db: &mut Connection, room: RoomId, limit: u32) -> StoreResult<Newest> {
    let db = db.transaction()?;
    let last_seq = last_seq(&db, room)?;
    let (mut found, more) = cut(older(&db, (room, None), Seq::MAX, limit + 1)?, limit);
    found.reverse();
    note_replies(&db, room, &mut found)?;
    let mut given = givers(&db, room, &found)?;
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

/// The messages at these places, a list of JSON, all of one moment.
pub(super) fn at(
    db: &mut Connection,
    of: (RoomId, UserId),
    seqs: &str,
) -> StoreResult<Vec<Message>> {
    some(&*db.transaction()?, of, seqs)
}

fn some(db: &Connection, (room, user): (RoomId, UserId), seqs: &str) -> StoreResult<Vec<Message>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM entries m WHERE m.room_id = ?1 AND m.kind = 0
         AND m.seq IN (SELECT value FROM json_each(?2)) ORDER BY m.seq"
    );
    let mut messages = all(db, &statement, params![room.get(), seqs], message)?;
    react(db, (room, user), &mut messages)?;
    Ok(messages)
}

/// [`crate::store::Logs::pins`], all of one moment.
pub(super) fn pins(
    db: &mut Connection,
    (room, user): (RoomId, UserId),
) -> StoreResult<Vec<PinnedMessage>> {
    let statement = format!(
        "SELECT {COLUMNS}, e.author, e.at FROM pins n
         CROSS JOIN entries m ON m.room_id = n.room_id AND m.seq = n.target
         CROSS JOIN entries e ON e.room_id = n.room_id AND e.seq = n.seq
         WHERE n.room_id = ? AND n.pinned = 1 ORDER BY n.seq DESC LIMIT +?"
    );
    let db = db.transaction()?;
    let mut pins = all(&db, &statement, params![room.get(), PINS], |row| {
        Ok(PinnedMessage {
            message: message(row)?,
            by: row.user(12)?,
            at: row.get(13)?,
        })
    })?;
    let mut messages: Vec<Message> = pins.iter().map(|pin| pin.message.clone()).collect();
    react(&db, (room, user), &mut messages)?;
    for (pin, message) in pins.iter_mut().zip(messages) {
        pin.message = message;
    }
    Ok(pins)
}

/// The messages that may carry reactions, as SQLite reads a list.
fn reactable(messages: &[Message]) -> String {
    let living = messages.iter().filter(|message| !message.deleted);
    let seqs: Vec<Seq> = living.map(|message| message.seq).collect();
    json!(seqs).to_string()
}

fn givers(
    db: &Connection,
    room: RoomId,
    messages: &[Message],
) -> StoreResult<HashMap<Seq, Vec<GivenEmoji>>> {
    let rows = all(
        db,
        "SELECT r.target, r.emoji, r.user_id FROM json_each(?2) j
         CROSS JOIN reactions r ON r.room_id = ?1 AND r.target = j.value AND r.given = 1
         ORDER BY r.target, r.since, r.emoji",
        params![room.get(), reactable(messages)],
        |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.user(2)?)),
    )?;
    let mut by_message: HashMap<Seq, Vec<GivenEmoji>> = HashMap::new();
    for (target, emoji, user) in rows {
        GivenEmoji::add(by_message.entry(target).or_default(), emoji, user);
    }
    Ok(by_message)
}

/// [`crate::store::Logs::givers`].
pub(super) fn givers_of(
    db: &Connection,
    (room, seq): (RoomId, Seq),
    limit: u32,
) -> StoreResult<Vec<GivenEmoji>> {
    let rows = all(
        db,
        "SELECT emoji, user_id FROM (SELECT r.emoji, r.user_id, MIN(r.since) OVER (PARTITION BY r.emoji) AS first,
             ROW_NUMBER() OVER (PARTITION BY r.emoji ORDER BY r.seq) AS n
           FROM entries m CROSS JOIN reactions r ON r.room_id = m.room_id AND r.target = m.seq AND r.given = 1
           WHERE m.room_id = ?1 AND m.seq = ?2 AND m.kind = 0 AND m.deleted = 0)
         WHERE n <= ?3 ORDER BY first, emoji, n",
        params![room.get(), int(seq), limit],
        |row| Ok((row.get::<_, String>(0)?, row.user(1)?)),
    )?;
    let mut given: Vec<GivenEmoji> = Vec::new();
    for (emoji, user) in rows {
        GivenEmoji::add(&mut given, emoji, user);
    }
    Ok(given)
}

/// [`crate::store::Logs::earlier_texts`]: each edit was one, but the last, and so was what the message first said.
pub(super) fn earlier_texts(
    db: &Connection,
    (room, seq): (RoomId, Seq),
    limit: u32,
) -> StoreResult<Vec<EarlierText>> {
    all(
        db,
        "SELECT at, text FROM (
           SELECT seq, at, text FROM entries INDEXED BY entries_edits WHERE room_id = ?1 AND kind = 1 AND target = ?2 AND deleted = 0
           UNION ALL SELECT seq, at, text FROM entries WHERE room_id = ?1 AND seq = ?2 AND kind = 0 AND deleted = 0)
         ORDER BY seq DESC LIMIT +?3 OFFSET 1",
        params![room.get(), int(seq), limit],
        |row| {
            Ok(EarlierText {
                at: row.get(0)?,
                text: row.get(1)?,
            })
        },
    )
}

/// Notes the reactions to messages, as a user sees them, and their replies.
fn react(
    db: &Connection,
    (room, user): (RoomId, UserId),
    messages: &mut [Message],
) -> StoreResult<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let rows = all(
        db,
        "SELECT r.target, r.emoji, COUNT(*), MAX(r.user_id = ?2) FROM json_each(?3) j
         CROSS JOIN reactions r ON r.room_id = ?1 AND r.target = j.value AND r.given = 1
         GROUP BY r.target, r.emoji ORDER BY r.target, MIN(r.since)",
        params![room.get(), user.get(), reactable(messages)],
        |row| {
            let reaction = Reaction {
                emoji: row.get(1)?,
                count: row.get(2)?,
                mine: row.get(3)?,
            };
            Ok((row.get(0)?, reaction))
        },
    )?;
    let mut by_message: HashMap<Seq, Vec<Reaction>> = HashMap::new();
    for (target, reaction) in rows {
        by_message.entry(target).or_default().push(reaction);
    }
    for message in &mut *messages {
        message.reactions = by_message.remove(&message.seq).unwrap_or_default();
    }
    note_replies(db, room, messages)
}
