use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{words::Words, *};

/// Who gave a reaction: with more than are named, two, and one.
fn given_by(w: &Words, names: [&str; 2]) -> [(&'static str, String, &'static [&'static str]); 3] {
    let names = names.map(str::to_owned);
    let says = |names: &[String], more| (w.message.given_by)(names, more);
    [
        ("given_by", says(&names, 41), &["‹a›", "‹b›", "41"]),
        ("given_by", says(&names, 0), &["‹a›", "‹b›"]),
        ("given_by", says(&names[..1], 0), &["‹a›"]),
    ]
}

/// Every sentence of a table, with `‹a›` and `‹b›` for names and 41, 52 for numbers.
fn sentences(w: &Words) -> Vec<(&'static str, String, &'static [&'static str])> {
    const A: &[&str] = &["‹a›"];
    const AB: &[&str] = &["‹a›", "‹b›"];
    const N: &[&str] = &["41"];
    const NM: &[&str] = &["41", "52"];
    let (a, b) = ("‹a›", "‹b›");
    let mut all = Vec::new();
    macro_rules! with {
        ($blanks:expr, $args:tt; $($part:ident . $name:ident),+ $(,)?) => {
            $(all.push((stringify!($name), (w.$part.$name) $args, $blanks));)+
        };
    }
    with!(A, (a); auth.join_title, auth.invites_you, auth.reset_for, form.name_taken, room.messages_in, room.level_of, room.start,
        room.start_direct, room.people_in, room.as_of, room.typing_one, room.to_you, room.write_person, message.edited_at, message.edited_more,
        message.permalink, pins.unpin_of, threads.last, threads.also, pins.by, pins.none, pins.none_with, personal.unsave_of, personal.in_room, personal.with_people, message.joined, message.left, message.topic_cleared, message.made_read_only,
        message.made_open, message.archived, message.unarchived, composer.write_to,
        composer.write_to_person, composer.replying_to, composer.editing_of, composer.draft_from, composer.nobody, composer.call_instead, dialog.join_named,
        dialog.add_to, dialog.add_named, dialog.added, dialog.nothing_found, dialog.rename_title, dialog.topic_title, dialog.leave_title, dialog.delete_room_title, dialog.room_deleted,
        settings.sign_out_named, settings.display_name_hint, governing.role_of, governing.more_about,
        governing.is_banned, governing.is_back, governing.reset_for, governing.reset_once, governing.ban_ask, governing.ban_keep, governing.ban_named,
        governing.lift_named, governing.until, governing.by, governing.qr_of, governing.copy_named, governing.revoke_named, governing.revoked);
    with!(AB, (a, b); common.foreign, room.typing_two, room.says, room.title, room.heading, message.added, message.removed,
        message.topic_set, message.renamed, dialog.local_time, time.at, governing.is_now);
    with!(N, (41); auth.password_hint, wrong.name_long, form.password_long, form.many_tries, wrong.topic_long, rooms.unread,
        rooms.mentions, rooms.messages, rooms.unread_beyond, room.people_n, room.jump, room.new_messages, message.new_tail, message.new_label,
        message.gap_loading, message.gap_failed, message.rate_limited, message.overloaded, message.too_long, pins.newest, threads.replies, threads.unread, personal.full, composer.reaches, dialog.new_direct_hint, dialog.people_n, dialog.days_n, settings.password_hint, settings.signed_out_others, settings.minutes_ago, governing.people_n, governing.uses_left);
    with!(NM, (41, 52); form.password_short, composer.of);
    all.push((
        "invite_facts",
        (w.auth.invite_facts)(41, 52, a),
        &["41", "52", "‹a›"],
    ));
    all.push((
        "unsent_title",
        (w.unsent.title)(Some(a), 41),
        &["41", "‹a›"],
    ));
    all.push(("new", (w.missed.new)(41, Some(a)), &["41", "‹a›"]));
    all.push(("unsent_row", (w.unsent.row)(Some(a), 41), &["41", "‹a›"]));
    all.push(("title_unread", (w.room.title_unread)(41, a), &["41", "‹a›"]));
    all.push((
        "reaction",
        (w.message.reaction)(a, 41, true),
        &["41", "‹a›"],
    ));
    all.extend(given_by(w, [a, b]));
    all.push(("link_facts", (w.dialog.link_facts)(41, a), &["41", "‹a›"]));
    all.push(("half_day", (w.time.half_day)(a, true), A));
    all.push(("waiting", (w.link.waiting.1)(41), N));
    all.push(("trying", (w.link.trying.1)(41, 52), NM));
    all.push(("quiet", (w.link.quiet.1)(41), N));
    all.push(("restarting", (w.link.restarting.1)(41), N));
    all.push(("signed_out", (w.link.signed_out.1)(41), N));
    all.push(("catching_up", (w.link.catching_up.1)(41, 52), NM));
    all.push((
        "day",
        (w.time.day)("‹a›", 41, "‹b›", Some(52)),
        &["‹a›", "41", "‹b›", "52"],
    ));
    all.push((
        "date",
        (w.time.date)(41, "‹b›", Some(52)),
        &["41", "‹b›", "52"],
    ));
    all
}

#[test]
fn every_blank_is_filled_in_every_language() {
    for lang in Lang::ALL {
        for (name, sentence, blanks) in sentences(lang.words()) {
            for blank in blanks {
                assert!(
                    sentence.contains(blank),
                    "{lang:?} {name}: {sentence} lacks {blank}"
                );
            }
        }
    }
}

#[test]
fn the_tables_list_every_sentence_with_a_blank() {
    let functions = ["Count", "With,", "With2", "fn("];
    let own = parts("words")
        .lines()
        .filter(|line| line.contains("pub ") && functions.iter().any(|f| line.contains(f)))
        .count();
    let mut listed = sentences(Lang::En.words());
    // One that is listed with several blanks is one sentence.
    listed.dedup_by_key(|(name, ..)| *name);
    assert_eq!(listed.len(), own);
}

/// The parts of a table, one after the other, without their docs and imports.
fn parts(table: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/i18n")
        .join(table);
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|file| !file.ends_with("mod.rs"))
        .collect();
    files.sort();
    let part = |file: &PathBuf| {
        let source = fs::read_to_string(file).unwrap();
        let begins = source.find("\npub").unwrap();
        source[begins..].to_owned()
    };
    files.iter().map(part).collect()
}

/// The strings of a language's table: every other piece between quotation marks.
fn strings(language: &str) -> Vec<String> {
    let plain = parts(language).replace("\\\"", "'");
    plain
        .split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_voice_of_each_language() {
    let (en, zh) = (strings("en"), strings("zh"));
    assert!(en.len() > 200 && zh.len() > 200);
    for text in en.iter().chain(&zh) {
        let curly = ['\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}'];
        assert!(
            !text.contains(curly) && !text.contains(['!', '！']),
            "{text}"
        );
    }
    for text in &zh {
        assert!(!text.contains('您'), "{text}");
        assert!(!text.replace("……", "").contains('…'), "{text}");
        assert!(!text.contains([',', ';', '?']) || text == "?", "{text}");
    }
}

#[test]
fn numbers_and_plurals() {
    assert_eq!(
        [number(0), number(999), number(8_212), number(1_234_567)],
        ["0", "999", "8,212", "1,234,567"]
    );
    let (en, zh) = (Lang::En.words(), Lang::Zh.words());
    assert_eq!((en.rooms.mentions)(1), "1 mention");
    assert_eq!((en.room.jump)(14), "14 new messages");
    assert_eq!((zh.room.jump)(14), "14 条新消息");
}

#[test]
fn the_words_of_the_design() {
    let (en, zh) = (Lang::En.words(), Lang::Zh.words());
    let banner = |w: &Words| {
        let (head, count, tail) = w.link.waiting;
        [head, &count(7), tail].join(w.common.space)
    };
    assert_eq!(
        banner(en),
        "Connection lost. Next try in 7 s. Messages wait here and go out once."
    );
    assert_eq!(
        banner(zh),
        "连接已断开。7 秒后重试。消息会先留在这里，恢复后只发送一次。"
    );
    assert_eq!(
        (en.composer.write_to)("#transmitter"),
        "Write to #transmitter"
    );
    assert_eq!(
        (zh.composer.write_to)("#transmitter"),
        "发消息到 #transmitter"
    );
    assert_eq!((zh.room.typing_one)("林晓雨"), "林晓雨正在输入……");
    assert_eq!(
        (zh.room.typing_two)("林晓雨", "Tomás"),
        "林晓雨和 Tomás 正在输入……"
    );
    assert_eq!(
        (en.room.typing_two)("林晓雨", "Tomás"),
        "林晓雨 and Tomás are writing…"
    );
    assert_eq!(
        (zh.form.name_taken)("林晓雨"),
        "这里已经有一位林晓雨了，请加点能区分的字。"
    );
    assert_eq!(
        (zh.room.start)("#transmitter"),
        "这里是 #transmitter 的开头"
    );
    assert_eq!(
        (zh.auth.join_title)("Lantern Street"),
        "加入 Lantern Street"
    );
    assert_eq!(
        (en.form.many_tries)(4),
        "Too many tries. Wait 4 minutes, or ask an admin for a reset link."
    );
    assert_eq!((zh.link.catching_up.1)(38, 412), "412 条中的 38 条。");
    assert_eq!((en.link.catching_up.1)(38, 412), "38 of 412 messages.");
}

#[test]
fn the_browser_chooses() {
    for (header, lang) in [
        ("", Lang::En),
        ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
        ("en-GB,en;q=0.9,zh;q=0.8", Lang::En),
        ("de, zh;q=0.3, en;q=0.2", Lang::Zh),
        ("fr", Lang::En),
        ("zh;q=0, en;q=0.1", Lang::En),
        ("zh;q=nonsense", Lang::En),
    ] {
        assert_eq!(Lang::negotiate(header), lang, "{header}");
    }
}
