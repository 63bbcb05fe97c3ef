//! Reading over a connection: whole logs, page by page.

use protocol::{ClientFrame, Event, Log, RoomId, Seq, ServerFrame};

use super::Stage;
use crate::{
    api::device,
    cli::RunArgs,
    crowd::{Crowd, CrowdHandler, Gather, NoHandler, Peer},
    fault::Fault,
    stop::Stop,
    wait,
};

/// Entries of a page.
const PAGE: u32 = 1_000;
const PATIENCE_NS: u64 = 30_000_000_000;

/// Who waits for a page of a log.
struct LogReader {
    who: usize,
    page: Option<(Vec<Event>, Seq)>,
}

impl CrowdHandler for LogReader {
    fn frame(&mut self, who: usize, frame: ServerFrame) {
        if let (true, ServerFrame::Entries(entries)) = (who == self.who, frame) {
            self.page = Some((entries.events, entries.last_seq));
        }
    }
}

/// The log of a room, whole, over a connection of its own.
pub(super) fn whole_log(
    stage: &Stage,
    room: RoomId,
    args: &RunArgs,
    stop: &Stop,
) -> Result<Vec<Event>, Fault> {
    let mut people = stage.people.clone();
    crate::people::freshen(&stage.api, &mut people, 0, &args.people)?;
    let person = people.first(1)?.first().cloned().unwrap_or_default();
    let address = crate::wire::TargetAddress::of(&people.url)?;
    let mut crowd = Crowd::new(address, stage.clock)?;
    let device = format!("{}-log", device(&person.name));
    let who = crowd.add(Peer::new(person.name, person.access, device));
    crowd.gather([who], Gather::default(), stop, &mut NoHandler)?;
    let mut log: Vec<Event> = Vec::new();
    loop {
        let after = log.last().map_or(0, |event| event.seq);
        let (events, last) = page(&mut crowd, who, room, after)?;
        if events.is_empty() {
            return Ok(log);
        }
        log.extend(events);
        if log.last().is_some_and(|event| event.seq >= last) {
            return Ok(log);
        }
    }
}

fn page(
    crowd: &mut Crowd,
    who: usize,
    room: RoomId,
    after: Seq,
) -> Result<(Vec<Event>, Seq), Fault> {
    crowd.say(
        who,
        &ClientFrame::Log(Log {
            req: after + 1,
            room,
            after,
            limit: Some(PAGE),
        }),
    );
    crowd.flush(who);
    let mut reader = LogReader { who, page: None };
    let until = crowd.clock().ns() + PATIENCE_NS;
    while crowd.clock().ns() < until {
        crowd.turn(wait::until(None, 0), &mut reader)?;
        if let Some(page) = reader.page {
            return Ok(page);
        }
    }
    Err(Fault::Opening {
        what: format!("the log of room {room} after {after} was not answered within 30 s"),
    })
}
