//! The client as trusted proxies tell it (contract, `HUBBUB_TRUSTED_PROXIES`): its address, and whether its browser sees https.

use std::{
    convert::Infallible,
    future,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State as Extract},
    http::{HeaderMap, HeaderName, HeaderValue, Version, header, request::Parts},
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;
use url::Url;

use crate::state::State;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// Each of them tells that there is a proxy.
const BY_PROXY: [&str; 6] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
];

/// The client's address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// Whether somebody at the server's own machine asks, by one of its loopback names and through no proxy. A page of elsewhere whose
/// name was made to lead to this machine (DNS rebinding) asks by that name. A proxy on the same machine that says nothing of itself is
/// known by the page that asks through it, by HTTP/1.0, or by the public URL that is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AtTheMachine(pub(crate) bool);

/// Reads what proxies say, once and before everything else. Afterwards the client's address is in the request, its headers about
/// forwarding are gone, and `X-Forwarded-Proto` is there if a trusted proxy said https, and only then.
pub(crate) async fn believe(
    Extract(state): Extract<State>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
    let version = request.version();
    let headers = request.headers_mut();
    let told = told(peer, headers, &state.config.serve.trusted_proxies);
    for name in [FORWARDED_FOR, FORWARDED_PROTO, header::FORWARDED] {
        headers.remove(name);
    }
    if told.https {
        headers.insert(FORWARDED_PROTO, HeaderValue::from_static("https"));
    }
    let public = &state.config.serve.public_url;
    let near = told.address.is_loopback()
        && !told.unbelieved
        && is_loopback_host(headers)
        && has_loopback_page(headers)
        && version > Version::HTTP_10
        && public.iter().all(is_loopback_url);
    let parts = request.extensions_mut();
    parts.insert(ClientAddress(told.address));
    parts.insert(AtTheMachine(near));
    next.run(request).await
}

impl FromRequestParts<State> for ClientAddress {
    type Rejection = Infallible;

    fn from_request_parts(
        parts: &mut Parts,
        _state: &State,
    ) -> impl Future<Output = Result<Self, Infallible>> {
        let unknown = Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        future::ready(Ok(parts.extensions.get().copied().unwrap_or(unknown)))
    }
}

impl FromRequestParts<State> for AtTheMachine {
    type Rejection = Infallible;

    fn from_request_parts(
        parts: &mut Parts,
        _state: &State,
    ) -> impl Future<Output = Result<Self, Infallible>> {
        let found = parts.extensions.get().copied();
        future::ready(Ok(found.unwrap_or(Self(false))))
    }
}

fn is_loopback_host(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return false;
    };
    let url = host
        .to_str()
        .ok()
        .and_then(|host| Url::parse(&format!("http://{host}/")).ok());
    url.as_ref().is_some_and(is_loopback_url)
}

/// Whether every page that a browser names as the one that asks is of this machine; a program names none.
fn has_loopback_page(headers: &HeaderMap) -> bool {
    let named = [header::ORIGIN, header::REFERER];
    let mut pages = named.iter().flat_map(|name| headers.get_all(name));
    pages.all(|page| {
        let url = page.to_str().ok().and_then(|page| Url::parse(page).ok());
        url.as_ref().is_some_and(is_loopback_url)
    })
}

fn is_loopback_url(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(v4)) => v4.is_loopback(),
        Some(url::Host::Ipv6(v6)) => v6.is_loopback(),
        None => false,
    }
}

/// What is known of the client.
struct ProxyNotice {
    address: IpAddr,
    /// A trusted proxy says that its browser speaks https.
    https: bool,
    /// There is a word about forwarding from somebody who is not trusted: there is a proxy that nobody told us of.
    unbelieved: bool,
}

/// The rightmost address outside the trusted networks; what stands left of it anybody may have written.
pub(crate) fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    told(peer, headers, trusted).address
}

