//! The answer to `hello`.

use std::{cmp::Reverse, collections::HashSet};

use protocol::{
    RoomId, RoomSummary, UserId, UserSummary, VERSION, Welcome, features, limits::WELCOME_ROOMS,
};

use crate::{auth::Identity, hub::Attached, state::Shared, store::StoreError};

/// People that `welcome.users` names at most: the page asks for the members of a room when it shows them.
const MAX_USERS: usize = 100;
/// Of those, the ones who wrote last in the user's rooms, at most.
const MAX_AUTHORS: usize = 50;

/// What a client starts from, and the rooms that are told right behind it.
pub(super) async fn welcome(
    state: &Shared,
    identity: &Identity,
    attached: &Attached,
    mut rooms: Vec<RoomSummary>,
) -> Result<(Welcome, Vec<RoomSummary>), StoreError> {
    let me = identity.account.id;
    let users = people(state, me, &rooms).await?;
    let threads = state.cache.unread_threads(me).await?;
    let rest = rooms.split_off(rooms.len().min(WELCOME_ROOMS));
    let welcome = Welcome {
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
        threads,
        features: features::ALL.map(str::to_owned).to_vec(),
        more_rooms: rest.len() as u64,
    };
    Ok((welcome, rest))
}

async fn people(
    state: &Shared,
    me: UserId,
    rooms: &[RoomSummary],
) -> Result<Vec<UserSummary>, StoreError> {
    let ids: Vec<RoomId> = rooms.iter().map(|room| room.id).collect();
    let mut recent = state.cache.recent_authors(&ids).await?;
    recent.sort_unstable_by_key(|author| Reverse((author.at, author.room, author.seq)));
    let mut seen = HashSet::from([me]);
    let authors = recent.iter().map(|author| author.user);
    let authors = authors.filter(|user| seen.insert(*user)).take(MAX_AUTHORS);
    let mut wanted: Vec<UserId> = std::iter::once(me).chain(authors).collect();
    // People of direct rooms give those rooms their names.
    let direct = rooms.iter().flat_map(|room| room.users.iter().copied());
    let online = state.hub.lanes.online_in(ids.iter().copied(), MAX_USERS);
    wanted.extend(direct.chain(online).filter(|user| seen.insert(*user)));
    wanted.truncate(MAX_USERS);
    let found = state.cache.accounts(&wanted).await?;
    let states = state.hub.people.states_of(wanted.iter().copied());
    let mut users: Vec<UserSummary> = found
        .iter()
        .map(|account| account.summary(states.get(&account.id).copied()))
        .collect();
    users.sort_by_key(|user| user.id);
    Ok(users)
}
