//! The HTTP API, for what the socket has no command for.

use protocol::{ErrorBody, ErrorCode, UserSummary};
use serde::{Serialize, de::DeserializeOwned};

use super::Live;
use crate::{
    ports::{HttpAnswer, Request},
    ui::Ui,
};

/// Why a request came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiRefusal {
    /// The server's code; [`ErrorCode::Unavailable`] when it was not reached.
    pub(crate) code: ErrorCode,
    /// The field that broke its rule.
    pub(crate) field: Option<String>,
}

impl Ui {
    /// Asks; the answer is read as `T`. An answer without a body is read from `null`.
    pub(crate) fn ask<T: DeserializeOwned>(
        self,
        request: Request,
        then: impl FnOnce(Result<T, ApiRefusal>) + 'static,
    ) {
        self.browser(|browser| {
            browser.request(request, Box::new(move |answer| then(read(&answer))));
        });
    }
}

/// A request with a body.
pub(crate) fn request(method: &'static str, path: &str, body: &impl Serialize) -> Request {
    Request {
        method,
        path: path.to_owned(),
        body: serde_json::to_string(body).ok(),
    }
}

/// A request without one.
pub(crate) fn bare(method: &'static str, path: &str) -> Request {
    Request {
        method,
        path: path.to_owned(),
        body: None,
    }
}

fn read<T: DeserializeOwned>(answer: &HttpAnswer) -> Result<T, ApiRefusal> {
    let unreadable = ApiRefusal {
        code: ErrorCode::Unavailable,
        field: None,
    };
    if (200..300).contains(&answer.status) {
        let body = if answer.body.is_empty() {
            "null"
        } else {
            &answer.body
        };
        return serde_json::from_str(body).map_err(|_| unreadable);
    }
    match serde_json::from_str::<ErrorBody>(&answer.body) {
        Ok(ErrorBody { error }) => Err(ApiRefusal {
            code: error.code,
            field: error.field,
        }),
        Err(_) => Err(unreadable),
    }
}

/// Requests over HTTP, and what they tell. A handle, as [`Live`] is.
#[derive(Clone, Copy)]
pub(crate) struct Api(pub(super) Live);

impl Api {
    /// Asks for something.
    pub(crate) fn get<T: DeserializeOwned>(
        self,
        path: &str,
        then: impl FnOnce(Result<T, ApiRefusal>) + 'static,
    ) {
        self.0.ui().ask(bare("GET", path), then);
    }

    /// Asks to make something.
    pub(crate) fn post<T: DeserializeOwned>(
        self,
        path: &str,
        body: &impl Serialize,
        then: impl FnOnce(Result<T, ApiRefusal>) + 'static,
    ) {
        self.0.ui().ask(request("POST", path, body), then);
    }

    /// Takes in people that were learnt of over HTTP.
    pub(crate) fn learn(self, users: Vec<UserSummary>) {
        self.0.driver().input(client::Input::Users(users));
    }

    /// Says that something did not work.
    pub(crate) fn complain(self) {
        self.0
            .announcements()
            .toast_bad(self.0.ui().words.common.failed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> HttpAnswer {
        HttpAnswer {
            status,
            body: body.to_owned(),
        }
    }

    #[test]
    fn answers_are_read() {
        assert_eq!(read::<u32>(&answer(200, "3")), Ok(3));
        assert_eq!(read::<()>(&answer(204, "")), Ok(()));
        let error = r#"{"error":{"code":"conflict","message":"taken","field":"name"}}"#;
        let refusal = ApiRefusal {
            code: ErrorCode::Conflict,
            field: Some("name".to_owned()),
        };
        assert_eq!(read::<()>(&answer(409, error)), Err(refusal));
        for bad in [answer(0, ""), answer(502, "<html>"), answer(200, "<html>")] {
            assert_eq!(read::<u32>(&bad).unwrap_err().code, ErrorCode::Unavailable);
        }
    }
}
