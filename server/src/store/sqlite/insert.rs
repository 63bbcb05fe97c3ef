//! Inserts of many rows in one statement, with each value bound.
//!
//! A list of rows as JSON is one parameter and any length, but SQLite then reads the JSON once for the rows and again for each column,
//! and texts are copied four times. Bound values cost a third of that. So that few statements are prepared, and kept, there
//! is one for each of a few lengths; rows that are too many are NULL and left out.

use std::sync::OnceLock;

/// How many rows the prepared statements take.
const LENGTHS: [usize; 5] = [1, 4, 16, 64, 256];

/// The most rows of one statement.
pub(super) const MAX_ROWS: usize = 256;

/// An insert of rows. The first column must never be NULL.
pub(super) struct Insert {
    into: &'static str,
    bound: usize,
    constants: &'static str,
    statements: [OnceLock<String>; LENGTHS.len()],
}

impl Insert {
    /// `into` begins the statement and names its columns: those that are `bound` in each row, then the `constants`.
    pub(super) const fn new(into: &'static str, bound: usize, constants: &'static str) -> Self {
        Self {
            into,
            bound,
            constants,
            statements: [const { OnceLock::new() }; LENGTHS.len()],
        }
    }

    /// The statement for so many rows, at most [`MAX_ROWS`]. Parameters that are not bound are NULL.
    pub(super) fn of(&'static self, rows: usize) -> &'static str {
        let fits = LENGTHS.iter().zip(&self.statements);
        let found = fits
            .filter(|(length, _)| **length >= rows)
            .min_by_key(|(length, _)| **length);
        found.map_or("", |(length, statement)| {
            statement.get_or_init(|| self.sql(*length))
        })
    }

    fn sql(&self, rows: usize) -> String {
        let columns: Vec<String> = (1..=self.bound).map(|at| format!("column{at}")).collect();
        let row = format!("({})", vec!["?"; self.bound].join(","));
        format!(
            "{} SELECT {}{} FROM (VALUES {}) WHERE column1 IS NOT NULL",
            self.into,
            columns.join(","),
            self.constants,
            vec![row; rows].join(","),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static PAIRS: Insert = Insert::new("INSERT INTO pairs (a, b, c)", 2, ", 7");

    #[tokio::test]
    async fn any_number_of_rows_is_inserted_whatever_was_bound_before() {
        let pool = sqlx::SqlitePool::connect("sqlite::memory:").await.unwrap();
        let mut tx = pool.acquire().await.unwrap();
        sqlx::query("CREATE TABLE pairs (a, b, c)")
            .execute(&mut *tx)
            .await
            .unwrap();
        for rows in [1, 4, 5, 16, 256, 17, 2, 1] {
            let mut insert = sqlx::query(PAIRS.of(rows));
            for row in 0..rows {
                insert = insert.bind(i64::try_from(row).unwrap()).bind("text");
            }
            let done = insert.execute(&mut *tx).await.unwrap();
            assert_eq!(done.rows_affected(), rows as u64);
        }
        let sum: (i64, i64) = sqlx::query_as("SELECT count(*), sum(c) FROM pairs WHERE b = 'text'")
            .fetch_one(&mut *tx)
            .await
            .unwrap();
        assert_eq!(sum, (302, 302 * 7));
    }
}
