//! The server goes and comes back: probes before sockets, steps, the quiet period.

use client::{Input, Link};

use crate::{
    check,
    house::{at_home, house},
    world::{Between, World},
};

/// The waits between some times.
fn waits(times: &[u64]) -> Vec<u64> {
    times.windows(2).map(|two| two[1] - two[0]).collect()
}

/// Time passes until the link is live; how long it took, in milliseconds.
fn back_in(world: &mut World, most_ms: u64) -> u64 {
    let from = world.now_ms;
    while !world.session.link().is_live() {
        assert!(
            world.now_ms < from + most_ms,
            "not back after {most_ms} ms: {:?}",
            world.session.link()
        );
        world.run(10);
    }
    world.now_ms - from
}

#[test]
fn while_the_server_is_away_only_probes_are_made() {
    let mut world = at_home(1);
    world.up = false;
    world.cut();
    let cut = world.now_ms;
    world.run(119_000);
    assert_eq!(world.connects.len(), 1, "{:?}", world.connects);
    assert!(world.probes[0] <= cut + 260, "{:?}", world.probes);
    let waits = waits(&world.probes);
    assert!(waits.len() > 55, "{}", waits.len());
    assert!(
        waits.iter().all(|wait| (1_500..=2_010).contains(wait)),
        "{waits:?}"
    );
    assert!(waits.iter().any(|wait| *wait != waits[0]), "no jitter");
    assert!(matches!(
        world.session.link(),
        Link::Waiting { attempt: 1, .. }
    ));
}

#[test]
fn back_within_three_seconds_of_the_server() {
    for (seed, away_ms) in [300, 4_000, 20_000, 77_000, 180_000, 400_000, 599_000]
        .into_iter()
        .cycle()
        .take(140)
        .enumerate()
    {
        let mut world = at_home(seed as u64);
        world.up = false;
        world.cut();
        world.run(away_ms);
        world.up = true;
        let took = back_in(&mut world, 3_000);
        assert!(took <= 2_500, "{took} ms after {away_ms}");
        // What failed in between was at most the look that is taken each two minutes.
        let sockets = world.connects.len() as u64;
        assert!(sockets <= 2 + away_ms / 120_000, "{:?}", world.connects);
        check::settle(&mut world, true);
        check::converged(&world, true);
    }
}

#[test]
fn a_page_that_never_connected_is_there_as_soon() {
    for seed in 0..50 {
        let mut world = house(seed);
        world.up = false;
        world.input(Input::Start);
        world.run(1_000 * seed);
        world.up = true;
        assert!(back_in(&mut world, 3_000) <= 2_500);
    }
}

#[test]
fn after_ten_minutes_probes_are_rare_until_there_is_hope() {
    let mut world = at_home(2);
    world.up = false;
    world.cut();
    world.run(900_000);
    let late: Vec<u64> = waits(&world.probes).split_off(world.probes.len() - 20);
    // A socket is tried now and then, and the next probe follows it.
    assert!(
        late.iter().all(|wait| (8_000..=24_100).contains(wait)),
        "{late:?}"
    );
    assert!(matches!(
        world.session.link(),
        Link::Quiet {
            looking: false,
            total_ms: 8_000..=12_000,
            ..
        }
    ));
    for input in [Input::TryNow, Input::Visible, Input::Online] {
        let before = world.probes.len();
        world.input(input);
        assert_eq!(world.probes.len(), before + 1, "at once");
        world.run(20_000);
        assert!(world.probes.len() >= before + 10, "and then often");
        world.run(700_000);
    }
    world.up = true;
    assert!(back_in(&mut world, 13_000) <= 12_500);
}

