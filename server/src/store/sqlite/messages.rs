//! Messages as they stand. Paging is by key, never by offset.

use std::collections::HashMap;

use protocol::{Message, Reaction, RoomId, Seq, UserId};
use rusqlite::{Connection, Row, params};
use serde_json::json;

use super::{
    logs::last_seq,
    rows::{Columns as _, all, int},
};
use crate::store::{Given, MessagePage, Newest, PageAt, Standing, rules::Answer};

const COLUMNS: &str = "seq, id, author, at, COALESCE(now_text, text), target, edited_at, deleted";

/// A message without its reactions.
fn message(row: &Row<'_>) -> Answer<Message> {
    Ok(Message {
        seq: row.get(0)?,
        id: row.id(1)?,
        by: row.user(2)?,
        at: row.get(3)?,
        text: row.get(4)?,
        reply_to: row.get(5)?,
        edited_at: row.get(6)?,
        deleted: row.get(7)?,
        reactions: Vec::new(),
    })
}

/// Messages before a place, the newest first.
fn older(db: &Connection, room: RoomId, before: Seq, limit: u32) -> Answer<Vec<Message>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM entries WHERE room_id = ? AND kind = 0 AND seq < ? ORDER BY seq DESC LIMIT +?"
    );
    let asked = params![room.get(), int(before), limit];
    all(db, &statement, asked, message)
}

/// Messages after a place, the oldest first.
fn newer(db: &Connection, room: RoomId, after: Seq, limit: u32) -> Answer<Vec<Message>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM entries WHERE room_id = ? AND kind = 0 AND seq > ? ORDER BY seq LIMIT +?"
    );
    let asked = params![room.get(), int(after), limit];
    all(db, &statement, asked, message)
}

/// So many of `found`, and whether there are more.
fn cut(mut found: Vec<Message>, limit: u32) -> (Vec<Message>, bool) {
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    (found, more)
}

/// [`crate::store::Logs::history`], all of one moment.
pub(super) fn history(
    db: &mut Connection,
    (room, user): (RoomId, UserId),
    at: PageAt,
    limit: u32,
) -> Answer<MessagePage> {
    let (before, after) = match at {
        PageAt::Newest => (Some((Seq::MAX, limit)), None),
        PageAt::Before(seq) => (Some((seq, limit)), None),
        PageAt::After(seq) => (None, Some((seq, limit))),
        PageAt::Around(seq) => {
            let half = limit.div_ceil(2);
            let before = (seq.saturating_add(1), half);
            (Some(before), Some((seq, limit - half)))
        }
    };
    let db = db.transaction()?;
    let mut page = MessagePage {
        last_seq: last_seq(&db, room)?,
        ..MessagePage::default()
    };
    // One more than asked tells whether there are more.
    if let Some((seq, most)) = before {
        (page.messages, page.more) = cut(older(&db, room, seq, most + 1)?, most);
        page.messages.reverse();
    }
    if let Some((seq, most)) = after {
        let (mut found, more) = cut(newer(&db, room, seq, most + 1)?, most);
        match at {
            PageAt::After(_) => page.more = more,
            _ => page.more_after = Some(more),
        }
        page.messages.append(&mut found);
    }
    react(&db, (room, user), &mut page.messages)?;
    Ok(page)
}

/// [`crate::store::Logs::newest`], all of one moment.
pub(super) fn newest(db: &mut Connection, room: RoomId, limit: u32) -> Answer<Newest> {
    let db = db.transaction()?;
    let last_seq = last_seq(&db, room)?;
    let (mut found, more) = cut(older(&db, room, Seq::MAX, limit + 1)?, limit);
    found.reverse();
    let mut given = givers(&db, room, &found)?;
    let standing = |message: Message| {
        let given = given.remove(&message.seq).unwrap_or_default();
        Standing { message, given }
    };
    Ok(Newest {
        messages: found.into_iter().map(standing).collect(),
        more,
        last_seq,
    })
}

/// The messages at these places, a list of JSON.
pub(super) fn at(
    db: &mut Connection,
    (room, user): (RoomId, UserId),
    seqs: &str,
) -> Answer<Vec<Message>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM entries WHERE room_id = ?1 AND kind = 0
         AND seq IN (SELECT value FROM json_each(?2)) ORDER BY seq"
    );
    let db = db.transaction()?;
    let mut messages = all(&db, &statement, params![room.get(), seqs], message)?;
    react(&db, (room, user), &mut messages)?;
    Ok(messages)
}

/// The messages that may carry reactions, as SQLite reads a list.
fn reactable(messages: &[Message]) -> String {
    let living = messages.iter().filter(|message| !message.deleted);
    let seqs: Vec<Seq> = living.map(|message| message.seq).collect();
    json!(seqs).to_string()
}

fn givers(db: &Connection, room: RoomId, messages: &[Message]) -> Answer<HashMap<Seq, Vec<Given>>> {
    let rows = all(
        db,
        "SELECT r.target, r.emoji, r.user_id FROM json_each(?2) j
         CROSS JOIN reactions r ON r.room_id = ?1 AND r.target = j.value AND r.given = 1
         ORDER BY r.target, r.since, r.emoji",
        params![room.get(), reactable(messages)],
        |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.user(2)?)),
    )?;
    let mut by_message: HashMap<Seq, Vec<Given>> = HashMap::new();
    for (target, emoji, user) in rows {
        let given = by_message.entry(target).or_default();
        match given.last_mut().filter(|last| last.emoji == emoji) {
            Some(last) => last.by.push(user),
            None => given.push(Given {
                emoji,
                by: vec![user],
            }),
        }
    }
    Ok(by_message)
}

/// Notes the reactions of messages, as a user sees them.
fn react(db: &Connection, (room, user): (RoomId, UserId), messages: &mut [Message]) -> Answer<()> {
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
    for message in messages {
        message.reactions = by_message.remove(&message.seq).unwrap_or_default();
    }
    Ok(())
}
