//! What is one person's own over all rooms: saved messages, and what is for them.

use std::collections::{BTreeMap, HashMap};

use protocol::{
    ForYou, ForYouMessage, Message, RoomId, SavedList, SavedMessage, SavedPlaces, Seq, UserId,
    limits::{FOR_YOU, PAGE_BYTES, SAVED_PAGE},
};

use super::read::spend;
use crate::{
    auth::rights::{Right, Who, may},
    error::Refusal,
    state::{Shared, State},
    store::{Moment, SavedRow, Saving, StoreError, Write, fitting},
};

/// Saves a message, or lets go of it; the person's connections hear of it.
pub(crate) async fn save(
    state: &State,
    who: Who,
    (room, seq): (RoomId, Seq),
    on: bool,
) -> Result<(), Refusal> {
    spend(state, who)?;
    let saving = Saving {
        who,
        room,
        seq,
        on,
        now: state.now(),
    };
    let write = Write::Save(saving);
    state.queue.write(write).await?;
    Ok(())
}

/// What somebody saved and may still read, what was saved last first.
async fn readable(state: &Shared, who: Who) -> Result<Vec<SavedRow>, Refusal> {
    let mut saved = state.store.saved(who.id).await?;
    saved.retain(|one| may(who, one.place, Right::Look).is_ok());
    Ok(saved)
}

/// The places of all that somebody saved.
pub(crate) async fn saved_places(state: &Shared, who: Who) -> Result<SavedPlaces, Refusal> {
    let saved = readable(state, who).await?;
    let place = |one: &SavedRow| protocol::SavedPlace {
        room: one.room,
        seq: one.seq,
    };
    Ok(SavedPlaces {
        saved: saved.iter().map(place).collect(),
    })
}

/// A page of what somebody saved: what was saved before `before`, of which the page before tells.
pub(crate) async fn saved(
    state: &Shared,
    who: Who,
    before: Option<u64>,
) -> Result<SavedList, Refusal> {
    let mut all = readable(state, who).await?;
    all.retain(|one| before.is_none_or(|before| one.number < before));
    let some = &all[..all.len().min(SAVED_PAGE)];
    let places: Vec<(RoomId, Seq)> = some.iter().map(|one| (one.room, one.seq)).collect();
    let mut messages = messages(state, who.id, &places).await?;
    let mut saved = Vec::with_capacity(some.len());
    for one in some {
        // A message stays where it was, deleted or not; only its room can be gone by now.
        if let Some(message) = messages.remove(&(one.room, one.seq)) {
            saved.push((one.number, message, one));
        }
    }
    saved.truncate(fitting(
        saved.iter().map(|(_, message, _)| message),
        PAGE_BYTES,
    ));
    let last = saved.last().map(|(number, ..)| *number);
    let last = last.filter(|last| all.iter().any(|one| one.number < *last));
    let told = saved.into_iter().map(|(_, message, one)| SavedMessage {
        room: one.room,
        message,
        saved_at: one.at,
    });
    Ok(SavedList {
        saved: told.collect(),
        next: last.map(|number| number.to_string()),
    })
}

/// A page of what is for somebody, the newest first: what stands before `before`.
pub(crate) async fn for_you(
    state: &Shared,
    who: Who,
    before: Option<Moment>,
) -> Result<ForYou, Refusal> {
    let page = state.store.for_you(who.id, before, FOR_YOU).await?;
    let places: Vec<(RoomId, Seq)> = page.places.iter().map(|at| (at.room, at.seq)).collect();
    let mut messages = messages(state, who.id, &places).await?;
    let mut found = Vec::with_capacity(page.places.len());
    for at in page.places {
        let message = messages.remove(&(at.room, at.seq));
        // It may have been deleted since it was found.
        if let Some(message) = message.filter(|message| !message.deleted) {
            found.push((at, message));
        }
    }
    let all = found.len();
    found.truncate(fitting(
        found.iter().map(|(_, message)| message),
        PAGE_BYTES,
    ));
    let cut = found
        .last()
        .map(|(at, _)| *at)
        .filter(|_| found.len() < all);
    let told = found.into_iter().map(|(at, message)| ForYouMessage {
        room: at.room,
        message,
    });
    Ok(ForYou {
        for_you: told.collect(),
        next: cut.or(page.next).map(cursor),
    })
}

/// A moment as the cursor of a list.
pub(super) fn cursor(at: Moment) -> String {
    format!("{}-{}-{}", at.at, at.room, at.seq)
}

/// The moment of such a cursor.
pub(crate) fn moment(cursor: &str) -> Option<Moment> {
    let mut parts = cursor.split('-').map(|part| part.parse::<u64>().ok());
    let (at, room, seq) = (parts.next()??, parts.next()??, parts.next()??);
    let room = RoomId::new(room)?;
    parts.next().is_none().then_some(Moment { at, room, seq })
}

/// Messages of several rooms, as they stand now.
pub(super) async fn messages(
    state: &Shared,
    user: UserId,
    places: &[(RoomId, Seq)],
) -> Result<HashMap<(RoomId, Seq), Message>, StoreError> {
    let mut by_room: BTreeMap<RoomId, Vec<Seq>> = BTreeMap::new();
    for &(room, seq) in places {
        by_room.entry(room).or_default().push(seq);
    }
    let mut found = HashMap::with_capacity(places.len());
    for (room, seqs) in by_room {
        let messages = state.store.messages(room, user, &seqs).await?;
        found.extend(messages.into_iter().map(|one| ((room, one.seq), one)));
    }
    Ok(found)
}
