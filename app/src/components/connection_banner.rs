//! The connection banner: what happened, what is safe, what to do, in one breath.

use client::{EndReason, Link};
use leptos::{ev, prelude::*};
use protocol::limits::RECONNECT_TRIES;

use crate::{
    i18n::Words,
    live::{LinkState, Live},
    route,
    ui::icon_as,
};
use view::{Derived, Part, View, derived, dynamic, tag};

/// What the banner says of a state, without its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct BannerText {
    icon: &'static str,
    spins: bool,
    head: &'static str,
    tail: &'static str,
    act: Option<BannerAct>,
    ended: bool,
}

/// The one button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BannerAct {
    TryNow,
    SignIn,
    Reload,
}

fn says(words: &'static Words, link: Link) -> Option<BannerText> {
    let link_words = &words.link;
    let plain = |icon, spins, (head, tail): (&'static str, &'static str)| BannerText {
        icon,
        spins,
        head,
        tail,
        act: None,
        ended: false,
    };
    let ended = |icon, head, tail, act| BannerText {
        icon,
        spins: false,
        head,
        tail,
        act,
        ended: true,
    };
    if !link.is_shown() {
        return None;
    }
    Some(match link {
        Link::Idle | Link::Online => return None,
        Link::Connecting { .. } => plain("again", true, link_words.connecting),
        Link::Waiting { .. } => {
            let (head, _, tail) = link_words.waiting;
            BannerText {
                act: Some(BannerAct::TryNow),
                ..plain("no-net", false, (head, tail))
            }
        }
        Link::Trying { .. } => plain("again", true, (link_words.trying.0, "")),
        Link::Quiet { looking, .. } => {
            let (head, _, tail) = link_words.quiet;
            let act = (!looking).then_some(BannerAct::TryNow);
            BannerText {
                act,
                ..plain(
                    if looking { "again" } else { "clock" },
                    looking,
                    (head, tail),
                )
            }
        }
        Link::Restarting { .. } => plain("clock", false, (link_words.restarting.0, "")),
        Link::Offline => plain("no-net", false, link_words.offline),
        Link::CatchingUp { .. } => plain("again", true, (link_words.catching_up.0, "")),
        Link::Back => plain("check", false, link_words.back),
        Link::Ended(EndReason::SignedOut | EndReason::Unauthorized | EndReason::Bye) => ended(
            "leave",
            link_words.signed_out.0,
            "",
            Some(BannerAct::SignIn),
        ),
        Link::Ended(EndReason::Banned) => ended("stop", link_words.banned, "", None),
        Link::Ended(EndReason::Outdated | EndReason::Other(_)) => ended(
            "alert",
            link_words.outdated.0,
            link_words.outdated.1,
            Some(BannerAct::Reload),
        ),
    })
}

/// The numbers of a state: how long, how many. Only the countdown changes by itself, so it is a timer of its own.
fn numbers(words: &Words, state: LinkState) -> Option<(String, bool)> {
    let link = &words.link;
    let seconds = |until_ms: u64| until_ms.saturating_sub(state.now_ms).div_ceil(1_000);
    Some(match state.link {
        Link::Waiting { until_ms, .. } => ((link.waiting.1)(seconds(until_ms)), true),
        Link::Quiet {
            until_ms,
            looking: false,
            ..
        } => ((link.quiet.1)(seconds(until_ms)), true),
        Link::Restarting { until_ms, .. } => ((link.restarting.1)(seconds(until_ms)), true),
        Link::Trying { attempt, .. } => (
            (link.trying.1)(attempt.into(), RECONNECT_TRIES.into()),
            false,
        ),
        Link::CatchingUp { done, total } => ((link.catching_up.1)(done, total), false),
        Link::Ended(EndReason::SignedOut | EndReason::Unauthorized | EndReason::Bye) => {
            ((link.signed_out.1)(state.unsent), false)
        }
        _ => return None,
    })
}

/// How much of the line at the foot is left, in hundredths.
fn line(state: LinkState) -> Option<u64> {
    let share = |part: u64, whole: u64| (part.saturating_mul(100) / whole.max(1)).min(100);
    match state.link {
        Link::Waiting {
            until_ms, total_ms, ..
        }
        | Link::Quiet {
            until_ms,
            total_ms,
            looking: false,
        }
        | Link::Restarting { until_ms, total_ms } => {
            Some(share(until_ms.saturating_sub(state.now_ms), total_ms))
        }
        Link::CatchingUp { done, total } => Some(share(done, total)),
        _ => None,
    }
}

/// The banner. Its button keeps the focus when the state changes.
pub(crate) fn connection_banner() -> View {
    let live = Live::here();
    let words = live.ui().words;
    let state = live.link();
    let what = derived(move || says(words, state.get().link));
    let shown = derived(move || what.get().map(|what| what.ended));
    dynamic(move || shown.get().map(|ended| body(live, what, ended)))
}

