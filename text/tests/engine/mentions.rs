//! Who is mentioned.

use proptest::prelude::*;
use text::{HERE, MAX_CALLS, MAX_NAMES, calls, handle_key, mentions};

use crate::flat::{Kind, pieces};

const PEOPLE: [&str; 17] = [
    "ada",
    "adam",
    "ada.m",
    "relay-bot",
    "林晓",
    "林晓雨",
    "周明",
    "철수",
    "박지우",
    "Иван",
    "Σίσυφος",
    "สมชาย",
    "josé",
    "wren_2",
    "नमिता",
    "محمد",
    "dev1",
];

fn knows(key: &str) -> bool {
    PEOPLE.iter().any(|name| handle_key(name) == key)
}

fn named(text: &str, name: &str) -> bool {
    mentions(text, name, knows)
}

/// Everybody whom a text mentions, as they are written in it.
fn all(text: &str) -> Vec<String> {
    let who = |key: &str| (key == HERE || knows(key)).then_some(());
    pieces(text, who)
        .into_iter()
        .filter(|piece| matches!(piece.kind, Kind::Mention(())))
        .map(|piece| piece.says)
        .collect()
}

#[test]
fn names_are_whole_words() {
    for yes in [
        "@ada",
        "hi @Ada!",
        "(@ada)",
        "@ada, look",
        "@ada. Look",
        "@ada.",
        "@ada...",
        "你好@ada你好",
        "@ada\n",
        "x\n@ada",
        "👍@ada",
        "1️⃣@ada",
        "@ada:",
        "@@ada",
        "«@ada»",
        "@ADA",
        "@ada's",
        "\u{202e}@ada",
        "안녕@ada",
    ] {
        assert!(named(yes, "ada"), "{yes}");
    }
    for no in [
        "ada",
        "@adam",
        "mail@ada.com",
        "mail@ada",
        "é@ada",
        "e\u{301}@ada",
        "почта@ada",
        "٣@ada",
        "1@ada",
        "@ada.m",
        "@ada_x",
        "@ada2",
        "@ ada",
        "@@",
        "@adamada",
        "@",
        "@-ada",
        "@a da",
    ] {
        assert!(!named(no, "ada"), "{no}");
    }
    assert!(named("@relay-bot-", "relay-bot"));
    assert!(named("@wren_2.", "wren_2"));
    assert!(named("@ΣΊΣΥΦΟΣ", "Σίσυφος"));
}

#[test]
fn a_sign_may_be_wide_and_stand_behind_punctuation() {
    for yes in [
        "＠ada",
        "你好＠ada",
        "﹫ada",
        ".@ada",
        "...@ada",
        "-@ada",
        "_@ada_",
        "*@ada*",
        "~@ada~",
        "/@ada",
        "a.@ada",
        "”@ada",
        "…@ada",
    ] {
        assert!(named(yes, "ada"), "{yes}");
    }
    assert!(!named("mail＠ada", "ada"));
}

#[test]
fn scripts_without_spaces() {
    assert!(named("@林晓雨你好", "林晓雨"));
    assert!(!named("@林晓雨你好", "林晓"));
    assert!(named("@林晓你好", "林晓"));
    assert!(named("请@周明看一下", "周明"));
    assert!(named("@周明2点开会", "周明"));
    assert!(named("@สมชายครับ", "สมชาย"));
}

#[test]
fn what_is_written_onto_a_name() {
    for yes in [
        "@철수님",
        "@철수는",
        "@철수가",
        "@철수씨",
        "@철수야",
        "@철수에게",
        "@철수한테",
        "@철수님께서",
        "@철수랑",
        "@철수님께서는",
        "@철수와",
        "@철수도.",
        "@철수님, 안녕",
        "@철수를",
        "@철수의",
        "@철수님이랑",
    ] {
        assert!(named(yes, "철수"), "{yes}");
    }
    for no in ["@철수민", "@철수진님", "@김철수", "@철수경은"] {
        assert!(!named(no, "철수"), "{no}");
    }
    for (text, name) in [
        ("@ada님", "ada"),
        ("@ada는", "ada"),
        ("@adaさん", "ada"),
        ("@Иван님", "Иван"),
        ("@Иванさん", "Иван"),
        ("@ada林晓", "ada"),
        ("@dev1님", "dev1"),
        ("@ada.님", "ada"),
        ("@محمدさん", "محمد"),
        ("@नमिताさん", "नमिता"),
        ("@here님", "周明"),
        ("@here大家", "周明"),
        ("@adaи", "ada"),
    ] {
        assert!(named(text, name), "{text}");
    }
    // Letters of the same script are the name's own.
    assert!(!named("@Иваном", "Иван") && !named("@adama", "adam") && !named("@नमिताजी", "नमिता"));
}

