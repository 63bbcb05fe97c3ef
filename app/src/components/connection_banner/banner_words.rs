//! Words of the connection banner: what it says of each state of the connection, with which icon, numbers and button.

use client::{EndReason, Link};
use protocol::limits::RECONNECT_TRIES;

use crate::{i18n::Words, live::LinkState};

/// What the banner says of a state, without its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BannerText {
    pub(super) icon: &'static str,
    pub(super) spins: bool,
    pub(super) head: &'static str,
    pub(super) tail: &'static str,
    pub(super) act: Option<BannerAct>,
    pub(super) ended: bool,
}

/// The one button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BannerAct {
    TryNow,
    SignIn,
    Reload,
}

/// What the banner says of a state; nothing while all is well.
pub(super) fn says(words: &'static Words, link: Link) -> Option<BannerText> {
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
pub(super) fn numbers(words: &Words, state: LinkState) -> Option<(String, bool)> {
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

/// The button of a state, and whether it does anything. One that tries again stays where it is in a state without a button: somebody
/// may have the focus on it.
pub(super) fn button_of(
    now: Option<BannerAct>,
    before: Option<BannerAct>,
) -> (Option<BannerAct>, bool) {
    match (now, before) {
        (None, Some(BannerAct::TryNow)) => (before, false),
        (now, _) => (now, now.is_some()),
    }
}

/// How much of the line at the foot is left, in hundredths.
pub(super) fn line(state: LinkState) -> Option<u64> {
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
    fn the_button_stays_for_whoever_is_on_it() {
        let try_now = Some(BannerAct::TryNow);
        assert_eq!(button_of(try_now, None), (try_now, true));
        assert_eq!(button_of(None, try_now), (try_now, false));
        assert_eq!(button_of(None, None), (None, false));
        let reload = Some(BannerAct::Reload);
        assert_eq!(button_of(reload, try_now), (reload, true));
        assert_eq!(button_of(None, reload), (None, false));
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
