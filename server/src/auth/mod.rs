//! Authentication and rights.

mod cookies;
mod device;
mod hs256;
mod identity;
mod origin;
mod password;
pub(crate) mod rights;
mod secret;
mod setup_code;
mod tokens;
mod tries;

pub use secret::Secret;
pub use setup_code::SetupCode;
pub use tokens::{Audience, Subject, Tokens};

pub(crate) use cookies::{CookieNames, OLD_SESSION, cookies};
pub(crate) use device::{cut_address, label};
pub(crate) use identity::{Identity, bearer, from_token};
pub(crate) use origin::{Foreign, is_own_origin};
pub(crate) use password::{Fresh, Passwords, Typed};
pub(crate) use secret::SecretError;
pub(crate) use tokens::{code, hash};
pub(crate) use tries::{Guess, Tries};
