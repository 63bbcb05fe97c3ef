//! The final logs, against everything that was seen and acked.

use std::collections::{HashMap, HashSet};

use protocol::{Event, EventKind, MessageId, RoomId, Seq, UserId};

use crate::{MessageFate, entry::Print, report::CheckFindings};

/// Replies stand in threads of messages before them that are no replies themselves, and are numbered in their order.
fn replies(room: RoomId, log: &[Event], wrong: &mut CheckFindings) {
    // Of each message, whether it is a reply, and how many it has.
    let mut messages: HashMap<Seq, (bool, u64)> = HashMap::new();
    for event in log {
        let EventKind::Message { thread, .. } = event.kind else {
            continue;
        };
        if let Some(place) = thread {
            let root = messages.get_mut(&place.root);
            match root.filter(|(is_reply, _)| !is_reply) {
                Some((_, n)) => {
                    *n += 1;
                    if *n != place.n {
                        wrong.note(format!(
                            "room {room} seq {} is reply {} of its thread, and should be {n}",
                            event.seq, place.n
                        ));
                    }
                }
                None => wrong.note(format!(
                    "room {room} seq {} replies to {}, which has no thread",
                    event.seq, place.root
                )),
            }
        }
        messages.insert(event.seq, (thread.is_some(), 0));
    }
}

pub(crate) fn compare(
    seen: &HashMap<(RoomId, Seq), Print>,
    commands: &HashMap<(UserId, MessageId), MessageFate>,
    logs: &[(RoomId, Vec<Event>)],
    wrong: &mut CheckFindings,
) {
    let mut stored: HashMap<(RoomId, Seq), Print> = HashMap::new();
    let mut ids: HashSet<(UserId, MessageId)> = HashSet::new();
    for (room, log) in logs {
        replies(*room, log, wrong);
        for (place, event) in log.iter().enumerate() {
            let seq = place as u64 + 1;
            if event.seq != seq || event.room != *room {
                wrong.note(format!(
                    "the log of room {room} has seq {} at place {seq}",
                    event.seq
                ));
            }
            if let EventKind::Message { id, .. } = event.kind
                && !ids.insert((event.by, id))
            {
                wrong.note(format!("user {} has id {id} twice", event.by));
            }
            stored.insert((*room, event.seq), Print::of(event));
        }
    }
    let known: HashSet<RoomId> = logs.iter().map(|(room, _)| *room).collect();
    for (&(room, seq), print) in seen {
        let agrees = stored
            .get(&(room, seq))
            .is_some_and(|stored| stored.clone().agrees(print));
        if known.contains(&room) && !agrees {
            wrong.note(format!(
                "room {room} seq {seq} was seen, and is not in the log like that"
            ));
        }
    }
    for (&(user, id), fate) in commands {
        if let Some(ack) = fate.ack.filter(|ack| known.contains(&ack.room)) {
            let there = stored.get(&(ack.room, ack.seq));
            let is_it = there.is_some_and(|print| {
                print.by == user && print.at == ack.at && print.id.is_none_or(|own| own == id)
            });
            if !is_it {
                wrong.note(format!(
                    "acked and lost: id {id} of user {user}, room {} seq {}",
                    ack.room, ack.seq
                ));
            }
        }
        if fate.refused && ids.contains(&(user, id)) {
            wrong.note(format!(
                "refused for good, and stored: id {id} of user {user}"
            ));
        }
    }
}
