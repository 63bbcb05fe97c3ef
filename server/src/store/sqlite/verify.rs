//! Proves the promises of a store from the outside: it opens the file for reading only, beside a running server too.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use sqlx::{
    AssertSqlSafe, Row, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

use super::{mentions::named, rows::user_id};
use crate::store::StoreError;

/// What was read and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rooms that exist.
    pub rooms: u64,
    /// Entries in their logs.
    pub entries: u64,
    /// One line for each thing that is wrong, with its place; at most [`MOST_LINES`] a check.
    pub wrong: Vec<String>,
}

/// Lines that one check prints.
pub const MOST_LINES: u32 = 50;

/// A check: what is wrong if its statement finds a row, and the statement, whose first column says where.
struct Check {
    wrong: &'static str,
    finds: &'static str,
}

const CHECKS: &[Check] = &[
    Check {
        wrong: "the log has a hole or does not end at the room's last seq",
        finds: "SELECT 'room ' || r.id || ': last_seq ' || r.last_seq || ', ' || COUNT(e.seq) || ' entries from '
                  || COALESCE(MIN(e.seq), 0) || ' to ' || COALESCE(MAX(e.seq), 0)
                FROM rooms r LEFT JOIN entries e ON e.room_id = r.id WHERE r.deleted_at IS NULL GROUP BY r.id
                HAVING COUNT(e.seq) <> r.last_seq OR COALESCE(MAX(e.seq), 0) <> r.last_seq OR COALESCE(MIN(e.seq), 1) <> 1",
    },
    Check {
        wrong: "an entry stands in a room that does not exist",
        finds: "SELECT 'room ' || e.room_id || ' seq ' || MIN(e.seq) FROM entries e
                LEFT JOIN rooms r ON r.id = e.room_id AND r.deleted_at IS NULL WHERE r.id IS NULL GROUP BY e.room_id",
    },
    Check {
        wrong: "one (author, id) made two entries",
        finds: "SELECT 'author ' || author || ' id ' || hex(id) || ': ' || COUNT(*) || ' entries' FROM entries
                WHERE id IS NOT NULL GROUP BY author, id HAVING COUNT(*) > 1",
    },
    Check {
        wrong: "an entry's id was not acked with its place",
        finds: "SELECT 'room ' || e.room_id || ' seq ' || e.seq FROM entries e
                LEFT JOIN commands c ON c.author = e.author AND c.id = e.id
                WHERE e.id IS NOT NULL AND (c.id IS NULL OR c.room_id <> e.room_id OR c.seq <> e.seq OR c.at <> e.at OR c.kind <> e.kind)",
    },
    Check {
        wrong: "an acked id has no entry",
        finds: "SELECT 'author ' || c.author || ' id ' || hex(c.id) || ': room ' || c.room_id || ' seq ' || c.seq FROM commands c
                JOIN rooms r ON r.id = c.room_id AND r.deleted_at IS NULL
                LEFT JOIN entries e ON e.room_id = c.room_id AND e.seq = c.seq WHERE e.seq IS NULL OR e.at <> c.at",
    },
    Check {
        wrong: "a message, edit, delete or reaction has no id, or a join, leave or topic has one",
        finds: "SELECT 'room ' || room_id || ' seq ' || seq FROM entries WHERE (kind BETWEEN 0 AND 3) <> (id IS NOT NULL)",
    },
    Check {
        wrong: "an edit, delete, reaction or reply is about no message before it",
        finds: "SELECT 'room ' || e.room_id || ' seq ' || e.seq FROM entries e
                LEFT JOIN entries t ON t.room_id = e.room_id AND t.seq = e.target AND t.kind = 0 AND t.seq < e.seq
                WHERE (e.kind BETWEEN 1 AND 3 OR (e.kind = 0 AND e.target IS NOT NULL)) AND t.seq IS NULL",
    },
    Check {
        wrong: "a message does not stand as its edits and deletes say",
        finds: "WITH edits AS (SELECT room_id, target, text, ROW_NUMBER() OVER (PARTITION BY room_id, target ORDER BY seq DESC) AS n
                    FROM entries WHERE kind = 1),
                  ends AS (SELECT DISTINCT room_id, target FROM entries WHERE kind = 2)
                SELECT 'room ' || m.room_id || ' seq ' || m.seq FROM entries m
                LEFT JOIN edits x ON x.room_id = m.room_id AND x.target = m.seq AND x.n = 1
                LEFT JOIN ends d ON d.room_id = m.room_id AND d.target = m.seq
                WHERE m.kind = 0 AND (m.deleted <> (d.target IS NOT NULL)
                  OR (m.deleted = 1 AND (m.text IS NOT NULL OR m.now_text IS NOT NULL))
                  OR (m.deleted = 0 AND (m.text IS NULL OR m.now_text IS NOT x.text OR (m.edited_at IS NULL) <> (x.target IS NULL))))",
    },
    Check {
        wrong: "an edit does not stand as its message does",
        finds: "SELECT 'room ' || e.room_id || ' seq ' || e.seq FROM entries e
                CROSS JOIN entries m ON m.room_id = e.room_id AND m.seq = e.target AND m.kind = 0
                WHERE e.kind = 1 AND (e.deleted <> m.deleted OR (e.deleted = 1) <> (e.text IS NULL))",
    },
    Check {
        wrong: "a reaction does not stand as its entries say",
        finds: "WITH said AS (SELECT room_id, target, emoji, author, flag, seq,
                    ROW_NUMBER() OVER (PARTITION BY room_id, target, emoji, author ORDER BY seq DESC) AS n FROM entries WHERE kind = 3)
                SELECT 'room ' || s.room_id || ' seq ' || s.seq FROM said s
                LEFT JOIN reactions r ON r.room_id = s.room_id AND r.target = s.target AND r.emoji = s.emoji AND r.user_id = s.author
                WHERE s.n = 1 AND (r.seq IS NULL OR r.seq <> s.seq OR r.given <> s.flag)",
    },
    Check {
        wrong: "a reaction stands that nobody gave",
        finds: "SELECT 'room ' || r.room_id || ' message ' || r.target || ' user ' || r.user_id FROM reactions r
                LEFT JOIN entries e ON e.room_id = r.room_id AND e.seq = r.seq AND e.kind = 3
                  AND e.target = r.target AND e.author = r.user_id AND e.emoji = r.emoji AND e.flag = r.given
                WHERE e.seq IS NULL",
    },
    Check {
        wrong: "the members are not those whom the log let in",
        finds: "WITH said AS (SELECT room_id, target AS user_id, kind,
                    ROW_NUMBER() OVER (PARTITION BY room_id, target ORDER BY seq DESC) AS n FROM entries WHERE kind IN (4, 5)),
                  let_in AS (SELECT room_id, user_id FROM said WHERE n = 1 AND kind = 4)
                SELECT 'room ' || room_id || ' user ' || user_id FROM
                  (SELECT room_id, user_id FROM let_in EXCEPT SELECT room_id, user_id FROM members)
                UNION ALL
                SELECT 'room ' || room_id || ' user ' || user_id FROM
                  (SELECT room_id, user_id FROM members EXCEPT SELECT room_id, user_id FROM let_in)",
    },
    Check {
        wrong: "a read position is past the end",
        finds: "SELECT 'room ' || m.room_id || ' user ' || m.user_id || ': ' || m.read_seq FROM members m
                JOIN rooms r ON r.id = m.room_id WHERE m.read_seq > r.last_seq OR m.read_seq < 0",
    },
    Check {
        wrong: "a mention stands of a message that is not there",
        finds: "SELECT 'room ' || n.room_id || ' seq ' || n.seq || ' user ' || n.user_id FROM mentions n
                LEFT JOIN entries e ON e.room_id = n.room_id AND e.seq = n.seq AND e.kind = 0 AND e.deleted = 0 AND e.author = n.author
                WHERE e.seq IS NULL",
    },
];

