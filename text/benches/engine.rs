//! What a text costs, of the length that a message may have: `cargo bench -p text`.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use text::{calls, pieces};

fn texts() -> [(&'static str, String); 8] {
    [
        ("words", "The desk is free at five. ".repeat(307)),
        ("han", "桌子五点钟就空出来了。".repeat(720)),
        ("thai calls", format!("@{} ", "ก".repeat(50)).repeat(150)),
        ("hangul calls", format!("@{} ", "님".repeat(49)).repeat(160)),
        ("emoji", "👨‍👩‍👧✌🏽".repeat(1_100)),
        ("marks", "a\u{301}\u{335}\u{321}\u{30d}".repeat(1_600)),
        ("addresses", "https://a.example/路?x=1 ".repeat(330)),
        (
            "brackets",
            format!("https://a.example/{}", "([{".repeat(2_600)),
        ),
    ]
}

fn engine(c: &mut Criterion) {
    for (name, text) in texts() {
        c.bench_function(&format!("calls/{name}"), |b| {
            b.iter(|| calls(black_box(&text)));
        });
        c.bench_function(&format!("pieces/{name}"), |b| {
            b.iter(|| pieces(black_box(&text), |_| None::<()>));
        });
    }
}

criterion_group!(benches, engine);
criterion_main!(benches);
