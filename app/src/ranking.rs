//! Ranking of names, in the switcher and in what is completed: which fit what is typed, which come first, and which letters are marked.

use protocol::RoomSummary;
use text::latin_hit;

/// All that something is called: its name, its handle, its name in Latin letters; those that it does not have are empty.
pub(crate) type Names = [String; 3];

/// So many are offered of each kind.
pub(crate) const MAX_FOUND: usize = 8;

/// How well a name fits what was typed: at its start, at a word's start, anywhere. None when it does not.
fn rank(name: &str, what: &str) -> Option<u8> {
    let (name, what) = (name.to_lowercase(), what.to_lowercase());
    let at = name.find(&what)?;
    let word = name[..at]
        .chars()
        .next_back()
        .is_none_or(|c| !c.is_alphanumeric());
    Some(match (at, word) {
        (0, _) => 0,
        (_, true) => 1,
        _ => 2,
    })
}

/// All that a room is called.
pub(crate) fn room_names(room: &RoomSummary) -> Names {
    let latin = room.latin.clone().unwrap_or_default();
    [room.name.clone(), String::new(), latin]
}

/// How well something fits what was typed, by any of its names. How a name reads counts as the name does.
fn best_rank([name, handle, latin]: &Names, what: &str) -> Option<u8> {
    let read = || latin_hit(latin, what).map(|taken| u8::from(taken.first() == Some(&0)));
    let called = [name, handle].into_iter().filter_map(|one| rank(one, what));
    called.chain(read()).min()
}

/// The places of the best, at most eight: by how well any of their names fits, then in the order that `sorted` gives to the first ones.
pub(crate) fn best(
    all: &[Names],
    what: &str,
    sorted: impl Fn(&[String]) -> Vec<usize>,
) -> Vec<usize> {
    // Of so many that fit alike the first are sorted: one goes on typing.
    const MAX_SORTED: usize = 500;
    let mut best = Vec::new();
    for wanted in 0..=2 {
        let fit = (0..all.len()).filter(|at| best_rank(&all[*at], what) == Some(wanted));
        let fit: Vec<usize> = fit.take(MAX_SORTED).collect();
        let names: Vec<String> = fit.iter().map(|at| all[*at][0].clone()).collect();
        best.extend(sorted(&names).into_iter().filter_map(|at| fit.get(at)));
        if best.len() >= MAX_FOUND {
            break;
        }
    }
    best.truncate(MAX_FOUND);
    best
}

/// Where `what` stands in `name`, for the mark. Letters whose lower case is longer than they are mark nothing.
pub(crate) fn hit_in<'n>(name: &'n str, what: &str) -> Option<(&'n str, &'n str, &'n str)> {
    let lower = name.to_lowercase();
    let at = lower
        .find(&what.to_lowercase())
        .filter(|_| !what.is_empty() && lower.len() == name.len())?;
    let end = at + what.len();
    Some((name.get(..at)?, name.get(at..end)?, name.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_come_first() {
        let names = ["admin-notes", "transmitter", "mi", "music", "Miriam", "Mia"];
        let all = names.map(|name| [name.to_owned(), String::new(), String::new()]);
        let sorted = |names: &[String]| {
            let mut order: Vec<usize> = (0..names.len()).collect();
            order.sort_by_key(|at| names[*at].to_lowercase());
            order
        };
        let found = |what: &str| -> Vec<&str> {
            let best = best(&all, what, sorted);
            best.into_iter().map(|at| names[at]).collect()
        };
        let expected = ["mi", "Mia", "Miriam", "admin-notes", "transmitter"];
        assert_eq!(found("mi"), expected);
        assert_eq!(found("").len(), 6);
        let many: Vec<_> = (0..2_000)
            .map(|_| ["x".to_owned(), "handle".to_owned(), String::new()])
            .collect();
        assert_eq!(best(&many, "x", sorted).len(), MAX_FOUND);
        assert_eq!(best(&many, "hand", sorted).len(), MAX_FOUND);
    }

    #[test]
    fn han_names_are_found_by_how_they_are_read() {
        let all = [
            ["zoe", "zm", ""],
            ["周明", "zhou", "zhou ming"],
            ["小周明", "xiao", "xiao zhou ming"],
            ["Zoë Marsh", "zoe", ""],
        ]
        .map(|names| names.map(str::to_owned));
        let found = |what: &str| best(&all, what, |names| (0..names.len()).collect());
        assert_eq!(found("zm"), [0, 1, 2]);
        assert_eq!(found("ming"), [1, 2]);
        assert_eq!(found("zhouming"), [1, 2]);
        assert_eq!(found("zhm"), [1, 2]);
        assert!(found("houm").is_empty());
    }

    #[test]
    fn hits_are_marked() {
        assert_eq!(hit_in("transmitter", "MI"), Some(("trans", "mi", "tter")));
        assert_eq!(hit_in("林晓雨", "晓"), Some(("林", "晓", "雨")));
        assert_eq!(hit_in("İstanbul", "stan"), None);
        assert_eq!(hit_in("ada", ""), None);
    }
}
