//! Every text against its checksum: what no other check can see, since nothing else says what a text was.

use rusqlite::Connection;

use super::{MAX_LINES, VerifyReport};
use crate::store::{rules::StoreResult, sqlite::rows::value, sums::sum};

/// As bytes: what is damaged may be no text any more.
const TEXTS: &str = "SELECT room_id, seq, CAST(text AS BLOB), sum FROM entries WHERE text IS NOT NULL OR sum IS NOT NULL";

/// Whether the store has been opened by a version that keeps checksums.
const KNOWN: &str = "SELECT COUNT(*) > 0 FROM pragma_table_info('entries') WHERE name = 'sum'";
const COUNT: &str = "SELECT COUNT(*) FROM entries WHERE text IS NOT NULL";

pub(super) fn compare(db: &Connection, report: &mut VerifyReport) -> StoreResult<()> {
    if !value::<bool>(db, KNOWN, [])? {
        report.unsummed = Some(value(db, COUNT, [])?);
        return Ok(());
    }
    let mut lines = 0;
    let mut unsummed = 0;
    let mut statement = db.prepare(TEXTS)?;
    let mut texts = statement.query([])?;
    while let Some(row) = texts.next()? {
        let (room, seq): (i64, i64) = (row.get(0)?, row.get(1)?);
        let (text, kept): (Option<Vec<u8>>, Option<i64>) = (row.get(2)?, row.get(3)?);
        let what = match (text, kept) {
            (Some(text), Some(kept)) if sum(&text) == kept => continue,
            (Some(_), None) => {
                unsummed += 1;
                continue;
            }
            (Some(_), Some(_)) => "a text is not what was written",
            (None, _) => "a text that is gone left its checksum",
        };
        if lines < MAX_LINES {
            lines += 1;
            report.wrong.push(format!("{what}: room {room} seq {seq}"));
        }
    }
    report.unsummed = Some(unsummed);
    Ok(())
}