fn body(live: Live, what: Derived<Option<BannerText>>, ended: bool) -> View {
    let words = live.ui().words;
    let state = live.link();
    let numbers = derived(move || numbers(words, state.get()));
    let timer = move || numbers.with(|numbers| numbers.as_ref().is_some_and(|(_, timer)| *timer));
    let of = move |pick: fn(BannerText) -> &'static str| {
        move || what.get().map(pick).unwrap_or_default()
    };
    tag::div("banner")
        .class_when("ended", ended)
        .attr("role", if ended { "alert" } else { "status" })
        .child(move || {
            what.get()
                .map(|what| icon_as(if what.spins { "i spin" } else { "i" }, what.icon))
        })
        .child(
            tag::p("")
                .child(tag::b("").child(of(|what| what.head)))
                .child(words.common.space)
                .child(
                    tag::span("")
                        .class_when("t", timer)
                        .attr("role", move || timer().then_some("timer"))
                        .attr("aria-live", move || timer().then_some("off"))
                        .child(move || numbers.get().map(|(text, _)| text)),
                )
                .child(words.common.space)
                .child(tag::span("").child(of(|what| what.tail))),
        )
        .child(tag::span("").child(button(live, what)))
        .child(move || {
            line(state.get()).map(|value| {
                tag::el("progress")
                    .attr("max", "100")
                    .attr("value", value.to_string())
                    .attr("aria-hidden", "true")
            })
        })
        .view()
}

/// The button, which stays while its act does; a state without an act leaves it there for whoever is on it.
fn button(live: Live, what: Derived<Option<BannerText>>) -> View {
    let words = live.ui().words;
    let act = Memo::new(move |before: Option<&(Option<BannerAct>, bool)>| {
        let now = what.get().and_then(|what| what.act);
        match (now, before) {
            (None, Some((Some(BannerAct::TryNow), _))) => (Some(BannerAct::TryNow), false),
            (now, _) => (now, now.is_some()),
        }
    });
    let (kind, enabled) = (derived(move || act.get().0), derived(move || act.get().1));
    dynamic(move || {
        kind.get().map(|kind| match kind {
            BannerAct::TryNow => tag::button("btn small")
                .attr("type", "button")
                .attr("aria-disabled", move || (!enabled.get()).then_some("true"))
                .on(ev::click, move |_| {
                    live.driver().input(client::Input::TryNow);
                })
                .child(words.link.try_now)
                .view(),
            BannerAct::SignIn => {
                let next = live.route().get_untracked().path();
                tag::a("btn small")
                    .attr("href", route::sign_in(Some(&next)))
                    .child(words.common.sign_in)
                    .view()
            }
            BannerAct::Reload => tag::button("btn small")
                .attr("type", "button")
                .on(ev::click, move |_| {
                    live.ui().browser(|browser| browser.reload());
                })
                .child(words.link.reload)
                .view(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    fn spoken(lang: Lang, link: Link) -> String {
        let words = lang.words();
        let state = LinkState {
            link,
            unsent: 2,
            now_ms: 1_000,
            live_at_ms: 0,
        };
        let what = says(words, link).unwrap();
        let number = numbers(words, state)
            .map(|(text, _)| text)
            .unwrap_or_default();
        [what.head, &number, what.tail]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(words.common.space)
    }

    #[test]
    fn the_words_of_each_state() {
        let waiting = Link::Waiting {
            until_ms: 7_400,
            total_ms: 8_000,
            attempt: 4,
        };
        assert_eq!(
            spoken(Lang::En, waiting),
            "Connection lost. Next try in 7 s. Messages wait here and go out once."
        );
        assert_eq!(
            spoken(
                Lang::En,
                Link::Trying {
                    attempt: 4,
                    shown: true
                }
            ),
            "Trying again… Try 4 of 10."
        );
        assert_eq!(
            spoken(
                Lang::En,
                Link::Quiet {
                    until_ms: 43_000,
                    total_ms: 60_000,
                    looking: false
                }
            ),
            "Still no connection. Next look in 42 s. We keep looking; your messages are kept."
        );
        assert_eq!(
            spoken(Lang::Zh, Link::Offline),
            "你已离线。网络一恢复就会自动重连。"
        );
        assert_eq!(
            spoken(
                Lang::En,
                Link::Restarting {
                    until_ms: 6_000,
                    total_ms: 9_000
                }
            ),
            "The server is being updated. Back in about 5 s."
        );
        assert_eq!(
            spoken(
                Lang::Zh,
                Link::Restarting {
                    until_ms: 6_000,
                    total_ms: 9_000
                }
            ),
            "服务器正在更新，大约 5 秒后恢复。"
        );
        assert_eq!(
            spoken(Lang::En, Link::Ended(EndReason::SignedOut)),
            "Signed out on this device. Two unsent messages are kept for when you return."
        );
        assert_eq!(
            spoken(
                Lang::Zh,
                Link::CatchingUp {
                    done: 38,
                    total: 412
                }
            ),
            "已恢复，正在补齐……412 条中的 38 条。"
        );
        assert_eq!(spoken(Lang::En, Link::Back), "Back. Nothing was lost.");
        assert_eq!(spoken(Lang::Zh, Link::Back), "已恢复，没有丢失任何消息。");
    }

    #[test]
    fn nothing_is_said_while_all_is_well() {
        for link in [
            Link::Idle,
            Link::Online,
            Link::Connecting { shown: false },
            Link::Trying {
                attempt: 1,
                shown: false,
            },
        ] {
            assert_eq!(says(Lang::En.words(), link), None);
        }
    }

    #[test]
    fn the_line_drains() {
        let at = |now_ms| LinkState {
            link: Link::Waiting {
                until_ms: 8_000,
                total_ms: 8_000,
                attempt: 1,
            },
            unsent: 0,
            now_ms,
            live_at_ms: 0,
        };
        assert_eq!(
            [line(at(0)), line(at(4_000)), line(at(9_000))],
            [Some(100), Some(50), Some(0)]
        );
    }
}
