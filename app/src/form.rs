//! The state of a classic form: what was typed and what was wrong with it. It never holds a password.

/// A form as it comes back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The name that was typed.
    pub name: String,
    /// The display name that was typed.
    pub display_name: String,
    /// What was wrong, in the order of the fields. Empty on the first visit.
    pub wrong: Vec<FormError>,
}

/// The name that somebody signs in with who typed `typed` as their name: "Ada Marlow" is `Ada-Marlow`. Without the spaces
/// around it, and with a `-` for those inside, since a name to sign in with and to mention has none. Sign-in does the same, so
/// that one signs in with what one typed.
pub fn sign_in_name(typed: &str) -> String {
    typed.split_whitespace().collect::<Vec<_>>().join("-")
}

/// One thing that was wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormError {
    /// Where it is shown.
    pub field: Field,
    /// What it is.
    pub why: Why,
}

/// The places in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The form as a whole.
    Form,
    /// The name that one signs in with.
    Name,
    /// The name that everybody sees.
    DisplayName,
    /// The password.
    Password,
    /// The password of before, where a new one is set.
    OldPassword,
    /// The setup code of the server's log.
    Code,
}

/// Why something cannot be taken. The page has a sentence for each, in every language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nothing visible was typed.
    NameEmpty,
    /// Over 50 characters.
    NameLong,
    /// Invisible or direction-changing characters.
    NameUnfit,
    /// A character that is no letter, digit or `._-`.
    NameLetters,
    /// It would name everybody.
    NameReserved,
    /// Somebody has it, or one that looks the same.
    NameTaken {
        /// The name that is there already.
        name: String,
    },
    /// Too short.
    PasswordShort {
        /// How many characters it has.
        has: usize,
    },
    /// Over 256 characters.
    PasswordLong,
    /// A name, or among the first that somebody would try.
    PasswordGuessed,
    /// Not the password that one has.
    PasswordOld,
    /// Not the setup code of this server.
    CodeWrong,
    /// Name and password do not go together.
    SignIn,
    /// Who signs in is shut out.
    Banned,
    /// Too many tries.
    ManyTries {
        /// Minutes to wait; at least 1.
        minutes: u64,
    },
    /// The invite is used up, too old, or never was.
    InviteOver,
    /// The link to a new password was used, is too old, or never was.
    ResetOver,
    /// The server has its owner already.
    NotFirst,
    /// The server is busy; the same again may succeed.
    Busy,
}

impl Form {
    /// A form with one thing wrong.
    #[must_use]
    pub fn with(mut self, field: Field, why: Why) -> Self {
        self.wrong.push(FormError { field, why });
        self
    }

    /// What is wrong with a field.
    pub fn at(&self, field: Field) -> Option<&Why> {
        self.wrong
            .iter()
            .find(|wrong| wrong.field == field)
            .map(|wrong| &wrong.why)
    }

    /// The first field that is wrong: it gets the focus.
    pub fn first_wrong(&self) -> Option<Field> {
        self.wrong.first().map(|wrong| wrong.field)
    }

    /// The status that goes with it: 200 when nothing is wrong.
    pub const fn status(&self) -> u16 {
        match self.wrong.as_slice() {
            [] => 200,
            [
                FormError {
                    why: Why::SignIn, ..
                },
                ..,
            ] => 401,
            [
                FormError {
                    why: Why::ManyTries { .. },
                    ..
                },
                ..,
            ] => 429,
            [
                FormError {
                    why: Why::NameTaken { .. } | Why::NotFirst,
                    ..
                },
                ..,
            ] => 409,
            [
                FormError {
                    why: Why::CodeWrong | Why::Banned,
                    ..
                },
                ..,
            ] => 403,
            [FormError { why: Why::Busy, .. }, ..] => 503,
            _ => 422,
        }
    }
}

impl From<protocol::NameError> for Why {
    fn from(error: protocol::NameError) -> Self {
        use protocol::NameError as E;
        match error {
            E::Empty => Self::NameEmpty,
            E::TooLong | E::TopicTooLong => Self::NameLong,
            E::Invisible | E::NotNormal => Self::NameUnfit,
            E::Unfit(_) | E::NoLetter => Self::NameLetters,
            E::Reserved => Self::NameReserved,
        }
    }
}
