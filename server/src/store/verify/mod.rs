//! Proves the promises of a store from the outside, beside a running server too: what is checked, and in which order, is the same for every
//! database; each only says how it is asked ([`Examined`]).
//!
//! The numbers that people see (unread, mentions, reactions, members) are stored nowhere: they are counted when they are asked
//! for. So what is proven here is what they are counted from: the indexes, the ordinals of messages, and the tables that say once more
//! what the log says.

mod checks;
mod dialect;
mod mentions;
mod texts;

pub(super) use self::{dialect::Dialect, mentions::NotedText, texts::SummedText};
use super::{StoreError, named::NameHistory, rules::StoreResult};

/// What was read and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Rooms that exist.
    pub rooms: u64,
    /// Entries in their logs.
    pub entries: u64,
    /// Texts without a checksum, from before there were any; none where texts were not looked at.
    pub unsummed: Option<u64>,
    /// One line for each thing that is wrong, with its place; at most [`MAX_LINES`] a check.
    pub wrong: Vec<String>,
}

/// Lines that one check prints.
pub const MAX_LINES: u32 = 50;

/// What a store may lack that an older release made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CheckPart {
    /// Pinned messages.
    Pins,
    /// Settings of rooms.
    Settings,
    /// What is a person's own of rooms, and saved messages.
    Own,
    /// Threads.
    Threads,
    /// Checksums of texts.
    Sums,
    /// Mentions by the rules of today.
    Mentions,
}

/// A database whose promises are proven, in a transaction that sees one moment: a running server's next commits do not move the ground.
pub(super) trait Examined: Send {
    /// How statements are spelled for it.
    const DIALECT: Dialect;
    /// What it alone keeps beside what every store does, as statements of [`checks`].
    const OWN_CHECKS: &'static [&'static str];

    /// What it finds damaged by itself, a line each.
    fn damage(&mut self) -> impl Future<Output = StoreResult<Vec<String>>> + Send;
    /// Whether it keeps that.
    fn has(&mut self, part: CheckPart) -> impl Future<Output = StoreResult<bool>> + Send;
    /// The lines that a statement finds, in its only column.
    fn lines(&mut self, sql: &str) -> impl Future<Output = StoreResult<Vec<String>>> + Send;
    /// The number that a statement finds.
    fn count(&mut self, sql: &str) -> impl Future<Output = StoreResult<u64>> + Send;
    /// Whether what a statement asks is so.
    fn is(&mut self, sql: &str) -> impl Future<Output = StoreResult<bool>> + Send;
    /// Who has which name, and since when.
    fn people(&mut self) -> impl Future<Output = StoreResult<NameHistory>> + Send;
    /// Shows every row of a statement, one after the other.
    fn texts(
        &mut self,
        sql: &str,
        see: &mut (dyn FnMut(SummedText<'_>) + Send),
    ) -> impl Future<Output = StoreResult<()>> + Send;
    /// Shows every row of a statement, one after the other.
    fn noted(
        &mut self,
        sql: &str,
        see: &mut (dyn FnMut(NotedText<'_>) + Send),
    ) -> impl Future<Output = StoreResult<()>> + Send;
}

/// Makes all checks; `deep` holds every text against its checksum as well.
pub(super) async fn check_all<D: Examined>(db: &mut D, deep: bool) -> StoreResult<VerifyReport> {
    let mut report = VerifyReport {
        wrong: db.damage().await?,
        ..VerifyReport::default()
    };
    let rooms = "SELECT COUNT(*) FROM rooms WHERE deleted_at IS NULL";
    report.rooms = db.count(rooms).await?;
    report.entries = db.count("SELECT COUNT(*) FROM entries").await?;
    let threads = if db.has(CheckPart::Threads).await? {
        checks::OF_THREADS
    } else {
        checks::BEFORE_THREADS
    };
    let mut made = vec![checks::OF_LOG, threads, checks::OF_WHAT_STANDS];
    for (part, of_part) in [
        (CheckPart::Pins, checks::OF_PINS),
        (CheckPart::Settings, checks::OF_SETTINGS),
        (CheckPart::Own, checks::OF_OWN),
    ] {
        if db.has(part).await? {
            made.push(of_part);
        }
    }
    made.push(D::OWN_CHECKS);
    for finds in made.into_iter().flatten() {
        run(db, &mut report, finds).await?;
    }
    // Every entry has its ack by now, and an ack is unique: as many acks as entries means that no ack is without. Only where
    // something is wrong, each is looked up.
    let surplus = db.is(checks::ACKS_WITHOUT_ENTRIES).await?;
    if surplus || !report.wrong.is_empty() {
        run(db, &mut report, checks::ACKS).await?;
    }
    if deep {
        texts::compare(db, &mut report).await?;
    }
    if db.has(CheckPart::Mentions).await? {
        match mentions::recount(db, &mut report).await {
            // A text that is none any more, by a bit that turned over.
            Err(StoreError::Corrupt(why)) => {
                report.wrong.push(format!("a text cannot be read: {why}"));
            }
            other => other?,
        }
    }
    Ok(report)
}

/// A check finds the lines that it prints.
async fn run<D: Examined>(
    db: &mut D,
    report: &mut VerifyReport,
    finds: &'static str,
) -> StoreResult<()> {
    let finds = D::DIALECT.spell(finds);
    let statement = format!("SELECT * FROM ({finds}) AS finds LIMIT {MAX_LINES}");
    report.wrong.extend(db.lines(&statement).await?);
    Ok(())
}
