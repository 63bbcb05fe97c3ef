//! Everybody is gone at once, and comes back at once.

use server::clock::Clock;
use tokio::time::Instant;

use super::{converged, general};
use crate::support::{House, Person, Proxy, Recorder, scale};

/// People, and connections of each.
const PEOPLE: usize = 8;
const EACH: usize = 25;

#[tokio::test(flavor = "multi_thread")]
async fn all_come_back_each_with_exactly_the_log() {
    let flags = ["--sockets-per-user=0", "--sockets-per-address=0"];
    let house = House::on(None, Clock::system(), &flags).await;
    let proxy = Proxy::to(&house.url).await;
    let recorder = Recorder::default();
    let mut crowd = Vec::new();
    for n in 0..PEOPLE {
        let api = house.sign_up(&format!("person{n}")).await;
        for _ in 0..scale(EACH).min(100) {
            let person =
                Person::recorded(&proxy.url, &api.token, api.user, Some(recorder.clone())).await;
            crowd.push(person);
        }
    }
    let speaker = house.recorded("speaker", &recorder).await;
    for n in 0..20 {
        speaker.say(general(), &format!("before {n}")).await;
    }
    let all: Vec<&Person> = crowd.iter().chain([&speaker]).collect();
    // Everybody's coming is an entry too.
    let mut last = PEOPLE as u64 + 1 + 20;
    converged(&all, general(), Some(last)).await;
    for round in 0..3 {
        proxy.refuse(true);
        proxy.cut();
        for (n, person) in crowd.iter().take(15).enumerate() {
            speaker
                .say(general(), &format!("while they are gone {round} {n}"))
                .await;
            person
                .say(general(), &format!("written while away {round} {n}"))
                .await;
        }
        proxy.refuse(false);
        let began = Instant::now();
        last += 30;
        converged(&all, general(), Some(last)).await;
        println!(
            "{} came back, and have the log, after {:?}",
            crowd.len(),
            began.elapsed()
        );
    }
    drop((crowd, speaker));
    let report = house.judge(recorder, &[general()]).await;
    assert_eq!(report.commands, 20 + 3 * 30);
}
