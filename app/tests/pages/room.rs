use app::{
    boot::{Boot, BootPage, Chat, OpenRoom},
    i18n::Lang,
};
use protocol::{Message, RoomKind};

use super::fixture::{NONCE, boot, chat, message, people, render, room, tag, words};

fn page() -> BootPage {
    BootPage::Room {
        chat: chat(),
        at: None,
    }
}

#[test]
fn the_timeline_is_a_transcript() {
    let html = render(page());
    let said = words(&html);
    let order = [
        "Yesterday",
        "Mast inspection is done.",
        "Today",
        "早。",
        "New",
        "can you be at the desk?",
        "Deleted by its author",
    ];
    let mut from = 0;
    for part in order {
        let at = said[from..].find(part);
        from += at.unwrap_or_else(|| panic!("{part} is not after what is before it: {said}"));
    }
    assert_eq!(html.matches("<article").count(), 7);
    assert!(html.contains(r#"role="log" aria-live="off""#), "{html}");
}

#[test]
fn the_second_in_a_row_hides_its_author() {
    let html = render(page());
    tag(&html, "span", &[r#"class="who sr""#]);
    tag(&html, "article", &[r#"class="msg first""#]);
    tag(&html, "article", &[r#"class="msg""#]);
}

#[test]
fn texts_are_text() {
    let html = render(page());
    assert!(
        html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; \"so\" on"),
        "{html}"
    );
    assert!(!html.contains("<script>alert"));
    let link = [
        r#"href="https://example.org/a?b=1""#,
        r#"target="_blank""#,
        r#"rel="noopener nofollow ugc""#,
    ];
    tag(&html, "a", &link);
    assert!(html.contains(r#"<code dir="ltr">broken pipe</code>"#));
}

#[test]
fn what_is_to_you_is_warm() {
    let html = render(page());
    tag(&html, "article", &[r#"class="msg first to-you""#]);
    tag(&html, "span", &[r#"class="at-you""#]);
    tag(&html, "span", &[r#"class="at-one""#, r#"lang="zh""#]);
    assert_eq!(html.matches("to-you").count(), 1);
}

#[test]
fn a_room_that_is_named_is_a_link_where_the_viewer_knows_it() {
    let mut chat = chat();
    chat.rooms
        .push(room(21, RoomKind::Private, "music desk", 0, 0));
    let says = "see #Music Desk, #music desks, a#general and `#general`; #nowhere, #林晓雨";
    if let Some(open) = &mut chat.open {
        open.messages = vec![message(9, 7, 3, says)];
    }
    let html = render(BootPage::Room { chat, at: None });
    tag(&html, "a", &[r#"class="link""#, r#"href="/rooms/21""#]);
    assert!(html.contains(">#Music Desk</a>,"), "{html}");
    // A longer word is no name, nor is what is in code or within a word; a direct room has none.
    assert_eq!(html.matches(r#"class="link" href="/rooms/"#).count(), 1);
}

#[test]
fn a_reply_quotes_and_jumps() {
    let html = render(page());
    tag(
        &html,
        "a",
        &[r#"class="quote""#, r#"href="/rooms/12?at=5""#],
    );
    assert!(words(&html).contains("In reply to TO Tomás Oliveira Mast inspection is done."));
}

#[test]
fn reactions_say_who_and_whether_you() {
    let html = render(page());
    tag(
        &html,
        "button",
        &[
            r#"aria-pressed="true""#,
            r#"aria-label="👍, 4 people, you too""#,
        ],
    );
}

#[test]
fn rooms_say_what_is_new() {
    let said = words(&render(page()));
    assert!(said.contains("general 12 12 unread"), "{said}");
    assert!(
        said.contains("transmitter 1 1 mention 3 3 unread"),
        "{said}"
    );
    assert!(said.contains("林晓雨 2 2 messages"), "{said}");
    let html = render(page());
    assert_eq!(
        html.matches(r#"aria-current="page""#).count(),
        1,
        "the open room, and no tab"
    );
    assert!(
        html.contains("<title>(17) transmitter · Lantern Street</title>"),
        "{}",
        &html[..400]
    );
}

#[test]
fn people_are_grouped_by_whether_they_are_here() {
    let said = words(&render(page()));
    assert!(
        said.contains("Online · 3") && said.contains("Away · 1") && said.contains("Offline · 1"),
        "{said}"
    );
    assert!(said.contains("Ada Marlow owner , online"), "{said}");
}

#[test]
fn panes_are_routes() {
    let attribute = |page| tag(&render(page), "main", &[r#"class="app""#]).to_owned();
    let rooms = attribute(BootPage::Rooms {
        chat: Chat {
            open: None,
            ..chat()
        },
    });
    assert!(
        rooms.contains(r#"data-side="none""#) && rooms.contains(r#"data-pane="rooms""#),
        "{rooms}"
    );
    let room = attribute(page());
    assert!(
        room.contains(r#"data-side="people""#) && room.contains(r#"data-pane="room""#),
        "{room}"
    );
    assert!(
        !room.contains("data-drawer") && !room.contains("data-link"),
        "{room}"
    );
    let people = attribute(BootPage::People { chat: chat() });
    assert!(
        people.contains(r#"data-pane="side""#) && people.contains("data-drawer"),
        "{people}"
    );
}

#[test]
fn a_room_that_is_only_read_has_no_composer() {
    let mut chat = chat();
    chat.rooms.retain(|room| room.id.get() != 12);
    if let Some(open) = &mut chat.open {
        open.room.member = false;
        open.room.unread = 0;
    }
    let html = render(BootPage::Room { chat, at: None });
    assert!(!html.contains("<textarea"));
    assert!(words(&html).contains("You read this room without being in it. Join the room"));
    assert!(!words(&html).contains("transmitter 1 1 mention"));
    assert!(html.contains("Mast inspection is done."));
}

#[test]
fn an_empty_room_says_so() {
    let quiet = room(30, RoomKind::Public, "quiet", 0, 0);
    let open = OpenRoom {
        thread: None,
        room: quiet.clone(),
        messages: Vec::new(),
        last_seq: 12,
        more: false,
        more_after: false,
        notes: Vec::new(),
        quoted: Vec::new(),
        next: None,
        total: people().len() as u64,
        members: people(),
    };
    let chat = Chat {
        rooms: vec![quiet],
        users: people(),
        open: Some(open),
    };
    let said = words(&render(BootPage::Room { chat, at: None }));
    assert!(
        said.contains("This is the start of #quiet Nobody has said anything yet."),
        "{said}"
    );
    assert!(said.contains("Invite people"), "{said}");
}

#[test]
fn names_cannot_carry_markup() {
    let mut chat = chat();
    let evil = "</script><img src=x onerror=alert(1)>";
    for user in &mut chat.users {
        user.display_name = evil.to_owned();
    }
    if let Some(open) = &mut chat.open {
        open.members = chat.users.clone();
        open.room.topic = evil.to_owned();
        open.room.name = evil.to_owned();
        open.messages = vec![Message {
            edited_at: Some(1),
            ..message(11, 7, 1, evil)
        }];
    }
    for room in &mut chat.rooms {
        room.name = evil.to_owned();
        room.topic = evil.to_owned();
    }
    let html = render(BootPage::Room { chat, at: None });
    assert!(!html.contains("<img"), "{html}");
    assert_eq!(html.matches("</script>").count(), 3);
}

#[test]
fn the_skip_link_leads_to_what_is_there() {
    let lands = |html: &str| {
        let to = html.split("skip js-only\" href=\"#").nth(1).unwrap();
        let to = &to[..to.find('"').unwrap()];
        assert!(html.contains(&format!("id=\"{to}\"")), "{to}");
        to.to_owned()
    };
    assert_eq!(lands(&render(page())), "composer");
    let mut chat = chat();
    if let Some(open) = &mut chat.open {
        open.room.member = false;
        chat.rooms.retain(|room| room.id != open.room.id);
    }
    let html = render(BootPage::Room { chat, at: None });
    assert_eq!(lands(&html), "timeline");
    assert!(words(&html).contains("Skip to the messages"));
}

#[test]
fn the_page_carries_what_it_was_drawn_from() {
    let boot = boot(page());
    let html = app::render(&boot, NONCE);
    let data = html.split("<script id=\"boot\"").nth(1).unwrap();
    let json = &data[data.find('>').unwrap() + 1..data.find("</script>").unwrap()];
    assert_eq!(serde_json::from_str::<Boot>(json).unwrap(), boot);
}

#[test]
fn the_style_comes_before_anything_that_must_be_drawn() {
    let boot = boot(page());
    let (opening, rest) = (app::opening(&boot), app::rest(&boot, NONCE));
    assert!(opening.starts_with("<!doctype html><html lang=\"en\" data-theme="));
    assert!(opening.contains("rel=\"stylesheet\""));
    assert!(!opening.contains("</head>") && !opening.contains("<script"));
    assert!(rest.starts_with("<title>") && rest.ends_with("</body></html>"));
    assert_eq!(rest.matches("</head><body").count(), 1);
    assert_eq!(opening + &rest, app::render(&boot, NONCE));
}

#[test]
fn the_room_speaks_chinese() {
    let html = app::render(
        &Boot {
            lang: Lang::Zh,
            ..boot(page())
        },
        NONCE,
    );
    let said = words(&html);
    for part in [
        "今天",
        "昨天",
        "新消息",
        "作者已删除",
        "已编辑",
        "所有者",
        "在线 · 3",
        "12 条未读",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(
        html.contains("placeholder=\"发消息到 #transmitter\""),
        "{html}"
    );
}
