//! Sending: what goes out at the end of each step, commands first.

use protocol::ClientFrame;

use super::Session;
use crate::{Change, ctx::Ctx};

impl Session {
    /// Sends what may go out now: commands first, then requests.
    pub(super) fn send_all(&mut self, ctx: &mut Ctx<'_>) {
        let Some(me) = self.people.my_id().filter(|_| self.connection.is_live()) else {
            return;
        };
        while let Some(entry) = self.outbox.next(me, ctx.ms()) {
            ctx.changed(Change::Timeline(entry.command.room));
            ctx.transmit(ClientFrame::Command(entry.command.clone()));
        }
        while let Some(queued) = self.requests.next(self.open, ctx.ms()) {
            self.ask(queued, ctx);
        }
    }
}
