//! What stands behind one message: who reacted to it, and what it said before.

use std::collections::HashMap;

use protocol::{
    EarlierText, EditList, GivenReaction, ReactionList, RoomId, Seq, UserId, UserSummary,
    limits::{EARLIER_TEXTS, GIVERS, PAGE_BYTES},
};

use super::room_for;
use crate::{auth::rights::Who, error::Refusal, state::Shared, store::json_bytes};

/// What an earlier text weighs on the wire besides itself, in bytes, about.
const EARLIER_BYTES: usize = 64;

/// Who gives which emoji to a message; nobody to one that is deleted.
pub(crate) async fn reactions(
    state: &Shared,
    who: Who,
    at: (RoomId, Seq),
) -> Result<ReactionList, Refusal> {
    is_there(state, who, at).await?;
    let given = state.store.givers(at.0, at.1, GIVERS).await?;
    let mut ids: Vec<UserId> = given.iter().flat_map(|one| one.by.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    let accounts = state.cache.accounts(&ids).await?;
    let states = state.hub.people.states_of(ids.into_iter());
    let people: HashMap<UserId, UserSummary> = accounts
        .into_iter()
        .map(|one| (one.id, one.summary(states.get(&one.id).copied())))
        .collect();
    let reactions = given.into_iter().map(|one| GivenReaction {
        emoji: one.emoji,
        users: one
            .by
            .iter()
            .filter_map(|user| people.get(user).cloned())
            .collect(),
    });
    Ok(ReactionList {
        reactions: reactions.collect(),
    })
}

/// What a message said before, the oldest first; nothing of one that is deleted. Of many the newest are told, as many as fit.
pub(crate) async fn edits(
    state: &Shared,
    who: Who,
    at: (RoomId, Seq),
) -> Result<EditList, Refusal> {
    is_there(state, who, at).await?;
    let mut edits = state
        .store
        .earlier_texts(at.0, at.1, EARLIER_TEXTS + 1)
        .await?;
    let found = edits.len();
    edits.truncate(EARLIER_TEXTS as usize);
    let mut left = PAGE_BYTES;
    let fits = |one: &&EarlierText| {
        let rest = left.checked_sub(EARLIER_BYTES + json_bytes(&one.text));
        left = rest.unwrap_or_default();
        rest.is_some()
    };
    let fitting = edits.iter().take_while(fits).count();
    edits.truncate(fitting);
    let more = edits.len() < found;
    edits.reverse();
    Ok(EditList { edits, more })
}

/// Refuses where there is no such message, or no such room for whoever asks.
async fn is_there(state: &Shared, who: Who, (room, seq): (RoomId, Seq)) -> Result<(), Refusal> {
    room_for(state, who, room).await?;
    if state.store.messages(room, who.id, &[seq]).await?.is_empty() {
        return Err(Refusal::not_found("message"));
    }
    Ok(())
}
