//! The HTTP API, as far as load needs it: people, rooms, members. Blocking, one call at a time an instance.

use std::time::Duration;

use protocol::{
    ErrorBody, ErrorCode, Invite, InviteBody, MessageId, NewAccount, NewInvite, NewMember,
    NewMessage, NewRoom, NewSession, Page, RefreshSession, RoomBody, RoomId, RoomKind, SignedIn,
    UserId,
};
use serde::{Serialize, de::DeserializeOwned};
use ureq::{Agent, http::Response};

use crate::{clock::rest, fault::Fault};

/// Tries of a call that the server has no room for just now, a tenth of a second longer each.
const TRIES: u32 = 8;
const CALL: Duration = Duration::from_secs(60);
/// Largest answer that is read.
const ANSWER_BYTES: u64 = 8 * 1024 * 1024;

/// A blocking client of the HTTP API.
#[derive(Clone, Debug)]
pub struct LoadApi {
    url: String,
    agent: Agent,
}

impl LoadApi {
    /// Of the server at `http://host:port`.
    pub fn new(url: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(CALL))
            .user_agent("hubbub-loadgen")
            .build();
        Self {
            url: url.trim_end_matches('/').to_owned(),
            agent: config.new_agent(),
        }
    }

    /// Whether a server answers.
    pub fn is_there(&self) -> Result<(), Fault> {
        let answer = self.agent.get(format!("{}/healthz", self.url)).call();
        match answer {
            Ok(_) => Ok(()),
            Err(why) => Err(self.nobody(&why)),
        }
    }

    /// Makes an account; its name is its device too.
    pub fn sign_up(
        &self,
        name: &str,
        password: &str,
        invite: Option<&str>,
    ) -> Result<SignedIn, Fault> {
        let body = NewAccount {
            name: name.to_owned(),
            password: password.to_owned(),
            invite: invite.map(str::to_owned),
            device: Some(device(name)),
            display_name: None,
        };
        self.post("/accounts", None, &body)
    }

    /// Signs in.
    pub fn sign_in(&self, name: &str, password: &str) -> Result<SignedIn, Fault> {
        let body = NewSession {
            name: name.to_owned(),
            password: password.to_owned(),
            device: Some(device(name)),
        };
        self.post("/sessions", None, &body)
    }

    /// New tokens; the refresh token is spent by it.
    pub fn refresh(&self, refresh_token: &str) -> Result<SignedIn, Fault> {
        let body = RefreshSession {
            refresh_token: Some(refresh_token.to_owned()),
            device: None,
        };
        self.post("/sessions/refresh", None, &body)
    }

    /// Makes an invite into `rooms`.
    pub fn invite(&self, token: &str, uses: u32, rooms: &[RoomId]) -> Result<Invite, Fault> {
        let body = NewInvite {
            uses: Some(uses),
            expires_in_s: None,
            rooms: Some(rooms.to_vec()),
        };
        self.post::<InviteBody>("/invites", Some(token), &body)
            .map(|body| body.invite)
    }

    /// Makes a public room.
    pub fn room(&self, token: &str, name: &str) -> Result<RoomId, Fault> {
        let body = NewRoom {
            kind: RoomKind::Public,
            name: name.to_owned(),
            topic: None,
        };
        self.post::<RoomBody>("/rooms", Some(token), &body)
            .map(|body| body.room.id)
    }

    /// The caller's room, as the caller sees it.
    pub fn look(&self, token: &str, room: RoomId) -> Result<protocol::RoomSummary, Fault> {
        self.get::<RoomBody>(&format!("/rooms/{room}"), token)
            .map(|body| body.room)
    }

    /// Adds somebody to a room.
    pub fn add(&self, token: &str, room: RoomId, user: UserId) -> Result<(), Fault> {
        let call = format!("/rooms/{room}/members");
        self.send(&call, Some(token), &NewMember { user: Some(user) })
            .map(drop)
    }

    /// Takes somebody out of a room.
    pub fn remove(&self, token: &str, room: RoomId, user: UserId) -> Result<(), Fault> {
        let call = format!("DELETE /rooms/{room}/members/{user}");
        let path = format!("{}/api/v1/rooms/{room}/members/{user}", self.url);
        self.answered(&call, || {
            self.agent
                .delete(&path)
                .header("authorization", format!("Bearer {token}"))
                .call()
        })
        .map(drop)
    }

    /// Says something.
    pub fn say(&self, token: &str, room: RoomId, id: MessageId, text: &str) -> Result<(), Fault> {
        let body = NewMessage {
            thread: None,
            also: false,
            id,
            text: text.to_owned(),
            reply_to: None,
        };
        self.send(&format!("/rooms/{room}/messages"), Some(token), &body)
            .map(drop)
    }

    /// The newest messages before `before`.
    pub fn page(&self, token: &str, room: RoomId, before: u64) -> Result<Page, Fault> {
        self.get(&format!("/rooms/{room}/messages?before={before}"), token)
    }

    fn get<A: DeserializeOwned>(&self, call: &str, token: &str) -> Result<A, Fault> {
        let path = format!("{}/api/v1{call}", self.url);
        let mut answer = self.answered(&format!("GET {call}"), || {
            self.agent
                .get(&path)
                .header("authorization", format!("Bearer {token}"))
                .call()
        })?;
        self.read(call, &mut answer)
    }

    fn post<A: DeserializeOwned>(
        &self,
        call: &str,
        token: Option<&str>,
        body: &impl Serialize,
    ) -> Result<A, Fault> {
        let mut answer = self.send(call, token, body)?;
        self.read(call, &mut answer)
    }

    fn read<A: DeserializeOwned>(
        &self,
        call: &str,
        answer: &mut Response<ureq::Body>,
    ) -> Result<A, Fault> {
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(ANSWER_BYTES);
        body.read_json().map_err(|why| Fault::Refused {
            call: format!("{}{call}", self.url),
            status,
            why: format!("an answer that cannot be read: {why}"),
        })
    }

    fn send(
        &self,
        call: &str,
        token: Option<&str>,
        body: &impl Serialize,
    ) -> Result<Response<ureq::Body>, Fault> {
        let path = format!("{}/api/v1{call}", self.url);
        self.answered(&format!("POST {call}"), || {
            let mut request = self.agent.post(&path);
            if let Some(token) = token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            request.send_json(body)
        })
    }

    /// Asks until there is an answer that is not "later".
    fn answered(
        &self,
        call: &str,
        ask: impl Fn() -> Result<Response<ureq::Body>, ureq::Error>,
    ) -> Result<Response<ureq::Body>, Fault> {
        let mut tried = 0;
        loop {
            let mut answer = ask().map_err(|why| self.nobody(&why))?;
            let status = answer.status().as_u16();
            if status < 400 {
                return Ok(answer);
            }
            let said: Option<ErrorBody> = answer.body_mut().read_json().ok();
            let code = said.as_ref().map(|said| said.error.code);
            tried += 1;
            if code == Some(ErrorCode::RateLimited) {
                return Err(Fault::RateLimited { call: call.into() });
            }
            if status != 503 || tried == TRIES {
                return Err(Fault::Refused {
                    call: call.into(),
                    status,
                    why: said.map_or_else(String::new, |said| said.error.message),
                });
            }
            rest(Duration::from_millis(100) * tried);
        }
    }

    fn nobody(&self, why: &ureq::Error) -> Fault {
        Fault::NoServer {
            url: self.url.clone(),
            why: why.to_string(),
        }
    }
}

/// The device of a simulated person: a stable id of at least 16 characters.
pub fn device(name: &str) -> String {
    format!("loadgen-device-of-{name}")
}
