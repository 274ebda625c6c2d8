//! `gongbao schema`.

use super::output::Output;
use super::{EXIT_CODES, Stop};
use crate::validate::schema::schema;
use crate::write::json::json;

const EXAMPLES: &str = "\
Examples:
  gongbao schema > record.schema.json
  gongbao schema | jq '.\"$defs\" | keys'       what a record is made of
  gongbao schema | jq '.\"$defs\".Indicator'    the fields of an indicator";

/// Print the JSON Schema (draft 2020-12) that every record fits
#[derive(Debug, clap::Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub struct Arguments {}

pub fn run(_: &Arguments) -> Result<(), Stop> {
    let mut bytes = Vec::new();
    let mut output = Output::standard();
    json(&schema(), &mut bytes).map_err(|error| Stop::output("standard output", error))?;
    output.write(&bytes)?;
    output.close()
}
