//! Names in Latin letters: how what was typed reads in a Han name's pinyin, whole syllables, their beginnings or their first letters.

/// Longest text that is looked for, in bytes; a longer one is no name.
const MAX_TYPED: usize = 63;

/// How what was typed reads in a name's `latin`, as `zm`, `zhou` and `zhouming` do in "zhou ming": of each of its syllables in order, how many bytes
/// of it were typed. What was typed begins at a syllable, and takes some of each that follows until it ends; spaces and apostrophes in it do
/// not count. A syllable with several readings has them with `|` between. None where it does not fit.
pub fn latin_hit(latin: &str, typed: &str) -> Option<Vec<usize>> {
    let parts = typed.chars().filter(|c| !matches!(c, ' ' | '\'' | '’'));
    let typed: String = parts.flat_map(char::to_lowercase).collect();
    if typed.is_empty() || typed.len() > MAX_TYPED {
        return None;
    }
    let syllables: Vec<&str> = latin.split(' ').collect();
    for from in 0..syllables.len() {
        if let Some(taken) = read(&syllables, from, typed.as_bytes()) {
            return Some(taken);
        }
    }
    None
}

/// How much of each syllable was typed, where the one at `from` is the first that is begun. Places in what was typed are bits, so that a
/// text of many ways to be read costs no more than one.
fn read(syllables: &[&str], from: usize, typed: &[u8]) -> Option<Vec<usize>> {
    let whole = 1 << typed.len();
    let mut reached = vec![0_u64; from];
    let (mut here, mut at) = (1, from);
    while here & whole == 0 {
        let syllable = syllables.get(at).filter(|_| here != 0)?;
        reached.push(here);
        let mut next = 0;
        for begin in 0..typed.len() {
            if here >> begin & 1 == 1 {
                next |= ((1 << most(syllable, &typed[begin..])) - 1) << (begin + 1);
            }
        }
        (here, at) = (next, at + 1);
    }
    // Back from the end: where each of them began.
    let mut end = typed.len();
    let mut taken = vec![0; at];
    while at > from {
        at -= 1;
        let before = end;
        let fits = |begin: usize| {
            reached[at] >> begin & 1 == 1 && begin + most(syllables[at], &typed[begin..]) >= before
        };
        end = (0..before).find(|begin| fits(*begin))?;
        taken[at] = before - end;
    }
    Some(taken)
}

/// How many bytes of a syllable stand at the beginning of what was typed.
fn most(syllable: &str, typed: &[u8]) -> usize {
    let same = |reading: &str| {
        let pairs = reading.bytes().zip(typed);
        pairs.take_while(|(one, other)| one == *other).count()
    };
    syllable.split('|').map(same).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_their_beginnings_and_initials_are_read() {
        let hit = |typed| latin_hit("zhou ming", typed);
        for (typed, taken) in [
            ("zm", vec![1, 1]),
            ("zhou", vec![4]),
            ("ZhouM", vec![4, 1]),
            ("zhouming", vec![4, 4]),
            ("zhou ming", vec![4, 4]),
            ("zhming", vec![2, 4]),
            ("z", vec![1]),
            ("mi", vec![0, 2]),
        ] {
            assert_eq!(hit(typed), Some(taken), "{typed}");
        }
        for none in ["", " ", "hou", "zmx", "zz", "mz", "zhoumingx", "ing"] {
            assert_eq!(hit(none), None, "{none}");
        }
        assert_eq!(latin_hit("xi an", "xi'an"), Some(vec![2, 2]));
        // Not the first way that one tries: `xi` and `an`, or `xian` alone.
        assert_eq!(latin_hit("xia nan an", "xian"), Some(vec![3, 1]));
        assert_eq!(latin_hit("ge gen", "gegen"), Some(vec![2, 3]));
        assert_eq!(latin_hit("ge ge n", "gegen"), Some(vec![2, 2, 1]));
    }

    #[test]
    fn each_reading_of_a_syllable_fits() {
        for typed in ["cq", "zhongqing", "chongq"] {
            assert!(latin_hit("zhong|chong qing", typed).is_some(), "{typed}");
        }
        assert_eq!(latin_hit("zhong|chong qing", "hong"), None);
    }

    #[test]
    fn a_name_that_reads_in_many_ways_costs_no_more() {
        let latin = ["a".repeat(50).as_str(); 25].join(" ");
        let typed = format!("{}b", "a".repeat(62));
        assert_eq!(latin_hit(&latin, &typed), None);
        assert_eq!(latin_hit(&latin, &"a".repeat(64)), None);
        assert!(latin_hit(&latin, &"a".repeat(63)).is_some());
        assert!(latin_hit("zoë zhou", "zoëz").is_some());
    }
}