/// Reads the store at `path` and checks everything; an error means that it could not be read at all.
pub async fn verify(path: &Path) -> Result<Report, StoreError> {
    let fail = |why: sqlx::Error| StoreError::Open {
        path: path.display().to_string(),
        why: why.to_string(),
    };
    // A database in WAL mode is opened for writing even to be read; nothing here writes.
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .pragma("query_only", "ON");
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await
        .map_err(fail)?;
    // One read transaction: a running server's next commits do not move the ground.
    let mut report = Report::default();
    let result = check_all(&pool, &mut report).await;
    pool.close().await;
    result.map(|()| report)
}

async fn check_all(pool: &SqlitePool, report: &mut Report) -> Result<(), StoreError> {
    let mut tx = pool.begin().await?;
    let (broken,): (String,) = sqlx::query_as("PRAGMA quick_check(1)")
        .fetch_one(&mut *tx)
        .await?;
    if broken != "ok" {
        report.wrong.push(format!("the file is damaged: {broken}"));
    }
    let (rooms, entries): (i64, i64) =
        sqlx::query_as("SELECT (SELECT COUNT(*) FROM rooms WHERE deleted_at IS NULL), (SELECT COUNT(*) FROM entries)")
            .fetch_one(&mut *tx)
            .await?;
    report.rooms = u64::try_from(rooms).unwrap_or_default();
    report.entries = u64::try_from(entries).unwrap_or_default();
    for check in CHECKS {
        let statement = format!("SELECT * FROM ({}) LIMIT {MOST_LINES}", check.finds);
        for row in sqlx::query(AssertSqlSafe(statement))
            .fetch_all(&mut *tx)
            .await?
        {
            let place: String = row.try_get(0)?;
            report.wrong.push(format!("{}: {place}", check.wrong));
        }
    }
    recount_mentions(&mut tx, report).await?;
    Ok(())
}

