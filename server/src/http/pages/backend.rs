//! The data of each page, for whoever looks at it.

use std::collections::BTreeMap;

use app::{
    Backend,
    boot::{Boot, BootPage, Chat, Invitation, OpenRoom, Server},
    form::Form,
    route::{self, PagePath, Route},
};
use protocol::{
    ErrorCode, EventKind, RoomId, RoomSummary, Seq, UserId, UserSummary,
    limits::{INVITE_CHARS, PAGE_BYTES, PAGE_MESSAGES_DEFAULT},
};

use super::{devices, governing, invites, viewer::Viewer, you, zone::oldest};
use crate::{
    auth::rights::Who,
    commands::{
        history::{notes, quoted},
        member, reset, room_for,
    },
    error::Refusal,
    state::State,
    store::{Account, PageAt, StoreError},
};

/// Members that a page brings along; the browser asks for the rest.
const MEMBERS: u32 = 200;

/// Bytes of messages that a page brings along: drawn, and once more for the browser, they are many times that.
pub(super) const DRAWN_BYTES: usize = PAGE_BYTES / 8;

/// The port that server rendering asks.
pub(crate) struct PageBackend(pub(super) State);

/// Why there is no page.
#[derive(Debug)]
pub(crate) enum NoPage {
    /// It is at this path.
    Elsewhere(String),
    /// The server cannot tell just now.
    Refused,
}

impl From<Refusal> for NoPage {
    fn from(_: Refusal) -> Self {
        Self::Refused
    }
}

impl From<StoreError> for NoPage {
    fn from(why: StoreError) -> Self {
        // It is logged where it becomes a refusal.
        Refusal::from(why).into()
    }
}

impl Backend for PageBackend {
    type Viewer = Viewer;
    type Error = NoPage;

    async fn boot(&self, path: &str, viewer: &Viewer) -> Result<Boot, NoPage> {
        let page = match &viewer.identity {
            None => self.outside(path, viewer).await?,
            Some(identity) => self.inside(path, identity, viewer).await?,
        };
        Ok(self.frame(viewer, page))
    }
}

pub(super) fn query_value(path: &str, key: &str) -> Option<String> {
    let (_, query) = path.split_once('?')?;
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == key)
        .map(|(_, value)| value.into_owned())
}

/// A path of this server, for the way back after signing in; nothing that a browser could read as another host.
pub(super) fn own_path(path: &str) -> Option<String> {
    let plain = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '\r', '\n', '\t', '\0']);
    plain.then(|| path.to_owned())
}

impl PageBackend {
    /// A page with what all of them have.
    pub(super) fn frame(&self, viewer: &Viewer, page: BootPage) -> Boot {
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
        self.frame(viewer, BootPage::Trouble { retry: true })
    }

    async fn outside(&self, path: &str, viewer: &Viewer) -> Result<BootPage, NoPage> {
        let page = PagePath::parse(path);
        if self.0.store.is_empty().await? {
            return if page == Some(PagePath::Chat(Route::Rooms)) {
                Ok(BootPage::First {
                    form: Form::default(),
                    code: !viewer.at_the_machine,
                })
            } else {
                Err(NoPage::Elsewhere("/".into()))
            };
        }
        match page {
            Some(PagePath::SignIn) => Ok(BootPage::SignIn {
                form: Form::default(),
                next: query_value(path, "next").as_deref().and_then(own_path),
            }),
            Some(PagePath::Join(code)) => Ok(self.join(code, Form::default()).await?),
            Some(PagePath::Reset(code)) => Ok(self.reset(code, Form::default()).await?),
            Some(
                PagePath::Chat(_)
                | PagePath::Devices
                | PagePath::You
                | PagePath::People
                | PagePath::Person(_)
                | PagePath::Ban(_)
                | PagePath::Invites,
            ) => Err(NoPage::Elsewhere(route::sign_in(Some(path)))),
            None => Ok(BootPage::Missing),
        }
    }

    /// The page that an invite opens.
    pub(super) async fn join(&self, code: &str, form: Form) -> Result<BootPage, StoreError> {
        let state = &self.0;
        let mut invitation = None;
        let is_code = code.chars().nth(INVITE_CHARS).is_none();
        if is_code
            && let Some(invite) = state.store.invite(code).await?
            && invite.is_good(state.now())
            && let Some(by) = state.cache.account(invite.created_by).await?
        {
            invitation = Some(Invitation {
                by: by.summary(Some(state.hub.people.state_of(by.id))),
                people: state.store.people().await?,
                here: state.hub.people.count() as u64,
                expires_at: invite.expires_at,
            });
        }
        Ok(BootPage::Join {
            code: code.chars().take(INVITE_CHARS).collect(),
            invitation,
            form,
        })
    }

