//! Tokens: JWTs signed with the server's secret (RFC 7519), one audience a use, so that none serves as another.

use std::fmt::Write as _;

use hmac::{Hmac, Mac as _};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use protocol::UserId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{hs256, secret::Secret};

const ISSUER: &str = "hubbub";

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// `Authorization: Bearer` and `hello.token`: short lived.
    Access,
    /// The session cookie: as long as the sign-in, checked against it at every use.
    Session,
    /// A session cookie that was made before cookies had a name an installation. None is made any more.
    OldSession,
    /// One refresh.
    Refresh,
}

impl Audience {
    const fn name(self) -> &'static str {
        match self {
            Self::Access => "hubbub",
            Self::Session => "hubbub-session",
            Self::OldSession => "hubbub-cookie",
            Self::Refresh => "hubbub-refresh",
        }
    }
}

/// What a token says (contract, `HUBBUB_ACCESS_TTL_S`). Times are in seconds since the epoch (RFC 7519, section 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who made it.
    pub(crate) iss: String,
    /// What it is good for.
    pub(crate) aud: String,
    /// The user.
    pub(crate) sub: String,
    /// The sign-in.
    pub sid: u64,
    /// The device.
    pub dev: String,
    /// Made at.
    pub(crate) iat: u64,
    /// Good from.
    pub(crate) nbf: u64,
    /// Good until.
    pub(crate) exp: u64,
    /// What makes one token unlike the next (RFC 7519, section 4.1.7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) jti: Option<String>,
}

/// How far the clocks of two nodes, or of one before and after it was set, may differ (RFC 7519, section 4.1.5), in seconds.
const LEEWAY_S: u64 = 60;

impl Claims {
    /// Whether it is good yet, at `now_ms`. When the clock was set back, a token of before seems to come from the future; but what its
    /// sign-in was last seen at, `seen_ms`, has been, whatever the clock says: a token that was made by then is not refused.
    pub(crate) const fn has_begun(&self, now_ms: u64, seen_ms: u64) -> bool {
        self.nbf <= now_ms / 1_000 + LEEWAY_S || self.nbf <= seen_ms / 1_000
    }

    /// The user; none if it is no id.
    pub fn user(&self) -> Option<UserId> {
        self.sub.parse().ok()
    }
}

/// Whose sign-in a token is made for.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The user.
    pub user: UserId,
    /// The sign-in.
    pub sign_in: u64,
    /// The device.
    pub device: &'a str,
}

/// Makes and reads tokens.
pub struct Tokens {
    derive: Hmac<Sha256>,
    sign: EncodingKey,
    check: DecodingKey,
}

impl Tokens {
    /// With this secret.
    pub fn new(secret: &Secret) -> Self {
        hs256::install();
        let mut derive = secret.mac();
        // What is signed begins otherwise, so no signature is ever the same as what is derived.
        derive.update(b"hubbub derives\0");
        Self {
            derive,
            sign: EncodingKey::from_secret(secret.as_bytes()),
            check: DecodingKey::from_secret(secret.as_bytes()),
        }
    }

    /// A token that is good from `now_ms` on, for `ttl_s` seconds. `nonce` makes it unlike any other.
    pub fn make(
        &self,
        audience: Audience,
        subject: Subject<'_>,
        now_ms: u64,
        ttl_s: u64,
        nonce: Option<u128>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let now = now_ms / 1_000;
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: audience.name().to_owned(),
            sub: subject.user.to_string(),
            sid: subject.sign_in,
            dev: subject.device.to_owned(),
            iat: now,
            nbf: now,
            exp: now.saturating_add(ttl_s),
            jti: nonce.map(|nonce| format!("{nonce:032x}")),
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.sign)
    }

    /// What a token says; none if it is not ours, not for this use, or no longer good. Whether it is good yet, its sign-in must be
    /// asked: [`Claims::has_begun`].
    pub fn read(&self, audience: Audience, token: &str, now_ms: u64) -> Option<Claims> {
        let claims = self.read_signed(audience, token)?;
        (now_ms / 1_000 < claims.exp).then_some(claims)
    }

    /// Bits that nobody without the secret can tell, the same whenever they are asked for by the same words.
    pub(crate) fn derive(&self, what: &[&[u8]]) -> u128 {
        let mut mac = self.derive.clone();
        for word in what {
            mac.update(&(word.len() as u64).to_be_bytes());
            mac.update(word);
        }
        let bytes: [u8; 32] = mac.finalize().into_bytes().into();
        let (half, _) = bytes.split_at(16);
        half.iter()
            .fold(0, |bits, byte| bits << 8 | u128::from(*byte))
    }

    fn read_signed(&self, audience: Audience, token: &str) -> Option<Claims> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_audience(&[audience.name()]);
        rules.set_issuer(&[ISSUER]);
        // The times are checked against the server's clock, which tests can move.
        rules.validate_exp = false;
        rules.validate_nbf = false;
        decode(token, &self.check, &rules)
            .ok()
            .map(|data| data.claims)
    }
}

