//! Fills a data folder with a store that has been used for years, in a minute: what is slow with a million messages shows.
//!
//!     cargo run -p server --example fill -- /tmp/large 1000000
//!     time hubbub verify --data-dir /tmp/large
//!
//! A hundred people in twenty rooms. Of every 20 messages of a room one is edited, one deleted, one names somebody, two answer
//! others, and two get a reaction. Everything keeps the promises of the contract: `verify` finds nothing wrong.

#![expect(
    clippy::print_stdout,
    reason = "an example is run by hand, and says what it made"
)]

use std::{error::Error, path::Path};

use protocol::{Role, RoomId, RoomKind, UserId, rights::Who};
use rusqlite::{Connection, params};
use server::store::{
    SignUp, Store as _, Write,
    sqlite::{SqliteConfig, SqliteStore},
};

const PEOPLE: u32 = 100;
const ROOMS: u32 = 20;
/// Messages of one room that are made alike.
const GROUP: u32 = 20;
/// When all this begins.
const EPOCH_MS: u64 = 1_700_000_000_000;

/// Who says the message or does the deed `j` of group `g`; a deed is done by whom it takes.
const AUTHORS: &str = "CREATE TEMP TABLE deeds (j INTEGER PRIMARY KEY, kind INTEGER NOT NULL, back INTEGER);
INSERT INTO deeds WITH RECURSIVE n(j) AS (SELECT 1 UNION ALL SELECT j + 1 FROM n WHERE j < 20) SELECT j, 0, NULL FROM n;
UPDATE deeds SET back = 5 WHERE j IN (8, 17);
INSERT INTO deeds VALUES (21, 1, 11), (22, 2, 11), (23, 3, 11), (24, 3, 11);
CREATE TEMP TABLE bases AS SELECT id AS room, last_seq AS base FROM rooms WHERE kind = 0 ORDER BY id";

/// Room by room, in the order of the log. Edits are of message 10, deletes of 11, reactions to 12 and 13.
const ENTRIES: &str = "INSERT INTO entries (room_id, seq, kind, author, at, id, target, text, emoji, flag, now_text, edited_at, deleted, said)
WITH RECURSIVE groups(g) AS (SELECT 0 UNION ALL SELECT g + 1 FROM groups WHERE g + 1 < ?1),
rows AS (
  SELECT room, base + g * 24 + j AS seq, kind, j, g,
    (g * 7 + CASE WHEN kind IN (1, 2) THEN j - back ELSE j END) % ?2 + 1 AS author,
    ?3 + (g * 24 + j) * 1000 AS at, back,
    CASE WHEN j = 5 THEN '@person-' || (g % ?2 + 1) || ' ' ELSE '' END
      || substr('the quick brown fox jumps over the lazy dog and back again, as it does every day of the week', 1, 20 + (g * 13 + j * 7) % 70) AS text
  FROM bases CROSS JOIN groups CROSS JOIN deeds)
SELECT room, seq, kind, author, at,
  unhex(printf('%012x7%03x8%03x%012x', at, j, room, seq)),
  seq - back, CASE WHEN kind = 1 OR (kind = 0 AND j <> 11) THEN text || CASE kind WHEN 1 THEN ', edited' ELSE '' END END,
  CASE kind WHEN 3 THEN '👍' END, CASE kind WHEN 3 THEN 1 END,
  CASE WHEN j = 10 THEN substr('the quick brown fox jumps over the lazy dog and back again, as it does every day of the week', 1, 20 + (g * 13 + 21 * 7) % 70) || ', edited' END,
  CASE WHEN j = 10 THEN at + 11000 END, j = 11, g * 20 + MIN(j, 20)
FROM rows ORDER BY room, g, j";