#[test]
fn a_wait_of_another_page_is_ones_own() {
    let mut world = at_home(3);
    world.up = false;
    world.cut();
    world.run(5_000);
    let before = world.probes.len();
    // Another page asks a little more often, and tells.
    for _ in 0..20 {
        world.input(Input::Probed { ready: false });
        world.run(1_400);
    }
    assert_eq!(world.probes.len(), before, "nobody asks twice");
    world.up = true;
    let told = world.now_ms;
    world.input(Input::Probed { ready: true });
    assert_eq!(world.connects.last(), Some(&told), "at once");
    back_in(&mut world, 500);
    assert_eq!(world.probes.len(), before);
}

#[test]
fn what_another_page_hears_cuts_no_other_wait_short() {
    // One that the server asked for.
    let mut world = at_home(4);
    world.close(1012, "going away; retry_after_ms=60000");
    world.run(1_000);
    world.input(Input::Probed { ready: true });
    assert_eq!(world.connects.len(), 1);
    // One that failed sockets are the reason of.
    let mut world = at_home(5);
    world.between = Between::RefusesSockets;
    world.cut();
    world.run(60_000);
    let before = world.connects.len();
    world.input(Input::Probed { ready: true });
    assert_eq!(world.connects.len(), before);
    // Live, ended, not begun: nothing to do with it.
    let mut world = at_home(6);
    for ready in [true, false] {
        world.input(Input::Probed { ready });
        assert_eq!(world.session.link(), Link::Online);
    }
    world.input(Input::Bye);
    world.input(Input::Probed { ready: true });
    let mut new = house(7);
    new.input(Input::Probed { ready: true });
    assert_eq!((world.connects.len(), new.connects.len()), (1, 0));
}

#[test]
fn a_server_that_is_ready_and_refuses_sockets_is_tried_in_steps() {
    let mut world = at_home(8);
    world.between = Between::RefusesSockets;
    world.cut();
    let cut = world.now_ms;
    let mut attempts = Vec::new();
    while world.now_ms < cut + 400_000 {
        world.run(10);
        if let Link::Waiting { attempt, .. } = world.session.link()
            && attempts.last() != Some(&attempt)
        {
            attempts.push(attempt);
        }
    }
    let tries: Vec<u64> = world.connects[1..].iter().map(|at| at - cut).collect();
    assert!(tries[0] <= 280, "{tries:?}");
    let waits = waits(&tries);
    let steps = [
        1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 10_000, 10_000,
    ];
    for (wait, step) in waits.iter().zip(steps) {
        assert!(
            (step * 8 / 10..=step * 12 / 10 + 50).contains(wait),
            "{wait} for {step}"
        );
    }
    assert!(waits.len() > 12);
    assert!(
        waits[9..]
            .iter()
            .all(|wait| (60_000..=60_050).contains(wait)),
        "{waits:?}"
    );
    assert_eq!(attempts, (2..=10).collect::<Vec<_>>());
    assert!(matches!(
        world.session.link(),
        Link::Quiet {
            looking: false,
            total_ms: 60_000,
            ..
        }
    ));
    // The person does not want to wait.
    world.between = Between::Nothing;
    world.input(Input::TryNow);
    assert!(back_in(&mut world, 100) <= 100);
    assert_eq!(world.session.link(), Link::Back);
}

#[test]
fn a_try_that_was_given_up_is_followed_by_another_soon() {
    // The browser holds sockets back, and lets them go much later: it never fails, it only takes too long.
    let mut world = at_home(9);
    world.up = false;
    world.cut();
    world.run(30_000);
    world.up = true;
    world.between = Between::HoldsSockets;
    for _ in 0..30 {
        while world.socket.is_none() {
            world.run(10);
        }
        let held = world.now_ms;
        world.run(14_000);
        assert!(world.socket.is_some());
        while world.socket.is_some() {
            world.run(10);
        }
        assert!(world.now_ms <= held + 15_100);
        // Not after a step of the backoff, and never after a minute.
        let given_up = world.now_ms;
        while world.socket.is_none() {
            world.run(10);
        }
        assert!(
            world.now_ms <= given_up + 1_300,
            "{}",
            world.now_ms - given_up
        );
    }
    world.between = Between::Nothing;
    assert!(back_in(&mut world, 17_000) <= 16_500);
}

