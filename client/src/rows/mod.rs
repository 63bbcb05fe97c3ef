//! A timeline as rows to draw: day and "New" lines, who speaks first and who follows, gaps. Pure, so that server rendering and
//! the browser draw the same.

mod day;
mod zone;

use std::{fmt, sync::Arc};

use protocol::{MessageId, Seq, UserId};

pub use day::{Date, Day, Minute, local};
pub use zone::Zone;

use crate::{Gap, MessageView, NewMark, Timeline, TimelineItem, TimelineNote};

/// Silence after which the next message of the same author names its author again, in milliseconds.
pub const SILENCE_MS: u64 = 5 * 60_000;

/// What rows depend on beside the timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// The viewer's zone.
    pub zone: Zone,
    /// The viewer.
    pub me: Option<UserId>,
    /// Where the "New" line stands.
    pub new: Option<NewMark>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Names the row among its siblings, and stays the same while a message goes from pending to stored.
    pub key: RowKey,
    /// What it shows.
    pub kind: RowKind,
}

/// The name of a row. Its text (`Display`) may serve as an element's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKey {
    /// A day's line.
    Day(Day),
    /// The "New" line.
    New,
    /// A message, by author and id.
    Message(UserId, MessageId),
    /// A note, by its place.
    Note(Seq),
    /// A gap, by the entry after it.
    Gap(Seq),
}

/// What a row shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// A new day begins.
    Day(Day),
    /// What follows is new; so many messages were unread.
    New(u64),
    /// A message.
    Message {
        /// The message.
        message: Arc<MessageView>,
        /// Whether it names its author and time: a new author, five minutes of silence, a new day, or a reply.
        first: bool,
        /// What it answers.
        quote: Option<Quote>,
    },
    /// Somebody came or went, or the topic changed.
    Note(TimelineNote),
    /// Entries that are not held.
    Gap(Gap),
}

/// What a message answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The answered message.
    pub seq: Seq,
    /// It, where it is held.
    pub message: Option<Arc<MessageView>>,
}

/// The rows of a timeline, or of a part of one: they are the same whether what is above is drawn or not.
pub fn rows(timeline: &Timeline, setting: &Setting) -> Vec<Row> {
    let mut drawing = RowDrawing::new(setting, &timeline.quoted);
    if let Some(above) = &timeline.above {
        drawing.begin(above.first, timeline.more);
        for item in &above.items {
            drawing.draw(item, timeline.more);
        }
        drawing.rows.clear();
        drawing.new_drawn |= above.new;
    }
    for item in &timeline.items {
        drawing.draw(item, timeline.more);
    }
    drawing.rows
}

struct RowDrawing<'s> {
    setting: &'s Setting,
    quoted: &'s [(Seq, Arc<MessageView>)],
    rows: Vec<Row>,
    /// The latest day so far: clocks of authors differ, and a day is said once.
    day: Option<Day>,
    /// Author and time of the message above, when nothing stands between.
    above: Option<(UserId, u64)>,
    begun: bool,
    new_drawn: bool,
}

impl<'s> RowDrawing<'s> {
    const fn new(setting: &'s Setting, quoted: &'s [(Seq, Arc<MessageView>)]) -> Self {
        Self {
            setting,
            quoted,
            rows: Vec::new(),
            day: None,
            above: None,
            begun: false,
            new_drawn: false,
        }
    }

    fn quoted(&self, seq: Seq) -> Option<Arc<MessageView>> {
        // Answers are few.
        let (_, message) = self.quoted.iter().find(|(of, _)| *of == seq)?;
        Some(Arc::clone(message))
    }

    fn push(&mut self, key: RowKey, kind: RowKind) {
        self.rows.push(Row { key, kind });
    }

    fn draw(&mut self, item: &TimelineItem, more: bool) {
        match item {
            TimelineItem::Message(message) => {
                self.day_line(message.at);
                if let Some(seq) = message.seq {
                    self.begin(seq, more);
                    self.new_line(message, seq);
                }
                self.message(message);
            }
            TimelineItem::Note(note) => {
                self.begin(note.seq, more);
                self.day_line(note.at);
                self.push(RowKey::Note(note.seq), RowKind::Note(note.clone()));
                self.above = None;
            }
            TimelineItem::Gap(gap) => {
                self.begin(gap.after, more);
                self.new_line_at_gap(gap);
                self.push(RowKey::Gap(gap.before), RowKind::Gap(gap.clone()));
                self.above = None;
            }
        }
    }

    /// Where the first new message may stand above all that is held, there is no line: it would stand in a wrong place.
    fn begin(&mut self, seq: Seq, more: bool) {
        let hidden = self
            .setting
            .new
            .is_some_and(|mark| more && seq > mark.after + 1);
        if !self.begun && hidden {
            self.new_drawn = true;
        }
        self.begun = true;
    }

    fn day_line(&mut self, at: u64) {
        let (day, _) = local(at, &self.setting.zone);
        if self.day.is_none_or(|before| before < day) {
            self.day = Some(day);
            self.above = None;
            self.push(RowKey::Day(day), RowKind::Day(day));
        }
    }

    /// The "New" line stands before the first message of others after the mark.
    fn new_line(&mut self, message: &MessageView, seq: Seq) {
        let Some(mark) = self.setting.new else { return };
        if !self.new_drawn && seq > mark.after && self.setting.me != Some(message.by) {
            self.push_new(mark.count);
        }
    }

    fn new_line_at_gap(&mut self, gap: &Gap) {
        let Some(mark) = self.setting.new else { return };
        if self.new_drawn || gap.before <= mark.after + 1 {
            return;
        }
        // Only when it begins exactly at the mark are all of its messages new; else the line's place is in it.
        if gap.after == mark.after {
            self.push_new(mark.count);
        }
        self.new_drawn = true;
    }

    fn push_new(&mut self, count: u64) {
        self.above = None;
        self.new_drawn = true;
        self.push(RowKey::New, RowKind::New(count));
    }

    fn message(&mut self, message: &Arc<MessageView>) {
        let follows = self.above.is_some_and(|(by, at)| {
            by == message.by
                && message.at.saturating_sub(at) < SILENCE_MS
                && message.reply_to.is_none()
        });
        let quote = message.reply_to.map(|seq| Quote {
            seq,
            message: self.quoted(seq),
        });
        self.above = Some((message.by, message.at));
        let kind = RowKind::Message {
            message: Arc::clone(message),
            first: !follows,
            quote,
        };
        self.push(RowKey::Message(message.by, message.id), kind);
    }
}

impl fmt::Display for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "day-{}", day.0),
            Self::New => f.write_str("new"),
            Self::Message(by, id) => write!(f, "m-{by}-{id}"),
            Self::Note(seq) => write!(f, "note-{seq}"),
            Self::Gap(before) => write!(f, "gap-{before}"),
        }
    }
}

#[cfg(test)]
mod tests;
