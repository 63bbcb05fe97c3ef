//! Send, edit, delete, react, pin: a member's command is checked, put in line and answered.

use std::sync::Arc;

use protocol::{Ack, Act, Command, validate_text};
use text::{NotEmoji, reaction_key, validate_emoji_shape};

use crate::{
    auth::rights::Who,
    error::Refusal,
    state::Shared,
    store::{Reply, Write, WriteOutcome},
    telemetry::Limit,
};

/// The answer to a command that is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Acked {
    /// The ack, the same for ever.
    pub(crate) ack: Ack,
    /// Whether its id was acked before.
    pub(crate) repeat: bool,
}

/// Whether a command went into the write queue.
#[derive(Debug)]
pub(crate) enum Admission {
    /// Its answer will be told.
    Queued,
    /// It breaks a rule or came too fast. Unless its id was acked before: [`deferred`] tells.
    Deferred(Box<Deferred>),
}

/// A command that is not put in line, and why.
#[derive(Debug)]
pub(crate) struct Deferred {
    who: Who,
    command: Command,
    why: Refusal,
}

/// The command in the one way that it is stored, and what is wrong with it. Lengths first: a text is looked through only where it fits.
pub fn checked(mut command: Command) -> (Command, Option<Refusal>) {
    let broken = match &mut command.act {
        Act::Send { text, .. } | Act::Edit { text, .. } => {
            validate_text(text).err().map(Refusal::from)
        }
        Act::Delete { .. } | Act::Pin { .. } => None,
        Act::React { emoji, on, .. } => match one_way(emoji, *on) {
            Ok(key) => {
                *emoji = key;
                None
            }
            Err(why) => Some(Refusal::invalid("emoji", why.to_string())),
        },
    };
    (command, broken)
}

/// An emoji in the one way that it is stored. What an earlier release took for an emoji can still be taken back.
fn one_way(emoji: &str, on: bool) -> Result<String, NotEmoji> {
    match reaction_key(emoji) {
        Err(_) if !on => {
            validate_emoji_shape(emoji)?;
            Ok(emoji.to_owned())
        }
        key => key,
    }
}

/// Checks a command and puts it in line, in the order of the calls. `tell` hears its answer.
pub(crate) fn submit(
    state: &Arc<Shared>,
    who: Who,
    command: Command,
    tell: impl FnOnce(Result<Acked, Refusal>) + Send + 'static,
) -> Admission {
    let (command, broken) = checked(command);
    let too_fast = || {
        if !command.act.kind().rules().spends_rate {
            return None;
        }
        let why = state.rate.take(who.id, state.mono()).err();
        why.inspect(|_| state.metrics.hit(Limit::Sends))
    };
    if let Some(why) = broken.or_else(too_fast) {
        return Admission::Deferred(Box::new(Deferred { who, command, why }));
    }
    let write = Write::command(who, command, state.now());
    let shared = Arc::clone(state);
    state.queue.submit(write, move |outcome| {
        let answer = acked(outcome);
        if answer.as_ref().is_ok_and(|acked| acked.repeat) {
            shared.rate.refund(who.id);
        }
        tell(answer);
    });
    Admission::Queued
}

fn acked(outcome: WriteOutcome) -> Result<Acked, Refusal> {
    match outcome?.reply {
        Reply::Ack { ack, repeat } => Ok(Acked { ack, repeat }),
        _ => Err(Refusal::unavailable()),
    }
}

/// The answer to a command that came too fast, or breaks a rule: where its id was acked before, the first one counts (contract,
/// "Commands"), and the store tells whether it was this command; it stores nothing for an id that it knows. Else why it was deferred.
pub(crate) async fn deferred(state: &Shared, one: Deferred) -> Result<Acked, Refusal> {
    let Deferred { who, command, why } = one;
    if state.store.find_ack(who.id, command.id).await?.is_none() {
        return Err(why);
    }
    let write = Write::command(who, command, state.now());
    acked(state.queue.write(write).await)
}
