//! The published JSON Schema is the one that the types give.
#![cfg(feature = "schema")]
#![allow(clippy::expect_used, clippy::disallowed_methods, reason = "a test: what fails here fails it")]

/// After a change on purpose: `presend policy schema > docs/policies/policy.schema.json`.
#[test]
fn the_published_schema_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/policies/policy.schema.json");
    let published = std::fs::read_to_string(path).expect("the schema");
    assert_eq!(published, format!("{:#}\n", presend_policy::schema()));
}
