//! From what people call each other to what mentions: a composer puts the name that `@` needs in place of the one that is shown.

use std::ops::Range;

use crate::mention::{Call, calls, ends_before, handle_key, sign};

/// `text` with the handle of whoever is called by what is shown of them: `@Ada Marlow` becomes `@Ada-Marlow`. `people` are pairs of
/// what is shown and of the handle. A handle that fits is never replaced by a shorter name, nor is a name that two people have.
/// Nothing in code or in an address is touched.
pub fn with_handles(text: &str, people: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for call in calls(text) {
        if call.start() < from {
            continue;
        }
        let Some((end, handle)) = meant(text, &call, people) else {
            continue;
        };
        let name = call.start() + sign(text, call.start()).unwrap_or(1);
        out.push_str(&text[from..name]);
        out.push_str(handle);
        // What is written onto the name could be read as part of the handle.
        from = end;
    }
    out.push_str(&text[from..]);
    out
}

fn meant<'p>(text: &str, call: &Call, people: &[(&str, &'p str)]) -> Option<(usize, &'p str)> {
    let known = |key: &str| {
        people
            .iter()
            .any(|(_, handle)| handle_key(handle) == key)
            .then_some(())
    };
    let plain = call.resolve(known).map_or(0, |(end, ())| end);
    let from = call.start() + sign(text, call.start())?;
    let mut best: Option<(usize, &str)> = None;
    let mut twice = false;
    for (shown, handle) in people {
        let Some(end) = after(text, from, shown).filter(|&end| end > plain) else {
            continue;
        };
        match best {
            Some((longest, _)) if end < longest => {}
            Some((longest, other)) if end == longest => twice |= other != *handle,
            _ => (best, twice) = (Some((end, *handle)), false),
        }
    }
    best.filter(|_| !twice)
}

/// Where `name` ends that stands at `from`, in any case, as a whole word.
fn after(text: &str, from: usize, name: &str) -> Option<usize> {
    let length = name.chars().count();
    let rest = text.get(from..)?;
    let end = rest
        .char_indices()
        .nth(length)
        .map_or(rest.len(), |(at, _)| at);
    let said = &rest[..end];
    let same = said.chars().count() == length && handle_key(said) == handle_key(name);
    (same && length > 0 && ends_before(said, &rest[end..])).then_some(from + end)
}

/// Where `text` calls a name that nobody has (`known` tells by [`handle_key`]): from the sign to the end of the longest name.
pub fn strangers(text: &str, mut known: impl FnMut(&str) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for call in calls(text) {
        if call.resolve(|key| known(key).then_some(())).is_none() {
            found.extend(call.longest(text));
        }
    }
    found
}
