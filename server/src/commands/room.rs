//! Make, change and delete rooms.

use protocol::{
    NewRoom, PreferencesPatch, RoomId, RoomKind, RoomPatch, RoomSummary, compose_name,
    limits::UNDELETE, validate_room_name, validate_topic,
};

use super::{
    quota::{ChangeKind, has_place, make, spend},
    read, room_for,
};
use crate::{
    auth::rights::Who,
    error::Refusal,
    state::{Shared, State},
    store::{Reply, Write},
};

fn check_topic(topic: &str) -> Result<(), Refusal> {
    validate_topic(topic).map_err(|why| Refusal::invalid("topic", why.to_string()))
}

fn check_name(typed: &str) -> Result<String, Refusal> {
    let name = compose_name(typed)?;
    validate_room_name(&name)?;
    Ok(name)
}

/// Makes a public or private room; its creator is its first member.
pub(crate) async fn create(state: &Shared, who: Who, new: NewRoom) -> Result<RoomSummary, Refusal> {
    let NewRoom { kind, name, topic } = new;
    let topic = topic.unwrap_or_default();
    if kind == RoomKind::Direct {
        return Err(Refusal::invalid(
            "kind",
            "a direct room is made by naming its people; see /direct",
        ));
    }
    let name = check_name(&name)?;
    check_topic(&topic)?;
    has_place(state, who.id, who.id).await?;
    make(state, who.id)?;
    let write = Write::CreateRoom {
        who,
        kind,
        name,
        topic,
        now: state.now(),
    };
    match state.queue.write(write).await?.reply {
        Reply::Room { room, .. } => room_for(state, who, room).await,
        _ => Err(Refusal::unavailable()),
    }
}

/// Changes a room's name, topic or settings; its members' connections hear of it.
pub(crate) async fn change(
    state: &Shared,
    who: Who,
    room: RoomId,
    patch: RoomPatch,
) -> Result<RoomSummary, Refusal> {
    if patch == RoomPatch::default() {
        let why = "name what to change: name, topic, read_only or archived";
        return Err(Refusal::invalid("name", why));
    }
    let name = patch.name.as_deref().map(check_name).transpose()?;
    patch.topic.as_deref().map_or(Ok(()), check_topic)?;
    spend(state, who.id, ChangeKind::Room)?;
    let write = Write::ChangeRoom {
        who,
        room,
        patch: RoomPatch { name, ..patch },
        now: state.now(),
    };
    state.queue.write(write).await?;
    room_for(state, who, room).await
}

/// Changes what somebody wants of a room that they are in; their own connections hear of it.
pub(crate) async fn prefer(
    state: &State,
    who: Who,
    room: RoomId,
    patch: PreferencesPatch,
) -> Result<RoomSummary, Refusal> {
    read::spend(state, who)?;
    state
        .queue
        .write(Write::Prefer { who, room, patch })
        .await?;
    room_for(state, who, room).await
}

/// Makes a room gone for everybody; for [`UNDELETE`] it can be brought back.
pub(crate) async fn delete(state: &Shared, who: Who, room: RoomId) -> Result<(), Refusal> {
    spend(state, who.id, ChangeKind::Room)?;
    let write = Write::DeleteRoom {
        who,
        room,
        now: state.now(),
    };
    state.queue.write(write).await?;
    Ok(())
}

/// Brings a room back that was deleted just now; its members hear of it.
pub(crate) async fn undelete(
    state: &Shared,
    who: Who,
    room: RoomId,
) -> Result<RoomSummary, Refusal> {
    spend(state, who.id, ChangeKind::Room)?;
    let write = Write::UndeleteRoom {
        who,
        room,
        now: state.now(),
    };
    state.queue.write(write).await?;
    room_for(state, who, room).await
}

/// Erases the rooms that cannot be brought back any more.
pub(crate) async fn erase(state: &Shared) -> Result<(), Refusal> {
    loop {
        let now = state.now();
        let life_ms = u64::try_from(UNDELETE.as_millis()).unwrap_or(u64::MAX);
        let before = now.saturating_sub(life_ms);
        if !state.store.hidden_before(before).await? {
            return Ok(());
        }
        state.queue.write(Write::EraseRoom { now }).await?;
    }
}
