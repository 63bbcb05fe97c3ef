//! A run of sends, stored set by set: the number of statements does not grow with the number of messages.

use std::collections::{HashMap, HashSet};

use protocol::{Act, ActKind, Event, MessageId, RoomId, Seq, UserId};
use serde_json::{Value, json};
use sqlx::SqliteConnection;

use super::{
    insert::{Insert, MAX_ROWS},
    mentions,
    rows::{act_kind, int, message_id, room_id, room_kind, row, uint, user_id},
    sums::sum,
};
use crate::{
    auth::rights::{Place, Right, may},
    error::Refusal,
    store::{
        Authored, Done, Named, Outcome, Reply, StoreError, StoredAck, Write,
        rules::{ack, no_message, same_again},
    },
};

static ENTRIES: Insert = Insert::new(
    "INSERT INTO entries (room_id, seq, author, at, id, target, text, said, sum, kind)",
    9,
    ", 0",
);
static COMMANDS: Insert = Insert::new(
    "INSERT INTO commands (id, author, room_id, seq, at, kind)",
    5,
    ", 0",
);

/// A send of the run.
struct Item<'a> {
    named: &'a Named,
    one: &'a Authored,
    text: &'a str,
    reply_to: Option<Seq>,
}

impl<'a> Item<'a> {
    fn of(write: &'a Write, named: &'a Named) -> Option<Self> {
        let Write::Command(one) = write else {
            return None;
        };
        let Act::Send { text, reply_to } = &one.command.act else {
            return None;
        };
        Some(Self {
            named,
            one,
            text,
            reply_to: *reply_to,
        })
    }

    const fn room(&self) -> RoomId {
        self.one.command.room
    }

    const fn id(&self) -> MessageId {
        self.one.command.id
    }
}

/// What the run is decided on; each decision is part of the ground for the next.
struct Ground {
    known: HashMap<(UserId, MessageId), (StoredAck, ActKind)>,
    places: HashMap<(RoomId, UserId), Place>,
    heads: HashMap<RoomId, Head>,
    messages: HashSet<(RoomId, Seq)>,
}

/// Where a room's log ends.
#[derive(Clone, Copy, Default)]
struct Head {
    seq: Seq,
    /// Messages in it, deleted ones too.
    said: u64,
}

/// A message that is to be stored, and where.
struct Fresh<'i> {
    item: &'i Item<'i>,
    head: Head,
}

/// Stores a run of sends; every write of it is a [`Act::Send`].
pub(super) async fn send_all(
    tx: &mut SqliteConnection,
    run: &[Write],
    named: &[Named],
) -> Result<Vec<Outcome>, StoreError> {
    let items: Vec<Item<'_>> = run
        .iter()
        .zip(named)
        .filter_map(|(write, named)| Item::of(write, named))
        .collect();
    let mut ground = Ground {
        known: known_ids(tx, &items).await?,
        messages: reply_targets(tx, &items).await?,
        places: HashMap::new(),
        heads: HashMap::new(),
    };
    load_places(tx, &items, &mut ground).await?;
    let mut fresh = Vec::with_capacity(items.len());
    let outcomes = items
        .iter()
        .map(|item| ground.decide(item, &mut fresh))
        .collect();
    if !fresh.is_empty() {
        store(tx, &fresh).await?;
        let naming = fresh.iter().map(|new| mentions::Naming {
            room: new.item.room(),
            seq: new.head.seq,
            author: new.item.one.who.id,
            named: new.item.named,
        });
        mentions::note(tx, naming).await?;
    }
    Ok(outcomes)
}

impl Ground {
    fn decide<'i>(&mut self, item: &'i Item<'i>, fresh: &mut Vec<Fresh<'i>>) -> Outcome {
        let key = (item.one.who.id, item.id());
        if let Some(&(stored, of_kind)) = self.known.get(&key) {
            return same_again(item.one, stored, of_kind);
        }
        let place = self
            .places
            .get(&(item.room(), item.one.who.id))
            .ok_or_else(|| Refusal::not_found("room"))?;
        may(item.one.who, *place, Right::Write)?;
        if item
            .reply_to
            .is_some_and(|seq| !self.messages.contains(&(item.room(), seq)))
        {
            return Err(no_message("reply_to"));
        }
        let head = self.heads.entry(item.room()).or_default();
        head.seq += 1;
        head.said += 1;
        let head = *head;
        let seq = head.seq;
        self.known.insert(
            key,
            (
                StoredAck {
                    room: item.room(),
                    seq,
                    at: item.one.now,
                },
                ActKind::Send,
            ),
        );
        self.messages.insert((item.room(), seq));
        fresh.push(Fresh { item, head });
        Ok(done(item, seq))
    }
}

fn done(item: &Item<'_>, seq: Seq) -> Done {
    let one = item.one;
    let event = Event {
        room: item.room(),
        seq,
        at: one.now,
        by: one.who.id,
        kind: one.command.entry(),
    };
    Done {
        reply: Reply::Ack {
            ack: ack(one, (seq, one.now)),
            repeat: false,
        },
        events: vec![event],
        named: item.named.clone(),
    }
}

pub(super) fn hex(id: MessageId) -> String {
    use std::fmt::Write as _;
    id.as_bytes()
        .iter()
        .fold(String::with_capacity(32), |mut out, byte| {
            // Writing to a String cannot fail.
            let _ = write!(out, "{byte:02x}");
            out
        })
}

type KnownRow = (i64, Vec<u8>, i64, i64, i64, i64);

