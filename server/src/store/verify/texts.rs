//! Every text against its checksum: what no other check can see, since nothing else says what a text was.

use super::{CheckPart, Examined, MAX_LINES, VerifyReport};
use crate::store::{rules::StoreResult, sums::sum};

/// A text and its checksum, as they are kept. As bytes: what is damaged may be no text any more.
pub(in crate::store) struct SummedText<'r> {
    pub(in crate::store) room: i64,
    pub(in crate::store) seq: i64,
    pub(in crate::store) text: Option<&'r [u8]>,
    pub(in crate::store) sum: Option<i64>,
}

const TEXTS: &str =
    "SELECT room_id, seq, text, sum FROM entries WHERE text IS NOT NULL OR sum IS NOT NULL";
const COUNT: &str = "SELECT COUNT(*) FROM entries WHERE text IS NOT NULL";

pub(super) async fn compare<D: Examined>(db: &mut D, report: &mut VerifyReport) -> StoreResult<()> {
    if !db.has(CheckPart::Sums).await? {
        report.unsummed = Some(db.count(COUNT).await?);
        return Ok(());
    }
    let mut lines = 0;
    let mut unsummed = 0;
    let wrong = &mut report.wrong;
    let mut see = |kept: SummedText<'_>| {
        let what = match (kept.text, kept.sum) {
            (Some(text), Some(kept)) if sum(text) == kept => return,
            (Some(_), None) => {
                unsummed += 1;
                return;
            }
            (Some(_), Some(_)) => "a text is not what was written",
            (None, _) => "a text that is gone left its checksum",
        };
        if lines < MAX_LINES {
            lines += 1;
            wrong.push(format!("{what}: room {} seq {}", kept.room, kept.seq));
        }
    };
    db.texts(TEXTS, &mut see).await?;
    report.unsummed = Some(unsummed);
    Ok(())
}
