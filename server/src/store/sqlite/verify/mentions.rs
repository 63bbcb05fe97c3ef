//! Mentions are counted again from the texts, by the very rule that noted them.

use std::collections::HashSet;

use rusqlite::Connection;

use super::{MAX_LINES, VerifyReport};
use crate::store::{
    rules::StoreResult,
    sqlite::{mentions::users, recount::NameHistory},
};

/// Every text that may name somebody, with its place, when it was written, and whom the mentions that were noted of it name. Those without an `@` are looked at only where a mention is noted.
const TEXTS: &str = "
    SELECT room_id, seq, said, written_at, COALESCE((SELECT group_concat(n.user_id) FROM mentions n
        WHERE n.room_id = texts.room_id AND n.seq = texts.seq), '')
    FROM (SELECT room_id, seq, COALESCE(now_text, text) AS said, COALESCE(edited_at, at) AS written_at
      FROM entries WHERE kind = 0 AND deleted = 0 AND text IS NOT NULL) texts
    WHERE instr(said, '@') > 0 OR instr(said, '＠') > 0 OR instr(said, '﹫') > 0
    UNION ALL
    SELECT e.room_id, e.seq, COALESCE(e.now_text, e.text), COALESCE(e.edited_at, e.at), group_concat(n.user_id)
    FROM mentions n CROSS JOIN entries e ON e.room_id = n.room_id AND e.seq = n.seq AND e.kind = 0 AND e.deleted = 0
    WHERE e.text IS NOT NULL AND instr(COALESCE(e.now_text, e.text), '@') = 0 AND instr(COALESCE(e.now_text, e.text), '＠') = 0
      AND instr(COALESCE(e.now_text, e.text), '﹫') = 0 GROUP BY e.room_id, e.seq";

pub(super) fn recount(db: &Connection, report: &mut VerifyReport) -> StoreResult<()> {
    let people = NameHistory::load(db)?;
    let mut lines = 0;
    let mut statement = db.prepare(TEXTS)?;
    let mut texts = statement.query([])?;
    while let Some(row) = texts.next()? {
        let (room, seq): (i64, i64) = (row.get(0)?, row.get(1)?);
        let (said, written_at, noted): (String, i64, String) =
            (row.get(2)?, row.get(3)?, row.get(4)?);
        // What is damaged may stand before all time.
        let written_at = u64::try_from(written_at).unwrap_or_default();
        let noted: HashSet<u64> = noted
            .split(',')
            .filter_map(|user| user.parse().ok())
            .collect();
        // Somebody who came at the very moment that a text was written may be named by it or not.
        let calls = text::calls(&said);
        let before: HashSet<u64> =
            users(&people.named(&calls, written_at.saturating_sub(1))).collect();
        let then: HashSet<u64> = users(&people.named(&calls, written_at)).collect();
        let missing = before
            .intersection(&then)
            .filter(|user| !noted.contains(user));
        let extra = noted
            .iter()
            .filter(|user| !before.contains(user) && !then.contains(user));
        let mut wrong: Vec<(u64, &str)> = missing
            .map(|user| (*user, "a mention is not noted"))
            .chain(extra.map(|user| (*user, "a mention is noted that the text does not make")))
            .collect();
        wrong.sort_unstable();
        for (user, what) in wrong {
            if lines < MAX_LINES {
                let line = format!("{what}: room {room} seq {seq} user {user}");
                report.wrong.push(line);
                lines += 1;
            }
        }
    }
    Ok(())
}
