//! Rooms, who is in them, and how far they have read.

use protocol::{
    Event, EventKind, PreferencesPatch, ReadPosition, RoomId, RoomKind, RoomPatch, RoomSetting,
    Seq, UserId, limits::UNREAD_BACK, name_looks,
};

use super::{NewEntry, RoomRow, RuleResult, Transaction, UnreadRoom, allowed, seat};
use crate::{
    auth::rights::{Right, Who},
    error::Refusal,
    store::{Done, ReadTo, Reply},
};

/// Within a generation a read position only grows; past the end means the end. What is told of an older generation comes too late, and one
/// of a generation that has not begun is a mistake.
pub(super) async fn read<T: Transaction>(
    tx: &mut T,
    who: Who,
    room: RoomId,
    to: ReadTo,
) -> RuleResult<Done> {
    let seat = allowed(tx, who, room, Right::Read).await?;
    let position = moved(seat.read, to, seat.head.seq)?;
    let moved = position != seat.read;
    if moved {
        tx.read(room, who.id, position.seq).await?;
    }
    Ok(Done::quiet(Reply::Read { position, moved }))
}

/// Where a read position is after somebody told that they read up to a place of a log that ends at `end`.
pub(super) fn moved(
    here: ReadPosition,
    ReadTo { seq, generation }: ReadTo,
    end: Seq,
) -> Result<ReadPosition, Refusal> {
    let generation = generation.unwrap_or(here.generation);
    if generation > here.generation {
        let why = "the read position has no such generation yet";
        return Err(Refusal::invalid("gen", why));
    }
    let seq = seq.min(end);
    Ok(here.max(ReadPosition { generation, seq }))
}

/// An entry and what follows it is unread: the read position stands before it, in a new generation.
pub(super) async fn unread<T: Transaction>(
    tx: &mut T,
    who: Who,
    room: RoomId,
    seq: Seq,
) -> RuleResult<Done> {
    let seat = allowed(tx, who, room, Right::Read).await?;
    let position = set_back(seat.read, seq, seat.head.seq)?;
    tx.set_back(room, who.id, position).await?;
    let moved = true;
    Ok(Done::quiet(Reply::Read { position, moved }))
}

/// A read position that is set before an entry of a log that ends at `end`: it begins the next generation.
pub(super) fn set_back(here: ReadPosition, seq: Seq, end: Seq) -> Result<ReadPosition, Refusal> {
    let back = end.checked_sub(seq).filter(|_| seq > 0);
    let Some(back) = back else {
        return Err(Refusal::invalid("seq", "there is no such entry"));
    };
    if back > UNREAD_BACK {
        let why = "only the newest 5,000 entries can be made unread";
        return Err(Refusal::invalid("seq", why));
    }
    Ok(ReadPosition {
        generation: here.generation + 1,
        seq: seq - 1,
    })
}

/// All rooms are read to their ends: so many of those after one, by id.
pub(super) async fn read_all<T: Transaction>(
    tx: &mut T,
    who: Who,
    after: u64,
    limit: u32,
) -> RuleResult<Done> {
    let unread = tx.unread_rooms(who.id, after, limit).await?;
    let mut read = Vec::with_capacity(unread.len());
    for UnreadRoom {
        room,
        read: here,
        end,
    } in unread
    {
        tx.read(room, who.id, end).await?;
        read.push((room, ReadPosition { seq: end, ..here }));
    }
    Ok(Done::quiet(Reply::ReadAll(read)))
}

/// What a member wants of a room is their own business.
pub(super) async fn prefer<T: Transaction>(
    tx: &mut T,
    who: Who,
    room: RoomId,
    patch: PreferencesPatch,
) -> RuleResult<Done> {
    allowed(tx, who, room, Right::Read).await?;
    tx.prefer(room, who.id, patch).await?;
    Ok(Done::quiet(Reply::Stored))
}

pub(super) async fn join<T: Transaction>(
    tx: &mut T,
    who: Who,
    room: RoomId,
    user: UserId,
    now: u64,
) -> RuleResult<Done> {
    let right = if user == who.id {
        Right::Join
    } else {
        Right::Add(user)
    };
    allowed(tx, who, room, right).await?;
    if tx.living(&[user]).await? == 0 {
        return Err(Refusal::not_found("user").on("user").into());
    }
    let event = add_member(tx, room, user, who.id, now).await?;
    let changed = event.is_some();
    let reply = Reply::Member { user, changed };
    Ok(Done::of(reply, event.into_iter().collect()))
}

