//! Many rooms at a time: one voice in each, everybody in one of them.

use protocol::RoomId;

use super::{
    Stage,
    fanout::finish,
    load::{LoadPhase, RoomLoad, WARM_NS},
};
use crate::{
    cli::RunArgs,
    crowd::NoHandler,
    fault::Fault,
    report::{Better, RunOutcome},
    stop::Stop,
};

/// Runs it: in the side rooms that `loadgen people --rooms` made.
pub(super) fn run(args: &RunArgs, stop: &Stop) -> Result<RunOutcome, Fault> {
    let mut stage = Stage::set(args)?;
    let rooms: Vec<RoomId> = stage.people.side.iter().map(|room| room.id).collect();
    if rooms.is_empty() || stage.persons < rooms.len() || !stage.persons.is_multiple_of(rooms.len())
    {
        return Err(Fault::Settings(format!(
            "{} people do not fill {} rooms evenly: make rooms with `loadgen people --rooms M`, and choose -n as a multiple of M",
            stage.persons,
            rooms.len()
        )));
    }
    let gathered = stage.gather(stop, &mut NoHandler)?;
    let everybody = stage.crowd.len();
    let count = rooms.len();
    let mut load = RoomLoad::new(&stage, rooms.clone(), everybody, count, args).named("rooms");
    let phase = LoadPhase {
        rate: args.rate,
        warm_ns: WARM_NS,
        seconds: args.seconds,
    };
    let (spent, meter) = load.run(&mut stage, phase, stop)?;
    let mut outcome = RunOutcome::of("rooms");
    stage.tell(&mut outcome, &gathered);
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    outcome.figure("rooms", count as f64, "", Better::Neither);
    load.tell(&mut outcome, &spent);
    spent.tell(&mut outcome);
    load.drain(&mut stage)?;
    load.check(&mut stage);
    finish(&mut outcome, &stage, meter, stop);
    Ok(outcome)
}
