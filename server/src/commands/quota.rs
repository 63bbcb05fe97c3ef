//! Quotas: how often people may change what, and how many rooms they may have. Sends have a rate of their own.

use std::time::Duration;

use protocol::{ErrorCode, UserId};

use crate::{config::LimitsConfig, error::Refusal, hub::Rate, state::Shared, telemetry::Limit};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

/// A kind of change; each spends a rate of its own, so that one does not stand in the way of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ChangeKind {
    /// One joins a room, or leaves it.
    Membership,
    /// One adds somebody else to a room, or removes them.
    Members,
    /// A room's name or topic, or its end.
    Room,
    /// What is shown of oneself.
    Profile,
    /// An invite or a reset is made, or an invite revoked.
    Invite,
}

/// The rates of changes, and the quotas of rooms.
pub(crate) struct Quotas {
    changes: Rate<(UserId, ChangeKind)>,
    made: Rate<UserId>,
    /// By who adds, and whom.
    given: Rate<(UserId, UserId)>,
    rooms: usize,
}

impl Quotas {
    /// As the settings say.
    pub(crate) fn new(limits: &LimitsConfig) -> Self {
        let changes = limits.changes_per_min();
        let made = limits.rooms_per_day();
        Self {
            changes: Rate::new(
                changes,
                MINUTE,
                changes,
                "too many changes at once; try again shortly",
            ),
            made: Rate::new(
                made,
                DAY,
                made,
                "too many new rooms in a day; try again later",
            ),
            given: Rate::new(
                made.div_ceil(5),
                DAY,
                made.div_ceil(5),
                "you have brought this person into too many rooms today",
            ),
            rooms: usize::try_from(limits.rooms_per_person()).unwrap_or(usize::MAX),
        }
    }
}

fn count<T>(state: &Shared, limit: Limit, taken: Result<T, Refusal>) -> Result<T, Refusal> {
    taken.inspect_err(|_| state.metrics.hit(limit))
}

/// Spends one change of a kind.
pub(crate) fn spend(state: &Shared, user: UserId, change: ChangeKind) -> Result<(), Refusal> {
    let taken = state.quotas.changes.take((user, change), state.mono());
    count(state, Limit::Changes, taken)
}

/// Spends one new room of a day.
pub(crate) fn make(state: &Shared, user: UserId) -> Result<(), Refusal> {
    let taken = state.quotas.made.take(user, state.mono());
    count(state, Limit::Rooms, taken)
}

/// Spends one membership that `by` gives to `to`.
pub(crate) fn give(state: &Shared, by: UserId, to: UserId) -> Result<(), Refusal> {
    let taken = state.quotas.given.take((by, to), state.mono());
    count(state, Limit::Rooms, taken)
}

/// Whether somebody may come to be in one more room. Others can fill half of the places only, so that there always is one for the room that one
/// chooses oneself.
pub(crate) async fn has_place(state: &Shared, by: UserId, user: UserId) -> Result<(), Refusal> {
    let most = state.quotas.rooms;
    let most = if by == user { most } else { most / 2 };
    if most == 0 || state.cache.rooms_of(user).await?.len() < most {
        return Ok(());
    }
    let why = if by == user {
        "you are in too many rooms; leave one first"
    } else {
        "this person is in too many rooms"
    };
    count(
        state,
        Limit::Rooms,
        Err(Refusal::new(ErrorCode::Forbidden, why)),
    )
}
