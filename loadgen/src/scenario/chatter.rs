//! People talk, think, scroll back, react, and look into other rooms, each with the session that a browser runs. The checker hears all.

use client::Input;
use protocol::{Act, Event, RoomId};

use super::{Meter, Stage, fanout::finish, log::whole_log, talkers::Talkers};
use crate::{
    cli::RunArgs,
    fault::Fault,
    measure::Schedule,
    progress,
    report::{Better, RunOutcome},
    stop::Stop,
    wait,
};

/// Between two acts of one person, in seconds, unless a rate is asked for.
const THINKS_S: f64 = 30.0;
/// Sessions that connect at a time.
const UNDER_WAY: usize = 128;
const COMING_NS: u64 = 120_000_000_000;
const REST_NS: u64 = 20_000_000_000;
const EMOJI: [&str; 4] = ["👍", "🎉", "❤️", "😂"];

/// Runs it, in the quiet rooms: their logs are read whole at the end, and must be what everybody saw.
pub(super) fn run(args: &RunArgs, stop: &Stop) -> Result<RunOutcome, Fault> {
    let mut stage = Stage::set(args)?;
    let rooms: Vec<RoomId> = stage.people.common.iter().skip(1).map(|r| r.id).collect();
    let mut talkers = Talkers::new(stage.clock);
    for who in 0..stage.crowd.len() {
        let person = stage.people.people.get(who % stage.persons);
        if let (Some(peer), Some(person)) = (stage.crowd.peer(who), person) {
            talkers.add(peer.device(), person.id);
        }
    }
    stage.crowd.make_whole();
    come(&mut stage, &mut talkers, &rooms, stop)?;
    let meter = talk(&mut stage, &mut talkers, &rooms, args, stop)?;
    let spent = meter.spent(&stage.crowd);
    let mut outcome = RunOutcome::of("chatter");
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    outcome.figure("connections", talkers.len() as f64, "", Better::Neither);
    let per_s = spent.deliveries / spent.seconds;
    outcome.figure("deliveries", per_s, "/s", Better::Neither);
    outcome.times("until the ack", talkers.acks.percentiles());
    outcome.times("until a page of messages", talkers.pages.percentiles());
    spent.tell(&mut outcome);
    rest(&mut stage, &mut talkers)?;
    if talkers.failures > 0 {
        let line = format!("{} commands failed for good", talkers.failures);
        stage.crowd.wrong.note(line);
    }
    judge(&mut stage, talkers, &rooms, args, &mut outcome, stop)?;
    finish(&mut outcome, &stage, meter, stop);
    Ok(outcome)
}

/// All connect, a few at a time.
fn come(
    stage: &mut Stage,
    talkers: &mut Talkers,
    rooms: &[RoomId],
    stop: &Stop,
) -> Result<(), Fault> {
    let bar = progress::bar("people", talkers.len() as u64);
    let until = stage.clock.ns() + COMING_NS;
    let mut started = 0;
    loop {
        let live = talkers.live();
        bar.set_position(live as u64);
        if live == talkers.len() {
            break;
        }
        if stop.asked() {
            return Err(Fault::Stopped);
        }
        if stage.clock.ns() > until {
            let what = format!("{live} of {} were welcomed within 120 s", talkers.len());
            return Err(Fault::Opening { what });
        }
        while started < talkers.len() && started < live + UNDER_WAY {
            let now = stage.clock.ns();
            talkers.act(started, Input::Start, now);
            if let Some(&room) = rooms.get(started % rooms.len().max(1)) {
                talkers.act(started, Input::OpenRoom(room), now);
            }
            started += 1;
        }
        talkers.carry_out(&mut stage.crowd);
        stage.crowd.turn(wait::until(Some(0), 0), talkers)?;
        talkers.carry_out(&mut stage.crowd);
    }
    bar.finish_and_clear();
    Ok(())
}

