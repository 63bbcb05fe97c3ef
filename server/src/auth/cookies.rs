//! Cookies as they come (RFC 6265, section 5.4), and the names of ours.

use axum::http::{HeaderMap, header};

use super::tokens::{Audience, Tokens};

/// What cookies of this name that stand in a request hold, in their order. Pairs are read byte by byte, each by itself, so that no odd one
/// among them, which may be of anything else on this host, hides ours.
pub(crate) fn cookies<'h>(headers: &'h HeaderMap, name: &str) -> impl Iterator<Item = &'h str> {
    let lines = headers.get_all(header::COOKIE).into_iter();
    let pairs = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    pairs.filter_map(move |pair| {
        let at = pair.iter().position(|byte| *byte == b'=')?;
        let (key, value) = pair.split_at(at);
        if key.trim_ascii() != name.as_bytes() {
            return None;
        }
        let value = value[1..].trim_ascii();
        let quoted = value
            .strip_prefix(b"\"")
            .and_then(|value| value.strip_suffix(b"\""));
        std::str::from_utf8(quoted.unwrap_or(value)).ok()
    })
}

/// How the browser calls what it keeps for this installation. Cookies know no port, so two servers on one host would take each other's
/// away if they were called alike.
#[derive(Debug)]
pub(crate) struct CookieNames {
    session: [String; 2],
    refresh: [String; 2],
}

/// What a session was called before installations had names of their own. Nothing is kept under it any more, and what is under it is over
/// when the sign-ins of then are.
pub(crate) const OLD_SESSION: &str = "hubbub_session";

/// Cookies of our name that are tried: each costs a signature.
const MAX_TRIED: usize = 8;

/// Longer than any token of ours.
const TOKEN_BYTES: usize = 2_048;

impl CookieNames {
    /// Those of the installation whose secret this is. They tell nothing of it.
    pub(crate) fn new(tokens: &Tokens) -> Self {
        let bits = tokens.derive(&[b"cookie"]) >> 96;
        // A browser takes `__Host-` only where it is Secure and of this host alone, so that no other host of its domain can put one there.
        let both = |name: &str| {
            let name = format!("hubbub_{name}_{bits:08x}");
            [name.clone(), format!("__Host-{name}")]
        };
        Self {
            session: both("session"),
            refresh: both("refresh"),
        }
    }

    /// The session: who is signed in.
    pub(crate) fn session(&self, secure: bool) -> &str {
        &self.session[usize::from(secure)]
    }

    /// The refresh token.
    pub(crate) fn refresh(&self, secure: bool) -> &str {
        &self.refresh[usize::from(secure)]
    }

    /// Whether a request comes with any of them, good or not.
    pub(crate) fn are_in(&self, headers: &HeaderMap) -> bool {
        let ours = self.session.iter().chain(&self.refresh);
        ours.map(String::as_str)
            .chain([OLD_SESSION])
            .any(|name| cookies(headers, name).next().is_some())
    }

    /// Tokens that may be a session's, with what each must be good for; at most a few, however many come.
    pub(crate) fn sessions<'h>(
        &self,
        headers: &'h HeaderMap,
        secure: bool,
    ) -> impl Iterator<Item = (Audience, &'h str)> {
        let now = tokens_in(headers, self.session(secure)).map(|token| (Audience::Session, token));
        let old = tokens_in(headers, OLD_SESSION).map(|token| (Audience::OldSession, token));
        now.chain(old).take(MAX_TRIED)
    }

    /// Tokens that may be for a refresh; at most a few.
    pub(crate) fn refreshes<'h>(
        &self,
        headers: &'h HeaderMap,
        secure: bool,
    ) -> impl Iterator<Item = &'h str> {
        tokens_in(headers, self.refresh(secure)).take(MAX_TRIED)
    }
}

