//! Live sessions: one a connection, kept across its reconnects (contract, "Connecting", the three states).

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use protocol::{CloseCode, PresenceState, Role, RoomId, SessionId, UserId, rights::Who};

use super::{Goodbye, Hub, Mailbox, lock, people::Person};
use crate::bus::Note;

/// A live session.
pub(crate) struct LiveSession {
    /// Its id.
    pub(crate) id: SessionId,
    /// The user.
    pub(crate) user: UserId,
    /// Its sign-in.
    pub(crate) sign_in: u64,
    /// Until when the sign-in is good, in milliseconds since the epoch.
    sign_in_ends: AtomicU64,
    /// When it was told that the sign-in is used, in milliseconds since the epoch.
    told_used: AtomicU64,
    mailbox: Mutex<Option<Arc<Mailbox>>>,
    away: AtomicBool,
    /// What the user may do; it may change while they are connected.
    role: Mutex<Role>,
    /// When its connection was lost, in milliseconds of the monotonic clock.
    offline_since: AtomicU64,
}

impl LiveSession {
    /// Its connection, if it has one just now.
    pub(crate) fn mailbox(&self) -> Option<Arc<Mailbox>> {
        lock(&self.mailbox).clone()
    }

    /// Who acts over it, as of now.
    pub(crate) fn who(&self) -> Who {
        Who {
            id: self.user,
            role: *lock(&self.role),
        }
    }

    /// They may do otherwise from now on.
    pub(crate) fn set_role(&self, role: Role) {
        *lock(&self.role) = role;
    }

    /// Whether it has a connection, and it was not told for `every_ms` that its sign-in is used; it counts as told then.
    pub(super) fn is_used(&self, wall: u64, every_ms: u64) -> bool {
        let told = self.told_used.load(Ordering::Relaxed);
        let due = wall.abs_diff(told) >= every_ms && lock(&self.mailbox).is_some();
        if due {
            self.told_used.store(wall, Ordering::Relaxed);
        }
        due
    }

    pub(super) fn is_away(&self) -> bool {
        self.away.load(Ordering::Relaxed)
    }
}

/// Who takes a place in the hub.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Newcomer {
    /// The user.
    pub(crate) user: UserId,
    /// What they may do.
    pub(crate) role: Role,
    /// The sign-in.
    pub(crate) sign_in: u64,
    /// When it was last noted that it is used.
    pub(crate) sign_in_seen: u64,
    /// Until when it is good.
    pub(crate) sign_in_ends: u64,
    /// The session that it comes back to.
    pub(crate) resume: Option<SessionId>,
}

/// A place in the hub.
pub(crate) struct Attached {
    /// The session.
    pub(crate) session: Arc<LiveSession>,
    /// Whether it is the one that was asked for.
    pub(crate) resumed: bool,
}

/// The user has too many connections: close 4504.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

impl Hub {
    /// Gives a connection its session: the one it comes back to, if that is still kept for this sign-in, else a new one. A session that is
    /// not kept here may be on another node, which hears that it moved.
    pub(crate) fn attach(
        &self,
        new: Newcomer,
        mailbox: &Arc<Mailbox>,
    ) -> Result<Attached, TooMany> {
        let attached = self
            .people
            .enter(new.user, |person| self.place(person, new, mailbox))?;
        if let Some(session) = new.resume.filter(|_| !attached.resumed) {
            self.bus.tell(&Note::SessionMoved {
                user: new.user,
                sign_in: new.sign_in,
                session,
            });
        }
        Ok(attached)
    }

    fn place(
        &self,
        person: &mut Person,
        new: Newcomer,
        mailbox: &Arc<Mailbox>,
    ) -> Result<Attached, TooMany> {
        let found = person
            .sessions
            .iter()
            .find(|session| Some(session.id) == new.resume && session.sign_in == new.sign_in)
            .cloned();
        if let Some(session) = found {
            let before = lock(&session.mailbox).replace(Arc::clone(mailbox));
            if let Some(before) = before {
                before.close(moved());
            }
            session
                .sign_in_ends
                .store(new.sign_in_ends, Ordering::Relaxed);
            session.set_role(new.role);
            return Ok(Attached {
                session,
                resumed: true,
            });
        }
        let limit = self.limits.sockets_per_user as usize;
        if limit > 0 && person.mailboxes().count() >= limit {
            return Err(TooMany);
        }
        let session = Arc::new(LiveSession {
            id: self.mint_session(),
            user: new.user,
            sign_in: new.sign_in,
            sign_in_ends: AtomicU64::new(new.sign_in_ends),
            told_used: AtomicU64::new(new.sign_in_seen),
            mailbox: Mutex::new(Some(Arc::clone(mailbox))),
            away: AtomicBool::new(false),
            role: Mutex::new(new.role),
            offline_since: AtomicU64::new(0),
        });
        person.sessions.push(Arc::clone(&session));
        Ok(Attached {
            session,
            resumed: false,
        })
    }

