//! The setup of every scenario: people with good tokens, descriptors, processors, a room of the right size.

use protocol::RoomId;

use super::Meter;
use crate::{
    api::{LoadApi, device},
    cli::RunArgs,
    clock::RunClock,
    crowd::{Crowd, CrowdHandler, Gather, Gathered, Peer},
    fault::Fault,
    measure::{ProcessUse, descriptors, pin_process, pin_thread},
    parallel,
    people::{TestPeople, TestRoom, freshen, sign_in_again},
    progress,
    report::{Better, RunOutcome},
    stop::Stop,
    wire::TargetAddress,
};

/// What a scenario runs on.
#[derive(Debug)]
pub struct Stage {
    /// The people of the file.
    pub people: TestPeople,
    /// The API.
    pub api: LoadApi,
    /// The clock of the run.
    pub clock: RunClock,
    /// The connections.
    pub crowd: Crowd,
    /// The server's process, if it can be watched.
    pub server: Option<ProcessUse>,
    /// People that have connections.
    pub persons: usize,
}

impl Stage {
    /// Sets it up for the run's connections; nobody is connected yet.
    pub fn set(args: &RunArgs) -> Result<Self, Fault> {
        descriptors(args.connections)?;
        if let Some(cpu) = args.pin {
            pin_thread(cpu)?;
        }
        if let (Some(pid), Some(cpu)) = (args.server_pid, args.pin_server) {
            pin_process(pid, cpu)?;
        }
        let mut people = TestPeople::load(&args.people)?;
        if let Some(url) = &args.url {
            url.clone_into(&mut people.url);
        }
        let address = TargetAddress::of(&people.url)?;
        let api = LoadApi::new(&people.url);
        api.is_there()?;
        let persons = args.connections.min(people.people.len());
        if persons == 0 {
            return Err(Fault::TooFewPeople {
                need: args.connections,
                have: people.people.len(),
            });
        }
        freshen(&api, &mut people, persons, &args.people)?;
        let clock = RunClock::start();
        let mut crowd = Crowd::new(address, clock)?;
        for n in 0..args.connections {
            if let Some(person) = people.people.get(n % persons) {
                let device = format!("{}-{n}", device(&person.name));
                let device: String = device.chars().take(64).collect();
                crowd.add(Peer::new(
                    person.name.clone(),
                    person.access.clone(),
                    device,
                ));
            }
        }
        Ok(Self {
            people,
            api,
            clock,
            crowd,
            server: args.server_pid.map(ProcessUse::of),
            persons,
        })
    }

    /// A room whose members are exactly those who have connections: made, if there is none yet.
    pub fn room(&mut self, args: &RunArgs) -> Result<RoomId, Fault> {
        if let Some(room) = self.people.room_of(self.persons) {
            return Ok(room);
        }
        self.people.owner = sign_in_again(&self.api, &self.people)?;
        let token = &self.people.owner.access;
        let name = format!("sized {} {}", self.persons, crate::clock::wall_ms());
        let id = self.api.room(token, &name)?;
        let bar = progress::bar("members", self.persons as u64);
        parallel::map(8, 0..self.persons, |n| {
            bar.inc(1);
            match self.people.people.get(n) {
                Some(person) => self.api.add(token, id, person.id),
                None => Ok(()),
            }
        })?;
        self.api.remove(token, id, self.people.owner.id)?;
        bar.finish_and_clear();
        self.people.sized.push(TestRoom {
            id,
            members: self.persons,
        });
        self.people.store(&args.people)?;
        Ok(id)
    }

    /// Everybody comes.
    pub fn gather<H: CrowdHandler>(
        &mut self,
        stop: &Stop,
        handler: &mut H,
    ) -> Result<Gathered, Fault> {
        let all = 0..self.crowd.len();
        self.crowd.gather(all, Gather::default(), stop, handler)
    }

    /// Begins to measure.
    pub fn meter(&self) -> Meter {
        Meter::start(self.clock, self.server.clone(), &self.crowd)
    }

    /// What a result says of everybody's coming.
    pub fn tell(&self, outcome: &mut RunOutcome, gathered: &Gathered) {
        self.tell_people(outcome);
        let took = gathered.took.as_secs_f64();
        outcome.figure("opened and welcomed", took, "s", Better::Lower);
        let each = gathered.each.percentiles();
        outcome
            .latencies
            .push(("from dial to welcome".into(), each));
        if gathered.failed > 0 {
            let note = format!("{} tries to connect failed", gathered.failed);
            outcome.notes.push(note);
        }
    }

    /// Who they are.
    pub fn tell_people(&self, outcome: &mut RunOutcome) {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let connections = self.crowd.len() as f64;
        outcome.figure("connections", connections, "", Better::Neither);
        if self.persons < self.crowd.len() {
            outcome.notes.push(format!(
                "{} people: some have several connections, as with several devices",
                self.persons
            ));
        }
    }

    /// At the end: every listener must have heard the room's last entry.
    pub fn all_have(&mut self, args: &RunArgs, room: RoomId) -> Result<(), Fault> {
        freshen(&self.api, &mut self.people, 0, &args.people)?;
        let Some(one) = self.people.people.first() else {
            return Ok(());
        };
        let last = self.api.look(&one.access, room)?.last_seq;
        for who in 0..self.crowd.len() {
            let heard = self.crowd.peer(who).filter(|peer| peer.is_live());
            let Some(heard) = heard.map(|peer| peer.cursors.last(room.get())) else {
                continue;
            };
            if heard != Some(last) {
                let heard =
                    heard.map_or_else(|| "nothing".to_owned(), |seq| format!("up to {seq}"));
                let what = format!("room {room}: heard {heard}, its log ends at {last}");
                self.crowd.blame(who, &what);
            }
        }
        Ok(())
    }
}
