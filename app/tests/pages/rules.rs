//! What holds on every page.

use std::collections::HashSet;

use app::{
    account::{AccountChange, DevicesPage, YouPage},
    boot::{BootPage, Chat},
    form::{Field, Form, Why},
    route::Listing,
};
use protocol::SignIn;

use super::fixture::{NONCE, NOW, chat, list, people, render, words};

/// Those that one sees before one is signed in.
fn doors() -> Vec<(&'static str, BootPage)> {
    vec![
        (
            "first",
            BootPage::First {
                form: Form::default(),
                code: true,
            },
        ),
        (
            "sign-in",
            BootPage::SignIn {
                form: Form::default(),
                next: None,
            },
        ),
        (
            "join",
            BootPage::Join {
                code: "x".to_owned(),
                invitation: None,
                form: Form::default(),
            },
        ),
        (
            "reset",
            BootPage::Reset {
                code: "x".to_owned(),
                person: people().pop(),
                form: Form::default(),
            },
        ),
    ]
}

fn pages() -> Vec<(&'static str, BootPage)> {
    let device = |id, label: &str, current| SignIn {
        id,
        label: label.to_owned(),
        address: "203.0.113.…".to_owned(),
        created_at: NOW - 9_000_000,
        seen_at: NOW - 720_000,
        current,
    };
    let sign_ins = vec![
        device(1, "Firefox on Linux", true),
        device(2, "Safari on iPad", false),
    ];
    let inside = vec![
        (
            "rooms",
            BootPage::Rooms {
                chat: Chat {
                    open: None,
                    ..chat()
                },
            },
        ),
        (
            "room",
            BootPage::Room {
                chat: chat(),
                at: None,
            },
        ),
        ("people", BootPage::People { chat: chat() }),
        ("for you", list(Listing::ForYou, &[11, 9])),
        ("saved, none", list(Listing::Saved, &[])),
        (
            "devices",
            BootPage::Devices(DevicesPage {
                sign_ins,
                signed_out: 2,
                busy: false,
            }),
        ),
        ("you", BootPage::You(YouPage::default())),
        (
            "you, changed",
            BootPage::You(YouPage {
                changed: Some(AccountChange::Password),
                form: Form::default().with(Field::OldPassword, Why::PasswordOld),
                zones: ["Asia/Shanghai", "Europe/Berlin"].map(str::to_owned).into(),
                own_zone: Some("Europe/Berlin".to_owned()),
            }),
        ),
        ("missing", BootPage::Missing),
        ("trouble", BootPage::Trouble { retry: true }),
        (
            "foreign",
            BootPage::Foreign {
                from: "https://chat.example".to_owned(),
                own: "127.0.0.1:3000".to_owned(),
            },
        ),
    ];
    doors().into_iter().chain(inside).collect()
}

fn attributes<'h>(html: &'h str, name: &str) -> Vec<&'h str> {
    let mark = format!(" {name}=\"");
    html.split(&mark)
        .skip(1)
        .map(|rest| &rest[..rest.find('"').unwrap()])
        .collect()
}

#[test]
fn there_is_no_style_attribute() {
    for (name, page) in pages() {
        let html = render(page);
        assert!(
            !html.contains("style=") && !html.contains("<style"),
            "{name}"
        );
        for handler in ["onclick=", "onload=", "javascript:"] {
            assert!(!html.contains(handler), "{name}: {handler}");
        }
    }
}

#[test]
fn scripts_carry_the_nonce() {
    for (name, page) in pages() {
        // Only what is taken over carries what it was drawn from.
        let scripts = if page.is_alive() { 3 } else { 2 };
        let html = render(page);
        assert_eq!(html.matches("<script").count(), scripts, "{name}");
        let nonces = html.matches(&format!("nonce=\"{NONCE}\"")).count();
        assert_eq!(nonces, scripts, "{name}");
    }
}

#[test]
fn ids_are_unique_and_what_refers_to_them_finds_them() {
    for (name, page) in pages() {
        let html = render(page);
        let ids = attributes(&html, "id");
        let unique: HashSet<_> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len(), "{name}: {ids:?}");
        for reference in ["for", "aria-labelledby", "aria-describedby"] {
            for value in attributes(&html, reference) {
                for id in value.split(' ') {
                    assert!(unique.contains(id), "{name}: {reference}={value}");
                }
            }
        }
    }
}

#[test]
fn every_page_has_one_main_and_one_heading() {
    for (name, page) in pages() {
        let html = render(page);
        assert_eq!(html.matches("<main").count(), 1, "{name}");
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        assert!(
            html.contains("<html lang=\"en\" data-theme=\"dark\">"),
            "{name}: {}",
            &html[..120]
        );
    }
}

#[test]
fn buttons_have_names() {
    for (name, page) in pages() {
        let html = render(page);
        for button in html.split("<button").skip(1) {
            let (tag, rest) = button.split_once('>').unwrap();
            let inside = &rest[..rest.find("</button>").unwrap()];
            let says = words(&format!("<body>{inside}"));
            assert!(
                tag.contains("aria-label=\"") || !says.is_empty(),
                "{name}: {tag}"
            );
            assert!(tag.contains("type=\""), "{name}: {tag}");
        }
    }
}

#[test]
fn the_settings_list_the_devices() {
    let mut pages = pages().into_iter();
    let (_, page) = pages.find(|(name, _)| *name == "devices").unwrap();
    let said = words(&render(page));
    assert!(
        said.contains("Firefox on Linux This one Now · 203.0.113.… Sign out"),
        "{said}"
    );
    assert!(
        said.contains("Safari on iPad 12 minutes ago · 203.0.113.…"),
        "{said}"
    );
}

#[test]
fn what_is_not_there_has_its_status() {
    assert_eq!(BootPage::Missing.status(), 404);
    assert_eq!(BootPage::Trouble { retry: true }.status(), 503);
    let foreign = BootPage::Foreign {
        from: String::new(),
        own: "<b>".to_owned(),
    };
    assert_eq!(foreign.status(), 403);
    let told = render(foreign);
    assert!(!told.contains("<b>"));
    assert!(words(&told).contains("HUBBUB_PUBLIC_URL"));
    assert!(words(&render(BootPage::Missing)).contains("This page is gone, or not yours to read."));
}
