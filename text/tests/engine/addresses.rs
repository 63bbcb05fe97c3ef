//! Links: the corpus that the page's tests read too, and the `url` crate as the judge of what is linked.

use proptest::prelude::*;
use url::{Host, Url};

use crate::flat::{Kind, pieces};

fn links(text: &str) -> Vec<String> {
    pieces(text, |_| None::<()>)
        .into_iter()
        .filter(|piece| piece.kind == Kind::Link)
        .map(|piece| piece.says)
        .collect()
}

/// What a page makes of a text: each link as it is shown, and where it goes.
fn drawn(text: &str) -> Vec<[String; 2]> {
    let mut pieces = pieces(text, |_| None::<()>).into_iter();
    let mut out = Vec::new();
    while let Some(piece) = pieces.next() {
        let to = piece.says;
        let shown = match piece.kind {
            Kind::Link => to.clone(),
            Kind::To => pieces.next().unwrap().says,
            _ => continue,
        };
        if let Ok(url) = Url::parse(&to) {
            // As browsers write it; no text of the corpus has one behind a `?`.
            out.push([shown, url.to_string().replace('^', "%5E")]);
        }
    }
    out
}

#[test]
fn the_corpus() {
    let corpus = include_str!("../../corpus/addresses.json");
    let corpus: Vec<(String, Vec<[String; 2]>)> = serde_json::from_str(corpus).unwrap();
    assert!(corpus.len() > 100);
    for (text, expected) in corpus {
        assert_eq!(drawn(&text), expected, "{text}");
    }
}

/// As the page's tests post them.
#[test]
fn the_corpus_in_one_text() {
    let corpus = include_str!("../../corpus/addresses.json");
    let corpus: Vec<(String, Vec<[String; 2]>)> = serde_json::from_str(corpus).unwrap();
    let (texts, links): (Vec<_>, Vec<_>) = corpus
        .into_iter()
        .filter(|(text, _)| !text.contains('\n'))
        .unzip();
    assert_eq!(drawn(&texts.join("\n\n")), links.concat());
}

/// The host that is shown: what stands between `://` and the path.
fn shown_host(link: &str) -> &str {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match host.rsplit_once(':') {
        Some((before, port)) if port.bytes().all(|b| b.is_ascii_digit()) => before,
        _ => host,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// A link goes to the host that is shown, and to no other.
    #[test]
    fn a_link_goes_where_it_says(
        text in r"https?://([a-zA-Z0-9]|[.\-_:@%\\/?#\[\]()]|good\.example|evil\.example|[。．｡／＼＠：％ａｂ１]|[\x{200b}\x{202e}\x{ad}\x{200d}\x{feff}\x{34f}]|[éß例文фаο]|0x7f|127|xn--){1,14}(/[a-z路]{0,4})?"
    ) {
        for link in links(&text) {
            let link = link.as_str();
            let Ok(url) = Url::parse(link) else {
                // Only what is not ASCII needs the tables of IDNA, and so may be refused there; the page shows it as words.
                prop_assert!(!shown_host(link).is_ascii() || shown_host(link).to_lowercase().contains("xn--"), "{}", link);
                continue;
            };
            prop_assert!(url.username().is_empty() && url.password().is_none(), "{}", link);
            let shown = shown_host(link);
            if shown.is_ascii() {
                let shown = shown.to_lowercase();
                prop_assert_eq!(url.host_str(), Some(shown.as_str()), "{}", link);
            } else {
                prop_assert!(matches!(url.host(), Some(Host::Domain(_))), "{}", link);
                prop_assert_eq!(url.host_str().unwrap().split('.').count(), shown.split('.').count(), "{}", link);
            }
        }
    }

    /// An address between spaces is the whole of it, whatever its path says.
    #[test]
    fn a_path_is_never_cut(path in r"[a-zA-Z0-9éüßñ中文字かなдמع✓|^{}$&=+%~/\-]{0,30}[a-zé字]") {
        prop_assume!(!path.contains('}'));
        let address = format!("https://a.example/{path}");
        let text = format!("see {address} there");
        prop_assert_eq!(links(&text), [address.clone()]);
        prop_assert!(Url::parse(&address).is_ok());
    }
}
