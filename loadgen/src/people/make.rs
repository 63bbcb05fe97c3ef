//! Making people. What was made is in the file after every batch, so that it can be ended and gone on with.

use std::path::Path;

use super::{TestPeople, TestPerson, TestRoom};
use crate::{
    api::LoadApi, clock::wall_ms, fault::Fault, parallel, progress, stop::Stop, wire::TargetAddress,
};

/// Sign-ups between two writes of the file, and the uses of one invite.
const BATCH: usize = 500;
/// Rooms that everybody is in beside the busy one and the server's first: with them a person is in one busy and four quiet rooms.
const QUIET: usize = 3;

/// What is wanted.
#[derive(Clone, Debug)]
pub struct AccountsWanted {
    /// People in all.
    pub count: usize,
    /// Rooms that they are spread over, beside those that all are in.
    pub rooms: usize,
    /// The owner's name.
    pub owner_name: String,
    /// The owner's password.
    pub owner_password: String,
    /// The passwords of the others.
    pub password: String,
    /// Calls under way at a time.
    pub parallel: usize,
}

/// Makes what is missing of the order, and tells all of it.
pub fn make(
    url: &str,
    order: &AccountsWanted,
    path: &Path,
    stop: &Stop,
) -> Result<TestPeople, Fault> {
    TargetAddress::of(url)?;
    let api = LoadApi::new(url);
    api.is_there()?;
    let mut people = begin(&api, url, order, path)?;
    rooms(&api, &mut people, order)?;
    people.store(path)?;
    let bar = progress::bar("people", order.count as u64);
    while people.people.len() < order.count && !stop.asked() {
        bar.set_position(people.people.len() as u64);
        let made = batch(&api, &mut people, order);
        // Also when it failed: an account that was made must not be forgotten, or it is a member whom nobody plays.
        people.store(path)?;
        made?;
    }
    bar.set_position(people.people.len() as u64);
    bar.finish_and_clear();
    for room in &mut people.common {
        room.members = people.people.len();
    }
    spread(&api, &mut people, order, stop)?;
    people.store(path)?;
    Ok(people)
}

/// The people that there are, with an owner whose token is good.
fn begin(
    api: &LoadApi,
    url: &str,
    order: &AccountsWanted,
    path: &Path,
) -> Result<TestPeople, Fault> {
    if path.exists() {
        let mut people = TestPeople::load(path)?;
        url.clone_into(&mut people.url);
        let signed = api.sign_in(&people.owner.name, &people.owner_password)?;
        people.owner = TestPerson::of(signed);
        return Ok(people);
    }
    let signed = match api.sign_up(&order.owner_name, &order.owner_password, None) {
        Err(Fault::Refused { .. }) => api.sign_in(&order.owner_name, &order.owner_password)?,
        other => other?,
    };
    Ok(TestPeople {
        version: 1,
        url: url.to_owned(),
        owner: TestPerson::of(signed),
        owner_password: order.owner_password.clone(),
        password: order.password.clone(),
        ..TestPeople::default()
    })
}

fn rooms(api: &LoadApi, people: &mut TestPeople, order: &AccountsWanted) -> Result<(), Fault> {
    let token = people.owner.access.clone();
    // Names are unique on a server, and another file may have made rooms there before.
    let tag = wall_ms() % 1_000_000_000;
    for n in people.common.len()..=QUIET {
        let name = if n == 0 {
            format!("busy {tag}")
        } else {
            format!("quiet {tag} {n}")
        };
        let id = api.room(&token, &name)?;
        // The owner is no simulated person, and would count as a member that is never there.
        api.remove(&token, id, people.owner.id)?;
        people.common.push(TestRoom { id, members: 0 });
    }
    for n in people.side.len()..order.rooms {
        let id = api.room(&token, &format!("side {tag} {n}"))?;
        people.side.push(TestRoom { id, members: 0 });
    }
    Ok(())
}

fn batch(api: &LoadApi, people: &mut TestPeople, order: &AccountsWanted) -> Result<(), Fault> {
    let from = people.people.len();
    let to = order.count.min(from + BATCH);
    let common: Vec<_> = people.common.iter().map(|room| room.id).collect();
    let uses = u32::try_from(to - from).unwrap_or(u32::MAX);
    let signed = api.sign_in(&people.owner.name, &people.owner_password)?;
    people.owner = TestPerson::of(signed);
    let invite = api.invite(&people.owner.access, uses, &common)?;
    let tag = invite.code.chars().filter(char::is_ascii_alphanumeric);
    // Part of the invite is in the names: a batch that was cut off left names behind that nobody has the password's token of.
    let tag: String = tag.take(6).collect();
    let (made, fault) = parallel::as_far(order.parallel, from..to, |n| {
        let name = format!("load{n}.{tag}");
        api.sign_up(&name, &order.password, Some(&invite.code))
            .map(TestPerson::of)
    });
    people
        .people
        .extend(made.into_iter().map(|(_, person)| person));
    fault.map_or(Ok(()), Err)
}

/// Puts everybody into their side room.
fn spread(
    api: &LoadApi,
    people: &mut TestPeople,
    order: &AccountsWanted,
    stop: &Stop,
) -> Result<(), Fault> {
    let rooms = people.side.len();
    if rooms == 0 {
        return Ok(());
    }
    let seated: usize = people.side.iter().map(|room| room.members).sum();
    let bar = progress::bar("members", people.people.len() as u64);
    for from in (seated..people.people.len()).step_by(BATCH) {
        if stop.asked() {
            break;
        }
        bar.set_position(from as u64);
        let to = people.people.len().min(from + BATCH);
        parallel::map(order.parallel, from..to, |n| {
            match (people.people.get(n), people.side.get(n % rooms)) {
                (Some(person), Some(room)) => api.add(&people.owner.access, room.id, person.id),
                _ => Ok(()),
            }
        })?;
        for n in from..to {
            if let Some(room) = people.side.get_mut(n % rooms) {
                room.members += 1;
            }
        }
    }
    bar.finish_and_clear();
    Ok(())
}
