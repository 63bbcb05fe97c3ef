//! A sign-in that is used goes on: its end is put off. So that a request need not wait for that, uses are gathered, and noted together.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use crate::{
    auth::{Identity, cut_address},
    error::Refusal,
    state::Shared,
    store::{Use, Write},
    telemetry::Limit,
};

/// Uses that wait to be noted. They do for a second; one that finds no place is noted when the sign-in is used next.
const MAX_WAITING: usize = 65_536;

/// Uses that one transaction notes, so that sends need not wait long for it.
const AT_ONCE: usize = 256;

/// Uses that are not noted yet.
#[derive(Debug, Default)]
pub(crate) struct Uses(Mutex<BTreeMap<u64, Use>>);

impl Uses {
    /// Whether there was a place for it.
    fn add(&self, new: Use) -> bool {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let full = waiting.len() >= MAX_WAITING;
        match waiting.entry(new.id) {
            Entry::Occupied(_) => true,
            Entry::Vacant(_) if full => false,
            Entry::Vacant(place) => {
                place.insert(new);
                true
            }
        }
    }

    fn take(&self) -> Vec<Use> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *waiting).into_values().collect()
    }
}

/// Somebody asks for something; tells whether it is time to note that.
pub(crate) fn seen(state: &Shared, identity: &Identity, address: Option<IpAddr>) -> bool {
    let now = state.now();
    let every_ms = state.config.auth.use_rule().every_ms;
    let due = identity.sign_in_seen.saturating_add(every_ms) <= now;
    if due {
        wait(state, identity.sign_in, address, now);
    }
    due
}

/// The live connections that it is time to note.
pub(crate) fn live(state: &Shared) {
    let every_ms = state.config.auth.use_rule().every_ms;
    let now = state.now();
    for sign_in in state.hub.people.used(now, every_ms) {
        wait(state, sign_in, None, now);
    }
}

fn wait(state: &Shared, id: u64, address: Option<IpAddr>, at: u64) {
    let address = address.map(cut_address);
    if !state.uses.add(Use { id, at, address }) {
        state.metrics.hit(Limit::SignInUses);
    }
}

/// Notes what waits.
pub(crate) async fn note(state: &Shared) -> Result<(), Refusal> {
    let rule = state.config.auth.use_rule();
    for uses in state.uses.take().chunks(AT_ONCE) {
        let uses = uses.to_vec();
        state
            .queue
            .write_patiently(Write::Use { uses, rule })
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_use(id: u64) -> Use {
        Use {
            id,
            at: id,
            address: None,
        }
    }

    #[test]
    fn one_waits_for_each_sign_in_and_not_too_many() {
        let uses = Uses::default();
        for id in 0..MAX_WAITING as u64 {
            assert!(uses.add(a_use(id)));
        }
        assert!(!uses.add(a_use(MAX_WAITING as u64)));
        assert!(uses.add(a_use(7)), "it waits already");
        assert_eq!(uses.take().len(), MAX_WAITING);
        assert!(uses.add(a_use(MAX_WAITING as u64)) && uses.take().len() == 1);
    }
}
