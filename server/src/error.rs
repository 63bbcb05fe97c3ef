//! Why a command was refused, and the one place that turns a refusal into a status, a `nack` or an `error`.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::{
    CommandError, ErrorBody, ErrorCode, ErrorDetail, MessageId, Nack, NameError, ServerFrame,
    TextError,
};
use thiserror::Error;

/// A refused command: its code, its words, the field that broke its rule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Refusal {
    /// The code on the wire.
    pub code: ErrorCode,
    /// What happened and what to do, in words.
    pub message: String,
    /// The field of the command, where one is to blame.
    pub(crate) field: Option<String>,
    /// When it is worth a retry.
    pub(crate) retry_after_ms: Option<u64>,
}

impl Refusal {
    /// A refusal without field or wait.
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
            retry_after_ms: None,
        }
    }

    /// A field breaks its rule.
    pub(crate) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::new(ErrorCode::Invalid, message)
        }
    }

    /// It does not exist, or the caller may not know that it does.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(
            ErrorCode::NotFound,
            format!("there is no such {what}, or you cannot see it"),
        )
    }

    /// Known, but not allowed.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Forbidden, message)
    }

    /// It is already something else.
    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Conflict, message)
    }

    /// Somebody is called so, or something that looks like it.
    pub(crate) fn name_taken(name: &str) -> Self {
        Self::conflict(format!(
            "there is a {name} here already, or a name that looks like it"
        ))
    }

    /// Somebody new shows no invite, and the server is not open to everybody.
    pub(crate) fn needs_invite() -> Self {
        Self::forbidden("an account here needs an invite; ask somebody who is in").on("invite")
    }

    /// The invite that somebody new shows is none, used up, or over.
    pub(crate) fn bad_invite() -> Self {
        Self::forbidden("this invite is used up or too old; ask for a new one").on("invite")
    }

    /// The link to a new password is none, used, or over: which of them, is told to nobody.
    pub(crate) fn bad_reset() -> Self {
        Self::new(
            ErrorCode::NotFound,
            "this link was used or is too old; ask for a new one",
        )
    }

    /// Nobody is signed in.
    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Unauthorized, message)
    }

    /// Worth a retry after `retry_after_ms`.
    pub(crate) fn later(code: ErrorCode, message: impl Into<String>, retry_after_ms: u64) -> Self {
        Self {
            retry_after_ms: Some(retry_after_ms),
            ..Self::new(code, message)
        }
    }

    /// The store does not answer.
    pub(crate) fn unavailable() -> Self {
        Self::later(
            ErrorCode::Unavailable,
            "the store does not answer just now; try again soon",
            1_000,
        )
    }

    /// The write queue is full.
    pub(crate) fn overloaded() -> Self {
        Self::later(
            ErrorCode::Overloaded,
            "the server is busy; try again soon",
            1_000,
        )
    }

    /// The same, blamed on `field`.
    #[must_use]
    pub(crate) fn on(mut self, field: &'static str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// As the answer to a command with an id.
    pub(crate) fn nack(self, id: MessageId) -> ServerFrame {
        let Self {
            code,
            message,
            retry_after_ms,
            ..
        } = self;
        ServerFrame::Nack(Nack {
            id,
            code,
            message,
            retry_after_ms,
        })
    }

    /// As the answer to a command with `req`, or to a silent one.
    pub(crate) fn error(self, req: Option<u64>) -> ServerFrame {
        let Self {
            code,
            message,
            retry_after_ms,
            ..
        } = self;
        ServerFrame::Error(CommandError {
            req,
            code,
            message,
            retry_after_ms,
        })
    }

    /// The HTTP status of its code (contract, "HTTP").
    pub(crate) fn status(&self) -> StatusCode {
        match self.code {
            ErrorCode::Invalid | ErrorCode::TooLong | ErrorCode::Unknown => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            ErrorCode::Unauthorized => StatusCode::UNAUTHORIZED,
            ErrorCode::Forbidden => StatusCode::FORBIDDEN,
            ErrorCode::NotFound => StatusCode::NOT_FOUND,
            ErrorCode::Conflict => StatusCode::CONFLICT,
            ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            ErrorCode::Overloaded | ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// As an HTTP answer with a status of its own, for errors that no code names.
    pub(crate) fn with_status(self, status: StatusCode) -> Response {
        let wait = self.retry_after_ms;
        let error = ErrorDetail {
            code: self.code,
            message: self.message,
            field: self.field,
        };
        let mut response = (status, Json(ErrorBody { error })).into_response();
        if let Some(ms) = wait {
            let seconds = ms.div_ceil(1_000).max(1);
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = self.status();
        self.with_status(status)
    }
}

impl From<TextError> for Refusal {
    fn from(why: TextError) -> Self {
        Self::new(why.code(), why.to_string()).on("text")
    }
}

impl From<NameError> for Refusal {
    fn from(why: NameError) -> Self {
        Self::invalid("name", why.to_string())
    }
}
