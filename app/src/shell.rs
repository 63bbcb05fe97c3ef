//! The whole document: the head, the page, and what the browser needs to take it over.

use leptos::prelude::*;

use crate::{app::App, boot::Boot, live::Live, ui::Ui};

/// The document of `boot`. `nonce` is the one of this response's `Content-Security-Policy`.
pub(crate) fn shell(boot: Boot, nonce: &str) -> impl IntoView + use<> {
    let ui = Ui::new(&boot);
    provide_context(ui);
    let live = Live::new(ui, &boot, "");
    let title = live.map_or_else(|| boot.server.name.clone(), Live::title);
    if let Some(live) = live {
        provide_context(live);
    }
    let nonce = nonce.to_owned();
    let data = script_safe(&serde_json::to_string(&boot).unwrap_or_default());
    let start = start_script(&boot);
    let (lang, theme, contrast) = (
        boot.lang.tag(),
        boot.theme.attribute(),
        boot.contrast.attribute(),
    );
    let css = boot.assets.css.clone();
    view! {
        <html lang=lang data-theme=theme data-contrast=contrast>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <meta name="color-scheme" content="light dark" />
                <meta name="referrer" content="same-origin" />
                <title>{title}</title>
                <link rel="stylesheet" href=css />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <script id="boot" type="application/json" nonce=nonce.clone() inner_html=data></script>
                <script type="module" nonce=nonce inner_html=start></script>
            </head>
            <body>
                <App boot=boot />
            </body>
        </html>
    }
}

/// JSON that cannot end the script element that holds it, whatever people are called. The escapes are JSON's own, so
/// that it reads back as it was.
fn script_safe(json: &str) -> String {
    json.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}

/// The only script of the page that is not the module itself. It says that scripts run, so that what needs them is shown.
fn start_script(boot: &Boot) -> String {
    let word = |url: &str| script_safe(&serde_json::to_string(url).unwrap_or_default());
    format!(
        "document.documentElement.dataset.js=\"\";const m=await import({});await m.default({{module_or_path:{}}});m.hydrate()",
        word(&boot.assets.js),
        word(&boot.assets.wasm),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_the_script() {
        let safe = script_safe("{\"name\":\"</script><script>alert(1)//<!--&\"}");
        assert!(!safe.contains(['<', '>', '&']));
        let back: serde_json::Value = serde_json::from_str(&safe).unwrap();
        assert_eq!(back["name"], "</script><script>alert(1)//<!--&");
    }
}
