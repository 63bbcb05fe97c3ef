//! Extractors: who asks, and bodies whose mistakes are told by code and field.

use axum::{
    extract::{
        FromRequest, FromRequestParts, Request,
        rejection::{JsonRejection, QueryRejection},
    },
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use protocol::{
    ErrorCode,
    limits::{BODY_BYTES, FORM_BYTES},
};
use serde::de::DeserializeOwned;

use super::{
    address::{AtTheMachine, ClientAddress},
    cookies,
};
use crate::{
    auth::{Audience, Identity, bearer, from_token},
    commands::{sign_in::Device, using},
    error::Refusal,
    state::State,
};

/// Who asks, by bearer or cookie; 401 for nobody.
pub(crate) struct Caller(pub(crate) Identity);

impl FromRequestParts<State> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Refusal> {
        let now = state.now();
        let found = if let Some(token) = bearer(&parts.headers) {
            let found =
                from_token(Audience::Access, token, &state.tokens, &state.cache, now).await?;
            if let Some(identity) = &found {
                let Ok(ClientAddress(address)) =
                    ClientAddress::from_request_parts(parts, state).await;
                using::seen(state, identity, Some(address));
            }
            found
        } else {
            cookies::who(state, &parts.headers).await?
        };
        found
            .map(Self)
            .ok_or_else(|| Refusal::unauthorized("sign in first"))
    }
}

/// The device that signs in with a request.
pub(crate) struct From(pub(crate) Device);

impl FromRequestParts<State> for From {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Self::Rejection> {
        let ClientAddress(address) = ClientAddress::from_request_parts(parts, state).await?;
        let AtTheMachine(at_the_machine) = AtTheMachine::from_request_parts(parts, state).await?;
        let agent = parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok());
        Ok(Self(Device {
            id: None,
            user_agent: agent.unwrap_or_default().to_owned(),
            address,
            at_the_machine,
        }))
    }
}

/// A JSON body.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<State> for Json<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &State) -> Result<Self, Response> {
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(body)) => Ok(Self(body)),
            Err(why) => Err(reject(&why)),
        }
    }
}

/// A JSON body that may be left out.
pub(crate) struct MaybeJson<T>(pub(crate) T);

impl<T: DeserializeOwned + Default> FromRequest<State> for MaybeJson<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &State) -> Result<Self, Response> {
        let length = request.headers().get(header::CONTENT_LENGTH);
        let chunked = request.headers().contains_key(header::TRANSFER_ENCODING);
        if !chunked && length.is_none_or(|length| length == HeaderValue::from_static("0")) {
            return Ok(Self(T::default()));
        }
        Json::from_request(request, state)
            .await
            .map(|Json(body)| Self(body))
    }
}

/// A form of a page.
pub(crate) struct FormBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<State> for FormBody<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &State) -> Result<Self, Response> {
        let read = axum::extract::Form::<T>::from_request(request, state).await;
        read.map(|axum::extract::Form(form)| Self(form))
            .map_err(|why| {
                if why.status() == StatusCode::PAYLOAD_TOO_LARGE {
                    let why = format!("a form has at most {FORM_BYTES} bytes");
                    return Refusal::new(ErrorCode::TooLarge, why).into_response();
                }
                Refusal::new(ErrorCode::Invalid, why.body_text())
                    .with_status(StatusCode::BAD_REQUEST)
            })
    }
}

/// The field that a body's mistake is about: serde names one that is missing in backticks, and says before any other where it stands.
fn field_of(words: &str) -> Option<String> {
    let mistake = words
        .split_once("target type: ")
        .map_or(words, |(_, said)| said);
    let place = mistake.split_once(": ").map(|(place, _)| place);
    let place = place.filter(|place| !place.contains([' ', '`']));
    let missing = mistake.contains("missing field");
    place
        .filter(|_| !missing)
        .or_else(|| mistake.split('`').nth(1))
        .map(str::to_owned)
}

fn reject(why: &JsonRejection) -> Response {
    let words = why.body_text();
    match why {
        JsonRejection::JsonDataError(_) => {
            let refusal = Refusal {
                field: field_of(&words),
                ..Refusal::new(ErrorCode::Invalid, words)
            };
            refusal.into_response()
        }
        JsonRejection::BytesRejection(_) if why.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Refusal::new(
                ErrorCode::TooLarge,
                format!("a body has at most {BODY_BYTES} bytes"),
            )
            .into_response()
        }
        _ => Refusal::new(ErrorCode::Invalid, words).with_status(StatusCode::BAD_REQUEST),
    }
}

/// The query of a URL.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<State> for Query<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Response> {
        let found: Result<axum::extract::Query<T>, QueryRejection> =
            axum::extract::Query::from_request_parts(parts, state).await;
        match found {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(why) => Err(Refusal::new(ErrorCode::Invalid, why.body_text())
                .with_status(StatusCode::BAD_REQUEST)),
        }
    }
}

/// An id of the URL's path: what is no id names nothing.
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<State> for Path<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Refusal> {
        let found = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        found
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|_| Refusal::not_found("place"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_in_a_body_is_told_with_its_field() {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "only read")]
        struct Body {
            text: String,
            uses: u32,
        }
        for (body, field) in [
            (r#"{"uses":1}"#, "text"),
            (r#"{"text":"a","uses":-1}"#, "uses"),
            (r#"{"text":1,"uses":1}"#, "text"),
            (r#"{"text":"a","uses":1,"more":1}"#, "more"),
        ] {
            let why = axum::Json::<Body>::from_bytes(body.as_bytes())
                .err()
                .unwrap();
            assert_eq!(field_of(&why.body_text()).as_deref(), Some(field), "{body}");
        }
    }
}
