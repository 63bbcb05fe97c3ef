//! A server called Lantern Street, and the room of its transmitter.

use app::{
    boot::{AssetUrls, Boot, BootPage, Chat, ListPage, OpenRoom, Server},
    i18n::Lang,
    look::{Contrast, Theme},
    route::Listing,
};
use protocol::{
    ForYouMessage, Message, MessageId, PresenceState, Reaction, Role, RoomId, RoomKind,
    RoomSummary, UserId, UserSummary,
};

/// Monday 23 November 2026, 09:35 in the zone of the page.
pub(crate) const NOW: u64 = 1_795_426_500_000;
pub(crate) const NONCE: &str = "n0nce";
const MINUTE: u64 = 60_000;

pub(crate) fn user(
    id: u64,
    name: &str,
    display: &str,
    state: PresenceState,
    role: Role,
) -> UserSummary {
    UserSummary {
        state: Some(state),
        role,
        ..UserSummary::new(
            UserId::new(id).unwrap(),
            name.to_owned(),
            display.to_owned(),
        )
    }
}

pub(crate) fn people() -> Vec<UserSummary> {
    use PresenceState::{Away, Offline, Online};
    vec![
        user(3, "ada", "Ada Marlow", Online, Role::Owner),
        user(7, "林晓雨", "林晓雨", Online, Role::Member),
        user(8, "ngozi", "Ngozi Adeyemi", Online, Role::Member),
        user(4, "tomas", "Tomás Oliveira", Away, Role::Admin),
        user(
            6,
            "bart",
            "Bartholomew Featherstonehaugh",
            Offline,
            Role::Member,
        ),
    ]
}

pub(crate) fn room(id: u64, kind: RoomKind, name: &str, unread: u64, mentions: u64) -> RoomSummary {
    RoomSummary {
        last_seq: 12,
        read_seq: 12 - unread.min(12),
        unread,
        mentions,
        ..RoomSummary::new(RoomId::new(id).unwrap(), kind, name.to_owned())
    }
}

pub(crate) fn message(seq: u64, by: u64, minutes_ago: u64, text: &str) -> Message {
    Message {
        text: Some(text.to_owned()),
        ..Message::new(
            seq,
            MessageId::from_u128(u128::from(seq)),
            UserId::new(by).unwrap(),
            NOW - minutes_ago * MINUTE,
        )
    }
}

pub(crate) fn messages() -> Vec<Message> {
    let thumbs = Reaction {
        emoji: "👍".to_owned(),
        count: 4,
        mine: true,
    };
    vec![
        Message {
            reactions: vec![thumbs],
            ..message(5, 4, 700, "Mast inspection is done.")
        },
        message(6, 7, 83, "早。日志里都是同一行：`broken pipe`"),
        message(7, 7, 82, "见 https://example.org/a?b=1."),
        Message {
            reply_to: Some(5),
            ..message(8, 8, 9, "加了 keepalive 以后很稳")
        },
        Message {
            edited_at: Some(NOW),
            ..message(9, 4, 4, "@ada can you be at the desk? @林晓雨 offered.")
        },
        Message {
            text: None,
            deleted: true,
            ..message(10, 8, 3, "")
        },
        message(11, 8, 2, "<script>alert(1)</script> & \"so\" on"),
    ]
}

pub(crate) fn chat() -> Chat {
    let mut transmitter = room(12, RoomKind::Public, "transmitter", 3, 1);
    "Mast, mixer, stream.".clone_into(&mut transmitter.topic);
    transmitter.read_seq = 8;
    let mut direct = room(20, RoomKind::Direct, "林晓雨", 2, 0);
    direct.users = vec![UserId::new(3).unwrap(), UserId::new(7).unwrap()];
    Chat {
        rooms: vec![
            room(10, RoomKind::Public, "general", 12, 0),
            transmitter.clone(),
            room(11, RoomKind::Private, "board", 0, 0),
            direct,
        ],
        users: people(),
        open: Some(OpenRoom {
            thread: None,
            room: transmitter,
            messages: messages(),
            last_seq: 12,
            more: false,
            more_after: false,
            notes: Vec::new(),
            quoted: Vec::new(),
            next: None,
            total: people().len() as u64,
            members: people(),
        }),
    }
}

/// A list of those messages of the transmitter's room that have these places.
pub(crate) fn list(list: Listing, seqs: &[u64]) -> BootPage {
    let room = RoomId::new(12).unwrap();
    let message = |seq: &u64| messages().into_iter().find(|one| one.seq == *seq);
    let items = seqs.iter().filter_map(message);
    BootPage::List {
        chat: Chat {
            open: None,
            ..chat()
        },
        list,
        page: Some(ListPage {
            items: items
                .map(|message| ForYouMessage { room, message })
                .collect(),
            next: None,
        }),
    }
}

pub(crate) fn boot(page: BootPage) -> Boot {
    Boot {
        lang: Lang::En,
        theme: Theme::Dark,
        contrast: Contrast::System,
        zone: client::rows::Zone::fixed(60),
        hour12: false,
        now_ms: NOW,
        server: Server {
            name: "Lantern Street".to_owned(),
            version: "0.1.0".to_owned(),
        },
        assets: AssetUrls {
            js: "/pkg/hubbub.1.js".to_owned(),
            wasm: "/pkg/hubbub.1.wasm".to_owned(),
            pages: "/pkg/pages.0123456789abcdef.css".to_owned(),
            css: "/pkg/hubbub.1.css".to_owned(),
            icons: "/icons.svg".to_owned(),
            emoji: "/emoji.txt".to_owned(),
            code: String::new(),
        },
        me: people().into_iter().next(),
        page,
    }
}

pub(crate) fn render(page: BootPage) -> String {
    app::render(&boot(page), NONCE)
}

/// What is between the tags, in one line.
pub(crate) fn words(html: &str) -> String {
    let body = html.split("<body").nth(1).unwrap_or(html);
    let mut out = String::new();
    let mut inside = true;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                out.push(' ');
            }
            _ if !inside => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first start tag of this element that holds all of `parts`, without its name.
pub(crate) fn tag<'h>(html: &'h str, name: &str, parts: &[&str]) -> &'h str {
    let start = format!("<{name} ");
    for rest in html.split(&start).skip(1) {
        let tag = &rest[..rest.find('>').unwrap()];
        if parts.iter().all(|part| tag.contains(part)) {
            return tag;
        }
    }
    panic!("no <{name}> with {parts:?} in {html}")
}
