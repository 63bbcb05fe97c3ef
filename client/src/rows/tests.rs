use protocol::ErrorCode;

use super::*;
use crate::{Load, NoteKind, SendState};

const ME: u64 = 1;
const NOON: u64 = 1_795_392_000_000 + 12 * 3_600_000;

fn user(id: u64) -> UserId {
    UserId::new(id).unwrap()
}

fn message(seq: u64, by: u64, at: u64) -> MessageView {
    MessageView {
        seq: Some(seq),
        id: MessageId::from_u128(u128::from(seq) + 1),
        by: user(by),
        at,
        text: Some(format!("m{seq}")),
        reply_to: None,
        edited_at: None,
        deleted: false,
        reactions: Vec::new(),
        pinned: false,
        thread: None,
        replies: None,
        to_me: false,
        state: SendState::Stored,
        changing: false,
    }
}

fn item(message: MessageView) -> TimelineItem {
    TimelineItem::Message(Arc::new(message))
}

fn gap(after: u64, before: u64) -> TimelineItem {
    TimelineItem::Gap(Gap {
        after,
        before,
        count: before - after - 1,
        load: Load::Idle,
    })
}

/// Rows in a shorthand: `D` day, `N3` new, `F5` first, `f5` following, `n5` note, `G5` gap before 5.
fn shape(items: Vec<TimelineItem>, more: bool, new: Option<(u64, u64)>) -> String {
    let timeline = Timeline {
        items,
        loaded: true,
        more,
        ..Timeline::default()
    };
    let new = new.map(|(after, count)| NewMark { after, count });
    let drawn = rows(
        &timeline,
        &Setting {
            zone: Zone::default(),
            me: Some(user(ME)),
            new,
        },
    );
    let mut keys: Vec<_> = drawn.iter().map(|row| row.key).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), drawn.len(), "keys repeat");
    let words = drawn.iter().map(|row| match &row.kind {
        RowKind::Day(_) => "D".to_owned(),
        RowKind::New(count) => format!("N{count}"),
        RowKind::Message { message, first, .. } => {
            format!(
                "{}{}",
                if *first { 'F' } else { 'f' },
                message.seq.unwrap_or_default()
            )
        }
        RowKind::Note(note) => format!("n{}", note.seq),
        RowKind::Gap(gap) => format!("G{}", gap.before),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn followers_follow_within_five_minutes() {
    let items = vec![
        item(message(1, 2, NOON)),
        item(message(2, 2, NOON + 1)),
        item(message(3, 2, NOON + 1 + SILENCE_MS)),
        item(message(4, 2, NOON + 1 + 2 * SILENCE_MS - 1)),
        item(message(5, 3, NOON + 2 * SILENCE_MS)),
        item(MessageView {
            reply_to: Some(1),
            ..message(6, 3, NOON + 2 * SILENCE_MS)
        }),
        item(message(7, 3, NOON + 2 * SILENCE_MS)),
    ];
    assert_eq!(shape(items, false, None), "D F1 f2 F3 f4 F5 F6 f7");
}

#[test]
fn a_day_is_said_once_even_when_clocks_go_back() {
    let day = 86_400_000;
    let items = vec![
        item(message(1, 2, NOON)),
        item(message(2, 2, NOON + day)),
        item(message(3, 2, NOON + day - 43_200_001)),
        item(message(4, 2, NOON + day)),
    ];
    assert_eq!(shape(items, false, None), "D F1 D F2 f3 F4");
}

#[test]
fn notes_and_gaps_break_a_group() {
    let note = TimelineNote {
        seq: 2,
        at: NOON,
        by: user(2),
        kind: NoteKind::Join { user: user(3) },
    };
    let items = vec![
        item(message(1, 2, NOON)),
        TimelineItem::Note(note),
        item(message(3, 2, NOON)),
        gap(3, 9),
        item(message(9, 2, NOON)),
    ];
    assert_eq!(shape(items, false, None), "D F1 n2 F3 G9 F9");
}

#[test]
fn the_new_line_stands_before_the_first_message_of_others() {
    let all = || {
        vec![
            item(message(4, 2, NOON)),
            item(message(5, ME, NOON)),
            item(message(6, 2, NOON)),
        ]
    };
    assert_eq!(shape(all(), true, Some((4, 1))), "D F4 F5 N1 F6");
    assert_eq!(shape(all(), true, Some((3, 2))), "D N2 F4 F5 F6");
    // It may stand among what is not held.
    assert_eq!(shape(all(), true, Some((1, 9))), "D F4 F5 F6");
    assert_eq!(shape(all(), false, Some((1, 9))), "D N9 F4 F5 F6");
    assert_eq!(shape(all(), true, Some((6, 0))), "D F4 F5 F6");
}

#[test]
fn the_new_line_and_a_gap() {
    let all = || {
        vec![
            item(message(3, 2, NOON)),
            gap(3, 9),
            item(message(9, 2, NOON)),
        ]
    };
    assert_eq!(shape(all(), true, Some((3, 7))), "D F3 N7 G9 F9");
    assert_eq!(shape(all(), true, Some((5, 7))), "D F3 G9 F9");
    assert_eq!(shape(all(), true, Some((8, 7))), "D F3 G9 N7 F9");
}

#[test]
fn a_message_keeps_its_key_when_it_is_stored() {
    let stored = message(7, ME, NOON);
    let waiting = SendState::Waiting {
        why: Some(ErrorCode::RateLimited),
        until_ms: Some(5),
    };
    let pending = MessageView {
        seq: None,
        state: waiting,
        ..stored.clone()
    };
    let key = |message| {
        let timeline = Timeline {
            items: vec![item(message)],
            ..Timeline::default()
        };
        rows(&timeline, &Setting::default()).pop().unwrap().key
    };
    assert_eq!(key(pending), key(stored.clone()));
    assert_eq!(
        key(stored).to_string(),
        "m-1-00000000-0000-0000-0000-000000000008"
    );
}

#[test]
fn a_reply_quotes_what_is_held() {
    let reply = MessageView {
        reply_to: Some(3),
        ..message(4, 2, NOON)
    };
    let far = MessageView {
        reply_to: Some(1),
        ..message(5, 2, NOON)
    };
    let items = vec![item(message(3, 3, NOON)), item(reply), item(far)];
    let timeline = Timeline {
        items,
        loaded: true,
        more: true,
        quoted: vec![(3, Arc::new(message(3, 3, NOON)))],
        ..Timeline::default()
    };
    let quotes: Vec<_> = rows(&timeline, &Setting::default())
        .into_iter()
        .filter_map(|row| match row.kind {
            RowKind::Message {
                quote: Some(quote), ..
            } => Some((quote.seq, quote.message.is_some())),
            _ => None,
        })
        .collect();
    assert_eq!(quotes, [(3, true), (1, false)]);
}
