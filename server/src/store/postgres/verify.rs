//! `verify` of a database of PostgreSQL, in one transaction that only reads, beside a running server too.

use tokio_postgres::types::{FromSql, Type};

use super::{
    config::PostgresConfig,
    pool::Opener,
    rows::{Db, PgColumns as _},
    schema,
};
use crate::store::{
    StoreError,
    named::NameHistory,
    rules::StoreResult,
    verify::{
        CheckPart, Dialect, Examined, MAX_LINES, NotedText, SummedText, VerifyReport, check_all,
    },
};

/// Reads the database and checks everything but the texts' own checksums; an error means that it could not be read at all.
pub async fn verify(config: &PostgresConfig) -> Result<VerifyReport, StoreError> {
    look(config, false).await
}

/// The same, and every text against its checksum.
pub async fn verify_deep(config: &PostgresConfig) -> Result<VerifyReport, StoreError> {
    look(config, true).await
}

/// Whatever time a check takes, and memory for what is sorted: most checks go over all rows once. Compiling them would cost more than it saves.
pub(super) const AT_LEISURE: &str =
    "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = '60s';
    SET LOCAL work_mem = '64MB'; SET LOCAL enable_seqscan = on";

async fn look(config: &PostgresConfig, deep: bool) -> StoreResult<VerifyReport> {
    let mut db = Opener::new(config)?.reach().await?;
    db.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await?;
    db.simple(AT_LEISURE).await?;
    schema::expect_newest(&mut db).await?;
    let report = check_all(&mut db, deep).await?;
    db.end("COMMIT").await?;
    Ok(report)
}

const UNFIT: &str = "
    SELECT 'the database is damaged: the index ' || c.relname || ' is not valid'
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND NOT (i.indisvalid AND i.indisready AND i.indislive)
    UNION ALL
    SELECT 'the database is damaged: the constraint ' || conname || ' was never checked'
    FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND NOT convalidated";

const LACKING: &str = "SELECT 'the database is damaged: there is no index ' || name
    FROM UNNEST ($1::text[]) AS name WHERE to_regclass(name) IS NULL";

/// Where a log ends, only the head that says so is held against its last entry.
const ENDS: &str = "
    SELECT 'the head of the room tells its messages or its time wrong: room ' || h.room_id
    FROM heads h JOIN rooms r ON r.id = h.room_id AND r.deleted_at IS NULL
    JOIN entries e ON e.room_id = h.room_id AND e.seq = h.last_seq
    WHERE (h.said <> e.said OR h.last_at < e.at)
      AND NOT EXISTS (SELECT 1 FROM entries later WHERE later.room_id = h.room_id AND later.seq > h.last_seq)";

const TIMES: &str = "
    SELECT 'a mention has another time than its message: room ' || n.room_id || ' seq ' || n.seq || ' user ' || n.user_id
    FROM mentions n JOIN entries e ON e.room_id = n.room_id AND e.seq = n.seq WHERE n.at <> e.at";

const NEXT_IDS: &str = "
    SELECT 'the next id of ' || name || ' was given already' FROM (
      SELECT 'users' AS name, MAX(id) AS last FROM users
      UNION ALL SELECT 'sign_ins', MAX(id) FROM sign_ins
      UNION ALL SELECT 'rooms', MAX(id) FROM rooms) AS given
    WHERE last > COALESCE(pg_sequence_last_value(pg_get_serial_sequence(name, 'id')::regclass), 0)";

impl Examined for Db {
    const DIALECT: Dialect = Dialect {
        id: "replace(CAST(c.id AS TEXT), '-', '')",
        heads: "heads",
        find: "strpos",
        is_sqlite: false,
    };
    const OWN_CHECKS: &'static [&'static str] = &[ENDS, TIMES, NEXT_IDS];

    /// Indexes that are there and are kept, constraints that hold, and the keys that names are looked up by. How its pages and indexes hang together
    /// PostgreSQL has programs of its own for.
    async fn damage(&mut self) -> StoreResult<Vec<String>> {
        let mut found = self.lines(UNFIT).await?;
        let indexes = schema::indexes();
        found.extend(self.all(LACKING, &[&indexes], |row| row.of(0)).await?);
        let mut lines = 0;
        self.each("SELECT id, name, handle_key FROM users", |row| {
            let (id, name, key): (i64, &str, &str) = (row.of(0)?, row.of(1)?, row.of(2)?);
            if text::handle_key(name) != key && lines < MAX_LINES {
                lines += 1;
                found.push(format!("a name is looked up by another key: user {id}"));
            }
            Ok(())
        })
        .await?;
        Ok(found)
    }

    async fn has(&mut self, _: CheckPart) -> StoreResult<bool> {
        Ok(true)
    }

    async fn lines(&mut self, sql: &str) -> StoreResult<Vec<String>> {
        self.all(sql, &[], |row| row.of(0)).await
    }

    async fn count(&mut self, sql: &str) -> StoreResult<u64> {
        self.one(sql, &[], |row| row.number(0)).await
    }

    async fn is(&mut self, sql: &str) -> StoreResult<bool> {
        self.one(sql, &[], |row| row.of(0)).await
    }

    async fn people(&mut self) -> StoreResult<NameHistory> {
        let mut people = NameHistory::default();
        self.each("SELECT name, id, created_at FROM users", |row| {
            people.put(row.of(0)?, row.user(1)?, row.number(2)?);
            Ok(())
        })
        .await?;
        Ok(people)
    }

    async fn texts(
        &mut self,
        sql: &str,
        see: &mut (dyn FnMut(SummedText<'_>) + Send),
    ) -> StoreResult<()> {
        self.each(sql, |row| {
            see(SummedText {
                room: row.of(0)?,
                seq: row.of(1)?,
                text: row.of::<Option<RawText<'_>>>(2)?.map(|text| text.0),
                sum: row.of(3)?,
            });
            Ok(())
        })
        .await
    }

    async fn noted(
        &mut self,
        sql: &str,
        see: &mut (dyn FnMut(NotedText<'_>) + Send),
    ) -> StoreResult<()> {
        self.each(sql, |row| {
            see(NotedText {
                room: row.of(0)?,
                seq: row.of(1)?,
                said: row.of(2)?,
                written_at: row.of(3)?,
                noted: row.of(4)?,
            });
            Ok(())
        })
        .await
    }
}

/// A text as its bytes are kept: what is damaged may be no text any more.
struct RawText<'r>(&'r [u8]);

impl<'r> FromSql<'r> for RawText<'r> {
    fn from_sql(_: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(kind: &Type) -> bool {
        *kind == Type::TEXT
    }
}
