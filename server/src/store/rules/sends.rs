//! A run of sends, decided on facts that are read once for all of them, and stored together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use protocol::{
    Act, ActKind, Event, InThread, MessageId, Replies, RoomId, Seq, ThreadPlace, UserId,
};

use super::{
    FollowRow, LogEnd, MessageRow, Seat, StoreResult, Target, Transaction, ack, no_message,
    same_again, shut_out,
    threads::{Followers, NewReply, is_root},
};
use crate::{
    auth::rights::{Place, Right, may},
    error::Refusal,
    store::{Authored, Done, Named, Reply, StoredAck, ThreadNews, Write, WriteOutcome},
};

/// A send of the run.
struct SendOfRun<'a> {
    one: &'a Authored,
    text: &'a str,
    reply_to: Option<Seq>,
    thread: Option<InThread>,
    named: Named,
}

impl<'a> SendOfRun<'a> {
    fn of(write: &'a Write) -> Option<Self> {
        let Write::Command(one) = write else {
            return None;
        };
        let Act::Send {
            text,
            reply_to,
            thread,
        } = &one.command.act
        else {
            return None;
        };
        Some(Self {
            one,
            text,
            reply_to: *reply_to,
            thread: *thread,
            named: Named::default(),
        })
    }

    /// The thread that it is to stand in, by its room and its first message.
    fn thread(&self) -> Option<(RoomId, Seq)> {
        Some((self.room(), self.thread?.root))
    }

    const fn room(&self) -> RoomId {
        self.one.command.room
    }

    const fn id(&self) -> (UserId, MessageId) {
        (self.one.who.id, self.one.command.id)
    }
}

/// Facts read for the run; every accepted send updates them.
struct Facts {
    known: HashMap<(UserId, MessageId), (StoredAck, ActKind)>,
    places: HashMap<(RoomId, UserId), Place>,
    heads: HashMap<RoomId, LogEnd>,
    /// Authors who were shut out while their messages waited.
    shut_out: BTreeSet<UserId>,
    /// What is answered, and the first messages of threads.
    messages: HashMap<(RoomId, Seq), Target>,
    replies: HashMap<(RoomId, Seq), Replies>,
    followers: HashMap<(RoomId, Seq), Followers>,
    /// What the run changed of threads and of who follows them.
    threads: BTreeMap<(RoomId, Seq), BTreeMap<UserId, FollowRow>>,
}

/// Stores a run of sends; every write of it is an [`Act::Send`].
pub(super) async fn send_all<T: Transaction>(
    tx: &mut T,
    run: &[Write],
) -> StoreResult<Vec<WriteOutcome>> {
    let mut items: Vec<SendOfRun<'_>> = run.iter().filter_map(SendOfRun::of).collect();
    for item in &mut items {
        item.named = tx.named(item.one).await?;
    }
    let mut facts = Facts::read(tx, &items).await?;
    let mut new = Vec::with_capacity(items.len());
    let outcomes = items
        .iter()
        .map(|item| facts.decide(item, &mut new))
        .collect();
    if !new.is_empty() {
        tx.say(&new).await?;
    }
    for (thread, follows) in facts.threads {
        if let Some(replies) = facts.replies.get(&thread) {
            tx.set_replies(thread, replies).await?;
        }
        for (user, row) in follows {
            tx.follow(thread, user, row).await?;
        }
    }
    Ok(outcomes)
}

/// Which of these people have no access to the server any more: nearly always nobody, which one statement tells.
async fn who_is_shut_out<T: Transaction>(
    tx: &mut T,
    users: Vec<UserId>,
) -> StoreResult<BTreeSet<UserId>> {
    let mut found = BTreeSet::new();
    if tx.living(&users).await? < users.len() {
        for user in users {
            if tx.living(&[user]).await? == 0 {
                found.insert(user);
            }
        }
    }
    Ok(found)
}

