//! Words for form errors.

use protocol::{NameError, limits};

use super::name_error::name_error;
use crate::text::isolated;
use crate::{form::Why, i18n::Words};

/// The sentence for what is wrong.
pub(crate) fn explain(words: &Words, why: &Why) -> String {
    let wrong = &words.form;
    let n = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    match why {
        Why::NameEmpty => name_error(words, NameError::Empty),
        Why::NameLong => name_error(words, NameError::TooLong),
        Why::NameUnfit => name_error(words, NameError::Invisible),
        Why::NameLetters => name_error(words, NameError::NoLetter),
        Why::NameReserved => name_error(words, NameError::Reserved),
        Why::NameTaken { name } => (wrong.name_taken)(&isolated(name)),
        Why::PasswordShort { has } => {
            (wrong.password_short)(n(limits::MIN_PASSWORD_CHARS), n(*has))
        }
        Why::PasswordLong => (wrong.password_long)(n(limits::MAX_PASSWORD_CHARS)),
        Why::PasswordGuessed => wrong.password_guessed.to_owned(),
        Why::PasswordOld => wrong.password_old.to_owned(),
        Why::CodeWrong => wrong.setup_code.to_owned(),
        Why::SignIn => wrong.sign_in.to_owned(),
        Why::Banned => wrong.banned.to_owned(),
        Why::ManyTries { minutes } => (wrong.many_tries)(*minutes),
        Why::InviteOver => wrong.invite_over.to_owned(),
        Why::ResetOver => wrong.reset_over.to_owned(),
        Why::NotFirst => wrong.not_first.to_owned(),
        Why::Busy => wrong.busy.to_owned(),
    }
}