    /// The page that a link to a new password opens.
    pub(super) async fn reset(&self, code: &str, form: Form) -> Result<BootPage, StoreError> {
        let person = reset::person(&self.0, code).await?;
        Ok(BootPage::Reset {
            code: code.chars().take(INVITE_CHARS).collect(),
            person: person.map(|account| account.summary(None)),
            form,
        })
    }

    async fn inside(
        &self,
        path: &str,
        identity: &crate::auth::Identity,
        viewer: &Viewer,
    ) -> Result<BootPage, NoPage> {
        match PagePath::parse(path) {
            Some(PagePath::Chat(route)) => {
                let at = match route {
                    Route::Room(room, at) => Some((room, at)),
                    Route::People(room) | Route::Thread(room, ..) => Some((room, None)),
                    Route::Rooms | Route::List(_) | Route::Talk(_) => None,
                };
                let Some(mut chat) = self.chat(identity.who(), at).await? else {
                    return Ok(BootPage::Missing);
                };
                if let Route::Room(room, Some(at)) = route
                    && let Some(root) = self
                        .thread_alone(identity.who().id, &chat, (room, at))
                        .await?
                {
                    let there = Route::Thread(room, root, Some(at));
                    return Err(NoPage::Elsewhere(PagePath::Chat(there).path()));
                }
                if let Route::Thread(room, root, at) = route
                    && !self
                        .thread(identity.who(), (room, root, at), &mut chat)
                        .await?
                {
                    return Ok(BootPage::Missing);
                }
                Ok(match route {
                    Route::Room(_, at) => BootPage::Room { chat, at },
                    Route::People(_) => BootPage::People { chat },
                    Route::List(list) => {
                        let page = self.list(identity.who(), list, &mut chat).await?;
                        BootPage::List { chat, list, page }
                    }
                    Route::Thread(.., at) => BootPage::Thread { chat, at },
                    Route::Rooms | Route::Talk(_) => BootPage::Rooms { chat },
                })
            }
            Some(PagePath::Invites) => {
                invites::page(&self.0, identity.who(), path, &viewer.origin).await
            }
            Some(PagePath::Devices) => devices::page(&self.0, identity, path).await,
            Some(PagePath::You) => Ok(you::page(path, viewer)),
            Some(page @ (PagePath::People | PagePath::Person(_) | PagePath::Ban(_))) => {
                governing::page(&self.0, identity.who(), page, path).await
            }
            // Whoever was sent one may be signed in as somebody else here, or not know the password that they stay signed in with.
            Some(PagePath::Reset(code)) => Ok(self.reset(code, Form::default()).await?),
            Some(PagePath::SignIn | PagePath::Join(_)) => {
                Err(NoPage::Elsewhere(PagePath::Chat(Route::Rooms).path()))
            }
            None => Ok(BootPage::Missing),
        }
    }

    /// The rooms and people of a viewer; none if the open room is not there for them.
    async fn chat(
        &self,
        who: Who,
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
                    Err(why) if why.code == ErrorCode::NotFound => return Ok(None),
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

    /// The thread that a message stands in, where it does not stand in its room: a link to it opens the thread.
    async fn thread_alone(
        &self,
        me: UserId,
        chat: &Chat,
        (room, at): (RoomId, Seq),
    ) -> Result<Option<Seq>, NoPage> {
        let shown = chat.open.iter().flat_map(|open| &open.messages);
        if shown.into_iter().any(|message| message.seq == at) {
            return Ok(None);
        }
        let found = self.0.store.messages(room, me, &[at]).await?;
        let alone = found.iter().find(|message| !message.counts_in_room());
        Ok(alone.and_then(|message| message.thread))
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
            last_seq: page.last_seq,
            more: page.more,
            more_after: page.more_after.unwrap_or_default(),
            thread: None,
            next: first.next.map(|next| next.to_string()),
            total: total.unwrap_or(members.len() as u64),
            members,
        })
    }

    fn seen(&self, account: &Account) -> UserSummary {
        account.summary(Some(self.0.hub.people.state_of(account.id)))
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
                .flat_map(|message| {
                    let replies = message.replies.iter();
                    let others = replies.flat_map(|replies| replies.by.iter().copied());
                    others.chain([message.by])
                }),
        );
        let notes = open.into_iter().flat_map(|open| &open.notes);
        for note in notes {
            wanted.push(note.by);
            if let EventKind::Join { user } | EventKind::Leave { user } = note.kind {
                wanted.push(user);
            }
        }
        wanted.push(me);
        self.name(wanted, people).await
    }

    /// Those of `wanted` who are not known yet.
    pub(super) async fn name(
        &self,
        mut wanted: Vec<UserId>,
        people: &mut BTreeMap<UserId, UserSummary>,
    ) -> Result<(), NoPage> {
        wanted.sort_unstable();
        wanted.dedup();
        wanted.retain(|user| !people.contains_key(user));
        for account in self.0.cache.accounts(&wanted).await? {
            people.insert(account.id, self.seen(&account));
        }
        Ok(())
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
