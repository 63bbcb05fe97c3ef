//! A piece of a message's words: a mention, a room, an address, an emoji, or plain words.

use crate::{
    live::Live,
    route::Route,
    text::{Kind, Mentioned, href, lang_of},
};
use view::{Element, Part, View, tag};

/// A piece within a line.
pub(super) fn piece(live: Live, kind: Kind<Mentioned>, says: &str) -> View {
    match kind {
        Kind::Plain => says.to_owned().view(),
        Kind::Tall => tag::span("tall").child(says.to_owned()).view(),
        Kind::Emoji => tag::span("emoji").child(says.to_owned()).view(),
        Kind::Mention(who) => {
            let class = match who {
                Mentioned::Me => "at-you",
                Mentioned::Other => "at-one",
            };
            tag::span("")
                .class(class)
                .attr("lang", lang_of(says))
                .child(says.to_owned())
                .view()
        }
        Kind::Room(room) => tag::a("link")
            .attr("href", Route::Room(room, None).path())
            .attr("lang", lang_of(says))
            .child(says.to_owned())
            .view(),
        Kind::Link => link(live, says),
    }
}

/// An address as it was typed. A host that is not written in ASCII is told in ASCII too: another one may look like it.
fn link(live: Live, address: &str) -> View {
    let Some(goes_to) = href(live.ui(), address) else {
        return address.to_owned().view();
    };
    let host = address.split(['/', '?', '#']).nth(2).unwrap_or_default();
    anchor(goes_to.clone())
        .attr("title", (!host.is_ascii()).then_some(goes_to))
        .child(address.to_owned())
        .view()
}

/// Words that go to an address, which is told.
pub(super) fn named_link(live: Live, address: &str, label: Vec<View>) -> View {
    let Some(goes_to) = href(live.ui(), address) else {
        return label.view();
    };
    anchor(goes_to.clone())
        .attr("title", goes_to)
        .child(label)
        .view()
}

fn anchor(goes_to: String) -> Element {
    tag::a("link")
        .attr("href", goes_to)
        .attr("target", "_blank")
        .attr("rel", "noopener nofollow ugc")
}
