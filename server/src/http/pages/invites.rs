//! The page of invites, and its forms.

use std::fmt::Write as _;

use app::{
    boot::BootPage,
    governing::{GoverningPage, GoverningRefusal, InvitesPage, ListedInvite, QrCode},
    route::{self, PagePath},
};
use axum::{
    extract::State as Extract,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use protocol::{ErrorCode, Invite, NewInvite, RoomKind, RoomSummary, limits::INVITE_CHARS};
use qrcode::{Color, QrCode as Qr};

use super::{
    answer,
    backend::{NoPage, PageBackend, query_value},
    forms::sign_in_again,
    governing::explain,
    viewer::Viewer,
};
use crate::{
    auth::{
        Identity,
        rights::{ServerRight, Who, may_on_server},
    },
    commands::{invite as invites, room_for},
    error::Refusal,
    http::{
        api::origin,
        extract::{Caller, FormBody as Body, Path},
    },
    state::{Shared, State},
};

const DAY_S: u64 = 86_400;

/// Modules around a QR code that stay white (ISO/IEC 18004, section 9.1).
const QUIET: usize = 4;

/// The page at a path. `origin` is what links start with.
pub(super) async fn page(
    state: &Shared,
    who: Who,
    path: &str,
    origin: &str,
) -> Result<BootPage, NoPage> {
    if may_on_server(who, ServerRight::Invite).is_err() {
        return Ok(BootPage::Governing(GoverningPage::Denied));
    }
    let list = invites::list(state, who, query_value(path, "cursor").as_deref(), origin).await;
    // A cursor of a list that was is the first page.
    let list = match list {
        Ok(list) => list,
        Err(why) if why.field.is_some() => invites::list(state, who, None, origin).await?,
        Err(why) => return Err(why.into()),
    };
    let mut listed = Vec::with_capacity(list.invites.len());
    for invite in list.invites {
        listed.push(told(state, who, invite).await?);
    }
    let shown = query_value(path, "show").filter(is_code);
    let shown = shown.and_then(|code| {
        let one: Option<&ListedInvite> = listed.iter().find(|one| one.code == code);
        Some((code, drawn(&one?.url)?))
    });
    let mut revoked = query_value(path, "revoked").filter(is_code);
    if let Some(code) = &revoked {
        // It is said only of one that opens nothing any more.
        let kept = state.store.invite(code).await?;
        revoked = revoked.filter(|_| kept.is_none_or(|kept| !kept.is_good(state.now())));
    }
    let rooms = state.cache.rooms_of(who.id).await?;
    Ok(BootPage::Governing(GoverningPage::Invites(InvitesPage {
        invites: listed,
        next: list.next,
        shown,
        revoked,
        rooms: rooms
            .iter()
            .filter(|room| room.kind != RoomKind::Direct && !room.archived)
            .map(named)
            .collect(),
        refused: None,
    })))
}

/// Whether a text may be a code: what else stands in an address is not said again.
#[expect(clippy::ptr_arg, reason = "a filter's")]
fn is_code(text: &String) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.len() <= INVITE_CHARS && text.bytes().all(fits)
}

async fn told(state: &Shared, who: Who, invite: Invite) -> Result<ListedInvite, NoPage> {
    let mut rooms = Vec::with_capacity(invite.rooms.len());
    for room in invite.rooms {
        rooms.push(named(&room_for(state, who, room).await?));
    }
    let by = match invite.by {
        Some(by) => state.cache.account(by).await?,
        None => None,
    };
    Ok(ListedInvite {
        code: invite.code,
        url: invite.url,
        uses: invite.uses,
        expires_at: invite.expires_at,
        by: by.map(|by| by.summary(None)),
        rooms,
    })
}

/// What a page names a room by.
fn named(room: &RoomSummary) -> RoomSummary {
    RoomSummary::new(room.id, room.kind, room.name.clone())
}

/// A text as a QR code; none where it is too long for one.
fn drawn(text: &str) -> Option<QrCode> {
    let code = Qr::new(text).ok()?;
    let (width, colors) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(PartialEq::eq) {
            if run[0] == Color::Dark {
                let (left, top, long) = (x + QUIET, y + QUIET, run.len());
                // Writing to a string cannot fail.
                let _ = write!(path, "M{left} {top}h{long}v1h-{long}z");
            }
            x += run.len();
        }
    }
    Some(QrCode {
        side: width + 2 * QUIET,
        path,
    })
}

/// Make an invite; what comes is the page that shows it.
pub(super) async fn create(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    caller: Result<Caller, Refusal>,
    Body(typed): Body<Vec<(String, String)>>,
) -> Response {
    let Ok(Caller(identity)) = caller else {
        return sign_in_again(PagePath::Invites);
    };
    let origin = origin(&state, &headers);
    let made = match wish(&typed) {
        Ok(new) => invites::create(&state, identity.who(), new, &origin).await,
        Err(why) => Err(why),
    };
    match made {
        Ok(invite) => {
            let next = format!("{}?show={}", PagePath::Invites.path(), invite.code);
            Redirect::to(&next).into_response()
        }
        Err(why) => again(&state, &headers, identity, &why).await,
    }
}

