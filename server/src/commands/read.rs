//! Move the read position. Silent when all is well; the user's other connections hear of it.

use protocol::{Read, ReadEcho, ServerFrame};

use crate::{
    auth::rights::Who,
    state::State,
    store::{Reply, Write},
};

/// Puts it in line; `tell` hears when it is settled, with a frame if it was refused. `from` is the mailbox that need not
/// hear the echo.
pub fn read(
    state: &State,
    who: Who,
    read: Read,
    from: u64,
    tell: impl FnOnce(Option<ServerFrame>) + Send + 'static,
) {
    let Read { room, seq } = read;
    let shared = std::sync::Arc::clone(state);
    let settled = move |outcome: crate::store::Outcome| match outcome.map(|done| done.reply) {
        Ok(Reply::Read { seq, moved: true }) => {
            let echo = ServerFrame::Read(ReadEcho { room, seq });
            shared.hub.unicast(who.id, &echo, Some(from));
            tell(None);
        }
        Ok(_) => tell(None),
        Err(why) => tell(Some(why.error(None))),
    };
    state.queue.submit(Write::Read { who, room, seq }, settled);
}
