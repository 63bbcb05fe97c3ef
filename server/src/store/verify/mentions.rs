//! Mentions are counted again from the texts, by the very rule that noted them.

use std::collections::HashSet;

use super::{Examined, MAX_LINES, VerifyReport};
use crate::store::{codes::named_users, named::NameHistory, rules::StoreResult};

/// A text that may name somebody, with its place, when it was written, and whom the mentions that were noted of it name, separated by commas.
pub(in crate::store) struct NotedText<'r> {
    pub(in crate::store) room: i64,
    pub(in crate::store) seq: i64,
    pub(in crate::store) said: &'r str,
    pub(in crate::store) written_at: i64,
    pub(in crate::store) noted: &'r str,
}

/// Every text that may name somebody. Those without an `@` are looked at only where a mention is noted.
const TEXTS: &str = "
    SELECT room_id, seq, said, written_at, COALESCE((SELECT string_agg(CAST(n.user_id AS TEXT), ',') FROM mentions n
        WHERE n.room_id = texts.room_id AND n.seq = texts.seq), '')
    FROM (SELECT room_id, seq, COALESCE(now_text, text) AS said, COALESCE(edited_at, at) AS written_at
      FROM entries WHERE kind = 0 AND deleted = 0 AND text IS NOT NULL) AS texts
    WHERE {find}(said, '@') > 0 OR {find}(said, '＠') > 0 OR {find}(said, '﹫') > 0
    UNION ALL
    SELECT room_id, seq, said, written_at, string_agg(CAST(user_id AS TEXT), ',')
    FROM (SELECT e.room_id, e.seq, COALESCE(e.now_text, e.text) AS said, COALESCE(e.edited_at, e.at) AS written_at, n.user_id
      FROM mentions n /*sqlite CROSS*/ JOIN entries e ON e.room_id = n.room_id AND e.seq = n.seq AND e.kind = 0 AND e.deleted = 0
      WHERE e.text IS NOT NULL) AS texts
    WHERE {find}(said, '@') = 0 AND {find}(said, '＠') = 0 AND {find}(said, '﹫') = 0 GROUP BY room_id, seq, said, written_at";

pub(super) async fn recount<D: Examined>(db: &mut D, report: &mut VerifyReport) -> StoreResult<()> {
    let people = db.people().await?;
    let mut lines = 0;
    let wrong = &mut report.wrong;
    let mut see = |text: NotedText<'_>| {
        for (user, what) in differences(&people, &text) {
            if lines < MAX_LINES {
                let (room, seq) = (text.room, text.seq);
                wrong.push(format!("{what}: room {room} seq {seq} user {user}"));
                lines += 1;
            }
        }
    };
    let statement = D::DIALECT.spell(TEXTS);
    db.noted(&statement, &mut see).await
}

/// Whom a text names and no mention is noted of, and the other way round.
fn differences(people: &NameHistory, text: &NotedText<'_>) -> Vec<(u64, &'static str)> {
    // What is damaged may stand before all time.
    let written_at = u64::try_from(text.written_at).unwrap_or_default();
    let noted: HashSet<u64> = text
        .noted
        .split(',')
        .filter_map(|user| user.parse().ok())
        .collect();
    // Somebody who came at the very moment that a text was written may be named by it or not.
    let calls = text::calls(text.said);
    let named = |upto| -> HashSet<u64> { named_users(&people.named(&calls, upto)).collect() };
    let before = named(written_at.saturating_sub(1));
    let then = named(written_at);
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
    wrong
}
