//! Words of a message, with what their marks make of them.

use leptos::{ev, prelude::*};

use super::message_piece::{named_link, piece};
use crate::{
    live::Live,
    text::{Content, Inline, Mentioned, RowPieces, Style, plain_pieces},
    ui::icon_small,
};
use view::{Part, View, tag};

/// Draws the text of a row.
pub(super) struct RowText {
    pub(super) live: Live,
    /// Whether the row is the one in use: only that has tab stops in it.
    pub(super) active: ArcRwSignal<bool>,
    pub(super) pieces: RowPieces,
}

impl RowText {
    /// All of some words.
    pub(super) fn words(&mut self, content: &Content) -> Vec<View> {
        self.nodes(content, content.inlines(), false)
    }

    fn nodes(&mut self, content: &Content, nodes: &[Inline], in_link: bool) -> Vec<View> {
        let mut out = Vec::new();
        for node in nodes {
            match node {
                Inline::Words(at) => {
                    let found = if in_link {
                        plain_pieces(content.text(), at)
                    } else {
                        self.pieces.of::<Mentioned>(content.text(), at)
                    };
                    let draw =
                        |one: text::Piece<_>| piece(self.live, one.kind, content.says(&one.at));
                    out.extend(found.into_iter().map(draw));
                }
                Inline::Code(at) => {
                    let code = tag::code("").attr("dir", "ltr");
                    out.push(code.child(content.says(at).to_owned()).view());
                }
                Inline::Link { to, label } => {
                    let label = self.nodes(content, label, true);
                    out.push(named_link(self.live, content.says(to), label));
                }
                Inline::Marked(style, inside) => {
                    let says = self.nodes(content, inside, in_link);
                    out.push(match style {
                        Style::Strong => tag::strong("").child(says).view(),
                        Style::Emphasis => tag::em("").child(says).view(),
                        Style::Strike => tag::s("").child(says).view(),
                        // A link hides nothing: a button in it could not be pressed.
                        Style::Spoiler if in_link => says.view(),
                        Style::Spoiler => self.spoiler(content.plain(inside), says),
                    });
                }
            }
        }
        out
    }

    /// Words that are hidden until one asks for them. The button is as large as they are; what it gives way to may have links.
    fn spoiler(&self, covered: String, says: Vec<View>) -> View {
        let (live, active) = (self.live, self.active.clone());
        let words = &live.ui().words.message;
        let open = ArcRwSignal::new(false);
        let (is_open, told, hidden) = (open.clone(), open.clone(), open.clone());
        tag::span("spoiler")
            .child(
                tag::button("")
                    .attr("type", "button")
                    .attr("aria-expanded", move || {
                        if is_open.get() { "true" } else { "false" }
                    })
                    .attr("aria-label", move || {
                        if told.get() { words.hide } else { words.hidden }
                    })
                    .attr("tabindex", move || live.inner_tab(active.get()))
                    .on(ev::click, move |_| open.update(|open| *open = !*open))
                    .child(tag::span("covered").child(covered))
                    .child(icon_small("eye-off")),
            )
            .child(
                tag::span("told")
                    .attr("hidden", move || !hidden.get())
                    .child(says),
            )
            .view()
    }
}
