//! Words of a failure: the sentence that says why a command was not carried out.

use protocol::ErrorCode;

use crate::i18n::Words;

/// The sentence for a command that failed. `seconds` tells when it goes out again by itself.
pub(crate) fn why_not(words: &Words, code: ErrorCode, seconds: Option<u64>) -> String {
    let message = &words.message;
    match (code, seconds) {
        (ErrorCode::RateLimited, Some(seconds)) => (message.rate_limited)(seconds),
        (ErrorCode::RateLimited, None) => message.rate_limited_short.to_owned(),
        (ErrorCode::Overloaded | ErrorCode::Unavailable, Some(seconds)) => {
            (message.overloaded)(seconds)
        }
        (ErrorCode::Overloaded | ErrorCode::Unavailable, None) => {
            message.overloaded_short.to_owned()
        }
        (ErrorCode::Forbidden, _) => message.forbidden.to_owned(),
        (ErrorCode::NotFound, _) => message.not_found.to_owned(),
        (ErrorCode::Conflict, _) => message.conflict.to_owned(),
        _ => message.invalid.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn a_command_that_goes_out_again_says_when() {
        let words = Lang::En.words();
        for code in [
            ErrorCode::RateLimited,
            ErrorCode::Overloaded,
            ErrorCode::Unavailable,
        ] {
            assert!(why_not(words, code, Some(41)).contains("41"));
            assert!(!why_not(words, code, None).contains("41"));
        }
    }

    #[test]
    fn one_that_was_refused_for_good_says_why() {
        let words = Lang::En.words();
        let says = |code| why_not(words, code, None);
        assert_eq!(says(ErrorCode::Forbidden), words.message.forbidden);
        assert_eq!(says(ErrorCode::NotFound), words.message.not_found);
        assert_eq!(says(ErrorCode::Conflict), words.message.conflict);
        assert_eq!(says(ErrorCode::Invalid), words.message.invalid);
    }
}
