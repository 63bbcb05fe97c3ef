//! A name with the letters marked that were typed.

use std::iter::repeat;

use text::latin_hit;

use crate::ranking::hit_in;
use view::{Part, View, many, tag};

/// A name with what was typed marked by weight and underline.
pub(crate) fn marked_name(name: &str, what: &str) -> View {
    match hit_in(name, what) {
        Some((before, hit, after)) => {
            let (before, hit, after) = (before.to_owned(), hit.to_owned(), after.to_owned());
            many()
                .child(before)
                .child(tag::mark("").child(hit))
                .child(after)
                .view()
        }
        None => name.to_owned().view(),
    }
}

/// How a name is read, with what was typed marked, and `dot` behind it: where that is why it was found, and not the name as it is written.
pub(crate) fn read_as(name: &str, latin: &str, what: &str, dot: &'static str) -> View {
    let Some(taken) = latin_hit(latin, what).filter(|_| hit_in(name, what).is_none()) else {
        return ().view();
    };
    let mut read = many();
    for (at, (syllable, typed)) in latin
        .split(' ')
        .zip(taken.into_iter().chain(repeat(0)))
        .enumerate()
    {
        let (hit, rest) = syllable.split_at_checked(typed).unwrap_or(("", syllable));
        read = read
            .child((at > 0).then_some(" "))
            .child((!hit.is_empty()).then(|| tag::mark("").child(hit.to_owned())))
            .child(rest.to_owned());
    }
    read.child(dot).view()
}
