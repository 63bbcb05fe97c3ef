//! 简体中文。我们自己的文字里，汉字与数字、拉丁字母之间空一格；人们写的内容一概不动。
//!
//! Simplified Chinese: 你, full-width marks, 省略号 "……", a space between Han and digits or Latin in our own strings.

#[cfg(not(feature = "hydrate"))]
mod account;
mod common;
mod connection;
mod conversation;
mod dialogs;
#[cfg(not(feature = "hydrate"))]
mod governing;
mod rooms;
mod threads;
mod time;
mod wrong;

use super::words::Words;

/// `before` and `after` with `name` between; a space stands where Han meets Latin or a digit.
fn around(before: &str, name: &str, after: &str) -> String {
    let mut out = before.to_owned();
    push(&mut out, name);
    push(&mut out, after);
    out
}

fn push(out: &mut String, more: &str) {
    let han = |c: char| matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}');
    if let (Some(left), Some(right)) = (out.chars().last(), more.chars().next())
        && ((han(left) && !han(right) && spaced(right))
            || (han(right) && !han(left) && spaced(left)))
    {
        out.push(' ');
    }
    out.push_str(more);
}

/// Whether a space belongs between it and Han: letters, digits and their signs, not marks.
fn spaced(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '#' | '@')
}

pub(super) static ZH: Words = Words {
    common: common::COMMON,
    #[cfg(not(feature = "hydrate"))]
    auth: account::AUTH,
    wrong: wrong::WRONG,
    #[cfg(not(feature = "hydrate"))]
    form: account::FORM,
    rooms: rooms::ROOMS,
    room: rooms::ROOM,
    missed: conversation::MISSED,
    message: conversation::MESSAGE,
    pins: conversation::PINS,
    personal: conversation::PERSONAL,
    threads: threads::THREADS,
    composer: conversation::COMPOSER,
    unsent: conversation::UNSENT,
    link: connection::LINK,
    keys: dialogs::KEYS,
    dialog: dialogs::DIALOG,
    #[cfg(not(feature = "hydrate"))]
    settings: account::SETTINGS,
    #[cfg(not(feature = "hydrate"))]
    governing: governing::GOVERNING,
    time: time::TIME,
};