/// What was chosen in the form. A field that may stand several times is read by hand: each room is one.
fn wish(typed: &[(String, String)]) -> Result<NewInvite, Refusal> {
    let wrong = |field| Refusal::invalid(field, "not a number of the form");
    let mut new = NewInvite::default();
    let mut rooms = Vec::new();
    for (name, value) in typed {
        match &**name {
            "uses" => new.uses = Some(value.parse().map_err(|_| wrong("uses"))?),
            "days" => {
                let days: u64 = value.parse().map_err(|_| wrong("days"))?;
                new.expires_in_s = Some(days.saturating_mul(DAY_S));
            }
            "rooms" => rooms.push(value.parse().map_err(|_| wrong("rooms"))?),
            _ => {}
        }
    }
    new.rooms = Some(rooms);
    Ok(new)
}

/// Make an invite worth nothing.
pub(super) async fn revoke(
    Extract(state): Extract<State>,
    headers: HeaderMap,
    caller: Result<Caller, Refusal>,
    Path(code): Path<String>,
) -> Response {
    let Ok(Caller(identity)) = caller else {
        return sign_in_again(PagePath::Invites);
    };
    let next = format!(
        "{}?revoked={}",
        PagePath::Invites.path(),
        route::encode(&code)
    );
    match invites::revoke(&state, identity.who(), code).await {
        Ok(()) => Redirect::to(&next).into_response(),
        Err(why) => again(&state, &headers, identity, &why).await,
    }
}

/// The page, with why the form did nothing.
async fn again(state: &State, headers: &HeaderMap, identity: Identity, why: &Refusal) -> Response {
    let who = identity.who();
    let viewer = Viewer::of_identity(state, headers, identity);
    let refused = explain_invite(why);
    let drawn = async {
        let drawn = match page(state, who, "", &viewer.origin).await? {
            BootPage::Governing(GoverningPage::Invites(page)) => {
                BootPage::Governing(GoverningPage::Invites(InvitesPage {
                    refused: Some(refused),
                    ..page
                }))
            }
            denied => denied,
        };
        Ok(PageBackend(state.clone()).frame(&viewer, drawn))
    };
    answer(state, headers, &viewer, drawn).await
}

fn explain_invite(why: &Refusal) -> GoverningRefusal {
    match why.code {
        ErrorCode::Invalid => GoverningRefusal::Unfit,
        _ => explain(why, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Read back as a scanner does it: by what is dark and what is not.
    #[test]
    fn a_code_is_drawn_with_its_margin_and_its_three_corners() {
        let url = "https://chat.lantern.example/join/7q4mxk2p7q4mxk2p7q4mxk2p7q";
        let drawn = drawn(url).unwrap();
        let mut dark = vec![vec![false; drawn.side]; drawn.side];
        for run in drawn.path.split_terminator('z') {
            let numbers: Vec<usize> = run
                .split(|c: char| !c.is_ascii_digit())
                .filter_map(|number| number.parse().ok())
                .collect();
            let [x, y, long, high, back] = numbers[..] else {
                panic!("{run}");
            };
            assert_eq!((high, back), (1, long));
            for dot in &mut dark[y][x..x + long] {
                assert!(!std::mem::replace(dot, true), "drawn twice");
            }
        }
        let (first, last) = (QUIET, drawn.side - QUIET - 1);
        let margin = |at: usize| !(first..=last).contains(&at);
        for (y, row) in dark.iter().enumerate() {
            let mut dots = row.iter().enumerate();
            let white = dots.all(|(x, dark)| !dark || !(margin(x) || margin(y)));
            assert!(white, "the margin is white");
        }
        // A finder: a ring of seven, white, and a block of three.
        for (x, y) in [(first, first), (last - 6, first), (first, last - 6)] {
            let row = |y: usize| -> String {
                let dots = dark[y][x..x + 7].iter();
                dots.map(|dark| if *dark { '#' } else { '.' }).collect()
            };
            assert_eq!(row(y), "#######");
            assert_eq!(row(y + 1), "#.....#");
            assert_eq!(row(y + 3), "#.###.#");
            assert_eq!(row(y + 6), "#######");
        }
        let colors = Qr::new(url).unwrap().to_colors();
        let all = colors.iter().filter(|color| **color == Color::Dark).count();
        assert_eq!(dark.iter().flatten().filter(|dark| **dark).count(), all);
        assert!(super::drawn(&"x".repeat(10_000)).is_none());
    }
}
