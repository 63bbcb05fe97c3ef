//! The page's files: in a release they are in the binary, compressed, under names that change with their content; in
//! development they are read from the site folder at every request.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use app::boot::AssetUrls as Urls;
use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{coding, unhashed::unhashed};

struct Embedded {
    path: &'static str,
    hash: &'static str,
    bytes: &'static [u8],
    br: Option<&'static [u8]>,
    gz: Option<&'static [u8]>,
}

static EMBEDDED: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Names with a hash never change what they mean.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const CHECK: &str = "no-cache";

/// The page's files by path, embedded or from the site folder.
pub(crate) struct Assets {
    /// By path, hashed names and plain ones.
    files: HashMap<String, &'static Embedded>,
    /// The site folder of development.
    site: Option<PathBuf>,
    urls: Urls,
}

impl Assets {
    /// The files of this build; `site` is where development has them.
    pub(crate) fn new(site: Option<PathBuf>) -> Self {
        let mut files = HashMap::new();
        for file in EMBEDDED {
            files.insert(file.path.to_owned(), file);
            files.insert(hashed(file), file);
        }
        let url = |path: &str| match files.get(path) {
            Some(file) => format!("/{}", hashed(file)),
            None => format!("/{path}"),
        };
        let urls = Urls {
            js: url("pkg/hubbub.js"),
            wasm: url("pkg/hubbub.wasm"),
            css: url("pkg/hubbub.css"),
            pages: url("pkg/pages.css"),
            icons: url("icons.svg"),
            emoji: url("emoji.txt"),
            code: url("code.js"),
        };
        Self { files, site, urls }
    }

    /// Where a page finds them.
    pub(crate) const fn urls(&self) -> &Urls {
        &self.urls
    }

    /// The file at a path, in the best form that the client takes; none if there is none.
    pub(crate) async fn get(&self, path: &str, headers: &HeaderMap) -> Option<Response> {
        let path = path.trim_start_matches('/');
        match self.files.get(path) {
            Some(file) => Some(answer(file, path != file.path, headers)),
            None => self.on_disk(path).await,
        }
    }

    async fn on_disk(&self, path: &str) -> Option<Response> {
        let site = self.site.as_ref()?;
        let plain = !path.is_empty()
            && path
                .split('/')
                .all(|part| !part.is_empty() && !part.starts_with('.'));
        if !plain {
            return None;
        }
        let file = site.join(path);
        let bytes = match tokio::fs::read(&file).await {
            Ok(bytes) => bytes,
            Err(_) => tokio::fs::read(with_hash(&file).await?).await.ok()?,
        };
        let headers = [
            (header::CONTENT_TYPE, content_type(path)),
            (header::CACHE_CONTROL, CHECK),
        ];
        Some((headers, bytes).into_response())
    }
}

/// The file beside `plain` that `cargo leptos` has given a hash. It does so in its first build; those that follow under `watch` have plain
/// names, so a plain one is the newer.
async fn with_hash(plain: &Path) -> Option<PathBuf> {
    let mut folder = tokio::fs::read_dir(plain.parent()?).await.ok()?;
    while let Ok(Some(entry)) = folder.next_entry().await {
        let name = entry.file_name();
        if plain.file_name() == Some(unhashed(name.to_str()?).as_ref()) {
            return Some(entry.path());
        }
    }
    None
}

/// `pkg/hubbub.css` is `pkg/hubbub.0123456789abcdef.css`.
fn hashed(file: &Embedded) -> String {
    match file.path.rsplit_once('.') {
        Some((stem, end)) => format!("{stem}.{}.{end}", file.hash),
        None => format!("{}.{}", file.path, file.hash),
    }
}

fn answer(file: &Embedded, immutable: bool, headers: &HeaderMap) -> Response {
    let (bytes, encoding) = negotiate(file, headers);
    let tag = format!("\"{}{}\"", file.hash, encoding.unwrap_or_default());
    let mut response = if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes())
    {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(bytes).into_response()
    };
    let out = response.headers_mut();
    out.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(content_type(file.path)),
    );
    out.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(if immutable { IMMUTABLE } else { CHECK }),
    );
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    response
}

fn negotiate(file: &Embedded, headers: &HeaderMap) -> (&'static [u8], Option<&'static str>) {
    let forms = [("br", file.br), ("gzip", file.gz)];
    let made = forms.iter().filter(|(_, form)| form.is_some());
    let offers: Vec<&'static str> = made.map(|(name, _)| *name).collect();
    let coding = coding::best(headers, &offers);
    let form = forms.iter().find(|(name, _)| Some(*name) == coding);
    match form.and_then(|(_, form)| *form) {
        Some(packed) => (packed, coding),
        None => (file.bytes, None),
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, end)| end) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
            .collect()
    }

    const FILE: Embedded = Embedded {
        path: "pkg/a.js",
        hash: "0123",
        bytes: b"plain",
        br: Some(b"br"),
        gz: Some(b"gz"),
    };

    #[test]
    fn the_best_accepted_form_is_sent() {
        for (accepts, expected) in [
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip;q=1.0", Some("gzip")),
            ("br;q=0, gzip", Some("gzip")),
            ("identity", None),
            ("", None),
        ] {
            assert_eq!(
                negotiate(&FILE, &headers(&[(header::ACCEPT_ENCODING, accepts)])).1,
                expected,
                "{accepts}"
            );
        }
    }

    #[test]
    fn hashed_names_are_kept_for_ever_and_plain_ones_checked() {
        let sent = answer(&FILE, true, &headers(&[]));
        assert_eq!(sent.headers()[header::CACHE_CONTROL], IMMUTABLE);
        assert_eq!(sent.headers()[header::ETAG], "\"0123\"");
        let again = answer(
            &FILE,
            false,
            &headers(&[(header::IF_NONE_MATCH, "\"0123\"")]),
        );
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(hashed(&FILE), "pkg/a.0123.js");
    }

    #[tokio::test]
    async fn a_file_with_a_hash_is_found_until_there_is_a_newer_one() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str| std::fs::write(folder.path().join(name), name).unwrap();
        let assets = Assets::new(Some(folder.path().to_owned()));
        let read = async || {
            let found = assets.get("/page.js", &headers(&[])).await?;
            let bytes = axum::body::to_bytes(found.into_body(), 1000).await.unwrap();
            Some(String::from_utf8(bytes.to_vec()).unwrap())
        };
        write("other.1B2M2Y8AsgTpgAmY7PhCfg.js");
        assert_eq!(read().await, None);
        write("page.1B2M2Y8AsgTpgAmY7PhCfg.js");
        assert_eq!(
            read().await.as_deref(),
            Some("page.1B2M2Y8AsgTpgAmY7PhCfg.js")
        );
        write("page.js");
        assert_eq!(read().await.as_deref(), Some("page.js"));
    }

    #[tokio::test]
    async fn the_style_sheet_is_always_there_and_nothing_outside_the_site_is() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("robots.txt"), "x").unwrap();
        let assets = Assets::new(Some(folder.path().join("nowhere").join("..")));
        assert!(
            assets
                .get(&assets.urls().css.clone(), &headers(&[]))
                .await
                .is_some()
        );
        let inside = Assets::new(Some(folder.path().to_owned()));
        assert!(inside.get("/robots.txt", &headers(&[])).await.is_some());
        for bad in [
            "/../secret.key",
            "/a/../../b",
            "/.git/config",
            "//etc/passwd",
            "/",
        ] {
            assert!(inside.get(bad, &headers(&[])).await.is_none(), "{bad}");
        }
    }
}
