//! What is one person's own over all rooms. What is for them is found by going down the logs of all their rooms side by side, the newest entry
//! next: nothing is written for it when a message is sent.

use std::collections::{BinaryHeap, VecDeque};

use async_trait::async_trait;
use protocol::{RoomId, RoomKind, Seq, UserId, limits::SAVED};
use rusqlite::{Connection, params};

use super::{
    SqliteStore,
    mentions::EVERYBODY,
    rows::{Columns as _, all, first, int, run, value},
    threads,
    tx::Tx,
};
use crate::{
    auth::rights::Place,
    store::{
        FollowedThread, ForYouPage, Moment, Personal, SavedRow, StoreError,
        rules::{FollowRow, SavedFacts, SavedRows, StoreResult},
    },
};

/// Rows of one way down that are read at once.
const ROWS: u32 = 32;
/// Rows that are looked through for one page at most, besides the first of each way.
const MAX_LOOKED: usize = 5_000;

impl SavedRows for Tx<'_> {
    async fn saved(&mut self, user: UserId, (room, seq): (RoomId, Seq)) -> StoreResult<SavedFacts> {
        let statement =
            "SELECT EXISTS (SELECT 1 FROM saved WHERE user_id = ? AND room_id = ? AND seq = ?)";
        let is = value(
            self.db,
            statement,
            params![user.get(), room.get(), int(seq)],
        )?;
        let statement = "SELECT COUNT(*) FROM saved WHERE user_id = ?";
        let count = value(self.db, statement, [user.get()])?;
        Ok(SavedFacts { is, count })
    }

    async fn save(&mut self, user: UserId, (room, seq): (RoomId, Seq), at: u64) -> StoreResult<()> {
        run(
            self.db,
            "INSERT INTO saved (user_id, room_id, seq, at, n)
             VALUES (?1, ?2, ?3, ?4, COALESCE((SELECT MAX(n) FROM saved WHERE user_id = ?1), 0) + 1)",
            params![user.get(), room.get(), seq, at],
        )?;
        Ok(())
    }

    async fn unsave(&mut self, user: UserId, (room, seq): (RoomId, Seq)) -> StoreResult<()> {
        let statement = "DELETE FROM saved WHERE user_id = ? AND room_id = ? AND seq = ?";
        let asked = params![user.get(), room.get(), int(seq)];
        run(self.db, statement, asked)?;
        Ok(())
    }
}

#[async_trait]
impl Personal for SqliteStore {
    async fn saved(&self, user: UserId) -> Result<Vec<SavedRow>, StoreError> {
        self.read(move |db| {
            all(
                db,
                "SELECT s.room_id, s.seq, s.at, s.n, r.kind, r.created_by, m.user_id IS NOT NULL,
                   r.read_only, r.archived
                 FROM saved s CROSS JOIN rooms r ON r.id = s.room_id AND r.deleted_at IS NULL AND r.hidden_at IS NULL
                 LEFT JOIN members m ON m.room_id = s.room_id AND m.user_id = s.user_id
                 WHERE s.user_id = ? ORDER BY s.n DESC LIMIT +?",
                params![user.get(), SAVED],
                |row| {
                    Ok(SavedRow {
                        room: row.room(0)?,
                        seq: row.get(1)?,
                        at: row.get(2)?,
                        number: row.get(3)?,
                        place: Place {
                            kind: row.room_kind(4)?,
                            created_by: Some(row.user(5)?),
                            member: row.get(6)?,
                            read_only: row.get(7)?,
                            archived: row.get(8)?,
                        },
                    })
                },
            )
        })
        .await
    }

    async fn for_you(
        &self,
        user: UserId,
        before: Option<Moment>,
        limit: u32,
    ) -> Result<ForYouPage, StoreError> {
        self.read(move |db| page(&*db.transaction()?, user, before, limit as usize))
            .await
    }

    async fn threads(
        &self,
        user: UserId,
        unread: bool,
        before: Option<Moment>,
        limit: u32,
    ) -> Result<Vec<FollowedThread>, StoreError> {
        self.read(move |db| threads::followed(db, user, unread, (before, limit)))
            .await
    }

    async fn followers(
        &self,
        thread: (RoomId, Seq),
    ) -> Result<Vec<(UserId, FollowRow)>, StoreError> {
        self.read(move |db| threads::followers(db, thread)).await
    }
}

/// Which messages of a room.
#[derive(Clone, Copy)]
enum Wanted {
    All,
    /// That name this user.
    Naming(UserId),
    /// Of the room's own, that name everybody. In a thread alone everybody is who follows it.
    NamingEverybody,
    /// Replies of threads that the user follows.
    Followed,
}

/// A way down one room.
struct Way {
    room: RoomId,
    wanted: Wanted,
    /// What is read next stands before this.
    before: Seq,
    /// Places that were read, and whether the message there is for the user.
    rows: VecDeque<(Seq, bool)>,
    /// Nothing follows them.
    ended: bool,
}

/// Where a way stands: at a message that is for the user, or at the last of what was read of it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Stand {
    at: Moment,
    is_for_user: bool,
    way: usize,
}

