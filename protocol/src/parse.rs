//! Reading frames, and what a broken one is answered with.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::{
    ActKind, ClientFrame, CommandError, ErrorCode, MessageId, Nack, ServerFrame,
    fields::{Fields, FromFields, ReadError},
    limits,
};

/// Where the answer to a broken frame goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultAnswer {
    /// A `nack` with this id.
    Nack(MessageId),
    /// A `nack` with what stands in `id` and is none, told back as it came.
    NackAs(Value),
    /// An `error` with this `req`.
    Error(u64),
    /// An `error` with what stands in `req` and is none, told back as it came.
    ErrorAs(Value),
    /// There is nothing to answer to: close 4502.
    Close,
}

/// An answer to something that is no id.
#[derive(Serialize)]
struct Echo<'a> {
    t: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    req: Option<&'a Value>,
    code: ErrorCode,
    message: String,
}

impl FaultAnswer {
    /// The answer as JSON text; none where the connection is closed instead.
    pub fn to_json(&self, code: ErrorCode, message: String) -> Option<String> {
        let retry_after_ms = None;
        let echo = |t, id, req, message| {
            to_json(&Echo {
                t,
                id,
                req,
                code,
                message,
            })
        };
        match self {
            Self::Nack(id) => Some(
                ServerFrame::Nack(Nack {
                    id: *id,
                    code,
                    message,
                    retry_after_ms,
                })
                .to_json(),
            ),
            Self::Error(req) => Some(
                ServerFrame::Error(CommandError {
                    req: Some(*req),
                    code,
                    message,
                    retry_after_ms,
                })
                .to_json(),
            ),
            Self::NackAs(id) => Some(echo("nack", Some(id), None, message)),
            Self::ErrorAs(req) => Some(echo("error", None, Some(req), message)),
            Self::Close => None,
        }
    }
}

/// What is wrong with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameFault {
    /// Not JSON, or not an object with a `t`.
    NotJson,
    /// A type that this side does not know.
    UnknownType,
    /// A wrong, missing or unknown field.
    BadField,
}

/// A frame that cannot be acted on (contract, close 4502 and "Commands").
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct FrameError {
    /// What is wrong.
    pub fault: FrameFault,
    /// Where the answer goes.
    pub answer: FaultAnswer,
    /// What is wrong, in words.
    pub message: String,
}

impl FrameError {
    fn close(fault: FrameFault, message: impl Into<String>) -> Self {
        Self {
            fault,
            answer: FaultAnswer::Close,
            message: message.into(),
        }
    }
}

/// The types that are answered by `req`, then those that are answered by nothing. Commands are answered by `id`.
const BY_REQ: [&str; 2] = ["history", "log"];
const SILENT: [&str; 8] = [
    "hello", "ping", "read", "unread", "follow", "presence", "typing", "bye",
];

/// What decides where the answer to a broken frame goes.
#[derive(Deserialize)]
struct Peek {
    #[serde(default)]
    t: Value,
    #[serde(default)]
    id: Value,
    #[serde(default)]
    req: Value,
}

impl ClientFrame {
    /// Reads a client's frame. Sizes of texts and rules of names are the command's to check, not the parser's.
    pub fn parse(text: &str) -> Result<Self, FrameError> {
        // The recursion limit of serde_json (128) bounds deep JSON; the transport bounds the length.
        serde_json::from_str(text).map_err(|why| Self::explain(text, &why))
    }