    /// Closes the connections of somebody who is shut out with 4503.
    pub(super) fn shut_out(&self, user: UserId) {
        for session in self.people.sessions_of(user) {
            if let Some(mailbox) = session.mailbox() {
                mailbox.close(Goodbye::new(CloseCode::Banned));
            }
            self.end(&session);
        }
    }

    /// Somebody may do this, with these sign-ins and no others.
    pub(super) fn account_is(&self, user: UserId, role: Option<Role>, sign_ins: &[u64]) {
        let Some(role) = role else {
            return self.shut_out(user);
        };
        for session in self.people.sessions_of(user) {
            if sign_ins.binary_search(&session.sign_in).is_ok() {
                session.set_role(role);
            } else {
                self.sign_out(user, session.sign_in);
            }
        }
    }

    /// A connection of another node took a session over: what is left of it here ends.
    pub(super) fn session_moved(&self, user: UserId, sign_in: u64, session: SessionId) {
        let sessions = self.people.signed_in(user, sign_in);
        if let Some(session) = sessions.iter().find(|known| known.id == session) {
            if let Some(mailbox) = session.mailbox() {
                mailbox.close(moved());
            }
            self.end(session);
        }
    }

    /// The rooms of a person whose connection is about to be welcomed: who is told of their coming and going.
    pub(crate) fn settle(&self, user: UserId, rooms: impl Iterator<Item = RoomId>) {
        self.people.with(user, |person| person.rooms.add(rooms));
        self.tell_presence(user);
    }

    /// A connection ended. After `bye` its session is over, else it is kept for the grace period.
    pub(crate) fn detach(
        &self,
        session: &Arc<LiveSession>,
        mailbox: &Arc<Mailbox>,
        bye: bool,
        now: u64,
    ) {
        {
            let mut current = lock(&session.mailbox);
            if current
                .as_ref()
                .is_none_or(|current| current.id() != mailbox.id())
            {
                // Another connection took the session over.
                return;
            }
            *current = None;
            session.offline_since.store(now, Ordering::Relaxed);
        }
        if bye || self.limits.grace_ms == 0 {
            self.end(session);
        }
    }

    fn end(&self, session: &Arc<LiveSession>) {
        self.people.with(session.user, |person| {
            person.sessions.retain(|known| known.id != session.id);
        });
        self.tell_presence(session.user);
    }

    /// Sets whether the person is at this page.
    pub(crate) fn set_presence(&self, session: &LiveSession, state: PresenceState) {
        session
            .away
            .store(state == PresenceState::Away, Ordering::Relaxed);
        self.tell_presence(session.user);
    }

    /// Tells what was kept back, and ends what is over: sessions past their grace, connections that were silent too long or whose
    /// sign-in ended. Sign-ins expire by the wall clock; silence and grace are measured on the monotonic clock.
    pub(crate) fn sweep(&self, wall: u64, now: u64) {
        self.tell_late();
        for session in self.people.sessions() {
            match session.mailbox() {
                Some(mailbox) if wall >= session.sign_in_ends.load(Ordering::Relaxed) => {
                    mailbox.close(Goodbye::new(CloseCode::SignedOut));
                }
                Some(mailbox) if now.saturating_sub(mailbox.seen_at()) > self.limits.silence_ms => {
                    mailbox.close(Goodbye::new(CloseCode::HeartbeatMissed));
                }
                Some(_) => {}
                None if now.saturating_sub(session.offline_since.load(Ordering::Relaxed))
                    >= self.limits.grace_ms =>
                {
                    self.end(&session);
                }
                None => {}
            }
        }
    }

    /// Closes the connections of a sign-in with 4500.
    pub(super) fn sign_out(&self, user: UserId, sign_in: u64) {
        for session in &self.people.signed_in(user, sign_in) {
            if let Some(mailbox) = session.mailbox() {
                mailbox.close(Goodbye::new(CloseCode::SignedOut));
            }
            self.end(session);
        }
    }

    /// A sign-in was refreshed or used: its connections may stay until then.
    pub(super) fn prolong(&self, user: UserId, sign_in: u64, ends: u64) {
        for session in self.people.signed_in(user, sign_in) {
            session.sign_in_ends.store(ends, Ordering::Relaxed);
        }
    }
}

/// The client gave that connection up; what is left of it must not come back.
fn moved() -> Goodbye {
    Goodbye {
        code: CloseCode::Normal,
        reason: "the session moved to another connection".to_owned(),
    }
}
