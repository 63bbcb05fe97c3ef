//! Passwords: argon2id on a bounded pool, so that a flood of sign-ins takes neither the memory nor the chat's threads; and what a new
//! one may be.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use protocol::{PasswordError, decomposed_password, name_key, new_password, normal_password};

use crate::{
    error::Refusal,
    network::Network,
    workers::{Lines, Turn, Workers},
};

/// Those of one network that wait for each one that is hashed. Whoever waits longest behind its own network waits some 3 s.
const WAITING_OF_NETWORK: usize = 32;
/// Those of all networks that wait for each one that is hashed.
const WAITING_EACH: usize = 512;

/// A hash that no password has: a wrong name takes as long as a wrong password.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$aHViYnViLW5vYm9keQ$w7Y1kq3o0m4kLw0m7Qb0m3lq7mQeW0T8mM1q2Qw9cXc";

/// More than the 10,000 commonest passwords of at least 8 characters, in small letters: what two public lists made from breaches
/// (Django's `common-passwords`, zxcvbn's `passwords`) have in all. NIST SP 800-63B, 3.1.1.2, asks for such a list.
static COMMON: &str = include_str!("common_passwords.txt");

/// Hashes and checks passwords.
#[derive(Clone)]
pub(crate) struct Passwords {
    workers: Workers,
    /// One line a network before the pool: a network that asks for many does not make the others wait, or go away.
    lines: Lines<Network>,
}

/// A password as somebody typed it to be checked, of a length that is worth it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Typed(Vec<String>);

/// A new password, in the form in which it is hashed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Fresh(String);

impl Typed {
    /// Refuses what is too long for any account's. Two forms are tried at most: the normal one, and that of an account of before
    /// passwords had one.
    pub(crate) fn new(typed: &str, field: &'static str) -> Result<Self, Refusal> {
        let normal = normal_password(typed).map_err(|why| refuse(why, field))?;
        let before = if normal == typed {
            decomposed_password(typed)
        } else {
            typed.to_owned()
        };
        let mut forms = vec![normal, before];
        forms.dedup();
        Ok(Self(forms))
    }
}

impl Fresh {
    /// Checks a new password: its length, and that it is not the first that somebody would guess (`names`: what its owner and this
    /// server are called).
    pub(crate) fn new(typed: &str, field: &'static str, names: &[&str]) -> Result<Self, Refusal> {
        let password = new_password(typed).map_err(|why| refuse(why, field))?;
        let bare = |text: &str| name_key(&text.split_whitespace().collect::<String>());
        let key = bare(&password);
        if names.iter().any(|name| bare(name) == key) {
            let why = "a password cannot be a name; a sentence is best";
            return Err(Refusal::invalid(field, why));
        }
        let small = password.to_lowercase();
        if COMMON.lines().any(|common| common == small) {
            let why =
                "this password is among the first that somebody would try; a sentence is best";
            return Err(Refusal::invalid(field, why));
        }
        Ok(Self(password))
    }
}

fn refuse(why: PasswordError, field: &'static str) -> Refusal {
    Refusal::invalid(field, why.to_string())
}

impl Passwords {
    /// With so many workers.
    pub(crate) fn new(workers: u32) -> Self {
        let workers = workers as usize;
        Self {
            workers: Workers::new(workers, WAITING_EACH),
            lines: Lines::new(workers, workers * WAITING_OF_NETWORK),
        }
    }

    /// Waits for a turn in the network's line; needed for whatever is hashed. A full line is [`Refusal::overloaded`].
    pub(crate) async fn turn(&self, network: Network) -> Result<Turn<Network>, Refusal> {
        self.lines.turn(network).await
    }

    /// A password's hash, as a PHC string.
    pub(crate) async fn hash(
        &self,
        _turn: &Turn<Network>,
        Fresh(password): Fresh,
    ) -> Result<String, Refusal> {
        self.workers
            .place()?
            .work(move || {
                Argon2::default()
                    .hash_password(password.as_bytes())
                    .map(|hash| hash.to_string())
                    .ok()
            })
            .await?
            .ok_or_else(Refusal::unavailable)
    }

    /// Whether the password fits the hash; without a hash it never does, and takes as long.
    pub(crate) async fn check(
        &self,
        _turn: &Turn<Network>,
        Typed(forms): Typed,
        hash: Option<String>,
    ) -> Result<bool, Refusal> {
        self.workers
            .place()?
            .work(move || {
                let known = hash.is_some();
                let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
                let fits = PasswordHash::new(&hash).is_ok_and(|hash| {
                    forms.iter().any(|form| {
                        let fits = Argon2::default().verify_password(form.as_bytes(), &hash);
                        fits.is_ok()
                    })
                });
                fits && known
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    async fn hash(passwords: &Passwords, password: &str) -> String {
        let turn = turn(passwords).await;
        let fresh = Fresh(password.to_owned());
        passwords.hash(&turn, fresh).await.unwrap()
    }

    async fn turn(passwords: &Passwords) -> Turn<Network> {
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        passwords.turn(here.into()).await.unwrap()
    }

    async fn fits(passwords: &Passwords, typed: &str, hash: Option<&str>) -> bool {
        let typed = Typed::new(typed, "password").unwrap();
        let turn = turn(passwords).await;
        let checked = passwords.check(&turn, typed, hash.map(str::to_owned));
        checked.await.unwrap()
    }

    #[tokio::test]
    async fn only_the_password_fits() {
        let passwords = Passwords::new(1);
        let hash = hash(&passwords, "correct horse").await;
        assert!(hash.starts_with("$argon2id$"));
        assert!(fits(&passwords, "correct horse", Some(&hash)).await);
        assert!(!fits(&passwords, "correct horsf", Some(&hash)).await);
        assert!(!fits(&passwords, "anything", None).await);
        assert!(
            PasswordHash::new(NOBODY).is_ok(),
            "a hash that cannot be read would be checked in no time"
        );
    }

    #[tokio::test]
    async fn a_password_of_before_fits_in_the_form_that_it_was_made_in() {
        let passwords = Passwords::new(1);
        let (composed, apart) = ("caf\u{e9} au lait", "cafe\u{301} au lait");
        for made in [composed, apart] {
            let hash = hash(&passwords, made).await;
            for typed in [composed, apart] {
                assert!(fits(&passwords, typed, Some(&hash)).await, "{made} {typed}");
            }
        }
        assert!(Typed::new(composed, "password").unwrap().0.len() <= 2);
    }

    #[test]
    fn what_is_guessed_first_is_no_password() {
        let fresh =
            |password: &str| Fresh::new(password, "password", &["Ada Marlow", "Hubbub-chat"]);
        for bad in [
            "password",
            "PASSWORD1",
            "12345678",
            "qwertyuiop",
            "iloveyou",
            "trustno1",
            "ada marlow",
            "AdaMarlow",
            "\u{ff21}da Marlow",
            "hubbub-chat",
            "        ",
            "1111111111111111",
        ] {
            let why = fresh(bad).err().unwrap();
            assert_eq!(why.field.as_deref(), Some("password"), "{bad}");
        }
        for good in ["correct horse", "ada marlow is me", "密码密码密码密码"] {
            assert!(fresh(good).is_ok(), "{good}");
        }
        assert!(COMMON.lines().count() > 10_000);
        assert!(COMMON.lines().all(|line| line == line.to_lowercase()));
    }
}
