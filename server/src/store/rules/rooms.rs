//! Rooms, who is in them, and how far they have read.

use protocol::{Event, EventKind, RoomId, RoomKind, Seq, UserId, name_looks};

use super::{NewEntry, NewRoom, RuleResult, Transaction, allowed, seat};
use crate::{
    auth::rights::{Right, Who},
    error::Refusal,
    store::{Done, Reply},
};

/// A read position only ever grows; past the end means the end.
pub(super) async fn read<T: Transaction>(
    tx: &mut T,
    who: Who,
    room: RoomId,
    seq: Seq,
) -> RuleResult<Done> {
    let seat = allowed(tx, who, room, Right::Write).await?;
    let upto = seq.min(seat.head.seq);
    let moved = seat.read < upto;
    if moved {
        tx.read(room, who.id, upto).await?;
    }
    let seq = seat.read.max(upto);
    Ok(Done::quiet(Reply::Read { seq, moved }))
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
    let new = NewRoom {
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
async fn free_name<T: Transaction>(
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
    let new = NewRoom {
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
    (name, topic): (Option<&str>, Option<&str>),
    now: u64,
) -> RuleResult<Done> {
    let seat = allowed(tx, who, room, Right::Govern).await?;
    if let Some(name) = name {
        if seat.place.kind == RoomKind::Public {
            free_name(tx, name, Some(room)).await?;
        }
        tx.rename_room(room, name).await?;
    }
    let mut events = Vec::new();
    if let Some(topic) = topic
        && tx.set_topic(room, topic).await?
    {
        let text = topic.to_owned();
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

pub(super) async fn delete<T: Transaction>(
    tx: &mut T,
    who: Who,
    room: RoomId,
    now: u64,
) -> RuleResult<Done> {
    allowed(tx, who, room, Right::Govern).await?;
    let members = tx.members(room).await?;
    tx.delete_room(room, now).await?;
    Ok(Done::quiet(Reply::Room {
        room,
        members,
        created: false,
    }))
}