/// Makes somebody a member, with the entry that says so; none if they are one already. Nothing before it is unread.
pub(super) async fn add_member<T: Transaction>(
    tx: &mut T,
    room: RoomId,
    user: UserId,
    by: UserId,
    now: u64,
) -> RuleResult<Option<Event>> {
    if seat(tx, room, user).await?.place.member {
        return Ok(None);
    }
    let event = tx
        .append(entry(room, by, now, &EventKind::Join { user }))
        .await?;
    tx.add_member(room, user, now, event.seq).await?;
    Ok(Some(event))
}

const fn entry(room: RoomId, by: UserId, at: u64, kind: &EventKind) -> NewEntry<'_> {
    NewEntry {
        room,
        by,
        at,
        id: None,
        kind,
    }
}

pub(super) async fn leave<T: Transaction>(
    tx: &mut T,
    who: Who,
    room: RoomId,
    user: UserId,
    now: u64,
) -> RuleResult<Done> {
    allowed(tx, who, room, Right::Remove(user)).await?;
    if !tx.remove_member(room, user).await? {
        return Err(Refusal::not_found("member").on("user").into());
    }
    let kind = EventKind::Leave { user };
    let event = tx.append(entry(room, who.id, now, &kind)).await?;
    let changed = true;
    Ok(Done::of(Reply::Member { user, changed }, vec![event]))
}

pub(super) async fn create<T: Transaction>(
    tx: &mut T,
    who: Who,
    (kind, name, topic): (RoomKind, &str, &str),
    now: u64,
) -> RuleResult<Done> {
    if kind == RoomKind::Public {
        free_name(tx, name, None).await?;
    }
    let new = RoomRow {
        kind,
        name,
        topic,
        people: &[],
        by: who.id,
        at: now,
    };
    let room = tx.add_room(new).await?;
    let event = add_member(tx, room, who.id, who.id, now).await?;
    let reply = Reply::Room {
        room,
        members: vec![who.id],
        created: true,
    };
    Ok(Done::of(reply, event.into_iter().collect()))
}

/// Two public rooms never look alike.
pub(super) async fn free_name<T: Transaction>(
    tx: &mut T,
    name: &str,
    except: Option<RoomId>,
) -> RuleResult<()> {
    if tx.room_is_called(&name_looks(name), except).await? {
        let why = "there is a room with this name, or one that looks like it";
        return Err(Refusal::conflict(why).on("name").into());
    }
    Ok(())
}

pub(super) async fn create_direct<T: Transaction>(
    tx: &mut T,
    who: Who,
    others: &[UserId],
    now: u64,
) -> RuleResult<Done> {
    let mut people: Vec<UserId> = others.iter().copied().chain([who.id]).collect();
    people.sort_unstable();
    people.dedup();
    if tx.living(&people).await? != people.len() {
        return Err(Refusal::not_found("user").on("users").into());
    }
    if let Some(room) = tx.direct_room(&people).await? {
        return Ok(Done::quiet(Reply::Room {
            room,
            members: people,
            created: false,
        }));
    }
    let new = RoomRow {
        kind: RoomKind::Direct,
        name: "",
        topic: "",
        people: &people,
        by: who.id,
        at: now,
    };
    let room = tx.add_room(new).await?;
    let mut events = Vec::with_capacity(people.len());
    for &user in &people {
        events.extend(add_member(tx, room, user, who.id, now).await?);
    }
    let reply = Reply::Room {
        room,
        members: people,
        created: true,
    };
    Ok(Done::of(reply, events))
}

pub(super) async fn change<T: Transaction>(
    tx: &mut T,
    who: Who,
    room: RoomId,
    patch: &RoomPatch,
    now: u64,
) -> RuleResult<Done> {
    let RoomPatch {
        name,
        topic,
        read_only,
        archived,
    } = patch;
    let seat = allowed(tx, who, room, Right::Govern).await?;
    if let Some(name) = name
        && seat.place.kind == RoomKind::Public
    {
        free_name(tx, name, Some(room)).await?;
    }
    let settings = [
        name.clone().map(RoomSetting::Name),
        read_only.map(RoomSetting::ReadOnly),
        archived.map(RoomSetting::Archived),
    ];
    let mut events = Vec::new();
    // What stands so already makes no entry.
    for setting in settings.into_iter().flatten() {
        if tx.set(room, &setting).await? {
            let kind = EventKind::Set(setting);
            events.push(tx.append(entry(room, who.id, now, &kind)).await?);
        }
    }
    if let Some(topic) = topic
        && tx.set_topic(room, topic).await?
    {
        let text = topic.clone();
        let kind = EventKind::Topic { text };
        events.push(tx.append(entry(room, who.id, now, &kind)).await?);
    }
    let reply = Reply::Room {
        room,
        members: tx.members(room).await?,
        created: false,
    };
    Ok(Done::of(reply, events))
}
