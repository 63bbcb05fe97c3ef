//! RFC 6455, frame by frame: what a peer may say is understood however it is cut, and what it must not say is closed with its
//! code, cleanly: the stream ends, it is not reset. Each table tells what is sent and what must come of it.

mod broken;
mod closing;
mod echo;
mod good;
mod upgrade;