/// What a refresh token is stored as.
pub(crate) fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Random bits as letters for links, 22 characters of base 62 or fewer.
pub(crate) fn code(bits: u128) -> String {
    let mut out = String::with_capacity(32);
    // Writing to a String cannot fail.
    let _ = write!(out, "{bits:032x}");
    out.truncate(24);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{SeedableRng, rngs::StdRng};

    const NOW: u64 = 1_795_400_000_000;

    fn tokens(seed: u64) -> Tokens {
        let folder = tempfile::tempdir().unwrap();
        Tokens::new(&Secret::load(folder.path(), &mut StdRng::seed_from_u64(seed)).unwrap())
    }

    fn subject() -> Subject<'static> {
        Subject {
            user: UserId::new(7).unwrap(),
            sign_in: 3,
            device: "0123456789abcdef",
        }
    }

    #[test]
    fn a_token_serves_one_use_for_its_time() {
        let ours = tokens(1);
        let token = ours
            .make(Audience::Access, subject(), NOW, 900, None)
            .unwrap();
        let claims = ours.read(Audience::Access, &token, NOW + 899_000).unwrap();
        assert_eq!(
            (
                claims.user().unwrap().get(),
                claims.sid,
                claims.dev.as_str()
            ),
            (7, 3, "0123456789abcdef")
        );
        assert_eq!(ours.read(Audience::Access, &token, NOW + 900_000), None);
        assert!(claims.has_begun(NOW, 0));
        assert_eq!(ours.read(Audience::Session, &token, NOW), None);
        assert_eq!(ours.read(Audience::Refresh, &token, NOW), None);
        assert_eq!(tokens(2).read(Audience::Access, &token, NOW), None);
    }

    #[test]
    fn a_clock_that_was_set_back_refuses_no_token_of_before() {
        let ours = tokens(1);
        let token = ours
            .make(Audience::Access, subject(), NOW, 900, None)
            .unwrap();
        let claims = ours.read(Audience::Access, &token, NOW).unwrap();
        // Nothing is known of its sign-in but that it is older.
        let older = NOW - 86_400_000;
        for (back_ms, begun) in [(1_000, true), (60_000, true), (61_000, false)] {
            assert_eq!(claims.has_begun(NOW - back_ms, older), begun, "{back_ms}");
        }
        // It was made when its sign-in was seen, so that moment has been.
        for back_ms in [3_000, 3_600_000, 86_400_000] {
            assert!(claims.has_begun(NOW - back_ms, NOW), "{back_ms}");
        }
        assert!(!claims.has_begun(NOW - 3_600_000, NOW - 1_000));
    }

    #[test]
    fn what_is_derived_is_this_secrets_and_these_words() {
        let words: [&[u8]; 2] = [b"name", b"more"];
        let ours = tokens(1).derive(&words);
        assert_eq!(ours, tokens(1).derive(&words));
        assert_ne!(ours, tokens(2).derive(&words));
        assert_ne!(ours, tokens(1).derive(&[b"namem", b"ore"]));
        assert_ne!(ours, tokens(1).derive(&[b"name", b"more", b""]));
    }

    #[test]
    fn a_token_that_was_touched_is_refused() {
        let ours = tokens(1);
        let token = ours
            .make(Audience::Access, subject(), NOW, 900, None)
            .unwrap();
        let (head, signature) = token.rsplit_once('.').unwrap();
        // {"alg":"none","typ":"JWT"}
        let none = format!(
            "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.",
            head.split_once('.').unwrap().1
        );
        for bad in [
            format!("{head}."),
            format!("{head}.A{}", &signature[1..]),
            none,
            String::new(),
            "a.b.c".to_owned(),
        ] {
            if bad != token {
                assert_eq!(ours.read(Audience::Access, &bad, NOW), None, "{bad}");
            }
        }
    }
}
