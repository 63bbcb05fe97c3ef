//! Labels of devices in the list of sign-ins.

use std::net::IpAddr;

/// The browser and system that a `User-Agent` tells of, such as "Firefox on Linux"; what it says itself, cut, for the rest.
pub(crate) fn label(user_agent: &str) -> String {
    let has = |word: &str| user_agent.contains(word);
    let browser = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let system = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let find = |list: &[(&str, &'static str)]| {
        list.iter()
            .find(|(word, _)| has(word))
            .map(|(_, name)| *name)
    };
    match (find(&browser), find(&system)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ => {
            let shown: String = user_agent
                .chars()
                .filter(|c| !c.is_control())
                .take(60)
                .collect();
            if shown.trim().is_empty() {
                "Unknown device".to_owned()
            } else {
                shown
            }
        }
    }
}

/// An address with its last part cut: enough to recognise a place, not a person.
pub(crate) fn cut_address(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.…")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:…")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_told_apart() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let safari = "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1";
        assert_eq!(label(firefox), "Firefox on Linux");
        assert_eq!(label(safari), "Safari on iPad");
        assert_eq!(label("relay-bot/1.0"), "relay-bot/1.0");
        assert_eq!(label(""), "Unknown device");
    }

    #[test]
    fn addresses_are_cut() {
        assert_eq!(cut_address("192.0.2.33".parse().unwrap()), "192.0.2.…");
        assert_eq!(
            cut_address("::ffff:192.0.2.33".parse().unwrap()),
            "192.0.2.…"
        );
        assert_eq!(
            cut_address("2001:db8:1:2::9".parse().unwrap()),
            "2001:db8:1:…"
        );
    }
}