impl Way {
    fn read(&mut self, db: &Connection, user: UserId) -> StoreResult<usize> {
        let room = self.room.get();
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let before = int(self.before);
        let rows = match self.wanted {
            Wanted::Naming(named) => all(
                db,
                "SELECT seq, author <> ? FROM mentions WHERE user_id = ? AND room_id = ? AND seq < ? ORDER BY seq DESC LIMIT +?",
                params![user.get(), named.get(), room, before, ROWS],
                row,
            ),
            Wanted::NamingEverybody => all(
                db,
                "SELECT seq, in_room = 1 AND author <> ? FROM mentions WHERE user_id = ? AND room_id = ? AND seq < ? ORDER BY seq DESC LIMIT +?",
                params![user.get(), EVERYBODY, room, before, ROWS],
                row,
            ),
            Wanted::Followed => all(
                db,
                "SELECT e.seq, e.deleted = 0 AND e.author <> ?1 AND EXISTS (SELECT 1 FROM follows f
                   WHERE f.user_id = ?1 AND f.room_id = e.room_id AND f.root = e.thread AND f.following = 1)
                 FROM entries e INDEXED BY entries_replies WHERE e.room_id = ?2 AND e.thread IS NOT NULL AND e.seq < ?3
                 ORDER BY e.seq DESC LIMIT +?4",
                params![user.get(), room, before, ROWS],
                row,
            ),
            Wanted::All => all(
                db,
                "SELECT seq, kind = 0 AND deleted = 0 AND author <> ? FROM entries WHERE room_id = ? AND seq < ? ORDER BY seq DESC LIMIT +?",
                params![user.get(), room, before, ROWS],
                row,
            ),
        }?;
        self.ended = rows.len() < ROWS as usize;
        self.rows = rows.into();
        Ok(self.rows.len())
    }

    /// Goes on to the next message for the user, or to the end of what was read; none where the way ends.
    fn step(&mut self, db: &Connection) -> StoreResult<Option<(Moment, bool)>> {
        while let Some((seq, is_for_user)) = self.rows.pop_front() {
            self.before = seq;
            if is_for_user || (self.rows.is_empty() && !self.ended) {
                let (room, at) = (self.room, time_of(db, self.room, seq)?);
                return Ok(Some((Moment { at, room, seq }, is_for_user)));
            }
        }
        Ok(None)
    }
}

/// When an entry was stored; 0 where there is none.
fn time_of(db: &Connection, room: RoomId, seq: Seq) -> StoreResult<u64> {
    let statement = "SELECT at FROM entries WHERE room_id = ? AND seq = ?";
    let found = first(db, statement, params![room.get(), int(seq)], |row| {
        Ok(row.get(0)?)
    })?;
    Ok(found.unwrap_or(0))
}

/// The first entry of a room that does not stand before a moment: halving its log, whose times do not run backwards.
fn begins(db: &Connection, room: RoomId, last: Seq, before: Moment) -> StoreResult<Seq> {
    let (mut from, mut to) = (1, last + 1);
    // Most rooms rest.
    if last > 0 && is_before(db, room, last, before)? {
        return Ok(to);
    }
    while from < to {
        let middle = from.midpoint(to);
        if is_before(db, room, middle, before)? {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    Ok(to)
}

fn is_before(db: &Connection, room: RoomId, seq: Seq, before: Moment) -> StoreResult<bool> {
    let at = time_of(db, room, seq)?;
    Ok(Moment { at, room, seq } < before)
}

/// All ways down from a moment.
fn ways(db: &Connection, user: UserId, before: Option<Moment>) -> StoreResult<Vec<Way>> {
    let rooms = all(
        db,
        "SELECT r.id, r.kind, r.last_seq,
           EXISTS (SELECT 1 FROM follows f WHERE f.user_id = m.user_id AND f.room_id = r.id AND f.following = 1)
         FROM members m CROSS JOIN rooms r ON r.id = m.room_id AND r.deleted_at IS NULL AND r.hidden_at IS NULL
         WHERE m.user_id = ?",
        [user.get()],
        |row| {
            let last: Seq = row.get(2)?;
            Ok((row.room(0)?, row.room_kind(1)?, last, row.get(3)?))
        },
    )?;
    let mut ways = Vec::with_capacity(rooms.len() * 2);
    for (room, kind, last, follows) in rooms {
        let before = match before {
            Some(moment) => begins(db, room, last, moment)?,
            None => last + 1,
        };
        let wanted: &[Wanted] = match (kind, follows) {
            (RoomKind::Direct, _) => &[Wanted::All],
            (_, false) => &[Wanted::Naming(user), Wanted::NamingEverybody],
            (_, true) => &[
                Wanted::Naming(user),
                Wanted::NamingEverybody,
                Wanted::Followed,
            ],
        };
        ways.extend(wanted.iter().map(|&wanted| Way {
            room,
            wanted,
            before,
            rows: VecDeque::new(),
            ended: false,
        }));
    }
    Ok(ways)
}

fn page(
    db: &Connection,
    user: UserId,
    before: Option<Moment>,
    limit: usize,
) -> StoreResult<ForYouPage> {
    let mut ways = ways(db, user, before)?;
    let mut heap = BinaryHeap::with_capacity(ways.len());
    for (number, way) in ways.iter_mut().enumerate() {
        way.read(db, user)?;
        heap.extend(way.step(db)?.map(|(at, is_for_user)| Stand {
            at,
            is_for_user,
            way: number,
        }));
    }
    let mut page = ForYouPage::default();
    let mut looked = 0;
    while let Some(stand) = heap.pop() {
        let last = page.places.last().copied();
        // One that names the user, and everybody, in a thread that they follow stands on three ways.
        if stand.is_for_user && last != Some(stand.at) {
            if page.places.len() == limit {
                page.next = last;
                break;
            }
            page.places.push(stand.at);
        }
        let Some(way) = ways.get_mut(stand.way) else {
            continue;
        };
        if way.rows.is_empty() && !way.ended {
            if looked >= MAX_LOOKED {
                page.next = Some(stand.at);
                break;
            }
            looked += way.read(db, user)?;
        }
        heap.extend(way.step(db)?.map(|(at, is_for_user)| Stand {
            at,
            is_for_user,
            way: stand.way,
        }));
    }
    Ok(page)
}
