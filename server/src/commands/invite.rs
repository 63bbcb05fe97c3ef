//! Invite people, and see and revoke what was given out.

use std::collections::HashMap;

use protocol::{ErrorCode, Invite, InviteList, NewInvite, RoomId};

use super::{
    quota::{ChangeKind, spend},
    room_for,
};
use crate::{
    auth::{
        code,
        rights::{ServerRight, Who, may_on_server},
    },
    error::Refusal,
    state::Shared,
    store::{InvitePlace, InviteRecord, Write},
};

const DEFAULT_LIFE_S: u64 = 7 * 86_400;
const MAX_LIFE_S: u64 = 365 * 86_400;
const MAX_USES: u32 = 10_000;
const MAX_ROOMS: usize = 20;
/// Invites that one page lists at most.
const PAGE: u32 = 100;

/// Makes an invite. `origin` is what its link starts with.
pub(crate) async fn create(
    state: &Shared,
    who: Who,
    new: NewInvite,
    origin: &str,
) -> Result<Invite, Refusal> {
    may_on_server(who, ServerRight::Invite)?;
    spend(state, who.id, ChangeKind::Invite)?;
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
        code,
        created_by: who.id,
        created_at: now,
        expires_at,
        uses,
        rooms,
    };
    let rooms = record.rooms.clone();
    let invite = told(record.clone(), rooms, origin);
    state.queue.write_patiently(Write::Invite(record)).await?;
    Ok(invite)
}

fn told(record: InviteRecord, rooms: Vec<RoomId>, origin: &str) -> Invite {
    Invite {
        url: format!("{origin}/join/{}", record.code),
        code: record.code,
        uses: record.uses,
        expires_at: record.expires_at,
        by: Some(record.created_by),
        rooms,
    }
}

/// The invites that still work, whoever made them.
pub(crate) async fn list(
    state: &Shared,
    who: Who,
    cursor: Option<&str>,
    origin: &str,
) -> Result<InviteList, Refusal> {
    may_on_server(who, ServerRight::Invite)?;
    let after = cursor.map(place).transpose()?;
    let mut records = state.store.invites(state.now(), after, PAGE + 1).await?;
    let more = records.len() > PAGE as usize;
    records.truncate(PAGE as usize);
    let last = records.last().filter(|_| more);
    let next = last.map(|last| format!("{}.{}", last.created_at, last.code));
    let mut seen = HashMap::new();
    let mut invites = Vec::with_capacity(records.len());
    for record in records {
        let rooms = visible(state, who, &record.rooms, &mut seen).await?;
        invites.push(told(record, rooms, origin));
    }
    Ok(InviteList { invites, next })
}

fn place(cursor: &str) -> Result<InvitePlace, Refusal> {
    let parts = cursor.split_once('.');
    let place = parts.and_then(|(at, code)| Some(InvitePlace(at.parse().ok()?, code.to_owned())));
    place.ok_or_else(|| Refusal::invalid("cursor", "a cursor is the `next` of the page before"))
}

/// Those of an invite's rooms that the caller may know of: another admin's private rooms are not told.
async fn visible(
    state: &Shared,
    who: Who,
    rooms: &[RoomId],
    seen: &mut HashMap<RoomId, bool>,
) -> Result<Vec<RoomId>, Refusal> {
    let mut found = Vec::new();
    for &room in rooms {
        let sees = match seen.get(&room) {
            Some(sees) => *sees,
            None => match room_for(state, who, room).await {
                Ok(_) => true,
                Err(why) if why.code == ErrorCode::NotFound => false,
                Err(why) => return Err(why),
            },
        };
        seen.insert(room, sees);
        found.extend(sees.then_some(room));
    }
    Ok(found)
}

/// Makes an invite worth nothing, at once.
pub(crate) async fn revoke(state: &Shared, who: Who, code: String) -> Result<(), Refusal> {
    may_on_server(who, ServerRight::Invite)?;
    spend(state, who.id, ChangeKind::Invite)?;
    let write = Write::RevokeInvite { code };
    state.queue.write_patiently(write).await?;
    Ok(())
}
