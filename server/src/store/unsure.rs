//! What is to be told after a commit of unknown outcome.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{Act, RoomCounts, RoomId, RoomSummary, Seq, UserId};
use tracing::warn;

use super::{Done, Reply, SharedStore, StoreError, Write};
use crate::bus::{Note, Tell};

/// Sign-ins of a person that are read at once.
const SIGN_INS: u32 = 100;

/// What commits that failed may have changed all the same: a connection that is lost during a commit does not tell. Nobody
/// heard of their entries, and a repeat would find them stored and say nothing either. Bounded by the people and rooms that
/// there are.
#[derive(Default)]
pub(super) struct Unsure {
    users: BTreeSet<UserId>,
    /// Those whose account or sign-ins may be others: a ban or a sign-out holds on open connections too.
    accounts: BTreeSet<UserId>,
    /// When the last of these commits was, in milliseconds since the epoch.
    at: u64,
    rooms: BTreeSet<RoomId>,
    reads: BTreeSet<(UserId, RoomId)>,
    /// Those who read all their rooms.
    readers: BTreeSet<UserId>,
    /// What people want of rooms.
    preferences: BTreeSet<(UserId, RoomId)>,
    /// Memberships that may have ended, and whether one began anew since.
    left: BTreeMap<(UserId, RoomId), bool>,
    /// Threads, by their rooms and first messages.
    threads: BTreeSet<(RoomId, Seq)>,
    /// Messages that may say something else, by their rooms and places, each with who said so: one that is a reply makes those follow its thread
    /// whom it names.
    edited: BTreeMap<(RoomId, Seq), UserId>,
}

impl Unsure {
    pub(super) fn is_empty(&self) -> bool {
        self.users.is_empty()
            && self.accounts.is_empty()
            && self.rooms.is_empty()
            && self.threads.is_empty()
            && self.edited.is_empty()
    }

    pub(super) fn add(&mut self, writes: &[Write], at: u64) {
        self.at = at;
        for write in writes {
            let (users, room) = write.touches();
            // Who left and came back begins to read anew, and their connections may have noticed neither.
            if let Write::Read { .. }
            | Write::Unread { .. }
            | Write::Join { .. }
            | Write::Leave { .. } = write
            {
                let reads = users.iter().filter_map(|user| Some((*user, room?)));
                self.reads.extend(reads);
            }
            match write {
                Write::ReadAll { who, .. } => drop(self.readers.insert(who.id)),
                Write::Prefer { who, room, .. } => drop(self.preferences.insert((who.id, *room))),
                Write::Leave { user, room, .. } => drop(self.left.insert((*user, *room), false)),
                Write::Join { user, room, .. } => self.joined(*user, *room),
                Write::Command(one) => {
                    if let Act::Edit { of, .. } = one.command.act {
                        self.edited.insert((one.command.room, of), one.who.id);
                    }
                }
                _ => {}
            }
            self.users.extend(users);
            self.accounts.extend(write.touches_account());
            self.rooms.extend(room);
            self.threads.extend(write.touches_thread());
        }
    }

    /// Hears what was stored since.
    pub(super) fn hear(&mut self, write: &Write, done: &Done) {
        if let (&Write::Join { user, room, .. }, Reply::Member { changed: true, .. }) =
            (write, &done.reply)
        {
            self.joined(user, room);
        }
    }

    /// A membership began, or may have.
    fn joined(&mut self, user: UserId, room: RoomId) {
        if let Some(again) = self.left.get_mut(&(user, room)) {
            *again = true;
        }
    }

    /// Tells who follows which thread, and from where. It is told before a later reply is, of which alone a client would take the place where one
    /// began to follow.
    pub(super) async fn look_at_threads(&mut self, store: &SharedStore, node: &impl Tell) {
        later(self.ask_of_threads(store, node).await);
    }

    /// Tells how it is now; what the store does not answer is asked again.
    pub(super) async fn look(&mut self, store: &SharedStore, node: &impl Tell) {
        later(self.ask(store, node).await);
    }

