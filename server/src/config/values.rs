//! Settings as people write them, in shells, Compose files, unit files and charts; and what is wrong with the others, in words.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _},
    path::PathBuf,
};

use ipnet::{IpNet, Ipv4Net};
use percent_encoding::percent_decode_str;
use tokio_postgres::config::SslMode;
use url::{Host, Url};

/// The port where people are served, when a setting names an address alone.
const PORT: u16 = 3000;
/// The port that exporters of metrics usually take, when a setting names an address alone.
const METRICS_PORT: u16 = 9464;
/// Characters of a name.
const NAME_CHARS: usize = 100;

/// Where `--addr` listens.
pub(super) fn addr(text: &str) -> Result<SocketAddr, String> {
    address(text, PORT)
}

/// Where `--metrics-addr` listens.
pub(super) fn metrics_addr(text: &str) -> Result<SocketAddr, String> {
    address(text, METRICS_PORT)
}

/// `127.0.0.1:3000`, `[::1]:3000`, `localhost:3000`, an address or a name alone, and `:3000` or `*:3000` for every address of the machine.
fn address(text: &str, port: u16) -> Result<SocketAddr, String> {
    let text = text.trim();
    if let Ok(full) = text.parse() {
        return Ok(full);
    }
    if text.contains("://") {
        return Err(format!(
            "it is a URL; write the address and the port alone, such as 127.0.0.1:{port}"
        ));
    }
    if let Ok(alone) = unbracketed(text).parse::<IpAddr>() {
        return Ok((alone, port).into());
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, number)) => {
            let number = number.parse().map_err(|_| {
                format!(
                    "{number:?} is no port; write one from 0 to 65535, such as 127.0.0.1:{port}"
                )
            })?;
            (host, number)
        }
        None => (text, port),
    };
    if matches!(host, "" | "*") {
        return Ok((Ipv6Addr::UNSPECIFIED, port).into());
    }
    if host.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!(
            "it is a number alone; write :{host} for that port on every address, or 127.0.0.1:{host}"
        ));
    }
    named(host, port)
}

/// The address of a name: IPv4 where it has both, as `127.0.0.1` of `localhost`.
fn named(host: &str, port: u16) -> Result<SocketAddr, String> {
    let found: Vec<SocketAddr> = (host, port)
        .to_socket_addrs()
        .map_err(|why| format!("{host:?} is no address of this machine ({why}); write one such as 127.0.0.1:{port}, or :{port} for every address"))?
        .collect();
    let four = found.iter().find(|addr| addr.is_ipv4());
    four.or(found.first())
        .copied()
        .ok_or_else(|| format!("{host:?} has no address"))
}

fn unbracketed(text: &str) -> &str {
    text.strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text)
}

/// One origin: `https://chat.example`; a slash at its end is no path.
pub(super) fn origin(text: &str) -> Result<Url, String> {
    let text = text.trim();
    let example = "write an origin such as https://chat.example";
    let with_scheme = |rest: &str| format!("it has no scheme; write https://{rest}");
    if text.is_empty() {
        return Err(format!("it is empty; {example}"));
    }
    let Some((scheme, _)) = text.split_once("://") else {
        return Err(match text.split_once(':') {
            Some(("http" | "https", rest)) => {
                with_scheme(rest.trim_start_matches('/').trim_end_matches('/'))
            }
            _ => with_scheme(text.trim_end_matches('/')),
        });
    };
    if !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") {
        return Err(format!("{scheme} is not served; {example}"));
    }
    let url = Url::parse(text).map_err(|why| format!("{why}; {example}"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("an origin has no user and no password; {example}"));
    }
    if url.host_str().is_some_and(|host| host.contains('*')) {
        return Err("it names every host of a kind; name each one, comma separated".to_owned());
    }
    if !matches!(url.path(), "" | "/") {
        let origin = url.origin().ascii_serialization();
        return Err(format!(
            "Hubbub is served from the root of a host, not from a path; write {origin}, and give it a host of its own"
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        let origin = url.origin().ascii_serialization();
        return Err(format!(
            "an origin has no query and no fragment; write {origin}"
        ));
    }
    if matches!(
        url.host(),
        Some(Host::Ipv4(Ipv4Addr::UNSPECIFIED) | Host::Ipv6(Ipv6Addr::UNSPECIFIED))
    ) {
        return Err(format!("nobody visits that address; {example}"));
    }
    Ok(url)
}

/// A network: `10.0.0.0/8`, or one address of it: `127.0.0.1`, `::1`, `[::1]`.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    let bare = unbracketed(text);
    let found = bare
        .parse::<IpAddr>()
        .map(IpNet::from)
        .or_else(|_| bare.parse::<IpNet>());
    let example =
        "write networks such as 10.0.0.0/8 or addresses such as 127.0.0.1, comma separated";
    match found {
        Ok(network) => Ok(canonical(network)),
        Err(_) if text.is_empty() => Err(format!("it is empty; {example}")),
        Err(_) => Err(format!("{text:?} is no network; {example}")),
    }
}

