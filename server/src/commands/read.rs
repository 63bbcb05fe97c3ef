//! Move the read position. Silent when all is well; the user's other connections hear of it.

use protocol::{Read, ReadEcho, ServerFrame};

use crate::{
    auth::rights::Who,
    state::State,
    store::{Reply, Write},
};

/// Puts it in line; `tell` hears of a refusal only. `from` is the mailbox that need not hear the echo.
pub fn read(
    state: &State,
    who: Who,
    read: Read,
    from: u64,
    tell: impl FnOnce(ServerFrame) + Send + 'static,
) {
    let Read { room, seq } = read;
    let shared = std::sync::Arc::clone(state);
    state
        .queue
        .submit(
            Write::Read { who, room, seq },
            move |outcome| match outcome.map(|done| done.reply) {
                Ok(Reply::Read { seq, moved: true }) => {
                    shared.hub.unicast(
                        who.id,
                        &ServerFrame::Read(ReadEcho { room, seq }),
                        Some(from),
                    );
                }
                Ok(_) => {}
                Err(why) => tell(why.error(None)),
            },
        );
}
