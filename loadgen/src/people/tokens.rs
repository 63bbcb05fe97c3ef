//! Tokens. A refresh token is good for one use, so what comes back is written to the file before anything else is done.

use std::path::Path;

use protocol::SignedIn;

use super::{TestPeople, TestPerson};
use crate::{api::LoadApi, clock::wall_ms, fault::Fault, parallel, progress};

/// A token that ends within this time is renewed: opening ten thousand connections takes a while.
const SOON_MS: u64 = 300_000;
const PARALLEL: usize = 8;

impl TestPerson {
    /// Who just signed in.
    pub(super) fn of(signed: SignedIn) -> Self {
        Self {
            id: signed.user.id,
            name: signed.user.name,
            access: signed.access_token,
            refresh: signed.refresh_token,
            until_ms: wall_ms() + signed.expires_in * 1_000,
        }
    }

    fn is_stale(&self, now_ms: u64) -> bool {
        self.until_ms < now_ms + SOON_MS
    }
}

/// Renews the tokens of the first `count` people and of the owner, where they end soon.
pub fn freshen(
    api: &LoadApi,
    people: &mut TestPeople,
    count: usize,
    path: &Path,
) -> Result<(), Fault> {
    let now = wall_ms();
    if people.owner.is_stale(now) {
        people.owner = sign_in_again(api, people)?;
        people.store(path)?;
    }
    let stale: Vec<usize> = (0..count.min(people.people.len()))
        .filter(|&n| people.people.get(n).is_some_and(|p| p.is_stale(now)))
        .collect();
    if stale.is_empty() {
        return Ok(());
    }
    let bar = progress::bar("tokens", stale.len() as u64);
    for some in stale.chunks(500) {
        let (renewed, fault) = parallel::as_far(PARALLEL, 0..some.len(), |n| {
            let person = some.get(n).and_then(|&n| people.people.get(n));
            let person = person.ok_or(Fault::Stopped)?;
            match api.refresh(&person.refresh) {
                // The file may be older than the last use: the password still opens the door, at its price.
                Err(Fault::Refused { .. }) => api.sign_in(&person.name, &people.password),
                other => other,
            }
        });
        for (at, signed) in renewed {
            let person = some.get(at).and_then(|&n| people.people.get_mut(n));
            if let Some(person) = person {
                *person = TestPerson::of(signed);
            }
        }
        // Also when one failed: the others' old tokens are spent.
        people.store(path)?;
        match fault {
            Some(Fault::Refused { .. }) => return Err(Fault::SignedOut(path.into())),
            Some(other) => return Err(other),
            None => {}
        }
        bar.inc(some.len() as u64);
    }
    bar.finish_and_clear();
    Ok(())
}

/// The owner, signed in by password.
pub fn sign_in_again(api: &LoadApi, people: &TestPeople) -> Result<TestPerson, Fault> {
    api.sign_in(&people.owner.name, &people.owner_password)
        .map(TestPerson::of)
}
