//! Invite people.

use protocol::{Invite, NewInvite};

use super::{
    quota::{Change, spend},
    room_for,
};
use crate::{
    auth::{
        code,
        rights::{ServerRight, Who, may_on_server},
    },
    error::Refusal,
    state::Shared,
    store::{InviteRecord, Write},
};

const DEFAULT_LIFE_S: u64 = 7 * 86_400;
const MAX_LIFE_S: u64 = 365 * 86_400;
const MAX_USES: u32 = 10_000;
const MAX_ROOMS: usize = 20;

/// Makes an invite. `origin` is what its link starts with.
pub async fn create(
    state: &Shared,
    who: Who,
    new: NewInvite,
    origin: &str,
) -> Result<Invite, Refusal> {
    may_on_server(who, ServerRight::Invite)?;
    spend(state, who.id, Change::Invite)?;
    let uses = new.uses.unwrap_or(1);
    let life = new.expires_in_s.unwrap_or(DEFAULT_LIFE_S);
    let rooms = new.rooms.unwrap_or_default();
    if uses == 0 || uses > MAX_USES {
        return Err(Refusal::invalid(
            "uses",
            format!("an invite is for 1 to {MAX_USES} people"),
        ));
    }
    if life == 0 || life > MAX_LIFE_S {
        return Err(Refusal::invalid(
            "expires_in_s",
            format!("an invite lives 1 to {MAX_LIFE_S} seconds"),
        ));
    }
    if rooms.len() > MAX_ROOMS {
        return Err(Refusal::invalid(
            "rooms",
            format!("an invite opens at most {MAX_ROOMS} rooms"),
        ));
    }
    for &room in &rooms {
        let summary = room_for(state, who, room)
            .await
            .map_err(|why| why.on("rooms"))?;
        if summary.kind == protocol::RoomKind::Direct {
            return Err(Refusal::invalid(
                "rooms",
                "the people of a direct room are fixed",
            ));
        }
    }
    let now = state.now();
    let code = code(state.entropy.u128());
    let expires_at = now.saturating_add(life.saturating_mul(1_000));
    let record = InviteRecord {
        code: code.clone(),
        created_by: who.id,
        created_at: now,
        expires_at,
        uses,
        rooms,
    };
    state.queue.write_patiently(Write::Invite(record)).await?;
    Ok(Invite {
        url: format!("{origin}/join/{code}"),
        code,
        uses,
        expires_at,
    })
}