fn told(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> ProxyNotice {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let mut address = peer.to_canonical();
    if !is_trusted(address) {
        return ProxyNotice {
            address,
            https: false,
            unbelieved: BY_PROXY.iter().any(|name| headers.contains_key(*name)),
        };
    }
    let (hops, protos) = hops(headers);
    let mut place = 0;
    for (at, hop) in hops.iter().rev().enumerate() {
        if !is_trusted(address) {
            break;
        }
        let Some(next) = node(hop) else { break };
        (address, place) = (next.to_canonical(), at);
    }
    // One word for each hop: that of the client's. Otherwise the first is what the proxy nearest to the browser saw.
    let proto = if protos.len() == hops.len() {
        protos.iter().rev().nth(place)
    } else {
        protos.first()
    };
    ProxyNotice {
        address,
        https: proto.is_some_and(|proto| proto.eq_ignore_ascii_case("https")),
        unbelieved: false,
    }
}

/// The addresses and the schemes of all hops, from the client on: of `X-Forwarded-For` and `X-Forwarded-Proto`, or where a proxy writes
/// neither, of `Forwarded` (RFC 7239, section 4).
fn hops(headers: &HeaderMap) -> (Vec<String>, Vec<String>) {
    let (hops, protos) = (
        list(headers, &FORWARDED_FOR),
        list(headers, &FORWARDED_PROTO),
    );
    if !hops.is_empty() || !protos.is_empty() {
        return (hops, protos);
    }
    let part = |element: &str, wanted: &str| {
        let pairs = element.split(';').filter_map(|pair| pair.split_once('='));
        let mut found = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case(wanted));
        let value = found.next().map_or("", |(_, value)| value);
        unquoted(value).to_owned()
    };
    let elements = list(headers, &header::FORWARDED);
    elements
        .iter()
        .map(|element| (part(element, "for"), part(element, "proto")))
        .unzip()
}

/// The items of a list that may go over several lines. A line that is not text of HTTP spoils its own items only.
fn list(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let lines = headers.get_all(name).iter();
    lines
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
        .map(|item| unquoted(&String::from_utf8_lossy(item)).to_owned())
        .filter(|item| !item.is_empty())
        .collect()
}

fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let inner = text.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    inner.map_or(text, str::trim)
}