/// An IPv4 network that is written as IPv6 (`::ffff:10.0.0.0/104`): addresses are compared as IPv4.
fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(six) = network else {
        return network;
    };
    let four = six.addr().to_ipv4_mapped();
    let length = six.prefix_len().checked_sub(96);
    four.zip(length)
        .and_then(|(addr, length)| Ipv4Net::new(addr, length).ok())
        .map_or(network, IpNet::V4)
}

/// What the place or the node is called.
pub(super) fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > NAME_CHARS {
        return Err(format!("a name has 1 to {NAME_CHARS} characters"));
    }
    if text.chars().any(char::is_control) {
        return Err("a name has no control characters and no line breaks".to_owned());
    }
    Ok(text.to_owned())
}

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Database {
    /// `hubbub.db` in the data folder.
    InFolder,
    /// A file of SQLite.
    Sqlite {
        /// Where it is; relative to the folder that the process was started in.
        path: PathBuf,
        /// Whether it may be made when it is not there.
        create: bool,
    },
    /// A database of PostgreSQL.
    Postgres(PostgresUrl),
}

/// The address of a database of PostgreSQL, which may hold a password: it is never printed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PostgresUrl(pub(crate) String);

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://…")
    }
}

/// `postgres://USER:PASSWORD@HOST:PORT/DATABASE` (or `postgresql://`), as libpq has it; or `sqlite://PATH` or `sqlite:PATH` with `?mode=rwc` or `rw`, percent-decoded, as SQLite's own URIs have it.
pub(super) fn database(text: &str) -> Result<Database, String> {
    let text = text.trim();
    if text == "sqlite" {
        return Ok(Database::InFolder);
    }
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        let parsed: Result<tokio_postgres::Config, _> = text.parse();
        // The words of the error may hold a part of the address, and so of the password.
        return match parsed {
            Ok(parsed) if parsed.get_dbname().is_none() => Err(
                "it names no database; write postgres://USER:PASSWORD@HOST/DATABASE".to_owned(),
            ),
            Ok(parsed) if parsed.get_ssl_mode() == SslMode::Require => Err(
                "it asks for TLS (sslmode=require), which Hubbub does not speak to PostgreSQL yet; keep the database on the machine or on a network of its own, or put a tunnel between"
                    .to_owned(),
            ),
            Ok(_) => Ok(Database::Postgres(PostgresUrl(text.to_owned()))),
            Err(_) => Err(
                "it is not read as an address of PostgreSQL; write postgres://USER:PASSWORD@HOST:5432/DATABASE, with what is special in a password percent-encoded"
                    .to_owned(),
            ),
        };
    }
    let Some(rest) = text.strip_prefix("sqlite:") else {
        return Err(match text.split_once(':') {
            Some((scheme, _)) if text.contains("://") => {
                format!(
                    "it opens postgres://USER:PASSWORD@HOST/DATABASE or sqlite://PATH, not {scheme}"
                )
            }
            _ => format!("it has no scheme; write sqlite://{text}"),
        });
    };
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    if matches!(path, "" | "/") {
        return Err(
            "it names no file; write sqlite://PATH, such as sqlite:///var/lib/hubbub/hubbub.db"
                .to_owned(),
        );
    }
    let mut create = true;
    for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match (&*key, &*value) {
            ("mode", "rwc") => {}
            ("mode", "rw") => create = false,
            ("mode", "memory") => return Err(in_memory()),
            ("mode", "ro") => {
                return Err("it would be read only; Hubbub writes: mode=rwc or mode=rw".to_owned());
            }
            _ => {
                return Err(format!(
                    "{key}={value} is not understood; of SQLite's parameters mode=rwc and mode=rw are"
                ));
            }
        }
    }
    let path = percent_decode_str(path)
        .decode_utf8()
        .map_err(|_| "its path is not UTF-8 once it is percent-decoded".to_owned())?;
    let path = PathBuf::from(&*path);
    if rest.starts_with(":memory:") {
        return Err(in_memory());
    }
    Ok(Database::Sqlite { path, create })
}

