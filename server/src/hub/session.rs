//! Live sessions: one a connection, kept across its reconnects (contract, "Connecting", the three states).

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use protocol::{CloseCode, PresenceState, RoomId, SessionId, UserId};

use super::{Goodbye, Hub, Mailbox, lock};

/// A live session.
pub struct LiveSession {
    /// Its id.
    pub id: SessionId,
    /// The user.
    pub user: UserId,
    /// Its sign-in.
    pub sign_in: u64,
    /// Until when the sign-in is good, in milliseconds since the epoch.
    sign_in_ends: AtomicU64,
    /// When it was told that the sign-in is used, in milliseconds since the epoch.
    told_used: AtomicU64,
    mailbox: Mutex<Option<Arc<Mailbox>>>,
    away: AtomicBool,
    /// When its connection was lost, in milliseconds of the monotonic clock.
    offline_since: AtomicU64,
}

impl LiveSession {
    /// Its connection, if it has one just now.
    pub fn mailbox(&self) -> Option<Arc<Mailbox>> {
        lock(&self.mailbox).clone()
    }

    pub(super) fn is_away(&self) -> bool {
        self.away.load(Ordering::Relaxed)
    }
}

/// Who takes a place in the hub.
#[derive(Clone, Copy, Debug)]
pub struct Newcomer {
    /// The user.
    pub user: UserId,
    /// The sign-in.
    pub sign_in: u64,
    /// When it was last noted that it is used.
    pub sign_in_seen: u64,
    /// Until when it is good.
    pub sign_in_ends: u64,
    /// The session that it comes back to.
    pub resume: Option<SessionId>,
}

/// A place in the hub.
pub struct Attached {
    /// The session.
    pub session: Arc<LiveSession>,
    /// Whether it is the one that was asked for.
    pub resumed: bool,
}

/// The user has too many connections: close 4504.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

impl Hub {
    /// Gives a connection its session: the one it comes back to, if that is still kept for this sign-in, else a new one.
    pub fn attach(&self, new: Newcomer, mailbox: &Arc<Mailbox>) -> Result<Attached, TooMany> {
        let mut people = lock(&self.people);
        let person = people.entry(new.user).or_default();
        let found = person
            .sessions
            .iter()
            .find(|session| Some(session.id) == new.resume && session.sign_in == new.sign_in)
            .cloned();
        if let Some(session) = found {
            let before = lock(&session.mailbox).replace(Arc::clone(mailbox));
            if let Some(before) = before {
                // The client gave that connection up; what is left of it must not come back.
                before.close(Goodbye {
                    code: CloseCode::Normal,
                    reason: "the session moved to another connection".to_owned(),
                });
            }
            session
                .sign_in_ends
                .store(new.sign_in_ends, Ordering::Relaxed);
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
            offline_since: AtomicU64::new(0),
        });
        person.sessions.push(Arc::clone(&session));
        Ok(Attached {
            session,
            resumed: false,
        })
    }

    /// The rooms of a person whose connection is about to be welcomed: who is told of their coming and going.
    pub fn settle(&self, user: UserId, rooms: impl Iterator<Item = RoomId>) {
        if let Some(person) = lock(&self.people).get_mut(&user) {
            person.rooms.add(rooms);
        }
        self.tell_presence(user);
    }

    /// A connection ended. After `bye` its session is over, else it is kept for the grace period.
    pub fn detach(&self, session: &Arc<LiveSession>, mailbox: &Arc<Mailbox>, bye: bool, now: u64) {
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
        if let Some(person) = lock(&self.people).get_mut(&session.user) {
            person.sessions.retain(|known| known.id != session.id);
        }
        self.tell_presence(session.user);
    }

    /// Sets whether the person is at this page.
    pub fn set_presence(&self, session: &LiveSession, state: PresenceState) {
        session
            .away
            .store(state == PresenceState::Away, Ordering::Relaxed);
        self.tell_presence(session.user);
    }

    /// Tells what was kept back, and ends what is over: sessions past their grace, connections that were silent too long or whose
    /// sign-in ended. Sign-ins expire by the wall clock; silence and grace are measured on the monotonic clock.
    pub fn sweep(&self, wall: u64, now: u64) {
        self.tell_late();
        let sessions: Vec<Arc<LiveSession>> = lock(&self.people)
            .values()
            .flat_map(|person| person.sessions.clone())
            .collect();
        for session in sessions {
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
        let sessions: Vec<Arc<LiveSession>> = lock(&self.people)
            .get(&user)
            .map(|person| person.sessions.clone())
            .unwrap_or_default();
        for session in sessions.iter().filter(|session| session.sign_in == sign_in) {
            if let Some(mailbox) = session.mailbox() {
                mailbox.close(Goodbye::new(CloseCode::SignedOut));
            }
            self.end(session);
        }
    }

    /// The sign-ins that have a connection, each once in `every_ms` for each of them, whichever way the wall clock jumps.
    pub fn used(&self, wall: u64, every_ms: u64) -> Vec<u64> {
        let people = lock(&self.people);
        let sessions = people.values().flat_map(|person| &person.sessions);
        let due = sessions.filter(|session| {
            let told = &session.told_used;
            let due = wall.abs_diff(told.load(Ordering::Relaxed)) >= every_ms
                && lock(&session.mailbox).is_some();
            if due {
                told.store(wall, Ordering::Relaxed);
            }
            due
        });
        due.map(|session| session.sign_in).collect()
    }

    /// A sign-in was refreshed or used: its connections may stay until then.
    pub(super) fn prolong(&self, user: UserId, sign_in: u64, ends: u64) {
        if let Some(person) = lock(&self.people).get(&user) {
            for session in person
                .sessions
                .iter()
                .filter(|session| session.sign_in == sign_in)
            {
                session.sign_in_ends.store(ends, Ordering::Relaxed);
            }
        }
    }
}