/// A text with the mentions that were noted of it: room, seq, author, text, when it was written, who was noted.
type Text = (i64, i64, String, i64, String);

/// Mentions are counted again from the texts, by the very rule that noted them.
async fn recount_mentions(
    tx: &mut SqliteConnection,
    report: &mut Report,
) -> Result<(), StoreError> {
    let people: Vec<(String, i64, i64)> =
        sqlx::query_as("SELECT name_key, id, created_at FROM users")
            .fetch_all(&mut *tx)
            .await?;
    let mut born: HashMap<u64, i64> = HashMap::new();
    let mut names = HashMap::new();
    for (key, id, created_at) in people {
        let user = user_id(id)?;
        born.insert(user.get(), created_at);
        names.insert(key, user);
    }
    let texts: Vec<Text> = sqlx::query_as(
        "SELECT e.room_id, e.seq, COALESCE(e.now_text, e.text), COALESCE(e.edited_at, e.at),
           COALESCE((SELECT group_concat(n.user_id) FROM mentions n WHERE n.room_id = e.room_id AND n.seq = e.seq), '')
         FROM entries e WHERE e.kind = 0 AND e.deleted = 0 AND (instr(COALESCE(e.now_text, e.text), '@') > 0
           OR EXISTS (SELECT 1 FROM mentions n WHERE n.room_id = e.room_id AND n.seq = e.seq))",
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut lines = 0;
    for (room, seq, text, written_at, noted) in texts {
        let noted: HashSet<u64> = noted
            .split(',')
            .filter_map(|user| user.parse().ok())
            .collect();
        let named = named(&text, &names);
        // Somebody who came after a text was written is not named by it; at the same moment it may be either.
        let there = |user: &&u64| born.get(*user).is_none_or(|born| *born < written_at);
        let missing = named.iter().filter(there).any(|user| !noted.contains(user));
        if (missing || !noted.is_subset(&named)) && lines < MOST_LINES {
            report.wrong.push(format!(
                "the mentions noted do not fit the text: room {room} seq {seq}"
            ));
            lines += 1;
        }
    }
    Ok(())
}