/// An address as proxies write it (RFC 7239, section 6, and what gateways make of it): alone or with a port, IPv6 in brackets or not, with
/// a zone or without. `unknown` and made-up names are none.
fn node(text: &str) -> Option<IpAddr> {
    let bare = |text: &str| text.split('%').next()?.parse().ok();
    let is_port = |text: &str| {
        let name = text.strip_prefix('_').unwrap_or(text);
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if let Some(rest) = text.strip_prefix('[') {
        let (address, after) = rest.split_once(']')?;
        let fits = after.is_empty() || after.strip_prefix(':').is_some_and(is_port);
        return fits.then(|| bare(address)).flatten();
    }
    bare(text).or_else(|| {
        let (address, port) = text.rsplit_once(':')?;
        is_port(port).then(|| bare(address)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        headers
    }

    fn ask(peer: &str, lines: &[(&'static str, &str)], trusted: &[&str]) -> (String, bool) {
        let trusted: Vec<IpNet> = trusted
            .iter()
            .map(|network| network.parse().unwrap())
            .collect();
        let told = told(peer.parse().unwrap(), &headers(lines), &trusted);
        (told.address.to_string(), told.https)
    }

    fn address(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let lines: Vec<_> = forwarded
            .iter()
            .map(|line| ("x-forwarded-for", *line))
            .collect();
        ask(peer, &lines, trusted).0
    }

    const NET: &[&str] = &["10.0.0.0/8"];

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(address("192.0.2.1", &["203.0.113.9"], &[]), "192.0.2.1");
        for lines in [
            &["203.0.113.9"] as &[&str],
            &["1.2.3.4, 203.0.113.9, 10.0.0.2"],
            &["1.2.3.4", "203.0.113.9"],
            &["1.2.3.4", "203.0.113.9,", " , 10.0.0.2"],
            // What the client wrote itself does not hide what the proxy added.
            &["\u{e9}, 203.0.113.9"],
        ] {
            assert_eq!(address("10.0.0.1", lines, NET), "203.0.113.9", "{lines:?}");
        }
        for nobody in ["nonsense", "unknown", "_hidden", "203.0.113.9:", "[::1"] {
            assert_eq!(address("10.0.0.1", &[nobody], NET), "10.0.0.1", "{nobody}");
        }
        assert_eq!(
            address("::ffff:10.0.0.1", &["2001:db8::1"], NET),
            "2001:db8::1"
        );
    }

    #[test]
    fn ports_brackets_and_zones_are_read() {
        for (written, meant) in [
            ("203.0.113.7:40001", "203.0.113.7"),
            ("\"203.0.113.7:_port\"", "203.0.113.7"),
            ("[2001:db8::7]:443", "2001:db8::7"),
            ("\"[2001:db8::7]\"", "2001:db8::7"),
            ("[fe80::7%eth0]:443", "fe80::7"),
            ("fe80::7%25eth0", "fe80::7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("[::ffff:203.0.113.7]:1", "203.0.113.7"),
            ("::ffff:203.0.113.7:40001", "203.0.113.7"),
        ] {
            assert_eq!(address("10.0.0.1", &[written], NET), meant, "{written}");
            let behind = format!("{written}, 10.0.0.2:80");
            assert_eq!(address("10.0.0.1", &[&behind], NET), meant, "{behind}");
        }
    }

    #[test]
    fn the_header_of_rfc_7239_is_read_where_there_is_no_other() {
        let forwarded = "for=1.2.3.4, For=\"[2001:db8::7]:47\";proto=HTTPS;by=10.0.0.3, for=10.0.0.2;proto=http";
        let said = ask("10.0.0.1", &[("forwarded", forwarded)], NET);
        assert_eq!(said, ("2001:db8::7".to_owned(), true));
        let both = [
            ("forwarded", "for=1.2.3.4"),
            ("x-forwarded-for", "203.0.113.9"),
        ];
        assert_eq!(ask("10.0.0.1", &both, NET).0, "203.0.113.9");
    }

    #[test]
    fn https_is_what_a_trusted_proxy_says_of_the_clients_hop() {
        let proto = |peer: &str, protos: &[&str], hops: Option<&str>| {
            let mut lines: Vec<_> = protos
                .iter()
                .map(|line| ("x-forwarded-proto", *line))
                .collect();
            lines.extend(hops.map(|hops| ("x-forwarded-for", hops)));
            ask(peer, &lines, NET).1
        };
        for protos in [
            &["https"] as &[&str],
            &["HTTPS"],
            &["https, http"],
            &["Https", "http"],
            &[" \"https\" , http"],
        ] {
            assert!(proto("10.0.0.1", protos, None), "{protos:?}");
            assert!(proto("10.0.0.1", protos, Some("203.0.113.9")), "{protos:?}");
            assert!(!proto("192.0.2.1", protos, None), "{protos:?}");
        }
        for protos in ["http", "http, https", "ws", "", "https2"] {
            assert!(!proto("10.0.0.1", &[protos], None), "{protos}");
        }
        assert!(proto(
            "10.0.0.1",
            &["https, http"],
            Some("203.0.113.9, 10.0.0.2")
        ));
        // The client wrote the first of each.
        assert!(!proto(
            "10.0.0.1",
            &["https, http"],
            Some("1.2.3.4, 203.0.113.9")
        ));
    }

    #[test]
    fn a_name_that_leads_here_is_not_a_name_of_this_machine() {
        for (host, expected) in [
            ("localhost:3000", true),
            ("127.0.0.1", true),
            ("[::1]:3000", true),
            ("hubbub.localhost", true),
            ("evil.example:3000", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("user@evil.example", false),
            ("192.0.2.1", false),
        ] {
            let headers = headers(&[("host", host)]);
            assert_eq!(is_loopback_host(&headers), expected, "{host}");
        }
        for (pages, expected) in [
            (&[] as &[(&str, &str)], true),
            (&[("origin", "http://localhost:3000")], true),
            (
                &[
                    ("origin", "http://[::1]"),
                    ("referer", "http://127.0.0.1:3000/first"),
                ],
                true,
            ),
            (&[("origin", "https://chat.example")], false),
            (&[("origin", "null")], false),
            (&[("referer", "https://chat.example/first")], false),
            (
                &[
                    ("origin", "http://localhost"),
                    ("referer", "https://localhost.evil.example/"),
                ],
                false,
            ),
            (
                &[
                    ("origin", "http://localhost"),
                    ("origin", "https://a.example"),
                ],
                false,
            ),
        ] {
            assert_eq!(has_loopback_page(&headers(pages)), expected, "{pages:?}");
        }
        let two = headers(&[("host", "localhost"), ("host", "evil.example")]);
        assert!(!is_loopback_host(&two) && !is_loopback_host(&HeaderMap::new()));
    }
}
