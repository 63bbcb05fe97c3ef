//! Parts that every call has in the API's description: who may ask, and which refusals to expect.
//!
//! A call's annotation has its success and what only it is refused for; the rest follows from its shape and is added here, so that
//! no call can forget it. Tests hold every status that they see against the description.

use protocol::ErrorBody;
use utoipa::{
    ToSchema as _,
    openapi::{
        Components, ContentBuilder, HeaderBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Response,
        ResponseBuilder, SecurityRequirement, Server, Type,
        path::{Operation, ParameterIn},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
        tag::{Tag, TagBuilder},
    },
};

/// The scheme's name in the description.
const BEARER: &str = "bearer";

/// The refusals that follow from a call's shape: status, name in the description, meaning.
const REFUSALS: [(&str, &str, &str); 9] = [
    (
        "400",
        "BadRequest",
        "The body is no JSON, or the query cannot be read.",
    ),
    (
        "401",
        "Unauthorized",
        "Nobody is signed in, or the token is over.",
    ),
    (
        "403",
        "Forbidden",
        "Not allowed; also a change that comes with a cookie, and not from this server's own pages.",
    ),
    (
        "404",
        "NotFound",
        "There is no such thing, or the caller may not know of it.",
    ),
    ("408", "TooSlow", "The body did not come in time."),
    ("413", "TooLarge", "The body is too large."),
    (
        "422",
        "Invalid",
        "A field breaks its rule; `field` names it.",
    ),
    (
        "429",
        "RateLimited",
        "Too many at once; `Retry-After` says when to try again.",
    ),
    (
        "503",
        "Unavailable",
        "The server is busy, or its store does not answer; `Retry-After` says when to try again.",
    ),
];

const TAGS: [(&str, &str); 5] = [
    (
        "accounts",
        "Accounts, invites, and what is told to everybody.",
    ),
    ("sign-ins", "Devices that are signed in, and their tokens."),
    ("people", "Who is here."),
    ("rooms", "Rooms and their members."),
    ("messages", "What is said."),
];

/// Completes a description of the calls.
pub(super) fn complete(mut doc: OpenApi) -> OpenApi {
    // Its paths are relative to where the router is mounted.
    doc.servers = Some(vec![Server::new("/api/v1")]);
    doc.tags = Some(TAGS.map(tag).to_vec());
    doc.security = Some(vec![SecurityRequirement::new(BEARER, [""; 0])]);
    let components = doc.components.get_or_insert_with(Components::new);
    components.add_security_scheme(BEARER, SecurityScheme::Http(bearer()));
    for (status, name, meaning) in REFUSALS {
        let refusal = refusal(status, meaning);
        components.responses.insert(name.to_owned(), refusal.into());
    }
    for item in doc.paths.paths.values_mut() {
        for call in [&mut item.get].into_iter().flatten() {
            add_refusals(call, true);
        }
        let changes = [
            &mut item.post,
            &mut item.patch,
            &mut item.put,
            &mut item.delete,
        ];
        for call in changes.into_iter().flatten() {
            add_refusals(call, false);
        }
    }
    doc
}

fn tag((name, description): (&str, &str)) -> Tag {
    TagBuilder::new()
        .name(name)
        .description(Some(description))
        .build()
}

fn bearer() -> utoipa::openapi::security::Http {
    HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some(
            "The `access_token` of a sign-in. A browser's session cookie does as well; what changes something must then come from this server's own pages, so a program keeps no cookies.",
        ))
        .build()
}

fn refusal(status: &str, meaning: &str) -> Response {
    let body = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(ErrorBody::name())))
        .build();
    let told = ResponseBuilder::new()
        .description(meaning)
        .content("application/json", body);
    if !matches!(status, "429" | "503") {
        return told.build();
    }
    let seconds = ObjectBuilder::new().schema_type(Type::Integer).build();
    let wait = HeaderBuilder::new()
        .schema(Some(seconds))
        .description(Some("Seconds after which it is worth a retry."))
        .build();
    told.header("Retry-After", wait).build()
}

/// Adds the refusals that follow from the shape of a call, where its own annotation has none.
fn add_refusals(call: &mut Operation, is_safe: bool) {
    let takes = |place: &ParameterIn| {
        let parameters = call.parameters.iter().flatten();
        let mut found = parameters.filter_map(|parameter| match parameter {
            RefOr::T(parameter) => Some(&parameter.parameter_in),
            RefOr::Ref(_) => None,
        });
        found.any(|parameter_in| parameter_in == place)
    };
    let has_body = call.request_body.is_some();
    let has_query = takes(&ParameterIn::Query);
    let has_path = takes(&ParameterIn::Path);
    // A call that needs nobody signed in says so.
    let is_open = call.security.is_some();
    for (status, name, _) in REFUSALS {
        let fits = match status {
            "400" | "422" => has_body || has_query,
            "401" => !is_open,
            "403" => !is_safe,
            "404" => has_path,
            "408" | "413" => has_body,
            _ => true,
        };
        if fits {
            let known = call.responses.responses.entry(status.to_owned());
            known.or_insert_with(|| RefOr::Ref(Ref::from_response_name(name)));
        }
    }
}
