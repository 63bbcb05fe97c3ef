//! Connecting, losing the connection and coming back.

use client::{Change, Effect, EndReason, Input, Link};
use protocol::{Act, ClientFrame, Hello, PresenceState};

use crate::{
    check,
    house::{at_home, house},
    model::{room_id, user_id},
    world::World,
};

fn hellos(world: &World) -> Vec<&Hello> {
    let hello = |(_, frame): &'_ (u64, ClientFrame)| matches!(frame, ClientFrame::Hello(_));
    let hellos = world.transmitted.iter().filter(|frame| hello(frame));
    hellos
        .filter_map(|(_, frame)| match frame {
            ClientFrame::Hello(hello) => Some(hello),
            _ => None,
        })
        .collect()
}

/// The links that were seen from now on for `ms`, each with when it began.
fn links(world: &mut World, ms: u64) -> Vec<(u64, Link)> {
    let mut seen = vec![(0, world.session.link())];
    let start = world.now_ms;
    while world.now_ms < start + ms {
        world.run(10);
        let link = world.session.link();
        if seen.last().is_none_or(|&(_, last)| last != link) {
            seen.push((world.now_ms - start, link));
        }
    }
    seen
}

#[test]
fn hello_says_who_and_how_far() {
    let mut world = at_home(1);
    assert_eq!(hellos(&world)[0].resume, None);
    assert_eq!(hellos(&world)[0].device, "device-of-a-test-1");
    world.input(Input::Token("fresh".into()));
    let last = world.says(user_id(2), room_id(1), "news");
    world.run(100);
    world.cut();
    world.run(1_000);
    let again = hellos(&world)[1];
    let resume = again.resume.as_ref().unwrap();
    assert_eq!(again.token.as_deref(), Some("fresh"));
    assert!(resume.session.is_some());
    assert_eq!(resume.cursors[&room_id(1)], last);
    assert_eq!(resume.cursors[&room_id(2)], 4);
}

#[test]
fn heartbeats_come_on_time() {
    let mut world = at_home(2);
    world.run(600_000);
    let pings = world
        .transmitted
        .iter()
        .filter(|(_, frame)| matches!(frame, ClientFrame::Ping(_)));
    let pings: Vec<u64> = pings.map(|(at, _)| *at).collect();
    let waits: Vec<u64> = pings.windows(2).map(|two| two[1] - two[0]).collect();
    assert!(waits.len() >= 17, "{waits:?}");
    assert!(
        waits.iter().all(|wait| (27_000..=33_000).contains(wait)),
        "{waits:?}"
    );
    assert!(waits.iter().any(|wait| *wait != waits[0]), "no jitter");
    assert_eq!(world.connects.len(), 1);
}

#[test]
fn a_dead_connection_is_given_up_ten_seconds_after_a_ping() {
    let mut world = at_home(3);
    world.run(40_000);
    world.deaden();
    let dead = world.now_ms;
    world.run(60_000);
    let ping = world
        .transmitted
        .iter()
        .filter(|(at, frame)| *at >= dead && matches!(frame, ClientFrame::Ping(_)));
    let ping = ping.map(|(at, _)| *at).next().unwrap();
    assert!((ping + 10_000..=ping + 10_250).contains(&world.connects[1]));
    assert_eq!(world.session.link(), Link::Online);
}

#[test]
fn a_page_that_comes_to_the_front_looks_whether_its_connection_lives() {
    let mut world = at_home(4);
    world.run(10_000);
    world.deaden();
    let seen = world.now_ms;
    world.input(Input::Visible);
    world.run(10_600);
    assert!(world.connects[1] <= seen + 10_250, "{:?}", world.connects);
    // A lively one is left alone.
    world.says(user_id(2), room_id(1), "hello");
    world.run(100);
    let pings = |world: &World| {
        world
            .transmitted
            .iter()
            .filter(|(_, frame)| matches!(frame, ClientFrame::Ping(_)))
            .count()
    };
    let before = pings(&world);
    world.input(Input::Visible);
    assert_eq!(pings(&world), before);
}

#[test]
fn a_try_is_given_up_after_fifteen_seconds() {
    let mut world = house(5);
    world.input(Input::Start);
    world.deaden();
    let seen = links(&mut world, 20_000);
    assert_eq!(seen[0].1, Link::Connecting { shown: false });
    assert_eq!(seen[1].1, Link::Connecting { shown: true });
    assert!((1_000..=1_010).contains(&seen[1].0));
    assert!(
        matches!(seen[2], (15_000..=15_010, Link::Waiting { attempt: 1, .. })),
        "{seen:?}"
    );
    assert_eq!(world.session.link(), Link::Online);
}

#[test]
fn the_strip_is_not_shown_for_a_blip() {
    let mut world = at_home(7);
    world.cut();
    let seen = links(&mut world, 5_000);
    assert!(seen.iter().all(|(_, link)| !link.is_shown()), "{seen:?}");
    assert_eq!(seen.last().unwrap().1, Link::Online);
}

#[test]
fn back_is_said_for_three_seconds_after_catching_up() {
    let mut world = at_home(8);
    world.up = false;
    world.cut();
    world.run(5_000);
    for i in 0..200 {
        world.says(user_id(2), room_id(1), &format!("missed {i}"));
    }
    world.up = true;
    world.faults.slow_ms = 400;
    let seen = links(&mut world, 30_000);
    let catching: Vec<(u64, u64)> = seen
        .iter()
        .filter_map(|(_, link)| match link {
            Link::CatchingUp { done, total } => Some((*done, *total)),
            _ => None,
        })
        .collect();
    assert!(catching.len() >= 2, "{seen:?}");
    assert!(
        catching
            .iter()
            .all(|(done, total)| *total == 200 && done < total)
    );
    assert!(catching.windows(2).all(|two| two[0].0 < two[1].0));
    let back = seen
        .iter()
        .position(|(_, link)| *link == Link::Back)
        .unwrap();
    let online = &seen[back + 1];
    assert_eq!(online.1, Link::Online);
    assert!((2_990..=3_010).contains(&(online.0 - seen[back].0)));
    check::no_silent_hole(&world);
}

