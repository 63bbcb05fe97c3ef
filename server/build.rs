//! Composes the style sheet from `style/`, and in release takes the finished site into the binary, compressed.

use std::{
    env,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

#[path = "src/http/unhashed.rs"]
mod unhashed;
use unhashed::unhashed;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script by its environment"
)]
fn variable(name: &str) -> std::result::Result<String, env::VarError> {
    env::var(name)
}

fn main() -> Result<()> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("..");
    let out = PathBuf::from(variable("OUT_DIR")?);
    let style = root.join("style");
    println!("cargo::rerun-if-changed={}", style.display());
    let mut files = Vec::new();
    for (list, sheet) in [
        ("main.css", "pkg/hubbub.css"),
        ("pages.css", "pkg/pages.css"),
    ] {
        files.push((sheet.to_owned(), compose(&style, list)?.into_bytes()));
    }
    println!("cargo::rerun-if-env-changed=LEPTOS_SITE_ROOT");
    if variable("PROFILE")? == "release" {
        let site = variable("LEPTOS_SITE_ROOT").unwrap_or_else(|_| "target/site".to_owned());
        let site = root.join(site);
        println!("cargo::rerun-if-changed={}", site.display());
        if site.is_dir() {
            read_tree(&site, &site, &mut files)?;
        }
        if !files.iter().any(|(name, _)| name == "pkg/hubbub.wasm") {
            println!(
                "cargo::warning=there is no built page in {}; this binary serves the API only. `cargo xtask build --release` builds both",
                site.display()
            );
        }
    }
    files.sort();
    embed(&files, &out)
}

/// A style sheet: each line `@import url("…") layer(…);` of the list becomes a layer with that file in it; one that tells the layers' order stays.
fn compose(style: &Path, list: &str) -> Result<String> {
    let mut css = String::new();
    for line in fs::read_to_string(style.join(list))?.lines() {
        if line.starts_with("@layer ") {
            writeln!(css, "{line}")?;
        }
        let Some(import) = line.strip_prefix("@import url(\"") else {
            continue;
        };
        let wrong = || format!("style/{list}: not an import with a layer: {line}");
        let (file, layer) = import.split_once("\") layer(").ok_or_else(wrong)?;
        let layer = layer.strip_suffix(");").ok_or_else(wrong)?;
        let content =
            fs::read_to_string(style.join(file)).map_err(|why| format!("style/{file}: {why}"))?;
        writeln!(css, "@layer {layer} {{")?;
        shorten(&content, &mut css).map_err(|()| format!("style/{file}: a comment has no end"))?;
        css.push_str("}\n");
    }
    Ok(css)
}

/// Leaves out comments and indentation, a fifth of the sheet as sent. What more a minifier does was measured: 1 %.
fn shorten(css: &str, out: &mut String) -> std::result::Result<(), ()> {
    let (mut code, mut rest) = (String::with_capacity(css.len()), css);
    while let Some((before, comment)) = rest.split_once("/*") {
        code.push_str(before);
        rest = comment.split_once("*/").ok_or(())?.1;
    }
    code.push_str(rest);
    for line in code.lines().map(str::trim).filter(|line| !line.is_empty()) {
        out.push_str(line);
        out.push('\n');
    }
    Ok(())
}

fn read_tree(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_tree(root, &path, files)?;
            continue;
        }
        let name = path
            .strip_prefix(root)?
            .to_string_lossy()
            .replace('\\', "/");
        let name = unhashed(&name);
        // What cargo-leptos may have compressed or listed is made anew here, for every way of building alike.
        let derived = [".br", ".gz", ".d.ts"]
            .iter()
            .any(|end| name.ends_with(end))
            || name == "hash.txt";
        if !derived && !files.iter().any(|(known, _)| *known == name) {
            files.push((name, fs::read(&path)?));
        }
    }
    Ok(())
}

/// Writes each file beside its compressed forms, and the table that the server includes.
fn embed(files: &[(String, Vec<u8>)], out: &Path) -> Result<()> {
    let mut table = String::from("&[\n");
    for (number, (name, bytes)) in files.iter().enumerate() {
        let hash = Sha256::digest(bytes)
            .iter()
            .take(8)
            .try_fold(String::new(), |mut hash, byte| {
                write!(hash, "{byte:02x}").map(|()| hash)
            })?;
        let raw = out.join(format!("{number}.raw"));
        fs::write(&raw, bytes)?;
        let mut forms = [const { None }; 2];
        if is_text(name) && variable("PROFILE")? == "release" {
            for (form, (end, packed)) in forms
                .iter_mut()
                .zip([("br", brotli(bytes)?), ("gz", gzip(bytes)?)])
            {
                let path = out.join(format!("{number}.{end}"));
                fs::write(&path, packed)?;
                *form = Some(path);
            }
        }
        let include = |path: &Path| format!("include_bytes!({:?})", path.display().to_string());
        let [br, gz] = forms.map(|form| {
            form.map_or("None".to_owned(), |path| {
                format!("Some({})", include(&path))
            })
        });
        writeln!(
            table,
            "    Embedded {{ path: {name:?}, hash: {hash:?}, bytes: {}, br: {br}, gz: {gz} }},",
            include(&raw)
        )?;
    }
    table.push_str("]\n");
    fs::write(out.join("assets.rs"), table)?;
    Ok(())
}

fn is_text(name: &str) -> bool {
    [
        ".js",
        ".wasm",
        ".css",
        ".svg",
        ".webmanifest",
        ".txt",
        ".json",
        ".html",
    ]
    .iter()
    .any(|end| name.ends_with(end))
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &params)?;
    Ok(packed)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}