fn in_memory() -> String {
    "a database in memory would lose everything with the process; write sqlite://PATH".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (text, read) in [
            ("127.0.0.1:3000", "127.0.0.1:3000"),
            (" 0.0.0.0:80\r", "0.0.0.0:80"),
            ("[::1]:8080", "[::1]:8080"),
            ("::1", "[::1]:3000"),
            ("[::]", "[::]:3000"),
            ("10.1.2.3", "10.1.2.3:3000"),
            (":3000", "[::]:3000"),
            ("*:4000", "[::]:4000"),
            ("*", "[::]:3000"),
            ("localhost:0", "127.0.0.1:0"),
            ("localhost", "127.0.0.1:3000"),
        ] {
            assert_eq!(addr(text).unwrap(), read.parse().unwrap(), "{text:?}");
        }
        assert_eq!(
            metrics_addr("127.0.0.1").unwrap(),
            "127.0.0.1:9464".parse().unwrap()
        );
        for (text, told) in [
            ("3000", "write :3000"),
            ("http://127.0.0.1:3000", "a URL"),
            ("127.0.0.1:70000", "no port"),
            ("127.0.0.1:", "no port"),
            ("127.0.0.1:http", "no port"),
            ("999.1.1.1:3000", "no address"),
        ] {
            let why = addr(text).unwrap_err();
            assert!(why.contains(told), "{text}: {why}");
        }
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        for (text, read) in [
            ("https://chat.example", "https://chat.example"),
            ("https://chat.example/ ", "https://chat.example"),
            ("HTTP://Chat.Example:8080", "http://chat.example:8080"),
            ("https://chat.example:443", "https://chat.example"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
        ] {
            let url = origin(text).unwrap();
            assert_eq!(url.origin().ascii_serialization(), read, "{text:?}");
        }
        for (text, told) in [
            ("chat.example:8443", "write https://chat.example:8443"),
            ("chat.example", "write https://chat.example"),
            ("https:chat.example/", "write https://chat.example"),
            ("https://example.com/chat", "write https://example.com"),
            ("https://example.com/?a=1", "no query"),
            ("https://example.com/#a", "no fragment"),
            ("ftp://example.com", "ftp is not served"),
            ("https://", "empty host"),
            ("https://*.example.com", "name each one"),
            ("https://ada:secret@example.com", "no password"),
            ("http://0.0.0.0:3000", "nobody visits"),
            ("null", "no scheme"),
            ("", "empty"),
        ] {
            let why = origin(text).unwrap_err();
            assert!(why.contains(told), "{text}: {why}");
            assert!(!why.contains("secret"), "{why}");
        }
    }

    #[test]
    fn a_network_may_be_one_address() {
        for (text, read) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("127.0.0.1", "127.0.0.1/32"),
            (" 127.0.0.1/32", "127.0.0.1/32"),
            ("::1", "::1/128"),
            ("[fd00::]", "fd00::/128"),
            ("fd00::/8", "fd00::/8"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
            ("::ffff:10.0.0.1", "10.0.0.1/32"),
        ] {
            assert_eq!(network(text).unwrap().to_string(), read, "{text:?}");
        }
        for bad in ["", "localhost", "10.0.0.0/33", "10.0.0", "*"] {
            assert!(
                network(bad).unwrap_err().contains("write networks"),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_database_is_a_file_of_sqlite_or_one_of_postgresql() {
        let file = |path: &str, create| Database::Sqlite {
            path: path.into(),
            create,
        };
        for (text, read) in [
            ("sqlite", Database::InFolder),
            ("sqlite://x.db", file("x.db", true)),
            ("sqlite:x.db", file("x.db", true)),
            (
                "sqlite:///var/lib/x.db?mode=rwc",
                file("/var/lib/x.db", true),
            ),
            ("sqlite:/var/lib/x.db?mode=rw", file("/var/lib/x.db", false)),
            ("sqlite://a%20b%3F.db", file("a b?.db", true)),
            (
                "postgresql://ada:secret@db:5433/x?connect_timeout=5",
                Database::Postgres(PostgresUrl(
                    "postgresql://ada:secret@db:5433/x?connect_timeout=5".to_owned(),
                )),
            ),
        ] {
            assert_eq!(database(text).unwrap(), read, "{text}");
        }
        for (text, told) in [
            ("sqlite://", "names no file"),
            ("sqlite:", "names no file"),
            ("sqlite::memory:", "in memory"),
            ("sqlite://:memory:", "in memory"),
            ("sqlite://x?mode=memory", "in memory"),
            ("sqlite://x?mode=ro", "read only"),
            ("sqlite://x?mode=rwx", "not understood"),
            ("sqlite://x?cache=shared", "not understood"),
            ("mysql://ada:secret@db/x", "not mysql"),
            ("postgres://ada:secret@db", "names no database"),
            ("postgres://ada:secret@db/x?sslmode=require", "asks for TLS"),
            ("postgres://ada:secret@db:x/y", "not read as an address"),
            ("/var/lib/x.db", "write sqlite:///var/lib/x.db"),
            ("x.db", "write sqlite://x.db"),
        ] {
            let why = database(text).unwrap_err();
            assert!(why.contains(told), "{text}: {why}");
            assert!(!why.contains("secret"), "{why}");
        }
    }

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(name(" Our place ").unwrap(), "Our place");
        for bad in ["", "  ", "a\nb", &"x".repeat(101)] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
    }
}
