//! Make, change and delete rooms.

use protocol::{
    NewRoom, RoomId, RoomKind, RoomPatch, RoomSummary, compose_name, validate_room_name,
    validate_topic,
};

use super::{
    quota::{Change, has_place, make, spend},
    room_for,
};
use crate::{
    auth::rights::Who,
    error::Refusal,
    state::Shared,
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
pub async fn create(state: &Shared, who: Who, new: NewRoom) -> Result<RoomSummary, Refusal> {
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

/// Changes a room's name or topic; its members' connections hear of it.
pub async fn change(
    state: &Shared,
    who: Who,
    room: RoomId,
    patch: RoomPatch,
) -> Result<RoomSummary, Refusal> {
    let RoomPatch { name, topic } = patch;
    if name.is_none() && topic.is_none() {
        return Err(Refusal::invalid(
            "name",
            "name what to change: name or topic",
        ));
    }
    let name = name.as_deref().map(check_name).transpose()?;
    topic.as_deref().map_or(Ok(()), check_topic)?;
    spend(state, who.id, Change::Room)?;
    let write = Write::ChangeRoom {
        who,
        room,
        name,
        topic,
        now: state.now(),
    };
    state.queue.write(write).await?;
    room_for(state, who, room).await
}

/// Makes a room gone for everybody.
pub async fn delete(state: &Shared, who: Who, room: RoomId) -> Result<(), Refusal> {
    spend(state, who.id, Change::Room)?;
    let write = Write::DeleteRoom {
        who,
        room,
        now: state.now(),
    };
    state.queue.write(write).await?;
    Ok(())
}