async fn known_ids(
    tx: &mut SqliteConnection,
    items: &[Item<'_>],
) -> Result<HashMap<(UserId, MessageId), (StoredAck, ActKind)>, StoreError> {
    let asked: Vec<Value> = items
        .iter()
        .map(|item| json!([item.one.who.id.get(), hex(item.id())]))
        .collect();
    let rows: Vec<KnownRow> = sqlx::query_as(
        "SELECT c.author, c.id, c.room_id, c.seq, c.at, c.kind FROM json_each(?) j
         CROSS JOIN commands c ON c.id = unhex(j.value ->> 1) AND c.author = j.value ->> 0",
    )
    .bind(Value::Array(asked).to_string())
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|(author, id, room, seq, at, kind)| {
            let stored = StoredAck {
                room: room_id(room)?,
                seq: uint(seq)?,
                at: uint(at)?,
            };
            Ok((
                (user_id(author)?, message_id(&id)?),
                (stored, act_kind(kind)?),
            ))
        })
        .collect()
}

row! {
    struct PlaceRow {
        room: i64,
        user: i64,
        kind: i64,
        created_by: i64,
        last_seq: i64,
        said: i64,
        member: bool,
    }
}

async fn load_places(
    tx: &mut SqliteConnection,
    items: &[Item<'_>],
    ground: &mut Ground,
) -> Result<(), StoreError> {
    let pairs: HashSet<(u64, u64)> = items
        .iter()
        .map(|item| (item.room().get(), item.one.who.id.get()))
        .collect();
    let asked: Vec<Value> = pairs
        .iter()
        .map(|(room, user)| json!([room, user]))
        .collect();
    let rows: Vec<PlaceRow> = sqlx::query_as(
        "SELECT r.id AS room, j.value ->> 1 AS user, r.kind AS kind, r.created_by AS created_by, r.last_seq AS last_seq,
           COALESCE((SELECT e.said FROM entries e WHERE e.room_id = r.id AND e.seq = r.last_seq), 0) AS said,
           m.user_id IS NOT NULL AS member FROM json_each(?) j
         CROSS JOIN rooms r ON r.id = j.value ->> 0 AND r.deleted_at IS NULL
         LEFT JOIN members m ON m.room_id = r.id AND m.user_id = j.value ->> 1",
    )
    .bind(Value::Array(asked).to_string())
    .fetch_all(tx)
    .await?;
    for row in rows {
        let place = Place {
            kind: room_kind(row.kind)?,
            created_by: Some(user_id(row.created_by)?),
            member: row.member,
        };
        let head = Head {
            seq: uint(row.last_seq)?,
            said: uint(row.said)?,
        };
        let at = (room_id(row.room)?, user_id(row.user)?);
        ground.heads.insert(at.0, head);
        ground.places.insert(at, place);
    }
    Ok(())
}

async fn reply_targets(
    tx: &mut SqliteConnection,
    items: &[Item<'_>],
) -> Result<HashSet<(RoomId, Seq)>, StoreError> {
    let asked: Vec<Value> = items
        .iter()
        .filter_map(|item| item.reply_to.map(|seq| json!([item.room().get(), seq])))
        .collect();
    if asked.is_empty() {
        return Ok(HashSet::new());
    }
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT e.room_id, e.seq FROM json_each(?) j
         CROSS JOIN entries e ON e.room_id = j.value ->> 0 AND e.seq = j.value ->> 1 AND e.kind = 0",
    )
    .bind(Value::Array(asked).to_string())
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|(room, seq)| Ok((room_id(room)?, uint(seq)?)))
        .collect()
}

async fn store(tx: &mut SqliteConnection, fresh: &[Fresh<'_>]) -> Result<(), StoreError> {
    for rows in fresh.chunks(MAX_ROWS) {
        let mut entries = sqlx::query(ENTRIES.of(rows.len()));
        let mut commands = sqlx::query(COMMANDS.of(rows.len()));
        for Fresh { item, head } in rows {
            let (room, seq, author) = (
                int(item.room().get()),
                int(head.seq),
                int(item.one.who.id.get()),
            );
            let (id, at) = (item.id().as_bytes().to_vec(), int(item.one.now));
            entries = entries
                .bind(room)
                .bind(seq)
                .bind(author)
                .bind(at)
                .bind(id.clone())
                .bind(item.reply_to.map(int))
                .bind(item.text.to_string())
                .bind(int(head.said))
                .bind(sum(item.text.as_bytes()));
            commands = commands.bind(id).bind(author).bind(room).bind(seq).bind(at);
        }
        entries.execute(&mut *tx).await?;
        commands.execute(&mut *tx).await?;
    }
    let mut heads: HashMap<u64, Seq> = HashMap::new();
    // How many each author said in each room, and the last of them.
    let mut own: HashMap<(u64, u64), (u64, Seq)> = HashMap::new();
    for Fresh { item, head } in fresh {
        let room = item.room().get();
        heads.insert(room, head.seq);
        let (count, last) = own.entry((room, item.one.who.id.get())).or_default();
        *count += 1;
        *last = head.seq;
    }
    let heads: Vec<Value> = heads.iter().map(|(room, seq)| json!([room, seq])).collect();
    sqlx::query(
        "UPDATE rooms SET last_seq = j.value ->> 1 FROM json_each(?) j WHERE rooms.id = j.value ->> 0",
    )
    .bind(Value::Array(heads).to_string())
    .execute(&mut *tx)
    .await?;
    let own: Vec<Value> = own
        .iter()
        .map(|((room, author), (count, last))| json!([room, author, count, last]))
        .collect();
    sqlx::query(
        "UPDATE members SET own_after = own_after + (j.value ->> 2), own_last = j.value ->> 3 FROM json_each(?) j
         WHERE members.room_id = j.value ->> 0 AND members.user_id = j.value ->> 1",
    )
    .bind(Value::Array(own).to_string())
    .execute(tx)
    .await?;
    Ok(())
}
