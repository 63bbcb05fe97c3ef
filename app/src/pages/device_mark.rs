//! The mark of a device in the list of sign-ins: an icon, chosen by what the device is called.

/// The icon of the kind of device that it looks like.
pub(super) fn device_mark(label: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| label.contains(word));
    if has(&["iPad", "Tablet"]) {
        "tablet"
    } else if has(&["iPhone", "Android", "Mobile"]) {
        "phone"
    } else if has(&["bot", "curl", "hubbub-"]) {
        "bot"
    } else {
        "laptop"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_looks_like_what_it_is_called() {
        for (label, mark) in [
            ("Safari on iPad", "tablet"),
            ("Safari on iPhone", "phone"),
            ("Chrome on Android", "phone"),
            ("hubbub-echo", "bot"),
            ("curl", "bot"),
            ("Firefox on Linux", "laptop"),
            ("", "laptop"),
        ] {
            assert_eq!(device_mark(label), mark, "{label}");
        }
    }
}
