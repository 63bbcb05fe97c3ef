//! The data of each page, for whoever looks at it.

use std::collections::BTreeMap;

use app::{
    Backend,
    boot::{Boot, Chat, Invitation, OpenRoom, Page, Server},
    form::Form,
};
use protocol::{
    EventKind, RoomId, RoomSummary, Seq, UserId, UserSummary,
    limits::{INVITE_CHARS, MAX_ID, PAGE_BYTES, PAGE_MESSAGES_DEFAULT},
};

use super::{viewer::Viewer, zone::oldest};
use crate::{
    commands::{
        history::{notes, quoted},
        member, room_for, sign_in,
    },
    error::Refusal,
    state::State,
    store::{Account, PageAt, StoreError},
};

/// Members that a page brings along; the browser asks for the rest.
const MEMBERS: u32 = 200;

/// Bytes of messages that a page brings along: drawn, and once more for the browser, they are many times that.
const DRAWN_BYTES: usize = PAGE_BYTES / 8;

/// The port that server rendering asks.
pub struct Pages(pub(super) State);

/// Why there is no page.
#[derive(Debug)]
pub enum NoPage {
    /// It is at this path.
    Elsewhere(String),
    /// The server cannot tell just now.
    Refused(Refusal),
}

impl From<Refusal> for NoPage {
    fn from(why: Refusal) -> Self {
        Self::Refused(why)
    }
}

impl From<StoreError> for NoPage {
    fn from(why: StoreError) -> Self {
        Self::Refused(why.into())
    }
}

impl Backend for Pages {
    type Viewer = Viewer;
    type Error = NoPage;

    async fn boot(&self, path: &str, viewer: &Viewer) -> Result<Boot, NoPage> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let page = match &viewer.identity {
            None => self.outside(path, query, viewer).await?,
            Some(identity) => {
                let at = query_value(query, "at").and_then(|at| at.parse().ok());
                self.inside(path, at, identity).await?
            }
        };
        Ok(self.frame(viewer, page))
    }
}

fn query_value(query: &str, key: &str) -> Option<String> {
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == key)
        .map(|(_, value)| value.into_owned())
}

/// A path of this server, for the way back after the door; nothing that a browser could read as another host.
pub(super) fn own_path(path: &str) -> Option<String> {
    let plain = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '\r', '\n', '\t', '\0']);
    plain.then(|| path.to_owned())
}

