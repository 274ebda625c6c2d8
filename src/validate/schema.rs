//! The JSON Schema of a record, generated from the types of [`crate::record`].

use std::sync::OnceLock;

use jsonschema::Validator;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::{Violation, short};
use crate::record::{Record, SCHEMA};

/// The schema, draft 2020-12. It describes what is written: every field is required, those that do
/// not apply are `null`.
///
/// ```
/// let schema = gongbao::validate::schema::schema();
/// assert_eq!(schema["properties"]["schema"]["const"], "gongbao/1");
/// ```
#[must_use]
pub fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator();
    let mut schema = generator.into_root_schema_for::<Record>().to_value();
    if let Some(version) = schema.pointer_mut("/properties/schema") {
        version["const"] = json!(SCHEMA);
    }
    schema
}

/// What in `value` does not fit the schema.
#[must_use]
pub fn validate(value: &Value) -> Vec<Violation> {
    static VALIDATOR: OnceLock<Result<Validator, String>> = OnceLock::new();
    let validator = VALIDATOR
        .get_or_init(|| jsonschema::draft202012::new(&schema()).map_err(|e| e.to_string()));
    match validator {
        Ok(validator) => validator
            .iter_errors(value)
            .map(|error| {
                Violation::new(
                    error.instance_path().as_str(),
                    format!(
                        "found {}: {}",
                        short(&error.instance().to_string()),
                        error.masked_with("it")
                    ),
                )
            })
            .collect(),
        // a bug that the tests would show; said rather than taken for "all is well"
        Err(error) => vec![Violation::new(
            "",
            format!("the schema does not compile: {error}"),
        )],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::example::record;

    fn value() -> Value {
        serde_json::to_value(record()).unwrap()
    }

    #[test]
    fn a_record_fits() {
        assert_eq!(validate(&value()), []);
    }

    #[test]
    fn one_broken_field_is_one_finding() {
        let cases: [(&str, Value); 7] = [
            ("/schema", json!("gongbao/0")),
            ("/text", json!(3)),
            ("/indicators/0/value", json!("7911")),
            ("/indicators/0/measure", json!("guess")),
            ("/indicators/0/start", json!(-1)),
            ("/paragraphs/0/source/line", json!(1.5)),
            ("/sections/0/style", Value::Null),
        ];
        for (pointer, broken) in cases {
            let mut value = value();
            *value.pointer_mut(pointer).unwrap() = broken;
            let found = validate(&value);
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].pointer, pointer, "{found:?}");
        }
    }

    #[test]
    fn fields_are_neither_missing_nor_unknown() {
        let mut missing = value();
        missing["indicators"][0]
            .as_object_mut()
            .unwrap()
            .remove("concept");
        let found = validate(&missing);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("concept"), "{found:?}");

        let mut unknown = value();
        unknown["document"]["colour"] = json!("red");
        let found = validate(&unknown);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("colour"), "{found:?}");
    }
}
