//! Authentication and rights.

mod cookies;
mod device;
mod hs256;
mod identity;
mod origin;
mod password;
pub mod rights;
mod secret;
mod setup_code;
mod tokens;
mod tries;

pub use cookies::{CookieNames, OLD_SESSION, cookies};
pub use device::{cut_address, label};
pub use identity::{Identity, bearer, from_token};
pub use origin::{Foreign, is_own_origin};
pub use password::{Fresh, Passwords, Typed};
pub use secret::{Secret, SecretError};
pub use setup_code::SetupCode;
pub use tokens::{Audience, Claims, Subject, Tokens, code, hash};
pub use tries::{Guess, Tries};