#[test]
fn the_server_says_when_to_come_back() {
    let mut world = at_home(9);
    world.close(1012, "going away; retry_after_ms=6000");
    let cut = world.now_ms;
    world.run(50);
    let Link::Restarting { total_ms, .. } = world.session.link() else {
        panic!("{:?}", world.session.link())
    };
    assert!((3_000..=9_000).contains(&total_ms));
    // A page that comes to the front does not jump the queue; the person may.
    world.input(Input::Visible);
    world.run(2_000);
    assert_eq!(world.connects.len(), 1);
    world.run(8_000);
    assert!((3_000..=9_100).contains(&(world.connects[1] - cut)));
    assert!(world.session.link().is_live());
    world.run(3_000);
    world.close(4504, "too many");
    world.run(59_000);
    assert_eq!(world.connects.len(), 2);
    world.run(2_000);
    assert_eq!(world.connects.len(), 3);
}

#[test]
fn some_ends_are_final() {
    let ends = [
        (1000, EndReason::Bye),
        (1002, EndReason::Outdated),
        (1009, EndReason::Outdated),
        (4500, EndReason::SignedOut),
        (4501, EndReason::Unauthorized),
        (4502, EndReason::Outdated),
        (4503, EndReason::Banned),
        (4777, EndReason::Other(4777)),
    ];
    for (code, reason) in ends {
        let mut world = at_home(10);
        world.input(Input::Act {
            room: room_id(1),
            act: Act::Send {
                text: "kept".into(),
                reply_to: None,
                thread: None,
            },
        });
        world.close(code, "");
        world.run(3_600_000);
        world.input(Input::Online);
        world.input(Input::Visible);
        world.input(Input::TryNow);
        world.run(60_000);
        assert_eq!(world.session.link(), Link::Ended(reason));
        assert_eq!(world.connects.len(), 1, "{code}");
        let asked = world
            .told
            .iter()
            .filter(|effect| matches!(effect, Effect::SignInNeeded(_)))
            .count();
        assert_eq!(asked, usize::from(reason.needs_sign_in()));
        let waits = world.session.outbox().count() + world.forgotten.len();
        assert_eq!(waits, 1, "the message is kept, or was stored");
    }
}

#[test]
fn signing_in_again_goes_on_where_it_ended() {
    let mut world = at_home(11);
    world.close(4500, "revoked");
    world.run(100);
    world.says(user_id(3), room_id(1), "meanwhile");
    world.input(Input::Start);
    world.run(5_000);
    check::settle(&mut world, true);
    check::converged(&world, true);
}

#[test]
fn bye_is_said_and_nothing_follows() {
    let mut world = at_home(12);
    let before = world.transmitted.len();
    world.input(Input::Bye);
    assert!(matches!(
        world.transmitted[before..],
        [(_, ClientFrame::Bye(_))]
    ));
    world.run(3_600_000);
    assert_eq!(
        (world.session.link(), world.transmitted.len()),
        (Link::Ended(EndReason::Bye), before + 1)
    );
}

#[test]
fn offline_waits_for_the_network() {
    let mut world = at_home(13);
    world.input(Input::Offline);
    assert_eq!(world.session.link(), Link::Offline);
    assert_eq!(world.session.presence(user_id(2)), None);
    world.run(50_000);
    assert_eq!(
        (world.connects.len(), world.session.link()),
        (1, Link::Offline)
    );
    let back = world.now_ms;
    world.input(Input::Online);
    assert_eq!(world.connects[1], back);
    world.run(1_000);
    assert_eq!(world.session.link(), Link::Back);
    assert_eq!(
        world.session.presence(user_id(2)),
        Some(PresenceState::Offline)
    );
}

#[test]
fn browsers_err_about_the_network() {
    let mut world = at_home(14);
    world.input(Input::Offline);
    world.run(62_000);
    assert_eq!(world.connects.len(), 2);
    assert!(world.session.link().is_live());
}

#[test]
fn a_night_asleep() {
    let mut world = at_home(15);
    world.deaden();
    // No timer fires while the machine sleeps; then the late one comes first.
    world.now_ms += 9 * 3_600_000;
    for i in 0..50 {
        world.says(user_id(2), room_id(1), &format!("night {i}"));
    }
    world.run(12_000);
    assert!(world.session.link().is_live(), "{:?}", world.session.link());
    check::settle(&mut world, true);
    check::converged(&world, true);
}

#[test]
fn a_server_that_closes_at_once_is_not_hammered() {
    let mut world = house(16);
    world.input(Input::Start);
    for _ in 0..6_000 {
        world.run(10);
        if world.session.link().is_live() {
            world.close(4002, "");
        }
    }
    assert!(
        world.connects.len() < 20,
        "{} connections in a minute",
        world.connects.len()
    );
}

#[test]
fn everything_late_is_told_once() {
    let mut world = at_home(17);
    world.told.clear();
    world.says(user_id(2), room_id(2), "hello @user1");
    world.run(100);
    let rooms = world
        .told
        .iter()
        .filter(|effect| **effect == Effect::Changed(Change::Rooms))
        .count();
    let arrived = world
        .told
        .iter()
        .filter(|effect| matches!(effect, Effect::Arrived { to_me: true, .. }))
        .count();
    assert_eq!((rooms, arrived), (1, 1));
}