const REST: &[&str] = &[
    "INSERT INTO commands SELECT e.id, e.author, e.room_id, e.seq, e.at, e.kind FROM bases b
       CROSS JOIN entries e ON e.room_id = b.room AND e.seq > b.base ORDER BY e.id, e.author",
    "INSERT INTO reactions SELECT e.room_id, e.target, e.emoji, e.author, 1, e.seq, e.seq FROM bases b
       CROSS JOIN entries e ON e.room_id = b.room AND e.seq > b.base AND e.kind = 3",
    "INSERT INTO mentions (user_id, room_id, seq, author) SELECT u.id, e.room_id, e.seq, e.author FROM bases b
       CROSS JOIN entries e ON e.room_id = b.room AND e.seq > b.base AND e.kind = 0 AND e.text LIKE '@person-%'
       CROSS JOIN users u ON u.name = substr(e.text, 2, instr(e.text, ' ') - 2) ORDER BY 1, 2, 3",
    "UPDATE rooms SET last_seq = (SELECT MAX(seq) FROM entries WHERE room_id = rooms.id)",
    "UPDATE members SET read_seq = (SELECT last_seq FROM rooms WHERE id = room_id) * user_id / 100",
    "UPDATE members SET own_after = own.after, own_last = own.last
       FROM (SELECT e.room_id, e.author, COUNT(*) FILTER (WHERE e.seq > m.read_seq) AS after, MAX(e.seq) AS last
         FROM entries e CROSS JOIN members m ON m.room_id = e.room_id AND m.user_id = e.author
         WHERE e.kind = 0 GROUP BY e.room_id, e.author) AS own
       WHERE members.room_id = own.room_id AND members.user_id = own.author",
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("fill FOLDER [MESSAGES]")?;
    let messages: u32 = args.next().map_or(Ok(1_000_000), |it| it.parse())?;
    std::fs::create_dir_all(&folder)?;
    let path = Path::new(&folder).join("hubbub.db");
    people(&path).await?;
    let mut db = Connection::open(&path)?;
    let tx = db.transaction()?;
    let entries = talk(&tx, messages.div_ceil(GROUP * ROOMS))?;
    tx.commit()?;
    println!("{} entries more in {}", entries, path.display());
    Ok(())
}

/// Accounts and rooms come as they do in the server.
async fn people(path: &Path) -> Result<(), Box<dyn Error>> {
    let store = SqliteStore::open(path, &SqliteConfig::default()).await?;
    let account = |number| {
        Write::CreateAccount(SignUp {
            name: format!("person-{number}"),
            display_name: format!("Person {number}"),
            password: "nobody signs in with this".to_owned(),
            invite: None,
            open: true,
            now: EPOCH_MS - 1,
        })
    };
    let mut writes: Vec<Write> = (1..=PEOPLE).map(account).collect();
    let owner = Who {
        id: UserId::new(1).ok_or("a user has a number")?,
        role: Role::Owner,
    };
    writes.extend((2..=ROOMS).map(|number| Write::CreateRoom {
        who: owner,
        kind: RoomKind::Public,
        name: format!("room {number}"),
        topic: String::new(),
        now: EPOCH_MS,
    }));
    for room in 2..=u64::from(ROOMS) {
        let join = |user| {
            Some(Write::Join {
                who: Who {
                    id: UserId::new(user)?,
                    role: Role::Member,
                },
                room: RoomId::new(room)?,
                user: UserId::new(user)?,
                now: EPOCH_MS,
            })
        };
        writes.extend((2..=u64::from(PEOPLE)).filter_map(join));
    }
    for outcome in store.commit(writes.into()).await? {
        outcome.map_err(|why| why.message)?;
    }
    store.close().await;
    Ok(())
}

fn talk(db: &Connection, groups: u32) -> rusqlite::Result<usize> {
    db.execute_batch(AUTHORS)?;
    let entries = db.execute(ENTRIES, params![groups, PEOPLE, EPOCH_MS])?;
    for statement in REST {
        db.execute(statement, [])?;
    }
    Ok(entries)
}
