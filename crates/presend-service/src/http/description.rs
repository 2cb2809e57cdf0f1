//! The API's description, made from the types, and a page to read it on.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, PathItem, Ref, RefOr, Response as Described, ResponseBuilder,
};
use utoipa::{OpenApi, PartialSchema as _, ToSchema as _};

use super::{Shared, answer};
use crate::api::{
    AdviceBody, ContextBody, FindingBody, OutcomeBody, PatientBody, PolicyName, ProblemBody, RecipientsBody,
};
use crate::problem::Problem;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "presend",
        description = "Finds and minimises patient-identifiable data in messages before they are sent. Every problem is an \
                       application/problem+json (RFC 9457) and holds no text of the request. What answers clients of \
                       Presidio, below /presidio where the service was started with --presidio, is described by \
                       Presidio's own documentation.",
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
        OutcomeBody, FindingBody, PatientBody, AdviceBody, ContextBody, PolicyName, RecipientsBody, ProblemBody
    )),
    modifiers(&Credentials, &Problems),
)]
struct Description;

struct Credentials;

impl utoipa::Modify for Credentials {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{
            ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
        };
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        let key = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new(super::guard::API_KEY.as_str())));
        components.add_security_scheme("key", key);
        // The empty one: a service on this computer alone may ask for none.
        let none: [&str; 0] = [];
        api.security = Some(vec![
            SecurityRequirement::new("bearer", none),
            SecurityRequirement::new("key", none),
            SecurityRequirement::default(),
        ]);
    }
}

/// Says of every path what any may answer: strangers, other hosts, haste, a full queue and failures are met everywhere.
struct Problems;

impl utoipa::Modify for Problems {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let schema = RefOr::Ref(Ref::from_schema_name(ProblemBody::name()));
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let problem = |about: &str| {
            ResponseBuilder::new().description(about).content("application/problem+json", content.clone())
        };
        let seconds = ObjectBuilder::new().schema_type(Type::Integer).build();
        let wait = HeaderBuilder::new()
            .description(Some("After how many seconds to try again, where that may help."))
            .schema(seconds)
            .build();
        let common: [(&str, Described); 3] = [
            ("4XX", problem("The request cannot be met.").header("Retry-After", wait.clone()).build()),
            ("500", problem("The service failed.").build()),
            (
                "503",
                problem("The service is busy, too slow or stopping.").header("Retry-After", wait).build(),
            ),
        ];
        for operation in api.paths.paths.values_mut().flat_map(operations) {
            let responses = &mut operation.responses.responses;
            for (status, response) in &common {
                responses.entry((*status).to_owned()).or_insert_with(|| response.clone().into());
            }
        }
    }
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut utoipa::openapi::path::Operation> {
    [&mut path.get, &mut path.post].into_iter().flatten()
}

/// The API's description, as OpenAPI 3.1.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

/// The description, with the policies of this service.
pub(super) async fn json(State(app): Shared) -> Result<Response, Problem> {
    let mut api = openapi();
    if let RefOr::T(utoipa::openapi::Schema::Object(mut policy)) = PolicyName::schema() {
        policy.enum_values = Some(app.service.policies().iter().map(|policy| policy.name().into()).collect());
        let schemas = &mut api.components.get_or_insert_default().schemas;
        schemas.insert(PolicyName::name().into_owned(), policy.into());
    }
    answer::json(&api)
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
    fn what_may_be_left_out_says_what_it_is_then() {
        let api = serde_json::to_value(openapi()).unwrap();
        let property =
            |schema: &str, name: &str| api["components"]["schemas"][schema]["properties"][name].clone();
        let context = serde_json::to_value(Context::default()).unwrap();
        for name in ["channel", "audience", "urgency", "purpose"] {
            let described = property("ContextBody", name);
            assert!(described["description"].is_string(), "{described}");
            assert_eq!(described["default"], context[name]);
        }
        for schema in ["CheckRequest", "BatchRequest"] {
            assert_eq!(
                property(schema, "offsets")["default"],
                "code-points",
                "{}",
                property(schema, "offsets")
            );
        }
        assert_eq!(api["components"]["securitySchemes"]["key"]["name"], "x-api-key");
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
