//! Every number of the contract, with its unit in its name.

use std::time::Duration;

/// Most Unicode scalar values of a message's text.
pub const TEXT_CHARS: usize = 8_000;
/// Most bytes of a frame that a client sends; those of the server may have [`SERVER_FRAME_BYTES`].
pub const FRAME_BYTES: usize = 64 * 1024;
/// Most bytes, as JSON, of what is told back where an `id` or a `req` should be and is none.
pub const ECHO_BYTES: usize = 1_024;
/// Most bytes of a JSON body over HTTP.
pub const BODY_BYTES: usize = 256 * 1024;
/// Most bytes of a form of a page.
pub const FORM_BYTES: usize = 16 * 1024;
/// Characters that are typed for one at most: what a keyboard writes apart (Unicode NFD) is put together before it is counted.
pub const TYPED_PER_CHAR: usize = 4;
/// Most characters of an invite's code.
pub const INVITE_CHARS: usize = 64;
/// Most letters of a user's, room's or display name.
pub const NAME_CHARS: usize = 50;
/// Most Unicode scalar values of a room's topic.
pub const TOPIC_CHARS: usize = 500;
/// Fewest characters of a password.
pub const MIN_PASSWORD_CHARS: usize = 8;
/// Most characters of a password.
pub const MAX_PASSWORD_CHARS: usize = 256;
/// Longest name of a time zone, in bytes; the longest in the IANA database has 32.
pub const MAX_ZONE_NAME: usize = 64;
/// Fewest characters of a device id.
pub const MIN_DEVICE_CHARS: usize = 16;
/// Most characters of a device id.
pub const MAX_DEVICE_CHARS: usize = 64;
/// Most characters of the client's name in `hello`.
pub const CLIENT_CHARS: usize = 100;
/// Most entries that a resume replays; more is answered by `behind`.
pub const REPLAY_ENTRIES: u64 = 1_000;
/// Most messages of a `page`.
pub const PAGE_MESSAGES: u32 = 100;
/// Messages of a `page` when no limit is named.
pub const PAGE_MESSAGES_DEFAULT: u32 = 50;
/// Most bytes of the messages of a `page`, as they stand on the wire; one message is always given.
pub const PAGE_BYTES: usize = 1024 * 1024;
/// Most rooms of a `welcome`; the rest follows it as `room` frames.
pub const WELCOME_ROOMS: usize = 500;
/// Most bytes of a frame that the server sends: a page of messages or of a log, and what is around it.
pub const SERVER_FRAME_BYTES: usize = 1280 * 1024;
/// Most joins, leaves and topics that come with a page of messages.
pub const PAGE_NOTES: u32 = 100;
/// Different emoji that one message may carry: a page must stay readable, and a row small.
pub const EMOJI: usize = 50;
/// How long a deleted room can be brought back.
pub const UNDELETE: Duration = Duration::from_secs(30);
/// Most pinned messages of a room.
pub const PINS: u32 = 100;
/// Most people of one emoji in the list of a message's reactions.
pub const GIVERS: u32 = 100;
/// Most earlier texts of a message in one answer.
pub const EARLIER_TEXTS: u32 = 100;
/// Most messages that one person may have saved.
pub const SAVED: u32 = 1_000;
/// Most messages of a page of `GET /saved`.
pub const SAVED_PAGE: usize = 50;
/// Most messages of a page of `GET /for-you`.
pub const FOR_YOU: u32 = 50;
/// Threads with something unread of a `welcome`.
pub const WELCOME_THREADS: u32 = 100;
/// Most threads of a page of `GET /threads`.
pub const THREADS_PAGE: u32 = 50;
/// Up to where the unread replies of a thread are counted.
pub const THREAD_UNREAD: u64 = 1_000;
/// Most messages or people that one request names by their ids, and most places of mentions in an answer.
pub const MAX_IDS: usize = 100;
/// Most entries of `entries`.
pub const LOG_ENTRIES: u32 = 1_000;
/// About the most bytes of `entries`.
pub const LOG_BYTES: usize = 1024 * 1024;
/// Most other people of a direct room.
pub const DIRECT_OTHERS: usize = 9;
/// Largest id of a room, user or session: what a JavaScript number holds exactly.
pub const MAX_ID: u64 = (1 << 53) - 1;
/// Frames that wait for a connection alone: its mailbox.
pub const QUEUE_ENTRIES: usize = 256;
/// Bytes of these.
pub const QUEUE_BYTES: usize = 1024 * 1024;
/// How long what was written to a connection may not move before close 4002; the server uses half.
pub const QUEUE_STALL: Duration = Duration::from_secs(10);
/// Frames a second that a connection may send, over [`FLOOD_WINDOW`].
pub const FRAMES_PER_S: u32 = 100;
/// How long [`FRAMES_PER_S`] may be exceeded before close 4003.
pub const FLOOD_WINDOW: Duration = Duration::from_secs(5);
/// From the upgrade to a valid `hello`.
pub const HELLO_TIMEOUT: Duration = Duration::from_secs(15);
/// Heartbeats that may be missed before close 4001.
pub const HEARTBEATS_MISSED: u32 = 2;
/// A client without a pong for this long treats the connection as dead.
pub const PONG_TIMEOUT: Duration = Duration::from_secs(10);
/// Between two `typing` of one person in one room.
pub const TYPING_EVERY: Duration = Duration::from_secs(3);
/// Between two read positions of one person in one room that are written; of what comes in between the furthest is. In milliseconds.
pub const READ_EVERY_MS: u64 = 500;
/// Read positions of one person that are written a second; those of more rooms wait.
pub const READS_PER_S: u32 = 20;
/// Read positions of one person that are written at once.
pub const READS_BURST: u32 = 100;
/// Read positions of one person, one a room, that may wait; more are `rate_limited`.
pub const READS_WAITING: usize = 1_000;
/// How many entries before the end of a room's log "unread from here" may be: each is looked through when it is written.
pub const UNREAD_BACK: u64 = 5_000;
/// Tries to reconnect before the quiet period.
pub const RECONNECT_TRIES: u32 = 10;
/// Between two tries of the quiet period, and between two looks for a network that the browser says is gone.
pub const QUIET_PROBE: Duration = Duration::from_secs(60);
/// How long a server that is not ready is probed every 2 s.
pub const PROBE_FAST_FOR: Duration = Duration::from_secs(600);
/// Between two probes after that.
pub const PROBE_SLOW: Duration = Duration::from_secs(10);
/// After close 4504, or HTTP 429 before the upgrade.
pub const TOO_MANY_WAIT: Duration = Duration::from_secs(60);
