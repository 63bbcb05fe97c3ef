//! Progress on a terminal; nothing where the output is a file.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar of `total` steps. Indicatif draws on standard error, and only on a terminal.
pub fn bar(what: &str, total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total);
    styled(&bar, "{msg} {wide_bar} {pos}/{len} {elapsed} (left {eta})");
    bar.set_message(what.to_owned());
    bar
}

/// A bar of so much time; its position is milliseconds.
pub fn time(what: &str, total_ns: u64) -> ProgressBar {
    let bar = ProgressBar::new(total_ns / 1_000_000);
    styled(&bar, "{msg} {wide_bar} {elapsed} (left {eta})");
    bar.set_message(what.to_owned());
    bar
}

fn styled(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
}