#[test]
fn here_is_everybody() {
    for yes in ["@here please", "@Here", "＠here", "@here.", "@HERE!"] {
        assert!(named(yes, "周明"), "{yes}");
    }
    assert!(!named("@hereabouts", "ada") && !named("@there", "ada"));
}

#[test]
fn nobody_is_mentioned_in_code_and_addresses() {
    for no in [
        "`@ada`",
        "`@here`",
        "```@ada```",
        "``x ` @ada``",
        "see `x @ada y`",
        "```\n@ada\n```",
        "```sh\nls @here\n```\n",
        "```\n@ada",
        "~~~\n@ada\n~~~",
        "> ```\n> @ada\n> ```",
        "- ```\n  @ada\n  ```",
        "`a\n@ada`",
        "[@ada](https://a.example)",
        "https://social.example/@ada",
        "https://@ada",
        "https://ada@ada/",
        "HTTP://social.example/@ada/1",
        "(https://social.example/@ada)",
        "https://-/@ada",
        "https://x.example\\@ada",
        "ssh://git/@ada",
        "https://例え.jp/@ada",
        "https://a.example/?q=@here",
    ] {
        assert!(all(no).is_empty(), "{no}: {:?}", all(no));
        assert!(!named(no, "ada"), "{no}");
    }
    for (text, who) in [
        ("`a` @ada `b`", "@ada"),
        ("https://a.example @ada", "@ada"),
        ("` @ada", "@ada"),
        ("```@ada ``", "@ada"),
        ("https://a.example/路。@ada", "@ada"),
        ("://@ada", "@ada"),
        ("see: @ada", "@ada"),
        ("<https://a.example>@ada", "@ada"),
    ] {
        assert_eq!(all(text), [who], "{text}");
    }
}

#[test]
fn several_in_one_text() {
    assert_eq!(all("@ada@adam"), ["@ada"]);
    assert_eq!(
        all("@ada @adam,@here ＠周明"),
        ["@ada", "@adam", "@here", "＠周明"]
    );
    assert_eq!(all("@nobody @ada"), ["@ada"]);
}

#[test]
fn hostile_texts_are_bounded() {
    assert_eq!(calls(&"@a ".repeat(2_600)).len(), MAX_CALLS);
    assert!(calls(&format!("@{}", "x".repeat(5_000))).is_empty());
    // A sign whose names are too many is looked at all the same, and is the last one.
    let text = format!(
        "{}@{} @ada",
        format!("@{} ", "字".repeat(49)).repeat(20),
        "字".repeat(50)
    );
    assert_eq!(calls(&text).len(), 20);
    for letter in ["ก", "字", "철", "x", "e\u{301}", "."] {
        let text = format!("@{} ", letter.repeat(50)).repeat(100);
        let names: usize = calls(&text).iter().map(|call| call.keys().count()).sum();
        assert!(names <= MAX_NAMES, "{letter}: {names}");
    }
}

proptest! {
    /// What is counted is what is shown, whoever is known.
    #[test]
    fn mentions_counted_are_mentions_shown(text in r"([`@＠:/\n <.*_|~>\[\]()-]|https://a\.example|```|@ada|@here|@林晓雨|ada|님|1|\\|。|\n> |\n- |\*\*|\|\||\PC){0,40}") {
        let shown = all(&text);
        let who = |key: &str| (key == HERE || knows(key)).then_some(());
        let counted = calls(&text).iter().filter(|call| call.resolve(who).is_some()).count();
        prop_assert_eq!(shown.len(), counted, "{:?}", shown);
        let everybody = shown.iter().any(|word| handle_key(word).ends_with(HERE));
        let to_ada = everybody || shown.iter().any(|word| handle_key(word).trim_start_matches(['@', '＠', '﹫']) == "ada");
        prop_assert_eq!(named(&text, "ada"), to_ada);
    }

    #[test]
    fn a_name_between_spaces_is_found(name in r"[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}]{0,30}") {
        prop_assume!(name.chars().count() <= 50 && name != HERE);
        let text = format!("a @{name} b");
        prop_assert!(mentions(&text, &name, |key| key == handle_key(&name)));
    }
}
