//! The JSON Schema of policy files, for editors and for other programs that write them.

use presend_detect as detect;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::layer::{AdviceFile, File, HandleFile, RuleFile};

/// The JSON Schema (draft 2020-12) of a policy file.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(File<RuleFile, HandleFile, AdviceFile>).to_value()
}

macro_rules! names {
    ($type:ident, $names:expr) => {
        /// Stands for the type of that name in the schema.
        pub(crate) struct $type;

        impl JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let names: Vec<&str> = $names;
                json_schema!({ "type": "string", "enum": names })
            }
        }
    };
}

names!(Label, detect::Label::ALL.iter().map(|label| label.name()).collect());
names!(Role, detect::Role::ALL.iter().map(|role| role.name()).collect());
names!(Kind, detect::Kind::ALL.iter().map(|kind| kind.name()).collect());
