//! The people of a load test. Passwords are made to be slow to check, so people are made once and kept in a file, with their tokens.

mod make;
mod tokens;

use std::{fs, io::Write as _, path::Path};

use protocol::{RoomId, UserId};
use serde::{Deserialize, Serialize};

use crate::fault::Fault;

pub use make::{AccountsWanted, make};
pub use tokens::{freshen, sign_in_again};

/// The people of one server, as the file holds them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestPeople {
    /// The format's version; 1.
    pub version: u32,
    /// The server.
    pub url: String,
    /// The server's first account.
    pub owner: TestPerson,
    /// The owner's password: for when the sign-in is over.
    pub owner_password: String,
    /// The passwords of all others.
    pub password: String,
    /// All others, in the order in which they were made.
    pub people: Vec<TestPerson>,
    /// Rooms that all are members of; the first is the busy one.
    pub common: Vec<TestRoom>,
    /// Rooms of a part of them: person `n` is in room `n % len`.
    pub side: Vec<TestRoom>,
    /// Rooms of the first so many, made when a run needed one.
    pub sized: Vec<TestRoom>,
    /// The room of a long history, made when a run needed one.
    #[serde(default)]
    pub deep: Option<RoomId>,
}

/// An account of the load test, with its tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestPerson {
    /// The account.
    pub id: UserId,
    /// Its name.
    pub name: String,
    /// The access token.
    pub access: String,
    /// The refresh token: good for one use.
    pub refresh: String,
    /// When the access token ends, in milliseconds since the epoch.
    pub until_ms: u64,
}

impl Default for TestPerson {
    fn default() -> Self {
        Self {
            id: nobody(),
            name: String::new(),
            access: String::new(),
            refresh: String::new(),
            until_ms: 0,
        }
    }
}

/// A placeholder until the owner is known.
const fn nobody() -> UserId {
    match UserId::new(1) {
        Some(id) => id,
        None => unreachable!(),
    }
}

/// A room that load is put on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestRoom {
    /// The room.
    pub id: RoomId,
    /// How many of the people are members.
    pub members: usize,
}

impl TestPeople {
    /// Reads the file.
    pub fn load(path: &Path) -> Result<Self, Fault> {
        let fault = |why: String| Fault::File {
            path: path.into(),
            why,
        };
        let text = fs::read(path).map_err(|why| fault(why.to_string()))?;
        serde_json::from_slice(&text).map_err(|why| fault(why.to_string()))
    }

    /// Writes the file: whole or not at all, and for its owner's eyes only, for it holds tokens.
    pub fn store(&self, path: &Path) -> Result<(), Fault> {
        let fault = |why: String| Fault::File {
            path: path.into(),
            why,
        };
        let text = serde_json::to_vec(self).map_err(|why| fault(why.to_string()))?;
        let beside = path.with_extension("json.new");
        private(&beside)
            .and_then(|mut file| file.write_all(&text))
            .and_then(|()| fs::rename(&beside, path))
            .map_err(|why| fault(why.to_string()))
    }

    /// The first `count` people.
    pub fn first(&self, count: usize) -> Result<&[TestPerson], Fault> {
        self.people.get(..count).ok_or(Fault::TooFewPeople {
            need: count,
            have: self.people.len(),
        })
    }

    /// A room that exactly the first `count` people are members of, if there is one.
    pub fn room_of(&self, count: usize) -> Option<RoomId> {
        let all = self.common.first().filter(|_| count == self.people.len());
        all.into_iter()
            .chain(&self.sized)
            .find(|room| room.members == count)
            .map(|room| room.id)
    }
}

fn private(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}
