//! Whatever happens, in whatever order: the session ends with exactly the log.

use client::Input;
use proptest::prelude::*;

use crate::{
    acts::{PLENTY, Step, act, config, perform},
    check,
    model::{room_id, user_id},
    world::{Faults, World},
};

fn world(seed: u64, faults: Faults, replay: u64, keep_open: usize) -> World {
    let mut world = World::with(seed, config(keep_open));
    world.replay = replay;
    for room in [1, 2] {
        for user in 1..=4 {
            world.member(room_id(room), user_id(user), true);
        }
    }
    for i in 0..30 {
        world.says(user_id(2 + i % 3), room_id(1), "before");
    }
    world.faults = faults;
    world
}

fn live(seed: u64, acts: &[Step], faults: Faults, replay: u64, keep_open: usize) -> World {
    let mut world = world(seed, faults, replay, keep_open);
    world.input(Input::Start);
    for act in acts {
        perform(&mut world, act);
    }
    world
}

fn faults() -> impl Strategy<Value = Faults> {
    let some = |most: u64| prop_oneof![Just(0), 1..most];
    let slow = prop_oneof![Just(0_u64), 1..800_u64];
    let commit = prop_oneof![Just(0_u64), 1..2_000_u64];
    let all = (some(100), some(100), some(150), some(300), slow, commit);
    all.prop_map(
        |(lose_push, double_push, refuse, lose_replay, slow_ms, commit_ms)| Faults {
            lose_push,
            double_push,
            refuse,
            lose_replay,
            slow_ms,
            commit_ms,
            page_ms: 0,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_ends_with_exactly_the_log(
        seed in any::<u64>(),
        acts in prop::collection::vec(act(), 1..80),
        faults in faults(),
        replay in prop_oneof![Just(1_000_u64), 5..40_u64],
    ) {
        let mut world = live(seed, &acts, faults, replay, PLENTY);
        check::settle(&mut world, true);
        check::no_silent_hole(&world);
        check::converged(&world, true);
        check::polite(&world);
    }

    #[test]
    fn with_little_place_it_holds_nothing_but_the_log(
        seed in any::<u64>(),
        acts in prop::collection::vec(act(), 1..80),
        faults in faults(),
        keep_open in prop_oneof![10_usize..50, 210_usize..260],
    ) {
        let mut world = live(seed, &acts, faults, 20, keep_open);
        check::settle(&mut world, false);
        check::no_silent_hole(&world);
        check::converged(&world, false);
        check::polite(&world);
    }

    #[test]
    fn the_same_seed_lives_the_same_life(
        seed in any::<u64>(),
        acts in prop::collection::vec(act(), 1..30),
        faults in faults(),
    ) {
        let trace = || live(seed, &acts, faults, 20, PLENTY).trace;
        prop_assert_eq!(trace(), trace());
    }
}

/// The page of a thread that is not looked at any more came after an outage, and what followed it was not held.
#[test]
fn a_page_of_a_thread_that_was_left_is_not_all_there_is() {
    let acts = [
        Step::Open,
        Step::OtherReplies(2),
        Step::IReply(false),
        Step::OtherReplies(0),
        Step::OtherSays(1),
        Step::IReact(false),
        Step::OtherSays(2),
        Step::Open,
        Step::OpenThread,
        Step::Older,
        Step::IReact(false),
        Step::Gap(false),
        Step::IReact(false),
        Step::Wait(7),
        Step::Online,
        Step::Cut,
        Step::Wait(1032),
        Step::IReact(false),
        Step::Down(8102),
        Step::IReply(false),
        Step::Note,
        Step::ReadThread,
        Step::Note,
        Step::OtherSays(0),
        Step::ReadThread,
        Step::OtherSays(0),
        Step::ReadThread,
        Step::ReadThread,
        Step::ReadThread,
        Step::Older,
        Step::ReadThread,
        Step::OtherSays(0),
        Step::ReadThread,
        Step::Older,
        Step::ReadThread,
        Step::Older,
        Step::Older,
        Step::OtherSays(0),
    ];
    let mut world = live(
        1_492_617_749_664_132_532,
        &acts,
        Faults::default(),
        1_000,
        PLENTY,
    );
    check::settle(&mut world, true);
    check::no_silent_hole(&world);
    check::converged(&world, true);
}
