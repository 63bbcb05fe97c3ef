//! The text of a message, as text nodes; never HTML.

use leptos::prelude::*;

use super::{
    folded::{folded, is_long, toggle},
    message::Shown,
};
use crate::{
    live::{Live, timeline::RowCell},
    text::{Kind, Named, Piece, block, href, pieces, shown},
    ui::icon_small,
};
use view::{Derived, Part, View, derived, dynamic, many, tag};

/// The text, or that it was deleted. Of a long one the beginning, with a button for the rest.
pub(crate) fn message_text(live: Live, row: Derived<Option<Shown>>, cell: &RowCell) -> View {
    let words = &live.ui().words.message;
    let text = derived(move || {
        row.with(|row| {
            row.as_ref()
                .map(|row| (row.message.text.clone(), row.message.edited_at))
                .unwrap_or_default()
        })
    });
    let long = derived(move || text.with(|(text, _)| text.as_deref().is_some_and(is_long)));
    let (key, active) = (cell.key, cell.active.clone());
    let says = dynamic(move || match text.get() {
        (None, _) => tag::p("tomb")
            .child(icon_small("trash"))
            .child(tag::span("").child(words.deleted))
            .view(),
        (Some(text), edited_at) => {
            live.people().version.track();
            let mark = edited_at.map(|at| {
                let says = (words.edited_at)(&live.clock().get_untracked().at(at));
                tag::span("edited").attr("title", says).child(words.edited)
            });
            let says = paragraphs(live, &text, mark.view());
            if long.get() {
                folded(live, key, says)
            } else {
                says
            }
        }
    });
    many()
        .child(says)
        .child(move || long.get().then(|| toggle(live, key, active.clone())))
        .view()
}

/// Paragraphs and blocks of code; `last` follows the last word.
fn paragraphs(live: Live, text: &str, last: View) -> View {
    let me = live.me().with_untracked(|me| text::handle_key(&me.name));
    let pieces = pieces(text, |word| live.people().named(word, &me));
    let mut out: Vec<View> = Vec::new();
    let mut line: Vec<View> = Vec::new();
    let mut after_block = false;
    for (at, node) in pieces.iter().enumerate() {
        if node.kind == Kind::Block {
            if !line.is_empty() {
                out.push(paragraph(std::mem::take(&mut line)));
            }
            out.push(code_block(
                live,
                text.get(node.at.clone()).unwrap_or_default(),
            ));
            after_block = true;
            continue;
        }
        // The line breaks around a block are its own.
        let mut says = shown(text, node);
        if std::mem::take(&mut after_block) {
            says = says.strip_prefix('\n').unwrap_or(says);
        }
        if pieces
            .get(at + 1)
            .is_some_and(|next| next.kind == Kind::Block)
        {
            says = says.strip_suffix('\n').unwrap_or(says);
        }
        if !says.is_empty() {
            line.push(inline(live, node, says));
        }
    }
    line.push(last);
    out.push(paragraph(line));
    out.view()
}

fn paragraph(line: Vec<View>) -> View {
    tag::p("").attr("dir", "auto").child(line).view()
}

fn inline(live: Live, node: &Piece, says: &str) -> View {
    match node.kind {
        Kind::Plain | Kind::Block => says.to_owned().view(),
        Kind::Tall => tag::span("tall").child(says.to_owned()).view(),
        Kind::Emoji => tag::span("emoji").child(says.to_owned()).view(),
        Kind::Code => tag::code("")
            .attr("dir", "ltr")
            .child(says.to_owned())
            .view(),
        Kind::Mention(who) => {
            let class = match who {
                Named::Me => "at-you",
                Named::Other => "at-one",
            };
            tag::span("")
                .class(class)
                .attr("lang", crate::text::lang_of(says))
                .child(says.to_owned())
                .view()
        }
        Kind::Link => link(live, says),
    }
}

/// An address as it was typed. A host that is not written in ASCII is told in ASCII too: another one may look like it.
fn link(live: Live, address: &str) -> View {
    let Some(goes_to) = href(live.ui(), address) else {
        return address.to_owned().view();
    };
    let host = address.split(['/', '?', '#']).nth(2).unwrap_or_default();
    tag::a("link")
        .attr("title", (!host.is_ascii()).then(|| goes_to.clone()))
        .attr("href", goes_to)
        .attr("target", "_blank")
        .attr("rel", "noopener nofollow ugc")
        .child(address.to_owned())
        .view()
}

fn code_block(live: Live, piece: &str) -> View {
    let (language, lines) = block(piece);
    let (language, lines) = (language.to_owned(), lines.to_owned());
    let label = if language.is_empty() {
        live.ui().words.message.code.to_owned()
    } else {
        format!("{}, {language}", live.ui().words.message.code)
    };
    tag::div("code")
        .child((!language.is_empty()).then(|| tag::span("lang").child(language)))
        .child(
            tag::pre("")
                .attr("tabindex", "0")
                .attr("role", "group")
                .attr("aria-label", label)
                .child(lines),
        )
        .view()
}
