//! What threads cost: replies beside messages, and what a welcome tells of somebody's rooms and threads.

use std::{sync::Arc, time::Duration};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use protocol::{Act, Command, InThread, RoomId, RoomKind, UserId, rights::Who};
use server::store::{
    Personal as _, Reply, Rooms as _, SignUp, Store as _, Write,
    sqlite::{SqliteConfig, SqliteStore},
};
use tempfile::TempDir;
use testing::id;
use tokio::runtime::Runtime;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PEOPLE: u64 = 6;
/// Messages in one commit.
const BATCH: u64 = 64;

fn who(number: u64) -> Who {
    let role = if number == 1 {
        protocol::Role::Owner
    } else {
        protocol::Role::Member
    };
    let id = UserId::new(number).unwrap();
    Who { id, role }
}

fn send(by: u64, room: u64, thread: Option<u64>) -> Write {
    let act = Act::Send {
        text: "a message with some words in it".to_owned(),
        reply_to: None,
        thread: thread.map(|root| InThread { root, also: false }),
    };
    let room = RoomId::new(room).unwrap();
    let command = Command {
        id: id(),
        room,
        act,
    };
    Write::command(who(by), command, 1_000)
}

/// A store with six people in its rooms.
struct Bench {
    runtime: Runtime,
    store: SqliteStore,
    _folder: TempDir,
}

impl Bench {
    fn new(rooms: u64) -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let config = SqliteConfig::default();
        let path = folder.path().join("hubbub.db");
        let open = SqliteStore::open(&path, &config);
        let store = runtime.block_on(open).unwrap();
        let bench = Self {
            runtime,
            store,
            _folder: folder,
        };
        let account = |n: u64| {
            Write::CreateAccount(SignUp {
                name: format!("person{n}"),
                display_name: format!("person{n}"),
                password: "-".to_owned(),
                invite: None,
                open: true,
                now: 1,
            })
        };
        bench.commit((1..=PEOPLE).map(account).collect());
        for n in 2..=rooms {
            let make = Write::CreateRoom {
                who: who(1),
                kind: RoomKind::Public,
                name: format!("room {n}"),
                topic: String::new(),
                now: 2,
            };
            let room = RoomId::new(n).unwrap();
            let join = |user: u64| Write::Join {
                who: who(user),
                room,
                user: who(user).id,
                now: 3,
            };
            bench.commit([make].into_iter().chain((2..=PEOPLE).map(join)).collect());
        }
        bench
    }

    fn commit(&self, writes: Vec<Write>) -> Vec<Reply> {
        let commit = self.store.commit(Arc::from(writes));
        let outcomes = self.runtime.block_on(commit).unwrap();
        let replies = outcomes.into_iter();
        replies.map(|outcome| outcome.unwrap().reply).collect()
    }

    /// Says something in a room; its place.
    fn say(&self, by: u64, room: u64, thread: Option<u64>) -> u64 {
        match self.commit(vec![send(by, room, thread)]).pop() {
            Some(Reply::Ack { ack, .. }) => ack.seq,
            other => panic!("{other:?}"),
        }
    }
}

/// A commit of 64 messages in a room, and of 64 replies in eight threads of it that all six follow; and one of each alone.
fn replies(c: &mut Criterion) {
    let bench = Bench::new(1);
    let roots: Vec<u64> = (0..8).map(|_| bench.say(1, 1, None)).collect();
    for &root in &roots {
        for by in 1..=PEOPLE {
            bench.say(by, 1, Some(root));
        }
    }
    let mut group = c.benchmark_group("commit");
    group.measurement_time(Duration::from_secs(8));
    for (name, in_threads) in [("messages", false), ("replies", true)] {
        for count in [1, BATCH] {
            let batch = || {
                let thread =
                    |n: u64| in_threads.then(|| roots[usize::try_from(n).unwrap() % roots.len()]);
                let write = |n| send(1 + n % PEOPLE, 1, thread(n));
                (0..count).map(write).collect::<Vec<_>>()
            };
            group.throughput(Throughput::Elements(count));
            group.bench_function(format!("{count} {name}"), |b| {
                b.iter_batched(batch, |writes| bench.commit(writes), BatchSize::SmallInput);
            });
        }
    }
    group.finish();
}

/// Somebody in 200 rooms who follows 500 threads, 100 of them unread.
fn unread(c: &mut Criterion) {
    let bench = Bench::new(200);
    for n in 0..500 {
        let room = 1 + n % 200;
        let root = bench.say(1, room, None);
        let last = bench.say(2, room, Some(root));
        if n >= 100 {
            let read = Write::Read {
                who: who(1),
                room: RoomId::new(room).unwrap(),
                thread: Some(root),
                to: server::store::ReadTo {
                    seq: last,
                    generation: None,
                },
                from: None,
            };
            bench.commit(vec![read]);
        }
    }
    let ada = who(1).id;
    c.bench_function("unread of 200 rooms and 500 threads", |b| {
        b.iter(|| {
            bench.runtime.block_on(async {
                let rooms = bench.store.rooms_of(ada).await.unwrap();
                let threads = bench.store.threads(ada, true, None, 100).await.unwrap();
                assert_eq!((rooms.len(), threads.len()), (200, 100));
            });
        });
    });
}

criterion_group!(benches, replies, unread);
criterion_main!(benches);
