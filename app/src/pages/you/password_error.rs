//! Errors of a change of password: what is wrong, and in which of the two fields.

use protocol::{ErrorCode, limits};

use crate::{components::explain::explain, form::Why, i18n::Words, live::api::ApiRefusal};

/// The id of the field of the password that is to be changed.
pub(super) const OLD: &str = "password-old";
/// The id of the field of the new one.
pub(super) const NEW: &str = "password-new";

/// A field, and the sentence about it.
pub(super) type FieldError = (&'static str, String);

/// What is wrong with a new password before the server is asked.
pub(super) fn too_short(words: &Words, new: &str) -> Option<FieldError> {
    let has = new.chars().count();
    (has < limits::MIN_PASSWORD_CHARS).then(|| (NEW, explain(words, &Why::PasswordShort { has })))
}

/// Why the server refused the change.
pub(super) fn refused(words: &Words, why: &ApiRefusal) -> FieldError {
    let wrong = &words.wrong;
    match (why.code, why.field.as_deref()) {
        (_, Some("old" | "password.old")) | (ErrorCode::Forbidden | ErrorCode::Unauthorized, _) => {
            (OLD, wrong.password_old.to_owned())
        }
        (ErrorCode::RateLimited, _) => (OLD, wrong.busy.to_owned()),
        (ErrorCode::Invalid, Some("password")) => (NEW, wrong.password_guessed.to_owned()),
        _ => (NEW, words.common.failed.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn a_new_password_has_its_least_length() {
        let words = Lang::En.words();
        let least = "x".repeat(limits::MIN_PASSWORD_CHARS);
        assert_eq!(too_short(words, &least), None);
        let error = too_short(words, &least[1..]);
        assert_eq!(error.map(|(field, _)| field), Some(NEW));
    }

    #[test]
    fn what_was_refused_is_told_at_its_field() {
        let words = Lang::En.words();
        let at = |code, field: Option<&str>| {
            let field = field.map(str::to_owned);
            refused(words, &ApiRefusal { code, field })
        };
        let old = (OLD, words.wrong.password_old.to_owned());
        assert_eq!(at(ErrorCode::Forbidden, None), old);
        assert_eq!(at(ErrorCode::Invalid, Some("password.old")), old);
        let guessed = (NEW, words.wrong.password_guessed.to_owned());
        assert_eq!(at(ErrorCode::Invalid, Some("password")), guessed);
        assert_eq!(at(ErrorCode::RateLimited, None).0, OLD);
        let failed = (NEW, words.common.failed.to_owned());
        assert_eq!(at(ErrorCode::Unavailable, None), failed);
    }
}
