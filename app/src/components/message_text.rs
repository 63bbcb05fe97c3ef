//! What a message says, as text nodes; never HTML.

use leptos::prelude::*;

use super::message::Shown;
use crate::{
    live::Live,
    text::{Kind, Node, block, nodes, shown},
    ui::icon_small,
};

/// The text, or that it was deleted.
pub(crate) fn message_text(live: Live, row: Memo<Option<Shown>>) -> impl IntoView {
    let words = &live.ui().words.message;
    let text = Memo::new(move |_| {
        row.with(|row| {
            row.as_ref()
                .map(|row| (row.message.text.clone(), row.message.edited_at))
                .unwrap_or_default()
        })
    });
    move || match text.get() {
        (None, _) => view! {
            <p class="tomb">
                {icon_small("trash")}
                <span>{words.deleted}</span>
            </p>
        }
        .into_any(),
        (Some(text), edited_at) => {
            live.people().version.track();
            let mark = edited_at.map(|at| {
                let says = (words.edited_at)(&live.clock().get_untracked().at(at));
                view! {
                    <span class="edited" title=says>
                        {words.edited}
                    </span>
                }
            });
            paragraphs(live, &text, mark.into_any())
        }
    }
}

/// Paragraphs and blocks of code; `last` follows the last word.
fn paragraphs(live: Live, text: &str, last: AnyView) -> AnyView {
    let me = live.me().with_untracked(|me| me.name.clone());
    let pieces = nodes(text, |word| live.people().named(word, &me));
    let mut out: Vec<AnyView> = Vec::new();
    let mut line: Vec<AnyView> = Vec::new();
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
            line.push(inline(node, says));
        }
    }
    line.push(last);
    out.push(paragraph(line));
    out.into_any()
}

fn paragraph(line: Vec<AnyView>) -> AnyView {
    view! { <p dir="auto">{line}</p> }.into_any()
}

fn inline(node: &Node, says: &str) -> AnyView {
    let says = says.to_owned();
    match node.kind {
        Kind::Plain | Kind::Block => says.into_any(),
        Kind::Emoji => view! { <span class="emoji">{says}</span> }.into_any(),
        Kind::Code => view! { <code dir="ltr">{says}</code> }.into_any(),
        Kind::Mention { to_me } => {
            let class = if to_me { "at-you" } else { "at-one" };
            view! { <span class=class lang=crate::text::lang_of(&says)>{says.clone()}</span> }
                .into_any()
        }
        Kind::Link => view! {
            <a class="link" href=says.clone() target="_blank" rel="noopener nofollow ugc">
                {says.clone()}
            </a>
        }
        .into_any(),
    }
}

fn code_block(live: Live, piece: &str) -> AnyView {
    let (language, lines) = block(piece);
    let (language, lines) = (language.to_owned(), lines.to_owned());
    let label = if language.is_empty() {
        live.ui().words.message.code.to_owned()
    } else {
        format!("{}, {language}", live.ui().words.message.code)
    };
    view! {
        <div class="code">
            {(!language.is_empty()).then(|| view! { <span class="lang">{language}</span> })}
            <pre tabindex="0" role="group" aria-label=label>
                {lines}
            </pre>
        </div>
    }
    .into_any()
}
