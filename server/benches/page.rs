//! The cost of drawing a page: a room with its last fifty messages, as its first byte needs it.

use app::boot::Boot;
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::{Value, json};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A room in which six people write in turns, some with links and reactions.
fn boot() -> Boot {
    let person = |id: u64| {
        let name = format!("person{id}");
        json!({ "id": id, "name": name, "display_name": name, "state": "online", "role": "member" })
    };
    let people: Vec<Value> = (1..=6).map(person).collect();
    let room = json!({
        "id": 1, "kind": "public", "name": "general", "topic": "", "last_seq": 121, "read_seq": 100, "unread": 0, "mentions": 0,
        "created_by": 1,
    });
    let message = |n: u64| {
        let reactions = if n.is_multiple_of(10) {
            json!([{ "emoji": "👍", "count": 2, "mine": true }])
        } else {
            json!([])
        };
        json!({
            "seq": 71 + n, "id": format!("00000000-0000-4000-8000-{n:012}"), "by": 1 + n / 3 % 6, "at": 1_790_000_000_000 + n * 20_000,
            "text": format!("message {n} with some words in it, and https://example.org"), "reactions": reactions,
        })
    };
    let messages: Vec<Value> = (1..=50).map(message).collect();
    let boot = json!({
        "lang": "en", "theme": "system", "contrast": "system", "zone": { "first": 60, "changes": [] }, "hour12": false, "now_ms": 1_790_002_000_000_u64,
        "server": { "name": "Hubbub", "version": "0.1.0" },
        "assets": { "js": "/pkg/hubbub.js", "wasm": "/pkg/hubbub.wasm", "css": "/pkg/hubbub.css", "icons": "/icons.svg", "emoji": "/emoji.txt" },
        "me": people[0],
        "page": { "room": { "at": null, "hub": {
            "rooms": [room], "users": people,
            "open": { "room": room, "messages": messages, "more": true, "more_after": false, "members": people, "last_seq": 121, "total": 6 },
        } } },
    });
    serde_json::from_value(boot).unwrap_or_else(|why| panic!("the page is not as it was: {why}"))
}

fn page(c: &mut Criterion) {
    let boot = boot();
    c.bench_function("draw a room with fifty messages", |b| {
        b.iter(|| app::render(&boot, "nonce"));
    });
}

criterion_group!(benches, page);
criterion_main!(benches);
