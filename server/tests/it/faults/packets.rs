//! Packets that the kernel loses between real sockets: TCP's own patience is part of what is tested. It needs a network of its
//! own, whose rules are nobody else's: `make soak` makes one where the machine allows it.

use std::{
    io::Write as _,
    process::{Command, Stdio},
    time::Duration,
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use testing::{PASSWORD, Recorder, ServerProcess, TestApi, TestClient, scale};
use tokio::time::{Instant, sleep};

use super::{HEALS, converged, general};
use crate::support::HUBBUB;

const PEOPLE: usize = 4;

/// How a way is: the part of its packets that is lost, in percent.
#[derive(Clone, Copy, Debug, Default)]
struct Way {
    up: u32,
    down: u32,
    /// Whoever opens a connection is turned away.
    refuses: bool,
}

/// The kernel's rules for the way of each person, who reaches the server at an address of their own.
struct Network {
    port: String,
    ways: [Way; PEOPLE],
}

impl Network {
    fn new(port: &str) -> Self {
        let network = Self {
            port: port.to_owned(),
            ways: [Way::default(); PEOPLE],
        };
        nft("add table ip bad\nadd chain ip bad lost { type filter hook input priority 0; }");
        network
    }

    fn address(person: usize) -> String {
        format!("127.0.0.{}", 10 + person)
    }

    /// All at once, as they are now.
    fn apply(&self) {
        let port = &self.port;
        let mut rules = vec!["flush chain ip bad lost".to_owned()];
        for (person, way) in self.ways.iter().enumerate() {
            let address = Self::address(person);
            let up = format!("add rule ip bad lost ip daddr {address} tcp dport {port}");
            let down = format!("add rule ip bad lost ip saddr {address} tcp sport {port}");
            if way.refuses {
                rules.push(format!(
                    "{up} tcp flags & (syn|ack) == syn reject with tcp reset"
                ));
            }
            for (rule, part) in [(up, way.up), (down, way.down)] {
                match part {
                    0 => {}
                    100.. => rules.push(format!("{rule} drop")),
                    _ => rules.push(format!("{rule} numgen random mod 100 < {part} drop")),
                }
            }
        }
        nft(&rules.join("\n"));
    }

    fn heal(&mut self) {
        self.ways = [Way::default(); PEOPLE];
        self.apply();
    }
}

/// Has the kernel take rules, all or none.
fn nft(rules: &str) {
    let mut nft = Command::new("nft")
        .args(["-f", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("nft is there");
    writeln!(nft.stdin.take().unwrap(), "{rules}").unwrap();
    assert!(nft.wait().unwrap().success(), "{rules}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a network namespace of its own, which `make soak` makes"]
async fn lost_packets_and_partitions_end_in_the_log() {
    let routes = std::fs::read_to_string("/proc/net/route").unwrap();
    assert_eq!(
        routes.lines().count(),
        1,
        "a network namespace without a way out"
    );
    let folder = tempfile::tempdir().unwrap();
    let server =
        ServerProcess::with_flags(HUBBUB, folder.path(), "0.0.0.0:0", &["--heartbeat-s=1"]).await;
    let (_, port) = server.url.rsplit_once(':').unwrap();
    let mut network = Network::new(port);
    let recorder = Recorder::default();
    let seed = 0x5EA;
    let mut rng = StdRng::seed_from_u64(seed);
    let mut clients = Vec::new();
    for n in 0..PEOPLE {
        let url = format!("http://{}:{port}", Network::address(n));
        let api = TestApi::sign_up(&url, &format!("person{n}"), PASSWORD).await;
        let recorder = Some(recorder.clone());
        clients.push(TestClient::recorded(&url, &api.token, api.user, recorder).await);
    }
    let (mut said, mut slowest) = (0, Duration::ZERO);
    for _ in 0..scale(1) {
        trouble(&mut rng, &mut network, &clients, &mut said).await;
        network.heal();
        for client in &clients {
            client.act(client::Input::Offline).await;
            client.act(client::Input::Online).await;
        }
        let healed = Instant::now();
        let all: Vec<&TestClient> = clients.iter().collect();
        converged(&all, general(), None).await;
        slowest = slowest.max(healed.elapsed());
    }
    println!("seed {seed:#x}: converged {slowest:?} at most after it healed");
    assert!(slowest <= HEALS);
    drop(clients);
    server.kill().await;
    let report = recorder.judge(folder.path(), &[general()]).await;
    assert_eq!(report.commands, said);
    println!("{report}");
}

/// Twelve rounds in which packets are lost, a few or all of a way, while everybody writes; `said` counts their messages.
async fn trouble(rng: &mut StdRng, network: &mut Network, clients: &[TestClient], said: &mut u64) {
    let part = |rng: &mut StdRng| [0, 5, 20, 50, 100][rng.random_range(0..5)];
    for _ in 0..12 {
        for way in &mut network.ways {
            *way = Way {
                up: part(rng),
                down: part(rng),
                refuses: rng.random_bool(0.1),
            };
        }
        network.apply();
        for client in clients {
            for _ in 0..rng.random_range(1..4) {
                *said += 1;
                client.say(general(), &format!("number {said}")).await;
            }
        }
        // For a moment it stays like that, then the next trouble comes, or it heals.
        sleep(Duration::from_millis(rng.random_range(50..800))).await;
    }
}
