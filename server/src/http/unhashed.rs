//! The names that `cargo leptos` gives with `hash-files`; the build script reads this file too.

/// The length of an MD5 sum in base64 without padding.
const HASH: usize = 22;

/// `pkg/hubbub.js` of `pkg/hubbub.1B2M2Y8AsgTpgAmY7PhCfg.js`; any other name as it is.
pub(crate) fn unhashed(path: &str) -> String {
    let plain = path.rsplit_once('.').and_then(|(rest, end)| {
        let (stem, hash) = rest.rsplit_once('.')?;
        let is_hash = hash.len() == HASH
            && hash
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        is_hash.then(|| format!("{stem}.{end}"))
    });
    plain.unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_taken_out_and_nothing_else() {
        for (given, plain) in [
            ("pkg/hubbub.1B2M2Y8AsgTpgAmY7PhCfg.js", "pkg/hubbub.js"),
            ("pkg/hubbub.d.1B2M2Y8AsgTp-AmY7Ph_fg.ts", "pkg/hubbub.d.ts"),
            ("pkg/hubbub.js", "pkg/hubbub.js"),
            ("pkg/hubbub.short.js", "pkg/hubbub.short.js"),
            ("pkg/1B2M2Y8AsgTpgAmY7PhCfg", "pkg/1B2M2Y8AsgTpgAmY7PhCfg"),
        ] {
            assert_eq!(unhashed(given), plain);
        }
    }
}
