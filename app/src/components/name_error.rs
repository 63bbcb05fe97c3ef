//! Words for what is wrong with a name.

use protocol::{NameError, limits::NAME_CHARS};

use crate::i18n::Words;

/// The sentence for it.
pub(crate) fn name_error(words: &Words, why: NameError) -> String {
    let wrong = &words.wrong;
    let says = match why {
        NameError::TooLong | NameError::TopicTooLong => {
            return (wrong.name_long)(NAME_CHARS as u64);
        }
        NameError::Empty => wrong.name_empty,
        NameError::Invisible | NameError::NotNormal => wrong.name_unfit,
        NameError::Unfit(_) | NameError::NoLetter => wrong.name_letters,
        NameError::Reserved => wrong.name_reserved,
    };
    says.to_owned()
}
