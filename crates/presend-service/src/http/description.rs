//! The API's description, made from the types, and a page to read it on.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use utoipa::OpenApi;

use super::answer;
use crate::api::{
    AdviceBody, ContextBody, FindingBody, OutcomeBody, PatientBody, ProblemBody, RecipientsBody,
};
use crate::problem::Problem;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "presend",
        description = "Finds and minimises patient-identifiable data in messages before they are sent. Every problem is an \
                       application/problem+json (RFC 9457) and holds no text of the request.",
        license(name = "MIT OR Apache-2.0")
    ),
    paths(
        super::messages::check,
        super::messages::redact,
        super::messages::batch,
        super::stream::stream,
        super::live::live,
        super::messages::labels,
        super::messages::policies,
        super::healthz,
        super::readyz,
        super::metrics,
    ),
    components(schemas(
        OutcomeBody, FindingBody, PatientBody, AdviceBody, ContextBody, RecipientsBody, ProblemBody
    )),
    modifiers(&Credentials),
)]
struct Description;

struct Credentials;

impl utoipa::Modify for Credentials {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        api.components.get_or_insert_default().add_security_scheme("bearer", bearer);
        // The empty one: a service on this computer alone may ask for none.
        let none: [&str; 0] = [];
        api.security = Some(vec![SecurityRequirement::new("bearer", none), SecurityRequirement::default()]);
    }
}

/// The API's description, as OpenAPI 3.1.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

pub(super) async fn json() -> Result<Response, Problem> {
    answer::json(&openapi())
}

pub(super) async fn page() -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], include_str!("assets/docs.html")).into_response()
}

pub(super) async fn script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("assets/docs.js"))
        .into_response()
}

pub(super) async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("assets/docs.css")).into_response()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use presend::{Context, Engine, Unit, WireOutcome};
    use serde_json::Value;

    use super::*;

    fn keys(value: &Value) -> BTreeSet<String> {
        value.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default()
    }

    #[test]
    fn the_description_says_what_is_sent() {
        let api = serde_json::to_value(openapi()).unwrap();
        let described = |name: &str| keys(&api["components"]["schemas"][name]["properties"]);
        let engine = Engine::new();
        let text = "Mrs Doris Ekwueme NHS 999 123 4004, on warfarin, photo attached";
        let context = Context { attachments: 1, ..Context::default() };
        let outcome = engine.check_within(text, context);
        let wire = serde_json::to_value(WireOutcome::new(text, &outcome, &engine, Unit::Utf16)).unwrap();
        assert_eq!(keys(&wire), described("OutcomeBody"));
        assert_eq!(keys(&wire["findings"][0]), described("FindingBody"));
        assert_eq!(keys(&wire["patients"][0]), described("PatientBody"));
        assert_eq!(keys(&wire["advice"][0]), described("AdviceBody"));
        let context = serde_json::to_value(Context::default()).unwrap();
        assert_eq!(keys(&context), described("ContextBody"));
        assert_eq!(keys(&context["recipients"]), described("RecipientsBody"));
        let problem = Problem::too_large("A line", 1);
        assert_eq!(keys(&serde_json::to_value(problem).unwrap()), described("ProblemBody"));
    }

    #[test]
    fn every_reference_is_kept() {
        let api = serde_json::to_value(openapi()).unwrap();
        let text = api.to_string();
        for reference in text.split("\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(api["components"]["schemas"][name].is_object(), "{name}");
        }
    }
}