impl Facts {
    async fn read<T: Transaction>(tx: &mut T, items: &[SendOfRun<'_>]) -> StoreResult<Self> {
        let ids: Vec<_> = items.iter().map(SendOfRun::id).collect();
        let known = tx.acks(&ids).await?;
        let authors: BTreeSet<UserId> = items.iter().map(|item| item.one.who.id).collect();
        let shut_out = who_is_shut_out(tx, authors.into_iter().collect()).await?;
        let answered = items
            .iter()
            .filter_map(|item| Some((item.room(), item.reply_to?)));
        let roots: BTreeSet<_> = items.iter().filter_map(SendOfRun::thread).collect();
        let named: Vec<_> = answered.chain(roots.iter().copied()).collect();
        let messages = if named.is_empty() {
            HashMap::new()
        } else {
            tx.targets(&named).await?
        };
        let mut asked: BTreeSet<_> = items
            .iter()
            .map(|item| (item.room(), item.one.who.id))
            .collect();
        let (mut replies, mut followers) = (HashMap::new(), HashMap::new());
        if !roots.is_empty() {
            let roots: Vec<_> = roots.into_iter().collect();
            replies = tx.replies(&roots).await?;
            for root in roots {
                let known: Followers = tx.followers(root).await?.into_iter().collect();
                // Whom a reply may make follow is to be a member.
                let author = messages.get(&root).map(|target| target.author);
                let here = items.iter().filter(|item| item.thread() == Some(root));
                let named = here.flat_map(|item| item.named.users.iter().copied());
                let strangers = named.chain(author);
                asked.extend(strangers.map(|user| (root.0, user)));
                followers.insert(root, known);
            }
        }
        let asked: Vec<_> = asked.into_iter().collect();
        let seats = tx.seats(&asked).await?;
        let head = |(at, seat): (&(RoomId, UserId), &Seat)| (at.0, seat.head);
        Ok(Self {
            known,
            heads: seats.iter().map(head).collect(),
            places: seats
                .into_iter()
                .map(|(at, seat)| (at, seat.place))
                .collect(),
            shut_out,
            messages,
            replies,
            followers,
            threads: BTreeMap::new(),
        })
    }

    /// The place of a reply in its thread; none for a message of the room.
    fn place(&self, item: &SendOfRun<'_>) -> Result<Option<ThreadPlace>, Refusal> {
        let Some(InThread { root, also }) = item.thread else {
            return Ok(None);
        };
        let thread = (item.room(), root);
        let target = self.messages.get(&thread);
        is_root(target)?;
        if target.is_some_and(|target| target.deleted) {
            let why = "the message that this thread replies to was deleted";
            return Err(Refusal::conflict(why).on("thread"));
        }
        let n = self.replies.get(&thread).map_or(0, |replies| replies.n) + 1;
        Ok(Some(ThreadPlace { root, n, also }))
    }

    /// A reply is in its thread: who follows it now.
    fn replied(
        &mut self,
        item: &SendOfRun<'_>,
        place: ThreadPlace,
        seq: Seq,
    ) -> Option<ThreadNews> {
        let (one, room) = (item.one, item.room());
        let thread = (room, place.root);
        let replies = self.replies.remove(&thread);
        let replies = Replies::with(replies, place.n, (seq, one.now), one.who.id);
        self.replies.insert(thread, replies);
        let reply = NewReply {
            root: place.root,
            seq,
            writers: Some([one.who.id, self.messages.get(&thread)?.author]),
            named: &item.named,
        };
        let followers = self.followers.get_mut(&thread)?;
        let seats = &self.places;
        let is_member = |user| seats.get(&(room, user)).is_some_and(|place| place.member);
        let (changed, news) = reply.follow(followers, is_member);
        self.threads.entry(thread).or_default().extend(changed);
        Some(news)
    }

    fn decide<'i>(
        &mut self,
        item: &'i SendOfRun<'i>,
        new: &mut Vec<MessageRow<'i>>,
    ) -> WriteOutcome {
        let (one, room) = (item.one, item.room());
        if let Some(&(stored, of_kind)) = self.known.get(&item.id()) {
            return same_again(one, stored, of_kind);
        }
        if self.shut_out.contains(&one.who.id) {
            return Err(shut_out());
        }
        let place = self.places.get(&(room, one.who.id));
        let place = *place.ok_or_else(|| Refusal::not_found("room"))?;
        may(one.who, place, Right::Do(ActKind::Send))?;
        let answers = item.reply_to.map(|seq| (room, seq));
        if answers.is_some_and(|message| !self.messages.contains_key(&message)) {
            return Err(no_message("reply_to"));
        }
        let thread = self.place(item)?;
        let in_room = ThreadPlace::counts_in_room(thread);
        let head = self.heads.entry(room).or_default();
        head.seq += 1;
        head.said += u64::from(in_room);
        let at = *head;
        let stored = StoredAck {
            room,
            seq: at.seq,
            at: one.now,
        };
        self.known.insert(item.id(), (stored, ActKind::Send));
        let target = Target {
            author: one.who.id,
            at: one.now,
            deleted: false,
            thread: thread.map(|place| place.root),
            in_room,
        };
        self.messages.insert((room, at.seq), target);
        let news = thread.and_then(|place| self.replied(item, place, at.seq));
        new.push(MessageRow {
            one,
            text: item.text,
            reply_to: item.reply_to,
            at,
            thread,
            named: &item.named,
        });
        let event = Event {
            room,
            seq: at.seq,
            at: one.now,
            by: one.who.id,
            kind: one.command.entry(thread.map_or(0, |place| place.n)),
        };
        Ok(Done {
            reply: Reply::Ack {
                ack: ack(one, (at.seq, one.now)),
                repeat: false,
            },
            events: vec![event],
            named: item.named.clone(),
            thread: news.map(Box::new),
        })
    }
}
