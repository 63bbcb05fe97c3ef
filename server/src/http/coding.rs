//! Which compressed form of an answer a client takes (RFC 9110, section 12.5.3).

use axum::http::{HeaderMap, header};

/// A weight, in thousandths.
type Weight = u16;

/// The best of `offers`, the one that we like most first; none where the client takes none of them, or likes the plain form more.
pub(crate) fn best(headers: &HeaderMap, offers: &[&'static str]) -> Option<&'static str> {
    let wishes: Vec<(String, Weight)> = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .filter_map(wish)
        .collect();
    let weight = |name: &str| {
        let named = wishes.iter().find(|(coding, _)| coding == name);
        named.map(|(_, weight)| *weight)
    };
    let others = weight("*");
    let mut best: Option<(&'static str, Weight)> = None;
    for offer in offers {
        let weight = weight(offer).or(others).unwrap_or_default();
        if weight > best.map_or(0, |(_, weight)| weight) {
            best = Some((offer, weight));
        }
    }
    let plain = weight("identity").unwrap_or_default();
    best.filter(|(_, weight)| *weight >= plain)
        .map(|(offer, _)| offer)
}

/// A coding and its weight; nothing where it is not written by the rules.
fn wish(item: &str) -> Option<(String, Weight)> {
    let (coding, rest) = item.split_once(';').unwrap_or((item, ""));
    let coding = match coding.trim().to_ascii_lowercase().as_str() {
        "" => return None,
        // An old name of it (section 8.4.1.3).
        "x-gzip" => "gzip".to_owned(),
        other => other.to_owned(),
    };
    let rest = rest.trim();
    if rest.is_empty() {
        return Some((coding, 1_000));
    }
    let (name, value) = rest.split_once('=')?;
    let weight: f32 = value.trim().parse().ok()?;
    let fits = name.trim().eq_ignore_ascii_case("q") && (0.0..=1.0).contains(&weight);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is between 0 and 1,000"
    )]
    fits.then_some((coding, (weight * 1_000.0).round() as Weight))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_best_form_that_is_taken_is_chosen() {
        for (lines, chosen) in [
            (&["gzip, deflate, br, zstd"][..], Some("br")),
            (&["gzip", "br"], Some("br")),
            (&["gzip;q=1.0"], Some("gzip")),
            (&["x-gzip"], Some("gzip")),
            (&["GZIP ; Q=0.5 , br; q=0.4"], Some("gzip")),
            (&["br;q=0, gzip"], Some("gzip")),
            (&["br;q=0.000"], None),
            (&["*"], Some("br")),
            (&["br;q=0, *;q=0.1"], Some("gzip")),
            (&["*;q=0"], None),
            (&["gzip;q=0.5, identity"], None),
            (&["gzip, identity;q=0.5"], Some("gzip")),
            (&["gzip;q=2, br;q=x"], None),
            (&["zstd"], None),
            (&["identity"], None),
            (&[",,"], None),
            (&[""], None),
            (&[], None),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(line));
            }
            assert_eq!(best(&headers, &["br", "gzip"]), chosen, "{lines:?}");
        }
    }
}
