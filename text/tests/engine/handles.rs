//! From what is shown of people to their handles.

use text::{handle_key, mentions, strangers, with_handles};

const PEOPLE: [(&str, &str); 7] = [
    ("Ada Marlow", "Ada-Marlow"),
    ("Ada", "ada"),
    ("Tomás Oliveira", "tomas"),
    ("林晓雨", "lin.xiaoyu"),
    ("김 철수", "kim"),
    ("Sam Reed", "sam1"),
    ("Sam Reed", "sam2"),
];

#[test]
fn what_is_shown_becomes_the_handle() {
    for (said, sent) in [
        ("@Ada Marlow, hi", "@Ada-Marlow, hi"),
        ("hi @ada marlow!", "hi @Ada-Marlow!"),
        ("＠Tomás Oliveira", "＠tomas"),
        ("@TOMÁS OLIVEIRA.", "@tomas."),
        ("@林晓雨你好", "@lin.xiaoyu你好"),
        ("@김 철수님", "@kim님"),
        ("@Ada Marlow @Tomás Oliveira", "@Ada-Marlow @tomas"),
        ("@Ada", "@Ada"),
        ("@ada marlowe", "@ada marlowe"),
        ("@Ada-Marlow", "@Ada-Marlow"),
        ("@Sam Reed", "@Sam Reed"),
        ("`@Ada Marlow`", "`@Ada Marlow`"),
        (
            "https://a.example/@Ada Marlow",
            "https://a.example/@Ada Marlow",
        ),
        ("mail@Ada Marlow", "mail@Ada Marlow"),
        ("@", "@"),
        ("", ""),
    ] {
        assert_eq!(with_handles(said, &PEOPLE), sent, "{said}");
    }
    let sent = with_handles("@Ada Marlow님 and @林晓雨你好", &PEOPLE);
    let known = |key: &str| PEOPLE.iter().any(|(_, handle)| handle_key(handle) == key);
    assert!(mentions(&sent, "Ada-Marlow", known) && mentions(&sent, "lin.xiaoyu", known));
}

#[test]
fn a_name_that_nobody_has() {
    let known = |key: &str| ["ada", "here"].contains(&key);
    let found = |text: &'static str| -> Vec<&str> {
        strangers(text, known)
            .into_iter()
            .map(|at| &text[at])
            .collect()
    };
    assert_eq!(
        found("@ada @bob. @here @carol-ann! `@dan` https://x.example/@eve"),
        ["@bob", "@carol-ann"]
    );
    assert!(found("mail@bob @ @@ .").is_empty());
}
