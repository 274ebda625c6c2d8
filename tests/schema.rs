//! The schema that is checked in is the one that the types give.

use std::fs;
use std::path::Path;

use serde_json::Value;

fn path(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("schema")
        .join(name)
}

#[test]
fn checked_in_schemas_are_in_step_with_the_types() {
    for (name, schema, types) in [
        (
            "record.schema.json",
            gongbao::validate::schema::schema(),
            "src/record.rs",
        ),
        (
            "corrections.schema.json",
            gongbao::corrections::schema(),
            "src/corrections.rs",
        ),
    ] {
        let mut generated = Vec::new();
        gongbao::write::json::json(&schema, &mut generated).unwrap();
        if std::env::var_os("GONGBAO_BLESS").is_some() {
            fs::write(path(name), &generated).unwrap();
        }
        let found = fs::read(path(name)).unwrap_or_default();
        assert!(
            found == generated,
            "schema/{name} is not what the types in {types} give. When the types are right, write it \
             anew and look at the difference:\n    GONGBAO_BLESS=1 cargo test schema\n    git diff schema/"
        );
    }
}

#[test]
fn checked_in_schema_takes_records_and_nothing_else() {
    let schema: Value =
        serde_json::from_slice(&fs::read(path("record.schema.json")).unwrap()).unwrap();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let page = "全年新增企业992户，增长5.30%。\n".as_bytes();
    let record = gongbao::Extractor::new().extract("a.txt", page).unwrap();
    let mut value = serde_json::to_value(&record).unwrap();
    assert!(validator.is_valid(&value));
    value["text"] = Value::Null;
    assert!(!validator.is_valid(&value));
}