    async fn ask(&mut self, store: &SharedStore, node: &impl Tell) -> Result<(), StoreError> {
        while let Some(&user) = self.accounts.first() {
            self.ask_of_account(user, store, node).await?;
            self.accounts.remove(&user);
        }
        while let Some(&user) = self.users.first() {
            self.tell_rooms(user, &store.rooms_of(user).await?, node);
        }
        while let Some(&room) = self.rooms.first() {
            let seq = store.last_seq(room).await?;
            node.tell(&Note::Head { room, seq });
            self.rooms.remove(&room);
        }
        self.ask_of_threads(store, node).await
    }

    /// Tells what somebody may do and with which sign-ins, and what they are called. No sign-in begins meanwhile: it would be a commit behind this one.
    async fn ask_of_account(
        &self,
        user: UserId,
        store: &SharedStore,
        node: &impl Tell,
    ) -> Result<(), StoreError> {
        let account = store.account(user).await?;
        let account = account.filter(|account| !account.banned);
        let mut sign_ins = Vec::new();
        let mut before = u64::MAX;
        loop {
            let page = store.sign_ins(user, self.at, before, SIGN_INS).await?;
            sign_ins.extend(page.iter().map(|one| one.id));
            match page.last() {
                Some(last) if page.len() == SIGN_INS as usize => before = last.id,
                _ => break,
            }
        }
        sign_ins.reverse();
        node.tell(&Note::AccountIs {
            user,
            role: account.as_ref().map(|account| account.role),
            sign_ins: &sign_ins,
        });
        if let Some(account) = account {
            let rooms = store.rooms_of(user).await?;
            let rooms: Vec<RoomId> = rooms.iter().map(|room| room.id).collect();
            node.tell(&Note::UserChanged {
                user: &account.summary(None),
                rooms: &rooms,
            });
        }
        Ok(())
    }

    async fn ask_of_threads(
        &mut self,
        store: &SharedStore,
        node: &impl Tell,
    ) -> Result<(), StoreError> {
        while let Some((&(room, of), &by)) = self.edited.first_key_value() {
            let found = store.messages(room, by, &[of]).await?;
            let root = found.first().and_then(|message| message.thread);
            self.threads.extend(root.map(|root| (room, root)));
            self.edited.remove(&(room, of));
        }
        while let Some(&(room, root)) = self.threads.first() {
            for (user, follow) in store.followers((room, root)).await? {
                node.tell(&Note::Thread {
                    user,
                    room,
                    root,
                    follow,
                    from: None,
                });
            }
            self.threads.remove(&(room, root));
        }
        Ok(())
    }

    /// Which rooms a user is in now, and what is theirs of them.
    fn tell_rooms(&mut self, user: UserId, rooms: &[RoomSummary], node: &impl Tell) {
        let left = self.left.iter();
        let left = left.filter(|&(&(who, _), &again)| who == user && again);
        let left: Vec<RoomId> = left.map(|(&(_, room), _)| room).collect();
        let left = left.as_slice();
        node.tell(&Note::Rooms { user, rooms, left });
        for room in rooms {
            if self.preferences.contains(&(user, room.id)) {
                let room = room.id;
                node.tell(&Note::PreferencesChanged { user, room });
            }
            if self.readers.contains(&user) || self.reads.contains(&(user, room.id)) {
                node.tell(&Note::Read {
                    user,
                    room: room.id,
                    position: RoomCounts::from(room).position(),
                    from: None,
                });
            }
        }
        self.left.retain(|(who, _), _| *who != user);
        self.reads.retain(|(reader, _)| *reader != user);
        self.preferences.retain(|(whose, _)| *whose != user);
        self.readers.remove(&user);
        self.users.remove(&user);
    }
}

/// What the store does not answer is asked again.
fn later(asked: Result<(), StoreError>) {
    if let Err(why) = asked {
        warn!(%why, "what a failed commit changed is asked again");
    }
}