fn talk(
    stage: &mut Stage,
    talkers: &mut Talkers,
    rooms: &[RoomId],
    args: &RunArgs,
    stop: &Stop,
) -> Result<Meter, Fault> {
    let began = stage.clock.ns();
    let end = began + wait::ns_of(args.seconds);
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let usual = talkers.len() as f64 / THINKS_S;
    let mut schedule = Schedule::new(began, args.rate.unwrap_or(usual));
    talkers.restart();
    let mut meter = stage.meter();
    let bar = progress::time("chatter", end - began);
    while stage.clock.ns() < end && !stop.asked() {
        let now = stage.clock.ns();
        while let Some(due) = schedule.due(now) {
            act(talkers, rooms, due);
        }
        talkers.carry_out(&mut stage.crowd);
        // Sessions have timers too, so nobody sleeps long.
        let next = schedule.next_ns().min(now + 10_000_000);
        stage.crowd.turn(wait::until(Some(next), now), talkers)?;
        talkers.carry_out(&mut stage.crowd);
        meter.look(&stage.crowd);
        bar.set_position((now - began) / 1_000_000);
    }
    bar.finish_and_clear();
    Ok(meter)
}

/// Somebody does something.
fn act(talkers: &mut Talkers, rooms: &[RoomId], due: u64) {
    let who = talkers.pick(talkers.len());
    let at = talkers.pick(rooms.len());
    let Some(&room) = rooms.get(at) else { return };
    match talkers.pick(100) {
        0..55 => {
            talkers.act(who, Input::Typing(room), due);
            let text =
                format!("what {who} thinks of it, at {due}: that it is a fine day for a chat");
            talkers.act(
                who,
                Input::Act {
                    room,
                    act: Act::Send {
                        text,
                        reply_to: None,
                        thread: None,
                    },
                },
                due,
            );
        }
        55..70 => {
            let emoji = EMOJI.get(talkers.pick(EMOJI.len())).copied();
            if let (Some(of), Some(emoji)) = (talkers.some_message(who, room), emoji) {
                let emoji = emoji.to_owned();
                talkers.act(
                    who,
                    Input::Act {
                        room,
                        act: Act::React {
                            of,
                            emoji,
                            on: true,
                        },
                    },
                    due,
                );
            }
        }
        70..85 => talkers.act(who, Input::LoadOlder(room), due),
        85..95 => {
            if let Some(seq) = talkers.some_message(who, room) {
                talkers.act(who, Input::Read { room, seq }, due);
            }
        }
        _ => talkers.act(who, Input::OpenRoom(room), due),
    }
}

/// What is under way is answered.
fn rest(stage: &mut Stage, talkers: &mut Talkers) -> Result<(), Fault> {
    let began = stage.clock.ns();
    // What was said last must have time to reach everybody, also when every command is answered.
    let least = began + 1_000_000_000;
    while stage.clock.ns() < least
        || (talkers.unanswered() > 0 && stage.clock.ns() < began + REST_NS)
    {
        talkers.carry_out(&mut stage.crowd);
        stage
            .crowd
            .turn(wait::until(Some(10_000_000), 0), talkers)?;
    }
    // Nobody is woken any more: a session that is may ask for something, and nobody would wait for the answer.
    Ok(())
}

fn judge(
    stage: &mut Stage,
    talkers: Talkers,
    rooms: &[RoomId],
    args: &RunArgs,
    outcome: &mut RunOutcome,
    stop: &Stop,
) -> Result<(), Fault> {
    // The talkers stay as they are: what their sessions would say now is no part of the run.
    stage.crowd.ends_are_fine = true;
    let mut logs: Vec<(RoomId, Vec<Event>)> = Vec::new();
    for &room in rooms {
        logs.push((room, whole_log(stage, room, args, stop)?));
    }
    let report = talkers.checker.finish(&logs);
    let summary = report.to_string();
    let summary = summary.lines().next().unwrap_or_default();
    outcome.notes.push(format!("checked: {summary}"));
    for line in report.wrong {
        stage.crowd.wrong.note(line);
    }
    Ok(())
}
