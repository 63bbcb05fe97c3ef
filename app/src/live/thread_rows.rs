//! The head of a thread's timeline: its first message always, and a gap where replies between that and those below are not drawn.

use client::{
    Gap, Load, RoomView, Timeline,
    rows::{Row, RowKey, RowKind},
};
use protocol::Seq;

/// Puts the head before the rows of what is held. Without a thread there is none.
pub(super) fn begin(view: &RoomView<'_>, held: &Timeline, rows: &mut Vec<Row>) {
    let Some(root) = view.first().filter(|_| held.loaded) else {
        return;
    };
    let at = root.seq.unwrap_or_default();
    count_gaps(rows);
    let mut head = vec![Row {
        key: RowKey::Message(root.by, root.id),
        kind: RowKind::Message {
            message: root,
            first: true,
            quote: None,
        },
    }];
    let rest = held.more || held.above.is_some();
    if rest && !matches!(rows.first().map(|row| &row.kind), Some(RowKind::Gap(_))) {
        head.push(between(at, held, rows));
    }
    rows.splice(0..0, head);
}

/// What is between the first message and the replies that are drawn.
fn between(root: Seq, held: &Timeline, rows: &[Row]) -> Row {
    let load = match &held.load {
        failed @ Load::Failed { .. } => failed.clone(),
        // As it comes near the view it is loaded, as what is older is in a room.
        Load::Loading | Load::Idle => Load::Loading,
    };
    let first = rows.iter().find_map(|row| match &row.kind {
        RowKind::Message { message, .. } => message.thread.map(|place| (message.seq, place.n)),
        _ => None,
    });
    let (before, n) = first.unwrap_or_default();
    Row {
        // No gap of the log ends with the first message.
        key: RowKey::Gap(root),
        kind: RowKind::Gap(Gap {
            after: root,
            before: before.unwrap_or_default(),
            count: n.saturating_sub(1),
            load,
        }),
    }
}

/// A gap of the log counts entries of the room; replies tell which of the thread they are.
fn count_gaps(rows: &mut [Row]) {
    let mut next = None;
    let mut open: Option<&mut Gap> = None;
    for row in rows.iter_mut().rev() {
        match &mut row.kind {
            RowKind::Message { message, .. } => {
                let Some(n) = message.thread.map(|place| place.n).filter(|n| *n > 0) else {
                    continue;
                };
                if let (Some(gap), Some(next)) = (open.take(), next) {
                    gap.count = count(n, next);
                }
                next = Some(n);
            }
            RowKind::Gap(gap) => open = Some(gap),
            _ => {}
        }
    }
    if let (Some(gap), Some(next)) = (open, next) {
        gap.count = count(0, next);
    }
}

/// How many replies are between two of them.
const fn count(before: u64, after: u64) -> u64 {
    after.saturating_sub(before).saturating_sub(1)
}
