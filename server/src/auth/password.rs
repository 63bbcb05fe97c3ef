//! Passwords: argon2id on a bounded pool, so that a flood of sign-ins takes neither the memory nor the chat's threads.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use protocol::limits::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN};

use crate::{error::Refusal, workers::Workers};

/// Those that wait for each one that is hashed.
const WAITING_EACH: usize = 32;

/// A hash that no password has: a wrong name takes as long as a wrong password.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$aHViYnViLW5vYm9keQ$w7Y1kq3o0m4kLw0m7Qb0m3lq7mQeW0T8mM1q2Qw9cXc";

/// Hashes and checks passwords.
#[derive(Clone)]
pub struct Passwords(Workers);

/// Checks that a password has 8 to 256 characters and no NUL.
pub fn validate_password(password: &str, field: &'static str) -> Result<(), Refusal> {
    let count = password.chars().count();
    if count < PASSWORD_CHARS_MIN {
        return Err(Refusal::invalid(
            field,
            format!(
                "a password has at least {PASSWORD_CHARS_MIN} characters; this one has {count}"
            ),
        ));
    }
    if count > PASSWORD_CHARS_MAX {
        return Err(Refusal::invalid(
            field,
            format!("a password has at most {PASSWORD_CHARS_MAX} characters"),
        ));
    }
    Ok(())
}

impl Passwords {
    /// With so many workers.
    pub fn new(workers: u32) -> Self {
        Self(Workers::new(workers as usize, WAITING_EACH))
    }

    /// A password's hash, as a PHC string.
    pub async fn hash(&self, password: String) -> Result<String, Refusal> {
        self.0
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
    pub async fn check(&self, password: String, hash: Option<String>) -> Result<bool, Refusal> {
        self.0
            .place()?
            .work(move || {
                let known = hash.is_some();
                let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
                let fits = PasswordHash::new(&hash).is_ok_and(|hash| {
                    Argon2::default()
                        .verify_password(password.as_bytes(), &hash)
                        .is_ok()
                });
                fits && known
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_fits() {
        let passwords = Passwords::new(1);
        let hash = passwords.hash("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(
            passwords
                .check("correct horse".into(), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .check("correct horsf".into(), Some(hash))
                .await
                .unwrap()
        );
        assert!(!passwords.check("anything".into(), None).await.unwrap());
        assert!(
            PasswordHash::new(NOBODY).is_ok(),
            "a hash that cannot be read would be checked in no time"
        );
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        assert!(validate_password("1234567", "password").is_err());
        assert!(validate_password("密码密码密码密码", "password").is_ok());
        assert!(validate_password(&"x".repeat(257), "password").is_err());
    }
}
