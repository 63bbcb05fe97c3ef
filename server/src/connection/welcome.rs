//! The answer to `hello`.

use std::collections::HashMap;

use protocol::{RoomSummary, UserId, UserSummary, VERSION, Welcome};

use crate::{
    auth::Identity,
    hub::Attached,
    state::Shared,
    store::{Account, StoreError},
};

/// People that `welcome.users` names at most: the page asks for the members of a room when it shows them.
const MOST_USERS: usize = 100;

/// What a client starts from.
pub(super) async fn welcome(
    state: &Shared,
    identity: &Identity,
    attached: &Attached,
    rooms: Vec<RoomSummary>,
) -> Result<Welcome, StoreError> {
    let me = identity.account.id;
    let users = people(state, me, &rooms).await?;
    Ok(Welcome {
        v: VERSION,
        session: attached.session.id,
        resumed: attached.resumed,
        user: identity.account.summary(None),
        heartbeat_ms: state.config.live.heartbeat_s * 1_000,
        now: state.now(),
        node: state.config.serve.node.clone(),
        limits: state.limits(),
        rooms,
        users,
        features: Vec::new(),
    })
}

async fn people(
    state: &Shared,
    me: UserId,
    rooms: &[RoomSummary],
) -> Result<Vec<UserSummary>, StoreError> {
    let mut found: HashMap<UserId, Account> = HashMap::new();
    let limit = u32::try_from(MOST_USERS / 2).unwrap_or(u32::MAX);
    for account in state.store.recent_authors(me, limit).await? {
        found.insert(account.id, account);
    }
    // People of direct rooms give those rooms their names.
    let mut wanted: Vec<UserId> = rooms
        .iter()
        .flat_map(|room| room.users.iter().copied())
        .collect();
    wanted.extend(
        state
            .hub
            .online_in(rooms.iter().map(|room| room.id), MOST_USERS),
    );
    wanted.push(me);
    wanted.sort_unstable();
    wanted.dedup();
    wanted.retain(|user| !found.contains_key(user));
    wanted.truncate(MOST_USERS);
    for account in state.store.accounts(&wanted).await? {
        found.insert(account.id, account);
    }
    let states = state.hub.states_of(found.keys().copied());
    let mut users: Vec<UserSummary> = found
        .values()
        .map(|account| account.summary(states.get(&account.id).copied()))
        .collect();
    users.sort_by_key(|user| user.id);
    Ok(users)
}
