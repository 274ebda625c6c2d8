//! The names of formats that `--format` takes: of those that are read and those that are written.

use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::Stop;
use crate::decode::{Format, FormatChoice};

/// What a name given to `--format` is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named<W> {
    /// A format that records are written in.
    Written(W),
    /// A format that pages are read in.
    Read(FormatChoice),
}

/// Takes the names of both kinds.
pub fn of_both<W: ValueEnum + Send + Sync + 'static>() -> impl TypedValueParser<Value = Named<W>> {
    let written = W::value_variants().iter();
    let values = written
        .filter_map(ValueEnum::to_possible_value)
        .chain(readable());
    PossibleValuesParser::new(values).try_map(|name| match W::from_str(&name, false) {
        Ok(format) => Ok(Named::Written(format)),
        Err(_) => choice(&name).map(Named::Read),
    })
}

/// The formats to write and the one to read among those that were named.
pub fn split<W: Copy>(named: &[Named<W>]) -> Result<(Vec<W>, FormatChoice), Stop> {
    let (mut written, mut read) = (Vec::new(), None);
    for &name in named {
        match name {
            Named::Written(format) => written.push(format),
            Named::Read(format) if read.is_none() => read = Some(format),
            Named::Read(_) => {
                return Err(Stop::Usage(
                    "--format names two formats to read pages in; name one of these at most"
                        .to_owned(),
                ));
            }
        }
    }
    Ok((written, read.unwrap_or_default()))
}

/// Takes the names of those that are read.
pub fn of_read() -> impl TypedValueParser<Value = FormatChoice> {
    PossibleValuesParser::new(readable()).try_map(|name| choice(&name))
}

/// What is called `text` where it is written.
const PLAIN: &str = "plain";

fn readable() -> impl Iterator<Item = PossibleValue> {
    let auto = PossibleValue::new("auto").help("Read: what the page looks like, as without this");
    let formats = Format::ALL.into_iter().map(|format| {
        let name = match format {
            Format::Text => PLAIN,
            format => format.name(),
        };
        PossibleValue::new(name).help(format!("Read: {}", format.title()))
    });
    std::iter::once(auto).chain(formats)
}

/// The format that is read by this name.
pub fn choice(name: &str) -> Result<FormatChoice, String> {
    if name == PLAIN {
        return Ok(FormatChoice::Forced(Format::Text));
    }
    name.parse().map_err(|_| format!("{name} is no format"))
}
