//! Writing just now.

use protocol::{ActKind, RoomId, ServerFrame, Typing};

use crate::{
    auth::rights::{Right, Who, may},
    bus::{Note, Tell as _},
    error::Refusal,
    state::Shared,
};

/// Tells the other members. Whether the user is one, the connection knows from its lanes.
pub(crate) fn typing(state: &Shared, who: Who, Typing { room, thread }: Typing) {
    let user = who.id;
    state.hub.tell(&Note::Typing { user, room, thread });
}

/// Why a user who is not a member cannot.
pub(crate) async fn refused(state: &Shared, who: Who, room: RoomId) -> Option<ServerFrame> {
    let refusal = match state.store.room(room, who.id).await {
        Ok(Some((_, place))) => may(who, place, Right::Do(ActKind::Send)).err()?,
        Ok(None) => Refusal::not_found("room"),
        Err(why) => why.into(),
    };
    Some(refusal.error(None))
}