/// The cookies of a name that look like a token (RFC 7515, section 3.1).
fn tokens_in<'h>(headers: &'h HeaderMap, name: &str) -> impl Iterator<Item = &'h str> {
    cookies(headers, name).filter(|value| {
        value.len() <= TOKEN_BYTES && value.bytes().filter(|byte| *byte == b'.').count() == 2
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Secret;
    use axum::http::HeaderValue;
    use rand::{SeedableRng, rngs::StdRng};

    fn headers(lines: &[&[u8]]) -> HeaderMap {
        let lines = lines.iter().map(|line| {
            let line = HeaderValue::from_bytes(line).unwrap();
            (header::COOKIE, line)
        });
        lines.collect()
    }

    fn names(seed: u64) -> CookieNames {
        CookieNames::new(&Tokens::new(&Secret::random(&mut StdRng::seed_from_u64(
            seed,
        ))))
    }

    #[test]
    fn pairs_are_read_each_by_itself() {
        for (line, found) in [
            (&b"a=1"[..], vec!["1"]),
            (b"b=2; a=1; c=3", vec!["1"]),
            (b"a=1;b=2", vec!["1"]),
            (b" a = 1 ;", vec!["1"]),
            ("name=José; a=1".as_bytes(), vec!["1"]),
            (b"x=\xff\xfe; a=1; y=\x80", vec!["1"]),
            (b"\xe4=1; a=1", vec!["1"]),
            (b"; ;=; =5; lonely; a=1;;", vec!["1"]),
            (b"q=\"one; a=1; two\"", vec!["1"]),
            (b"a=\"1\"", vec!["1"]),
            (b"a=\"1", vec!["\"1"]),
            (b"a=; a=1", vec!["", "1"]),
            (b"a=2; b=3; a=1", vec!["2", "1"]),
            (b"a=1=2==", vec!["1=2=="]),
            (b"a=\xff; a=1", vec!["1"]),
            (b"A=1; aa=1; a", vec![]),
            (b"xa=1; a =1", vec!["1"]),
            (b"", vec![]),
        ] {
            let shown = String::from_utf8_lossy(line);
            assert_eq!(
                cookies(&headers(&[line]), "a").collect::<Vec<_>>(),
                found,
                "{shown}"
            );
        }
        let lines = headers(&[b"a=1; b=2", b"c=3; a=4"]);
        assert_eq!(cookies(&lines, "a").collect::<Vec<_>>(), vec!["1", "4"]);
    }

    #[test]
    fn every_installation_has_names_of_its_own() {
        let ours = names(1);
        assert_eq!(ours.session(false), names(1).session(false));
        assert_ne!(ours.session(false), names(2).session(false));
        assert_ne!(ours.refresh(true), names(2).refresh(true));
        for secure in [false, true] {
            for name in [ours.session(secure), ours.refresh(secure)] {
                assert_eq!(name.starts_with("__Host-"), secure, "{name}");
                assert_eq!(name.trim_start_matches("__Host-").len(), 23, "{name}");
            }
        }
        // What others on this host may have put there is not ours.
        let line = format!("{}=a.b.c", names(2).session(false));
        assert!(!ours.are_in(&headers(&[line.as_bytes()])));
        let line = format!("{}=", ours.session(true));
        assert!(ours.are_in(&headers(&[line.as_bytes()])));
    }

    #[test]
    fn few_are_tried_and_only_what_may_be_a_token() {
        let ours = names(1);
        let name = ours.session(true);
        let long = "x".repeat(TOKEN_BYTES);
        let line = format!(
            "{name}=; {name}=x; {name}={long}.b.c; {name}=a.b.c; hubbub_session=d.e.f; {name}=g.h.i"
        );
        let lines = headers(&[line.as_bytes()]);
        let found: Vec<_> = ours.sessions(&lines, true).collect();
        assert_eq!(
            found,
            vec![
                (Audience::Session, "a.b.c"),
                (Audience::Session, "g.h.i"),
                (Audience::OldSession, "d.e.f"),
            ]
        );
        let many = format!("{name}=a.b.c; ").repeat(1_000);
        let many = headers(&[many.as_bytes()]);
        assert_eq!(ours.sessions(&many, true).count(), MAX_TRIED);
        assert_eq!(ours.sessions(&many, false).count(), 0);
    }
}
