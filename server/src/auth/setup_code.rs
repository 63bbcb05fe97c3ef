//! The setup code: whoever can read the server's log may make the first account from another machine.

use std::fmt::{self, Display, Formatter};

use sha2::{Digest as _, Sha256};

use super::secret::Secret;

/// Letters and digits that are not taken for each other (Crockford's base 32).
const LETTERS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J',
    'K', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];
/// 80 bits.
const LENGTH: usize = 16;
const GROUP: usize = 4;

/// 16 letters, made from the server's secret: the same at every start.
#[derive(Clone)]
pub struct SetupCode(String);

impl SetupCode {
    /// The code of the server with this secret.
    pub fn of(secret: &Secret) -> Self {
        let bytes = Sha256::new()
            .chain_update(b"hubbub setup code")
            .chain_update(secret.as_bytes())
            .finalize();
        let letter = |byte: &u8| LETTERS[usize::from(byte % 32)];
        Self(bytes.iter().take(LENGTH).map(letter).collect())
    }

    /// Whether somebody typed it: in any case, with dashes and spaces or without.
    pub(crate) fn fits(&self, typed: &str) -> bool {
        let plain = typed.chars().filter(char::is_ascii_alphanumeric);
        plain
            .map(|c| c.to_ascii_uppercase())
            .take(LENGTH + 1)
            .eq(self.0.chars())
    }
}

impl Display for SetupCode {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for (at, letter) in self.0.chars().enumerate() {
            if at > 0 && at % GROUP == 0 {
                out.write_str("-")?;
            }
            write!(out, "{letter}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng as _, rngs::StdRng};

    use super::*;

    #[test]
    fn it_is_the_servers_own_and_typed_as_one_likes() {
        let code = |seed| SetupCode::of(&Secret::random(&mut StdRng::seed_from_u64(seed)));
        let (ours, shown) = (code(1), code(1).to_string());
        assert_eq!(shown.len(), LENGTH + LENGTH / GROUP - 1);
        for typed in [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', " "),
            shown.replace('-', ""),
        ] {
            assert!(ours.fits(&typed), "{typed}");
        }
        for wrong in [String::new(), format!("{shown}A"), code(2).to_string()] {
            assert!(!ours.fits(&wrong), "{wrong}");
        }
    }
}