#[test]
fn a_network_that_swallows_everything_and_heals() {
    for seed in 0..60 {
        let mut world = at_home(seed);
        world.between = Between::Swallows;
        world.cut();
        world.run(60_000 + 700 * seed);
        assert!(!world.session.link().is_live());
        // Where probes are swallowed a socket is tried now and then all the same.
        assert!(world.connects.len() >= 2, "{:?}", world.connects);
        world.between = Between::Nothing;
        // The try or probe that is out vanished; the next one gets through.
        back_in(&mut world, 16_500);
        // The person or the browser says when: at once, whatever was waited for.
        world.between = Between::Swallows;
        world.cut();
        world.run(60_000 + 700 * seed);
        // What is out for less than 2 s may be on its way, and has its time.
        while [&world.connects, &world.probes]
            .iter()
            .any(|out| out.last().is_some_and(|at| at + 2_000 > world.now_ms))
        {
            world.run(10);
        }
        world.between = Between::Nothing;
        world.input(if seed % 2 == 0 {
            Input::TryNow
        } else {
            Input::Online
        });
        assert!(back_in(&mut world, 500) <= 400);
    }
}

#[test]
fn a_try_now_that_comes_before_a_try_failed_is_not_forgotten() {
    // After many failed tries the next step is ten seconds; the network heals during a try, and "try now" comes before it failed.
    for seed in 0..40 {
        let mut world = at_home(seed);
        world.between = Between::RefusesSockets;
        world.cut();
        world.run(50_000);
        let tries = world.connects.len();
        while world.connects.len() == tries {
            world.run(1);
        }
        for input in [Input::TryNow, Input::Online, Input::Visible] {
            world.input(input);
        }
        // It fails all the same: what healed came too late for it.
        world.between = Between::Nothing;
        let took = back_in(&mut world, 5_000);
        assert!(took <= 500, "{took} ms");
    }
}

#[test]
fn a_proxy_that_answers_probes_for_a_server_it_does_not_ask() {
    // It says 503 for ever, though sockets would pass.
    let mut world = at_home(10);
    world.up = false;
    world.cut();
    world.run(110_000);
    assert_eq!(world.connects.len(), 1);
    while world.connects.len() == 1 {
        world.run(10);
        assert!(world.now_ms < 130_000);
    }
    assert!((119_000..=125_000).contains(&world.connects[1]));
}

#[test]
fn a_stop_that_was_announced_is_followed_by_a_probe() {
    let mut world = at_home(11);
    world.close(1012, "going away; retry_after_ms=2000");
    world.up = false;
    world.run(30_000);
    assert_eq!(world.connects.len(), 1, "no socket was wasted");
    world.up = true;
    assert!(back_in(&mut world, 3_000) <= 2_500);
}

#[test]
fn a_close_that_only_a_living_server_sends_needs_no_probe() {
    for code in [4001, 4002, 4003, 4004] {
        let mut world = at_home(12);
        world.close(code, "");
        world.run(2_000);
        assert_eq!((world.connects.len(), world.probes.len()), (2, 0), "{code}");
    }
}

#[test]
fn the_strip_does_not_flicker_while_probes_are_made() {
    let mut world = at_home(13);
    world.up = false;
    world.cut();
    world.run(1_000);
    let from = world.now_ms;
    while world.now_ms < from + 60_000 {
        world.run(1);
        let link = world.session.link();
        assert!(matches!(link, Link::Waiting { .. }), "{link:?}");
    }
    // A probe that nothing is heard of is shown as a try.
    world.between = Between::Swallows;
    world.run(3_500);
    assert!(matches!(
        world.session.link(),
        Link::Trying { shown: true, .. }
    ));
}
