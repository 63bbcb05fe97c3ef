//! From the compiler's Wasm to what a browser loads: wasm-bindgen, called as a library of the version that Cargo.lock names, so
//! that it always fits the crate and nobody installs it.

use std::path::Path;

use wasm_bindgen_cli_support::Bindgen;

use crate::{
    build::BuildMode,
    error::{Error, at},
    order::like_to_like,
    settings::BuildSettings,
    shorten::{ShortNames, without_unused_classes},
    site::{self, Files},
};

/// Adds the page's Wasm and JavaScript to `files`, named as `cargo leptos` names them.
pub(crate) fn bind(
    settings: &BuildSettings,
    mode: BuildMode,
    files: &mut Files,
) -> Result<(), Error> {
    let leptos = &settings.leptos;
    let name = &leptos.output_name;
    let scratch = settings.page_target().join("bindgen");
    match std::fs::remove_dir_all(&scratch) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(at(&scratch)(error));
        }
        _ => {}
    }
    generate(settings, mode, &scratch)?;
    // Leptos asks for `name.wasm`, wasm-bindgen writes `name_bg.wasm`.
    let from = scratch.join(format!("{name}_bg.wasm"));
    std::fs::rename(&from, scratch.join(format!("{name}.wasm"))).map_err(at(&from))?;
    site::read_tree(&scratch, &leptos.site_pkg_dir, files)
}

fn generate(settings: &BuildSettings, mode: BuildMode, out: &Path) -> Result<(), Error> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(settings.compiled_page(mode))
        .out_name(&settings.leptos.output_name)
        .typescript(false);
    if mode == BuildMode::Release {
        // Function names are two fifths of the file, and no visitor reads them.
        bindgen
            .remove_name_section(true)
            .remove_producers_section(true);
    }
    let bound = bindgen.web(true).and_then(Bindgen::generate_output);
    let mut bound = bound.map_err(|error| Error::Bindgen(format!("{error:#}")))?;
    let mut names = ShortNames::default();
    if mode == BuildMode::Release {
        let module = bound.wasm_mut();
        without_unused_classes(module);
        for import in module.imports.iter_mut() {
            import.name = names.of(&import.name);
        }
    }
    bound
        .emit(out)
        .map_err(|error| Error::Bindgen(format!("{error:#}")))?;
    if mode == BuildMode::Release {
        let script = out.join(format!("{}.js", settings.leptos.output_name));
        let text = std::fs::read_to_string(&script).map_err(at(&script))?;
        std::fs::write(&script, names.script(&text)).map_err(at(&script))?;
        let wasm = out.join(format!("{}_bg.wasm", settings.leptos.output_name));
        let module = std::fs::read(&wasm).map_err(at(&wasm))?;
        let module = like_to_like(&module).map_err(|error| Error::Order(error.to_string()))?;
        std::fs::write(&wasm, module).map_err(at(&wasm))?;
    }
    Ok(())
}
