//! The whole document: the head, the page, and what the browser needs to take it over.

use leptos::prelude::*;

use crate::{
    app::{ROOT, app},
    boot::Boot,
    live::Live,
    ui::Ui,
};
use view::{Element, Part, View, many, tag};

/// How the document of `boot` begins: what the browser can load while the rest is drawn. Its head is still open.
pub(crate) fn opening(boot: &Boot) -> View {
    tag::el("html")
        .attr("lang", boot.lang.tag())
        .attr("data-theme", boot.theme.attribute())
        .attr("data-contrast", boot.contrast.attribute())
        .child(
            tag::el("head")
                .child(tag::el("meta").attr("charset", "utf-8"))
                .child(meta(
                    "viewport",
                    "width=device-width, initial-scale=1, viewport-fit=cover",
                ))
                .child(meta("color-scheme", "light dark"))
                .child(meta("referrer", "same-origin"))
                .child(link("stylesheet", boot.assets.css.clone()))
                .child(
                    (!boot.page.is_alive()).then(|| link("stylesheet", boot.assets.pages.clone())),
                )
                .child(link("icon", "/favicon.svg").attr("type", "image/svg+xml"))
                .child(link("apple-touch-icon", "/apple-touch-icon.png"))
                .child(link("manifest", "/manifest.webmanifest")),
        )
        .view()
}

/// What follows in the head, and the body. `nonce` is the one of this response's `Content-Security-Policy`.
pub(crate) fn rest(boot: &Boot, nonce: &str) -> (View, View) {
    let ui = Ui::new(boot);
    provide_context(ui);
    let live = Live::new(ui, boot, "");
    let title = live.map_or_else(
        || boot.server.name.clone(),
        |live| live.announcements().title(),
    );
    if let Some(live) = live {
        provide_context(live);
    }
    let nonce = nonce.to_owned();
    // Only a page that is taken over is drawn anew from it.
    let data = boot.page.is_alive().then(|| {
        tag::el("script")
            .attr("id", "boot")
            .attr("type", "application/json")
            .attr("nonce", nonce.clone())
            .html(script_safe(
                &serde_json::to_string(boot).unwrap_or_default(),
            ))
    });
    let head = many()
        .child(tag::el("title").child(title))
        .child(
            tag::el("script")
                .attr("nonce", nonce.clone())
                .html(too_old_script(ui.words.common.too_old)),
        )
        .child(data)
        .child(
            tag::el("script")
                .attr("type", "module")
                .attr("nonce", nonce)
                .html(start_script(boot)),
        );
    let page = tag::div("").attr("id", ROOT).child(app(boot));
    (head.view(), tag::el("body").child(page).view())
}

fn meta(name: &'static str, content: &'static str) -> Element {
    tag::el("meta").attr("name", name).attr("content", content)
}

fn link(rel: &'static str, href: impl Into<String>) -> Element {
    tag::el("link").attr("rel", rel).attr("href", href.into())
}

/// JSON that cannot end the script element that holds it, whatever people are called. The escapes are JSON's own, so
/// that it reads back as it was.
fn script_safe(json: &str) -> String {
    json.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}

/// On every page: what makes classic forms pleasant.
const FORMS: &str = include_str!("scripts/forms.js");
/// Pages that work without the module fetch it for the next one.
const AUTH: &str = include_str!("scripts/auth.js");
/// Pages that live start it.
const START: &str = include_str!("scripts/start.js");

/// In every browser, however old: what tells that it is too old.
const TOO_OLD: &str = include_str!("scripts/too_old.js");

/// Tells whoever comes with a browser that is too old, by what it lacks; the page then stays as it is without scripts. Plain enough for any
/// browser to read.
fn too_old_script(says: &str) -> String {
    let says = script_safe(&serde_json::to_string(says).unwrap_or_default());
    format!("{}({says});", TOO_OLD.trim_end())
}

/// What starts the page, in a browser that is not too old: without its comments, with what it needs to know.
fn start_script(boot: &Boot) -> String {
    let word = |text: &str| script_safe(&serde_json::to_string(text).unwrap_or_default());
    let words = boot.lang.words();
    let mut script = format!(
        "const js={},wasm={},code={},says={{broken:{},unkept:{},reload:{}}};if(!(\"tooOld\" in document.documentElement.dataset)){{\n",
        word(&boot.assets.js),
        word(&boot.assets.wasm),
        word(&boot.assets.code),
        word(words.common.broken),
        word(words.common.broken_unkept),
        word(words.link.reload),
    );
    let then = if boot.page.is_alive() { START } else { AUTH };
    for line in FORMS.lines().chain(then.lines()).map(str::trim) {
        if !line.starts_with("//") {
            script.push_str(line);
            script.push('\n');
        }
    }
    script.push('}');
    script
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_an_old_browser_is_in_words_that_it_knows() {
        let script = too_old_script("</script>'\"\u{2028}");
        for modern in [
            "=>", "`", "?.", "??", "const ", "let ", "async ", "await ", "class ", "...",
        ] {
            assert!(!script.contains(modern), "{modern}");
        }
        assert!(!script.contains("</script>") && script.ends_with("\");"));
    }

    #[test]
    fn names_cannot_leave_the_script() {
        let safe = script_safe("{\"name\":\"</script><script>alert(1)//<!--&\"}");
        assert!(!safe.contains(['<', '>', '&']));
        let back: serde_json::Value = serde_json::from_str(&safe).unwrap();
        assert_eq!(back["name"], "</script><script>alert(1)//<!--&");
    }
}
