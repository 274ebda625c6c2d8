//! `.gongbao.toml`: options that a folder of pages pins.

use std::fmt;
use std::fs;
use std::io;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::Arguments;
use crate::cli::Stop;
use crate::cli::{extract, formats, programs};

/// The name of the file.
pub const FILE: &str = ".gongbao.toml";

/// The options that may be pinned, called as on the command line. What runs programs is none of them: a
/// folder that somebody sent must not say what is run here.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct File {
    format: Option<Spanned<Text>>,
    encoding: Option<Spanned<Text>>,
    published: Option<Spanned<Text>>,
    period: Option<Spanned<Text>>,
    region: Option<Spanned<Text>>,
    meta: Option<Spanned<Text>>,
    name_pattern: Option<Spanned<Text>>,
    max_bytes: Option<Spanned<Text>>,
    max_lines: Option<Spanned<Text>>,
    timeout: Option<Spanned<Text>>,
    lexicon: List,
    concepts: List,
    glob: List,
}

/// What was done with the options of the file.
#[derive(Debug, PartialEq, Eq)]
pub struct Pinned {
    /// Options of the file that were given on the command line, too: those win.
    pub overruled: Vec<&'static str>,
}

/// Fills in what was not typed from the file in the folder; none where there is no such file.
pub fn fill_in(arguments: &mut Arguments) -> Result<Option<Pinned>, Stop> {
    let path = arguments.folder.join(FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(Stop::Unusable(format!(
                "{}: it could not be read: {error}",
                path.display()
            )));
        }
    };
    let name = path.display().to_string();
    let file: File = toml::from_str(&text)
        .map_err(|error| Stop::Unusable(format!("{name}: {}", error.to_string().trim_end())))?;
    let mut filling = Filling {
        name: &name,
        text: &text,
        pinned: Pinned {
            overruled: Vec::new(),
        },
    };
    filling.all(file, arguments)?;
    Ok(Some(filling.pinned))
}

struct Filling<'a> {
    name: &'a str,
    text: &'a str,
    pinned: Pinned,
}

impl Filling<'_> {
    fn all(&mut self, file: File, arguments: &mut Arguments) -> Result<(), Stop> {
        let folder = arguments.folder.clone();
        let inside = |path: &str| Ok(folder.join(path));
        let reading = &mut arguments.reading;
        self.one(
            "format",
            file.format,
            formats::choice,
            &mut arguments.format,
        )?;
        let encoding = |name: &str| name.parse().map_err(|error| format!("{error}"));
        self.one("encoding", file.encoding, encoding, &mut reading.encoding)?;
        self.one(
            "published",
            file.published,
            extract::date,
            &mut reading.published,
        )?;
        self.one("period", file.period, extract::period, &mut reading.period)?;
        let place = |name: &str| Ok(name.to_owned());
        self.one("region", file.region, place, &mut reading.region)?;
        self.one("meta", file.meta, inside, &mut arguments.gathering.meta)?;
        let pattern = |text: &str| text.parse().map_err(|error| format!("{error}"));
        self.one(
            "name-pattern",
            file.name_pattern,
            pattern,
            &mut arguments.gathering.name_pattern,
        )?;
        self.one(
            "max-bytes",
            file.max_bytes,
            extract::bytes,
            &mut reading.max_bytes,
        )?;
        let lines = |n: &str| {
            let expected = |_| "expected a number of lines".to_owned();
            n.parse().map_err(expected)
        };
        self.one(
            "max-lines",
            file.max_lines,
            lines,
            &mut arguments.gathering.max_lines,
        )?;
        let timeout = &mut reading.programs.timeout;
        self.one("timeout", file.timeout, programs::seconds, timeout)?;
        let paths = |list: List| list.0.iter().map(|path| folder.join(path)).collect();
        self.several("lexicon", paths(file.lexicon), &mut reading.lexicon);
        self.several("concepts", paths(file.concepts), &mut reading.concepts);
        self.several("glob", file.glob.0, &mut arguments.gathering.glob);
        Ok(())
    }

    /// Puts a value where none was typed; one that makes no sense is an error even where one was.
    fn one<T>(
        &mut self,
        key: &'static str,
        value: Option<Spanned<Text>>,
        read: impl Fn(&str) -> Result<T, String>,
        slot: &mut Option<T>,
    ) -> Result<(), Stop> {
        let Some(value) = value else {
            return Ok(());
        };
        let text = &value.get_ref().0;
        let found = read(text).map_err(|why| {
            let before = self.text.get(..value.span().start).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            Stop::Unusable(format!(
                "{}: line {line}: {key} = {text:?}: {why}",
                self.name
            ))
        })?;
        match slot {
            Some(_) => self.pinned.overruled.push(key),
            None => *slot = Some(found),
        }
        Ok(())
    }

    fn several<T>(&mut self, key: &'static str, values: Vec<T>, slot: &mut Vec<T>) {
        if values.is_empty() {
            return;
        }
        if slot.is_empty() {
            *slot = values;
        } else {
            self.pinned.overruled.push(key);
        }
    }
}

/// A value as on the command line: text, or a number.
#[derive(Debug)]
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text in quotes, as on the command line, or a number")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text(text.to_owned()))
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Text, E> {
        Ok(Text(number.to_string()))
    }
}

/// One text or several.
#[derive(Debug, Default)]
struct List(Vec<String>);

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor)
    }
}

struct ListVisitor;

impl<'de> Visitor<'de> for ListVisitor {
    type Value = List;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text in quotes, or a list of these")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<List, E> {
        Ok(List(vec![text.to_owned()]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<List, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(List(list))
    }
}

#[cfg(test)]
mod tests {
    use clap::Args;

    use super::*;

    #[test]
    fn all_that_pages_are_read_with_may_be_pinned() {
        let command = Arguments::augment_args(clap::Command::new("snapshot"));
        // what is done about changes, and what is of one machine
        let others = [
            "accept",
            "accept-only",
            "review",
            "check",
            "html",
            "threads",
            "ocr",
        ];
        let mut pinned = 0;
        for option in command.get_arguments().filter_map(clap::Arg::get_long) {
            let file = toml::from_str::<File>(&format!("{option} = \"x\""));
            assert_eq!(
                file.is_err(),
                others.contains(&option),
                "{option}: {file:?}"
            );
            pinned += usize::from(file.is_ok());
        }
        assert_eq!(pinned, 13);
    }
}
