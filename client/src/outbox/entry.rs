//! One command of the outbox, as the browser's storage keeps it.

use protocol::{Act, Command, ErrorCode, MessageId, RoomId, UserId, reads};
use serde::{Deserialize, Serialize};

/// A command without an answer. It is kept until it is acked, refused or discarded, over reloads and crashes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredEntry", into = "StoredEntry")]
pub struct OutboxEntry {
    /// What was asked for. Its id is minted here, and makes every repeat harmless.
    pub command: Command,
    /// Its place in the outbox: entries of a room go out in this order.
    pub order: u64,
    /// Whose it is. Somebody else who signs in on the same browser does not send it.
    pub by: Option<UserId>,
    /// When it was given, in milliseconds since the epoch.
    pub at: u64,
    /// How often it was sent so far.
    pub attempts: u32,
    /// Why it failed, if it did: then it waits for its author to decide.
    pub failed: Option<Failure>,
}

impl OutboxEntry {
    /// Whether it is a message that its room refused for good, as it does to everybody who is not in it.
    pub fn is_shut_out(&self) -> bool {
        let refused = self.failed.as_ref().is_some_and(|failed| {
            matches!(failed.code, ErrorCode::Forbidden | ErrorCode::NotFound)
        });
        refused && matches!(self.command.act, Act::Send { .. })
    }
}

/// An entry as it stands in storage. What an earlier release kept is read too.
#[derive(Serialize)]
struct StoredEntry {
    id: MessageId,
    order: u64,
    by: Option<UserId>,
    room: RoomId,
    command: Act,
    at: u64,
    attempts: u32,
    failed: Option<Failure>,
}

reads!(StoredEntry { id, order, room, command, at } { by, attempts, failed });

impl From<StoredEntry> for OutboxEntry {
    fn from(kept: StoredEntry) -> Self {
        Self {
            command: Command {
                id: kept.id,
                room: kept.room,
                act: kept.command,
            },
            order: kept.order,
            by: kept.by,
            at: kept.at,
            attempts: kept.attempts,
            failed: kept.failed,
        }
    }
}

impl From<OutboxEntry> for StoredEntry {
    fn from(entry: OutboxEntry) -> Self {
        let Command { id, room, act } = entry.command;
        Self {
            id,
            order: entry.order,
            by: entry.by,
            room,
            command: act,
            at: entry.at,
            attempts: entry.attempts,
            failed: entry.failed,
        }
    }
}

/// Why a command failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The server's code.
    pub code: ErrorCode,
    /// The server's words.
    pub message: String,
}

reads!(Failure { code, message });
