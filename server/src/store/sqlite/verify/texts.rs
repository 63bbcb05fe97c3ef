//! Every text against its checksum: what no other check can see, since nothing else says what a text was.

use futures_util::TryStreamExt as _;
use sqlx::SqliteConnection;

use super::{MOST_LINES, Report};
use crate::store::{StoreError, sqlite::sums::sum};

/// As bytes: what is damaged may be no text any more.
const TEXTS: &str = "SELECT room_id, seq, CAST(text AS BLOB), sum FROM entries WHERE text IS NOT NULL OR sum IS NOT NULL";

/// Whether the store has been opened by a version that keeps checksums.
const KNOWN: &str = "SELECT COUNT(*) > 0 FROM pragma_table_info('entries') WHERE name = 'sum'";
const COUNT: &str = "SELECT COUNT(*) FROM entries WHERE text IS NOT NULL";

pub(super) async fn compare(
    tx: &mut SqliteConnection,
    report: &mut Report,
) -> Result<(), StoreError> {
    let (known,): (bool,) = sqlx::query_as(KNOWN).fetch_one(&mut *tx).await?;
    if !known {
        let (texts,): (i64,) = sqlx::query_as(COUNT).fetch_one(tx).await?;
        report.unsummed = u64::try_from(texts).ok();
        return Ok(());
    }
    let mut lines = 0;
    let mut unsummed = 0;
    let mut texts = sqlx::query_as::<_, (i64, i64, Option<Vec<u8>>, Option<i64>)>(TEXTS).fetch(tx);
    while let Some((room, seq, text, kept)) = texts.try_next().await? {
        let what = match (text, kept) {
            (Some(text), Some(kept)) if sum(&text) == kept => continue,
            (Some(_), None) => {
                unsummed += 1;
                continue;
            }
            (Some(_), Some(_)) => "a text is not what was written",
            (None, _) => "a text that is gone left its checksum",
        };
        if lines < MOST_LINES {
            lines += 1;
            report.wrong.push(format!("{what}: room {room} seq {seq}"));
        }
    }
    report.unsummed = Some(unsummed);
    Ok(())
}
