//! The cost of a text, of the length that a message may have: `cargo bench -p text`.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use text::{Block, Inline, Pieces, calls, parse};

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

/// What drawing takes: the shape, and the pieces of all words that stand in no quote, list or table.
fn drawn(text: &str) -> usize {
    let mut pieces = Pieces::new(|_: &str| None::<()>);
    let mut count = 0;
    for block in parse(text) {
        if let Block::Words(content) = block {
            for node in content.inlines() {
                if let Inline::Words(at) = node {
                    count += pieces.of(content.text(), at).len();
                }
            }
        }
    }
    count
}

/// What a hostile text repeats.
const PIECES: [(&str, &str); 19] = [
    ("signs", "@"),
    ("signs and a letter", "@a "),
    (
        "thai calls",
        "@กกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกกก ",
    ),
    (
        "hangul calls",
        "@님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님님 ",
    ),
    ("marks", "\u{301}"),
    ("addresses", "http://a.b "),
    ("unseen", "\u{200b}"),
    ("brackets", "["),
    ("stars", "*"),
    ("emphasis that opens", "*a _b **c "),
    ("emphasis within words", "_a**b"),
    ("backticks", "`"),
    ("quotes", "> "),
    ("quotes of nothing", "> >\n"),
    ("lists", "- "),
    ("quotes and lists", "> - "),
    ("links", "[[a](http://b.c)"),
    ("half links", "[a](http://"),
    ("bars", "|a\n|-\n"),
];

/// Whether the work grows with the length alone.
fn growth(c: &mut Criterion) {
    for (name, piece) in PIECES {
        for chars in [64, 1_000, 4_000, 8_000] {
            let text: String = piece.chars().cycle().take(chars).collect();
            c.bench_function(&format!("growth/{name}/{chars}"), |b| {
                b.iter(|| drawn(black_box(&text)));
            });
        }
    }
}

fn engine(c: &mut Criterion) {
    for (name, text) in texts() {
        c.bench_function(&format!("calls/{name}"), |b| {
            b.iter(|| calls(black_box(&text)));
        });
        c.bench_function(&format!("drawn/{name}"), |b| {
            b.iter(|| drawn(black_box(&text)));
        });
    }
}

criterion_group!(benches, engine, growth);
criterion_main!(benches);
