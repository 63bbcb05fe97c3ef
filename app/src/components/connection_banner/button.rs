//! The button of the connection banner: try now, sign in, or load the page again.

use leptos::{ev, prelude::*};

use super::banner_words::{BannerAct, BannerText, button_of};
use crate::{live::Live, route};
use view::{Derived, Part, View, derived, dynamic, tag};

/// The button, an element that stays as long as its act does.
pub(super) fn button(live: Live, what: Derived<Option<BannerText>>) -> View {
    let words = live.ui().words;
    let act = Memo::new(move |before: Option<&(Option<BannerAct>, bool)>| {
        let now = what.get().and_then(|what| what.act);
        button_of(now, before.and_then(|(act, _)| *act))
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
