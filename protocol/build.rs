//! Packs the general categories of all characters, and how they stand to emoji, for `src/characters.rs`.

use std::{env, error::Error, fs, path::Path};

use unicode_properties::{
    EmojiStatus, GeneralCategory, UnicodeEmoji as _, UnicodeGeneralCategory as _,
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    #[expect(clippy::disallowed_methods, reason = "cargo tells it so")]
    let folder = env::var("OUT_DIR")?;
    let folder = Path::new(&folder);
    // Surrogates are no characters.
    let category = |code| char::from_u32(code).map_or(GeneralCategory::Surrogate, category);
    fs::write(
        folder.join("categories.bin"),
        packed(|code| category(code) as u8),
    )?;
    let emoji = |code| char::from_u32(code).map_or(EmojiStatus::NonEmoji, emoji_status);
    fs::write(folder.join("emoji.bin"), packed(|code| emoji(code) as u8))?;
    Ok(())
}

/// Runs of characters of one kind, from U+0000 on: each its length, seven bits a byte with the lowest first and the highest bit where more
/// follow, and the kind's number.
fn packed(kind: impl Fn(u32) -> u8) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut of, mut length) = (0, 0_u32);
    for code in 0..=u32::from(char::MAX) {
        let number = kind(code);
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

#[expect(clippy::disallowed_methods, reason = "this is where it is packed")]
fn emoji_status(c: char) -> EmojiStatus {
    c.emoji_status()
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
