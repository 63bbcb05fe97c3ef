//! Packs the general categories of all characters for `src/category.rs`.

use std::{env, error::Error, fs, path::Path};

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    #[expect(clippy::disallowed_methods, reason = "cargo tells it so")]
    let folder = env::var("OUT_DIR")?;
    fs::write(Path::new(&folder).join("categories.bin"), packed())?;
    Ok(())
}

/// Runs of characters of one category, from U+0000 on: each its length, seven bits a byte with the lowest first and the highest bit where more
/// follow, and the category's number.
fn packed() -> Vec<u8> {
    let mut out = Vec::new();
    let (mut of, mut length) = (0, 0_u32);
    for code in 0..=u32::from(char::MAX) {
        // Surrogates are no characters.
        let category = char::from_u32(code).map_or(GeneralCategory::Surrogate, category);
        let number = category as u8;
        if number != of {
            run(&mut out, length, of);
            (of, length) = (number, 0);
        }
        length += 1;
    }
    run(&mut out, length, of);
    out
}

#[expect(clippy::disallowed_methods, reason = "this is where it is packed")]
fn category(c: char) -> GeneralCategory {
    c.general_category()
}

fn run(out: &mut Vec<u8>, mut length: u32, number: u8) {
    if length == 0 {
        return;
    }
    loop {
        let [low, ..] = (length & 0x7f).to_le_bytes();
        length >>= 7;
        if length == 0 {
            return out.extend([low, number]);
        }
        out.push(low | 0x80);
    }
}
