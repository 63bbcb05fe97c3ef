//! The server's secret, made at first start: `secret.key` in the data folder, mode 0600, base64url.

use std::{
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _};
use rand::RngCore;
use sha2::Sha256;
use thiserror::Error;

use crate::files;

const BYTES: usize = 32;

/// 256 bits that sign every token.
#[derive(Clone)]
pub struct Secret([u8; BYTES]);

/// Why there is no secret to sign with.
#[derive(Debug, Error)]
pub enum SecretError {
    /// The file cannot be read or written.
    #[error(
        "cannot use {path}: {why}; the data folder must be writable by the user that runs hubbub"
    )]
    File {
        /// Where it is.
        path: PathBuf,
        /// The system's error.
        why: std::io::Error,
    },
    /// The file holds something else.
    #[error(
        "{0} does not hold 32 bytes in base64url; restore it from a backup, or remove it to sign everybody out"
    )]
    Malformed(PathBuf),
    /// Anybody could guess it.
    #[error(
        "{0} holds one byte over and over, with which anybody could sign in as anybody; remove it, and a new one is made, which signs everybody out"
    )]
    Weak(PathBuf),
}

impl Secret {
    /// The secret of a data folder; a new one from `rng` if there is none yet.
    pub fn load(folder: &Path, rng: &mut impl RngCore) -> Result<Self, SecretError> {
        let path = Self::path(folder);
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let secret =
                    Self::parse(&text).ok_or_else(|| SecretError::Malformed(path.clone()))?;
                if secret.0.iter().all(|byte| *byte == secret.0[0]) {
                    return Err(SecretError::Weak(path));
                }
                if files::close_file(&path) {
                    tracing::warn!(
                        path = %path.display(),
                        "others on this machine could read the secret, and with it sign in as anybody; if one may have, remove it: a new one is made, which signs everybody out"
                    );
                }
                Ok(secret)
            }
            Err(why) if why.kind() == ErrorKind::NotFound => Self::make(&path, rng),
            Err(why) => Err(SecretError::File { path, why }),
        }
    }

    /// Where the secret of a data folder is.
    pub(crate) fn path(folder: &Path) -> PathBuf {
        folder.join("secret.key")
    }

    /// A secret that is kept nowhere.
    pub fn random(rng: &mut impl RngCore) -> Self {
        let mut bytes = [0; BYTES];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD
            .decode(text.trim().trim_end_matches('='))
            .ok()?;
        bytes.try_into().ok().map(Self)
    }

    fn make(path: &Path, rng: &mut impl RngCore) -> Result<Self, SecretError> {
        let secret = Self::random(rng);
        let write = || -> std::io::Result<()> {
            let mut file = files::new_private_file(path)?;
            file.write_all(BASE64_URL_SAFE_NO_PAD.encode(secret.0).as_bytes())?;
            file.sync_all()
        };
        write().map_err(|why| SecretError::File {
            path: path.to_owned(),
            why,
        })?;
        Ok(secret)
    }

    /// What signs with it.
    pub(super) fn mac(&self) -> Hmac<Sha256> {
        // HMAC fills a short key up with zeros (RFC 2104, section 2).
        let mut key = [0; 64];
        key[..BYTES].copy_from_slice(&self.0);
        Hmac::new(&key.into())
    }

    /// The bytes.
    pub(crate) const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt as _};

    use super::*;
    use rand::{SeedableRng, rngs::StdRng};

    #[test]
    fn it_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let first = Secret::load(folder.path(), &mut StdRng::seed_from_u64(1)).unwrap();
        let again = Secret::load(folder.path(), &mut StdRng::seed_from_u64(2)).unwrap();
        assert_eq!(first.as_bytes(), again.as_bytes());
        let path = Secret::path(folder.path());
        let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(), 0o600);
        let mut rng = StdRng::seed_from_u64(3);
        std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        let closed = Secret::load(folder.path(), &mut rng).unwrap();
        assert_eq!((closed.as_bytes(), mode()), (first.as_bytes(), 0o600));
        for weak in [[0; BYTES], [b'a'; BYTES]] {
            std::fs::write(&path, BASE64_URL_SAFE_NO_PAD.encode(weak)).unwrap();
            assert!(matches!(
                Secret::load(folder.path(), &mut rng),
                Err(SecretError::Weak(_))
            ));
        }
        std::fs::write(&path, "short").unwrap();
        assert!(matches!(
            Secret::load(folder.path(), &mut rng),
            Err(SecretError::Malformed(_))
        ));
    }
}
