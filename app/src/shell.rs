//! The whole document: the head, the page, and what the browser needs to take it over.

use leptos::prelude::*;

use crate::{app::App, boot::Boot};

/// The document of `boot`. `nonce` is the one of this response's `Content-Security-Policy`.
pub fn shell(boot: Boot, nonce: &str) -> impl IntoView + use<> {
    let nonce = nonce.to_owned();
    let data = script_safe(&serde_json::to_string(&boot).unwrap_or_default());
    let start = start_script(&boot);
    provide_context(boot.clone());
    view! {
        <html lang=boot.lang.tag() data-theme=boot.theme.attribute() data-contrast=boot.contrast.attribute()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                <title>{boot.server.name.clone()}</title>
                <link rel="stylesheet" href=boot.assets.css.clone() />
                <link rel="modulepreload" href=boot.assets.js.clone() />
                <script id="boot" type="application/json" nonce=nonce.clone() inner_html=data></script>
                <script type="module" nonce=nonce inner_html=start></script>
            </head>
            <body>
                <App />
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

/// The only script of the page that is not the module itself.
fn start_script(boot: &Boot) -> String {
    let word = |url: &str| script_safe(&serde_json::to_string(url).unwrap_or_default());
    format!(
        "document.documentElement.dataset.js=\"\";import({}).then(async m=>{{await m.default({{module_or_path:{}}});m.hydrate()}})",
        word(&boot.assets.js),
        word(&boot.assets.wasm),
    )
}
