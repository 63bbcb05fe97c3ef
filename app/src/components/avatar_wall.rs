//! The wall of avatars beside the auth pages, with one that is you.

use std::fmt::Write;

use view::{Part, View, tag};

/// The grid, 82 by 78, every other row set off by half. A word is an avatar, with its tone after a slash; a dot is a small one.
const ROWS: [&str; 14] = [
    "嗨 - - は ? Ω . no .",
    ". . - - Я . å é -",
    ". 是 h - 안 . . . -",
    "- ñ . u - b 话 네 .",
    "喧 . . - ya . …/d ö .",
    "你 好 . hi/d . &amp;/c の ¿ -",
    ". ж ok - 你/you . 哗/c ! -",
    ". 嗨 - は . ? . Ω .",
    ". no Я/b å é/a . - 是 .",
    "h . 안 ñ . . u - .",
    "b 话 네 . 喧 . - . .",
    "- . . ya . . … ö 你",
    "好 hi . - - &amp; の ¿ -",
    "ж . ok . 哗 - ! 嗨 は",
];

/// The drawing. It says nothing that the page does not say.
pub(crate) fn avatar_wall() -> View {
    tag::div("avatar-wall")
        .attr("aria-hidden", "true")
        .child(
            tag::svg("svg")
                .attr("viewBox", "0 0 560 900")
                .attr("preserveAspectRatio", "xMidYMid slice")
                .html(tiles()),
        )
        .view()
}

fn tiles() -> String {
    let mut out = String::new();
    let mut y = -33.0;
    for (row, cells) in ROWS.iter().enumerate() {
        let mut x = if row % 2 == 0 { -47.0 } else { -88.0 };
        for cell in cells.split(' ') {
            let (word, tone) = cell.split_once('/').unwrap_or((cell, ""));
            match word {
                "-" => {}
                "." => tile(&mut out, x + 14.0, y - 14.0, 32.0, ""),
                _ if tone == "you" => {
                    tile(&mut out, x - 8.0, y + 8.0, 76.0, tone);
                    label(&mut out, x + 30.0, y - 16.0, word, tone);
                }
                _ => {
                    tile(&mut out, x, y, 60.0, tone);
                    label(&mut out, x + 30.0, y - 19.0, word, tone);
                }
            }
            x += 82.0;
        }
        y += 78.0;
    }
    out
}

/// An avatar with its lower start corner at `x`, `y`: three round corners and the spoken one.
fn tile(out: &mut String, x: f64, y: f64, size: f64, tone: &str) {
    let round = size * 0.32;
    let straight = size - 2.0 * round;
    let class = if tone.is_empty() {
        "tile".to_owned()
    } else {
        format!("tile-{tone}")
    };
    let (up, foot) = (y - size + round + 3.0, size - round - 3.0);
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "<path class=\"{class}\" d=\"M{x} {y}V{up:.1}a{round:.1} {round:.1} 0 0 1 {round:.1} -{round:.1}h{straight:.1}a{round:.1} \
         {round:.1} 0 0 1 {round:.1} {round:.1}v{straight:.1}a{round:.1} {round:.1} 0 0 1 -{round:.1} {round:.1}h-{foot:.1}a3 3 0 0 1 \
         -3 -3Z\"/>"
    );
}

fn label(out: &mut String, x: f64, y: f64, word: &str, tone: &str) {
    let class = match tone {
        "" => String::new(),
        "you" => " tile-you-w".to_owned(),
        tone => format!(" tw-{tone}"),
    };
    let _ = write!(
        out,
        "<text class=\"tile-w{class}\" x=\"{x}\" y=\"{y}\">{word}</text>"
    );
}
