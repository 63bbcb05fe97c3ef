//! Scripts, as coarse as the rules of mentions and hosts need them: the blocks of Unicode, not its tables, which a page would
//! have to load.

/// The script of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    /// No letter: a digit, a mark, punctuation.
    None,
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Hebrew,
    Arabic,
    Georgian,
    Ethiopic,
    Cherokee,
    Hangul,
    /// Han, kana, Thai, Lao, Khmer, Burmese: words are not parted by spaces.
    Unspaced,
    /// Another one, by its block of 128.
    Other(u32),
}

/// The script that a letter is of.
pub(crate) fn of(c: char) -> Script {
    match c {
        'a'..='z' | 'A'..='Z' => Script::Latin,
        _ if c.is_ascii() || !c.is_alphabetic() || is_digit_like(c) => unspaced_or_none(c),
        '\u{80}'..='\u{2af}'
        | '\u{1d00}'..='\u{1dbf}'
        | '\u{1e00}'..='\u{1eff}'
        | '\u{2c60}'..='\u{2c7f}'
        | '\u{a720}'..='\u{a7ff}'
        | '\u{ab30}'..='\u{ab6f}'
        | '\u{fb00}'..='\u{fb06}'
        | '\u{ff21}'..='\u{ff5a}' => Script::Latin,
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Script::Greek,
        '\u{400}'..='\u{52f}'
        | '\u{1c80}'..='\u{1c8f}'
        | '\u{2de0}'..='\u{2dff}'
        | '\u{a640}'..='\u{a69f}' => Script::Cyrillic,
        '\u{530}'..='\u{58f}' | '\u{fb13}'..='\u{fb17}' => Script::Armenian,
        '\u{590}'..='\u{5ff}' | '\u{fb1d}'..='\u{fb4f}' => Script::Hebrew,
        '\u{600}'..='\u{6ff}'
        | '\u{750}'..='\u{77f}'
        | '\u{870}'..='\u{8ff}'
        | '\u{fb50}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefe}' => Script::Arabic,
        '\u{10a0}'..='\u{10ff}' | '\u{1c90}'..='\u{1cbf}' | '\u{2d00}'..='\u{2d2f}' => {
            Script::Georgian
        }
        '\u{1200}'..='\u{139f}' | '\u{2d80}'..='\u{2ddf}' | '\u{ab00}'..='\u{ab2f}' => {
            Script::Ethiopic
        }
        '\u{13a0}'..='\u{13ff}' | '\u{ab70}'..='\u{abbf}' => Script::Cherokee,
        '\u{1100}'..='\u{11ff}'
        | '\u{3130}'..='\u{318f}'
        | '\u{a960}'..='\u{a97f}'
        | '\u{ac00}'..='\u{d7ff}'
        | '\u{ffa0}'..='\u{ffdc}' => Script::Hangul,
        _ if is_unspaced(c) => Script::Unspaced,
        _ => Script::Other(u32::from(c) >> 7),
    }
}

const fn unspaced_or_none(c: char) -> Script {
    if is_unspaced(c) {
        Script::Unspaced
    } else {
        Script::None
    }
}

fn is_digit_like(c: char) -> bool {
    c.is_numeric()
}

const fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{a9e0}'..='\u{a9ff}'
        | '\u{aa60}'..='\u{aa7f}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether a character is of the scripts of East Asia, their punctuation included: it is as wide as it is high, or belongs to Hangul.
pub(crate) const fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{4dbf}' | '\u{4e00}'..='\u{a4cf}'
        | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{fe10}'..='\u{fe1f}'
        | '\u{fe30}'..='\u{fe6f}' | '\u{ff01}'..='\u{ffee}' | '\u{16fe0}'..='\u{18cff}' | '\u{1aff0}'..='\u{1b2ff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Most characters after a name that [`is_suffix`] needs to see.
pub(crate) const SUFFIX_CHARS: usize = 16;

/// What Korean writes onto a name: honorifics and particles, longer ones before the shorter ones that they begin with.
const SUFFIXES: [&str; 70] = [
    "선생님",
    "사장님",
    "팀장님",
    "대리님",
    "과장님",
    "부장님",
    "차장님",
    "이사님",
    "대표님",
    "교수님",
    "선배님",
    "형님",
    "누나",
    "언니",
    "오빠",
    "선배",
    "여러분",
    "이라고",
    "라고",
    "이라는",
    "라는",
    "이라도",
    "라도",
    "이라면",
    "라면",
    "이에요",
    "예요",
    "이에게",
    "에게서",
    "한테서",
    "으로부터",
    "로부터",
    "에게",
    "한테",
    "께서",
    "께",
    "으로",
    "로",
    "처럼",
    "보다",
    "까지",
    "부터",
    "마저",
    "조차",
    "밖에",
    "만큼",
    "하고",
    "이랑",
    "랑",
    "이나",
    "나",
    "이야",
    "야",
    "아",
    "이여",
    "여",
    "님",
    "씨",
    "군",
    "양",
    "쌤",
    "들",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "도",
];
/// Particles that are one letter as well, and are rarer.
const MORE: [&str; 4] = ["만", "와", "과", "에"];

/// Whether what of a word follows a name is made of suffixes only: as many as Korean piles up (`님께서는`).
pub(crate) fn is_suffix(rest: &[char]) -> bool {
    const MAX_PILED: u32 = 5;
    fn ends(rest: &[char], depth: u32) -> bool {
        rest.is_empty()
            || (depth > 0
                && SUFFIXES.iter().chain(&MORE).any(|suffix| {
                    let length = suffix.chars().count();
                    rest.len() >= length
                        && suffix.chars().eq(rest[..length].iter().copied())
                        && ends(&rest[length..], depth - 1)
                }))
    }
    let run = rest
        .iter()
        .take(SUFFIX_CHARS)
        .take_while(|&&c| of(c) == Script::Hangul)
        .count();
    run < SUFFIX_CHARS && ends(&rest[..run], MAX_PILED)
}