    fn explain(text: &str, why: &serde_json::Error) -> FrameError {
        // Not all of it as a value: what is wrong may be in a text, such as half of an emoji that a browser cut.
        let object = text.trim_start().starts_with('{');
        let Some(Peek { t, id, req }) = object.then(|| read(text).ok()).flatten() else {
            return FrameError::close(FrameFault::NotJson, "a frame is one JSON object");
        };
        let Some(kind) = t.as_str() else {
            return FrameError::close(FrameFault::NotJson, "a frame has its type in `t`");
        };
        let answer = if ActKind::ALL.iter().any(|act| act.name() == kind) {
            let known = id.as_str().and_then(|id| id.parse().ok());
            known.map_or_else(|| told_back(id, FaultAnswer::NackAs), FaultAnswer::Nack)
        } else if BY_REQ.contains(&kind) {
            let known = req.as_u64();
            known.map_or_else(|| told_back(req, FaultAnswer::ErrorAs), FaultAnswer::Error)
        } else if SILENT.contains(&kind) {
            FaultAnswer::Close
        } else {
            let shown: String = kind.chars().take(40).collect();
            return FrameError::close(FrameFault::UnknownType, format!("unknown type {shown:?}"));
        };
        FrameError {
            fault: FrameFault::BadField,
            answer,
            message: why.to_string(),
        }
    }

    /// The frame as JSON text.
    pub fn to_json(&self) -> String {
        to_json(self)
    }
}

impl ServerFrame {
    /// Reads a server's frame; a type that is not known is [`ServerFrame::Unknown`].
    pub fn parse(text: &str) -> Result<Self, FrameError> {
        // Into a tree first: only what stands in a frame of its type is taken out of it.
        let mut fields: Fields<'_> = read(text)?;
        let kind: String = fields.must("t").map_err(bad_field)?;
        Self::of(&kind, &mut fields).map_err(bad_field)
    }

    fn of(kind: &str, fields: &mut Fields<'_>) -> Result<Self, ReadError> {
        Ok(match kind {
            "welcome" => Self::Welcome(Box::new(FromFields::from_fields(fields)?)),
            "pong" => Self::Pong(FromFields::from_fields(fields)?),
            "ack" => Self::Ack(FromFields::from_fields(fields)?),
            "nack" => Self::Nack(FromFields::from_fields(fields)?),
            "error" => Self::Error(FromFields::from_fields(fields)?),
            "event" => Self::Event(FromFields::from_fields(fields)?),
            "behind" => Self::Behind(FromFields::from_fields(fields)?),
            "gone" => Self::Gone(FromFields::from_fields(fields)?),
            "room" => Self::Room(FromFields::from_fields(fields)?),
            "presence" => Self::Presence(FromFields::from_fields(fields)?),
            "read" => Self::Read(FromFields::from_fields(fields)?),
            "typing" => Self::Typing(FromFields::from_fields(fields)?),
            "page" => Self::Page(FromFields::from_fields(fields)?),
            "entries" => Self::Entries(FromFields::from_fields(fields)?),
            "notice" => Self::Notice(FromFields::from_fields(fields)?),
            "user" => Self::User(FromFields::from_fields(fields)?),
            "saved" => Self::Saved(FromFields::from_fields(fields)?),
            "thread" => Self::Thread(FromFields::from_fields(fields)?),
            _ => Self::Unknown,
        })
    }

    /// The frame as JSON text.
    pub fn to_json(&self) -> String {
        to_json(self)
    }
}

/// Whatever stands where an id should is told back, so that its sender finds what was refused; nothing, or too much of it, is not.
fn told_back(value: Value, answer: impl FnOnce(Value) -> FaultAnswer) -> FaultAnswer {
    if value.is_null() || value.to_string().len() > limits::ECHO_BYTES {
        FaultAnswer::Close
    } else {
        answer(value)
    }
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, FrameError> {
    serde_json::from_str(text).map_err(bad_field)
}

fn bad_field(why: impl fmt::Display) -> FrameError {
    FrameError::close(FrameFault::BadField, why.to_string())
}

fn to_json<T: Serialize>(frame: &T) -> String {
    let mut out = Vec::with_capacity(256);
    // Writing to memory cannot fail, and no map here has a key that is not a string or a number.
    if serde_json::to_writer(&mut out, frame).is_err() {
        out.clear();
    }
    debug_assert!(!out.is_empty());
    String::from_utf8(out).unwrap_or_default()
}