impl Pages {
    /// A page with what all of them have.
    pub(super) fn frame(&self, viewer: &Viewer, page: Page) -> Boot {
        let state = &self.0;
        let now_ms = state.now();
        let me = viewer
            .identity
            .as_ref()
            .map(|identity| identity.account.summary(None));
        Boot {
            lang: viewer.lang,
            theme: viewer.theme,
            contrast: viewer.contrast,
            zone: viewer.zone.since(oldest(&page).unwrap_or(now_ms)),
            hour12: viewer.hour12,
            now_ms,
            server: Server {
                name: state.config.serve.name.clone(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            assets: state.assets.urls().clone(),
            me,
            page,
        }
    }

    /// The page of a server that cannot tell just now.
    pub(super) fn trouble(&self, viewer: &Viewer) -> Boot {
        self.frame(viewer, Page::Trouble { retry: true })
    }

    async fn outside(&self, path: &str, query: &str, viewer: &Viewer) -> Result<Page, NoPage> {
        if self.0.store.is_empty().await? {
            return if path == "/" {
                Ok(Page::First {
                    form: Form::default(),
                    code: !viewer.at_the_machine,
                })
            } else {
                Err(NoPage::Elsewhere("/".into()))
            };
        }
        if path == "/sign-in" {
            let next = query_value(query, "next").as_deref().and_then(own_path);
            return Ok(Page::SignIn {
                form: Form::default(),
                next,
            });
        }
        if let Some(code) = path.strip_prefix("/join/") {
            return Ok(self.join(code, Form::default()).await?);
        }
        let known =
            path == "/" || path == "/devices" || path == "/you" || room_path(path).is_some();
        if !known {
            return Ok(Page::Missing);
        }
        let full = if query.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{query}")
        };
        let next: String = url::form_urlencoded::byte_serialize(full.as_bytes()).collect();
        Err(NoPage::Elsewhere(if path == "/" {
            "/sign-in".to_owned()
        } else {
            format!("/sign-in?next={next}")
        }))
    }

    /// The door, as an invite opens it.
    pub(super) async fn join(&self, code: &str, form: Form) -> Result<Page, StoreError> {
        let state = &self.0;
        let mut invitation = None;
        let is_code = code.chars().nth(INVITE_CHARS).is_none();
        if is_code
            && let Some(invite) = state.store.invite(code).await?
            && invite.is_good(state.now())
            && let Some(by) = state.cache.account(invite.created_by).await?
        {
            invitation = Some(Invitation {
                by: by.summary(Some(state.hub.state_of(by.id))),
                people: state.store.people().await?,
                here: state.hub.people_here() as u64,
                expires_at: invite.expires_at,
            });
        }
        Ok(Page::Join {
            code: code.chars().take(INVITE_CHARS).collect(),
            invitation,
            form,
        })
    }

    async fn inside(
        &self,
        path: &str,
        at: Option<Seq>,
        identity: &crate::auth::Identity,
    ) -> Result<Page, NoPage> {
        if let Some((room, people)) = room_path(path) {
            let Some(chat) = self.chat(identity.who(), Some((room, at))).await? else {
                return Ok(Page::Missing);
            };
            return Ok(if people {
                Page::People { chat }
            } else {
                Page::Room { chat, at }
            });
        }
        match path {
            "/" => {
                let chat = self.chat(identity.who(), None).await?;
                Ok(chat.map_or(Page::Missing, |chat| Page::Rooms { chat }))
            }
            "/devices" => Ok(Page::Devices {
                sign_ins: sign_in::list(&self.0, identity, MAX_ID).await?.sessions,
            }),
            "/you" => Ok(Page::You),
            "/sign-in" => Err(NoPage::Elsewhere("/".into())),
            _ if path.starts_with("/join/") => Err(NoPage::Elsewhere("/".into())),
            _ => Ok(Page::Missing),
        }
    }

    /// The rooms and people of a viewer; none if the open room is not there for them.
    async fn chat(
        &self,
        who: crate::auth::rights::Who,
        open: Option<(RoomId, Option<Seq>)>,
    ) -> Result<Option<Chat>, NoPage> {
        let state = &self.0;
        let rooms = state.cache.rooms_of(who.id).await?;
        let mut people = BTreeMap::new();
        let mut opened = None;
        if let Some((room, at)) = open {
            let room = match rooms.iter().find(|known| known.id == room) {
                Some(room) => room.clone(),
                None => match room_for(state, who, room).await {
                    Ok(room) => room,
                    Err(why) if why.code == protocol::ErrorCode::NotFound => return Ok(None),
                    Err(why) => return Err(why.into()),
                },
            };
            opened = Some(self.open(who.id, room, at, &mut people).await?);
        }
        self.name_people(who.id, &rooms, opened.as_ref(), &mut people)
            .await?;
        Ok(Some(Chat {
            rooms,
            users: people.into_values().collect(),
            open: opened,
        }))
    }

    async fn open(
        &self,
        me: UserId,
        room: RoomSummary,
        at: Option<Seq>,
        people: &mut BTreeMap<UserId, UserSummary>,
    ) -> Result<OpenRoom, NoPage> {
        let state = &self.0;
        let which = at.map_or(PageAt::Newest, PageAt::Around);
        let page = state
            .cache
            .history(room.id, me, which, PAGE_MESSAGES_DEFAULT)
            .await?
            .within(which, DRAWN_BYTES);
        let first = state.cache.members(room.id, "", 0, MEMBERS).await?;
        let (mut members, mut total) = (first.users, None);
        if first.next.is_some() {
            // Whoever is here is seen at once, however many there are.
            let last = members.last().map(|account| account.id);
            let here = member::here(state, room.id).await?;
            members.extend(here.into_iter().filter(|one| Some(one.id) > last));
            total = Some(state.store.member_count(room.id).await?);
        }
        let members: Vec<UserSummary> = members.iter().map(|one| self.seen(one)).collect();
        people.extend(members.iter().map(|member| (member.id, member.clone())));
        Ok(OpenRoom {
            notes: notes(state, room.id, which, &page).await?,
            quoted: quoted(state, room.id, me, &page.messages, DRAWN_BYTES / 4).await?,
            room,
            messages: page.messages,
            last_seq: Some(page.last_seq),
            more: page.more,
            more_after: page.more_after.unwrap_or_default(),
            next: first.next.map(|next| next.to_string()),
            total: total.unwrap_or(members.len() as u64),
            members,
        })
    }

    fn seen(&self, account: &Account) -> UserSummary {
        account.summary(Some(self.0.hub.state_of(account.id)))
    }

    /// Everybody whom rooms and messages name and who is not known yet.
    async fn name_people(
        &self,
        me: UserId,
        rooms: &[RoomSummary],
        open: Option<&OpenRoom>,
        people: &mut BTreeMap<UserId, UserSummary>,
    ) -> Result<(), NoPage> {
        let mut wanted: Vec<UserId> = rooms
            .iter()
            .flat_map(|room| room.users.iter().copied())
            .collect();
        wanted.extend(
            open.into_iter()
                .flat_map(|open| open.messages.iter().chain(&open.quoted))
                .map(|message| message.by),
        );
        let notes = open.into_iter().flat_map(|open| &open.notes);
        for note in notes {
            wanted.push(note.by);
            if let EventKind::Join { user } | EventKind::Leave { user } = note.kind {
                wanted.push(user);
            }
        }
        wanted.push(me);
        wanted.sort_unstable();
        wanted.dedup();
        wanted.retain(|user| !people.contains_key(user));
        for account in self.0.cache.accounts(&wanted).await? {
            people.insert(account.id, self.seen(&account));
        }
        Ok(())
    }
}

/// The room of `/rooms/{id}` and `/rooms/{id}/people`, and which of the two it is.
fn room_path(path: &str) -> Option<(RoomId, bool)> {
    let rest = path.strip_prefix("/rooms/")?.trim_end_matches('/');
    match rest.strip_suffix("/people") {
        Some(room) => Some((room.parse().ok()?, true)),
        None => Some((rest.parse().ok()?, false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stays_on_this_server() {
        assert_eq!(
            own_path("/rooms/12?at=3").as_deref(),
            Some("/rooms/12?at=3")
        );
        for bad in [
            "",
            "rooms",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\nb",
        ] {
            assert_eq!(own_path(bad), None, "{bad}");
        }
    }
}
