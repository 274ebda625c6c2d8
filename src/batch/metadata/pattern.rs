//! `--name-pattern '{paper}-{published}-{page}.txt'`: what the names of pages say.

use std::fmt;
use std::str::FromStr;

use regex::Regex;

use crate::record::MetadataKey;

/// A field that is read and left.
const IGNORED: &str = "_";

/// The forms of a day, month or year in a name, longest first.
const TIME: &str = "[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}|[0-9]{4}-[0-9]{2}|[0-9]{6}|[0-9]{4}";

/// What the names of pages are like, and what their parts say.
///
/// Held against the end of a name, as many parts between `/` as the pattern has; all else stands
/// for itself:
///
/// * `{published}` and `{period}` are a day, month or year: `2022-02-15`, `20220215`, `2022-02`,
///   `202202`, `2022`, the longest that there is;
/// * `{region}`, `{issuer}`, `{paper}`, `{page}`, and `{_}` for what is of no interest, are the
///   shortest text without `/` that lets the rest be like the pattern, a character or more;
/// * `*` is any text without `/`, or none;
/// * `{{` and `}}` are braces.
///
/// ```
/// use gongbao::batch::{NamePattern, PageMetadata};
/// let pattern: NamePattern = "{paper}/{published}-{page}.*".parse()?;
/// let known = PageMetadata::of("x/Daily/2022-02-15-A1.txt", None, Some(&pattern))?;
/// let said: Vec<String> = known.recorded().unwrap_or_default().into_iter().map(|m| m.value).collect();
/// assert_eq!(said, ["2022-02-15", "Daily", "A1"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct NamePattern {
    text: String,
    keys: Vec<MetadataKey>,
    /// Where times look like times …
    strict: Regex,
    /// … and may be anything, to tell of those that do not.
    loose: Regex,
}

/// A pattern that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {at}: {message}")]
pub struct PatternError {
    /// Where, in characters from 1.
    pub at: usize,
    /// What was found, and what was expected.
    pub message: String,
}

impl NamePattern {
    /// What `name` has in the place of each field, in the order of the pattern; none when it is not like it.
    pub(super) fn fields_of<'n>(&self, name: &'n str) -> Option<Vec<(MetadataKey, &'n str)>> {
        let found = self
            .strict
            .captures(name)
            .or_else(|| self.loose.captures(name))?;
        let field = |key: &MetadataKey| Some((*key, found.name(key.name())?.as_str()));
        Some(self.keys.iter().filter_map(field).collect())
    }
}

impl fmt::Display for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A piece of a pattern.
enum Token {
    /// Stands for itself.
    Literal(char),
    /// `*`
    Any,
    /// A field; none for one that is left.
    Field(Option<MetadataKey>),
}

impl Token {
    fn write(&self, strict: bool, regex: &mut String) {
        let time = |key: &MetadataKey| {
            strict && matches!(key, MetadataKey::Published | MetadataKey::Period)
        };
        match self {
            Self::Literal(c) => regex.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
            Self::Any => regex.push_str("[^/]*?"),
            Self::Field(None) => regex.push_str("[^/]+?"),
            Self::Field(Some(key)) => {
                let value = if time(key) { TIME } else { "[^/]+?" };
                regex.push_str(&format!("(?P<{}>{value})", key.name()));
            }
        }
    }
}

fn regex(tokens: &[Token], strict: bool) -> Result<Regex, PatternError> {
    let mut regex = "(?:^|/)".to_owned();
    for token in tokens {
        token.write(strict, &mut regex);
    }
    regex.push('$');
    Regex::new(&regex).map_err(|_| PatternError {
        at: 1,
        message: "the pattern is too long".to_owned(),
    })
}

impl FromStr for NamePattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (tokens, keys) = tokens(text)?;
        if keys.is_empty() {
            return Err(PatternError {
                at: 1,
                message: format!("no field is to be read; expected any of {}", fields()),
            });
        }
        Ok(Self {
            text: text.to_owned(),
            keys,
            strict: regex(&tokens, true)?,
            loose: regex(&tokens, false)?,
        })
    }
}

/// The pieces of a pattern, and the fields that it reads in their order.
fn tokens(text: &str) -> Result<(Vec<Token>, Vec<MetadataKey>), PatternError> {
    let (mut tokens, mut keys) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let at = text.chars().count() - rest.chars().count() + 1;
        let fail = |message: &str| {
            let message = message.to_owned();
            Err(PatternError { at, message })
        };
        let behind = &rest[c.len_utf8()..];
        let doubled = behind.starts_with(c);
        rest = behind;
        match c {
            '{' | '}' if doubled => {
                tokens.push(Token::Literal(c));
                rest = &behind[c.len_utf8()..];
            }
            '{' => {
                let Some((name, after)) = behind.split_once('}') else {
                    return fail(
                        "the brace is not closed; a brace that is meant as it stands is {{",
                    );
                };
                let key = field(name).map_err(|message| PatternError { at, message })?;
                if let Some(key) = key {
                    if keys.contains(&key) {
                        return fail(&format!("field {{{name}}} is there twice"));
                    }
                    keys.push(key);
                }
                tokens.push(Token::Field(key));
                rest = after;
            }
            '}' => return fail("no brace is open here; a brace that is meant as it stands is }}"),
            '*' => tokens.push(Token::Any),
            '/' if tokens.is_empty() => {
                return fail(
                    "a / with nothing before it; the pattern is held against the end of names",
                );
            }
            '/' if behind.is_empty() || doubled => return fail("a / with nothing behind it"),
            _ => tokens.push(Token::Literal(c)),
        }
    }
    Ok((tokens, keys))
}

/// The key of a field; none for one that is left.
fn field(name: &str) -> Result<Option<MetadataKey>, String> {
    if name == IGNORED {
        return Ok(None);
    }
    let mut all = MetadataKey::ALL.into_iter();
    all.find(|key| key.name() == name)
        .map(Some)
        .ok_or_else(|| format!("there is no field {{{name}}}; expected any of {}", fields()))
}

fn fields() -> String {
    let names = MetadataKey::ALL.iter().map(|key| key.name());
    let fields: Vec<String> = names
        .chain([IGNORED])
        .map(|name| format!("{{{name}}}"))
        .collect();
    fields.join(", ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The values of the fields, in the order of the pattern.
    fn said<'n>(pattern: &str, name: &'n str) -> Option<Vec<&'n str>> {
        let pattern: NamePattern = pattern.parse().unwrap();
        let fields = pattern.fields_of(name)?;
        Some(fields.into_iter().map(|(_, value)| value).collect())
    }

    #[test]
    fn names_and_what_they_say() {
        let cases: [(&str, &str, Option<&[&str]>); 22] = [
            (
                "{paper}-{published}-{page}.txt",
                "临溪日报-2022-02-15-A1.txt",
                Some(&["临溪日报", "2022-02-15", "A1"]),
            ),
            (
                "{paper}-{published}-{page}.txt",
                "临溪日报-20220215-A1.txt",
                Some(&["临溪日报", "20220215", "A1"]),
            ),
            (
                "{paper}-{published}-{page}.txt",
                "临溪-晚报-2022-02-A-1.txt",
                Some(&["临溪-晚报", "2022-02", "A-1"]),
            ),
            (
                "{paper}-{published}-{page}.txt",
                "x/y/临溪日报-2022-3.txt",
                Some(&["临溪日报", "2022", "3"]),
            ),
            ("{paper}-{published}-{page}.txt", "临溪日报.txt", None),
            (
                "{paper}-{published}-{page}.txt",
                "临溪日报-2022-A1.txt.gz",
                None,
            ),
            // no time: what stands there is given, to be told of
            (
                "{paper}-{published}-{page}.txt",
                "临溪日报-春-A1.txt",
                Some(&["临溪日报", "春", "A1"]),
            ),
            (
                "{published}-{page}.txt",
                "2022-02-03.txt",
                Some(&["2022-02", "03"]),
            ),
            (
                "{published}-{page}.txt",
                "2022-02-30-1.txt",
                Some(&["2022-02-30", "1"]),
            ),
            (
                "{paper}{published}{page}.txt",
                "临溪日报20220215A1.txt",
                Some(&["临溪日报", "20220215", "A1"]),
            ),
            ("{period}*.txt", "202201公报.txt", Some(&["202201"])),
            ("{period}*.txt", "2022.txt", Some(&["2022"])),
            (
                "{region}/{period}/{_}.txt",
                "all/临溪县/2021/a.txt",
                Some(&["临溪县", "2021"]),
            ),
            (
                "{region}/{period}/{_}.txt",
                "临溪县/2021/a.txt",
                Some(&["临溪县", "2021"]),
            ),
            ("{region}/{period}/{_}.txt", "2021/a.txt", None),
            ("{region}/*", "z.zip!/临溪县/a.txt", Some(&["临溪县"])),
            ("{_}_{issuer}_*", "1_统计局_2_3.txt", Some(&["统计局"])),
            ("{page}.txt", ".txt", None),
            ("{page}.txt", "A1_txt", None),
            ("{{{page}}}", "{A1}", Some(&["A1"])),
            ("({page})", "a(1)", None),
            ("*({page})", "a(1)", Some(&["1"])),
        ];
        for (pattern, name, want) in cases {
            assert_eq!(said(pattern, name).as_deref(), want, "{pattern} {name}");
        }
    }

    #[test]
    fn errors_say_where() {
        for (pattern, want) in [
            (
                "{paper}-{publshed}.txt",
                "at character 9: there is no field {publshed}; expected any of {published}, {period}, \
                 {region}, {issuer}, {paper}, {page}, {_}",
            ),
            ("版{page", "at character 2: the brace is not closed; "),
            ("版}{page}", "at character 2: no brace is open here; "),
            (
                "{page}-{page}",
                "at character 8: field {page} is there twice",
            ),
            ("/{page}", "at character 1: a / with nothing before it; "),
            ("{page}/", "at character 7: a / with nothing behind it"),
            ("{page}//a", "at character 7: a / with nothing behind it"),
            ("", "at character 1: no field is to be read; "),
            ("{_}*.txt", "at character 1: no field is to be read; "),
            ("{a/b}", "at character 1: there is no field {a/b}; "),
        ] {
            let found = pattern.parse::<NamePattern>().unwrap_err().to_string();
            assert!(found.starts_with(want), "{pattern}: {found}");
        }
    }

    proptest! {
        #[test]
        fn no_pattern_panics(text in "(\\{(paper|page|_|published)?\\}?|[{}*/.\\\\(\\[版a]|.)*", name in ".*") {
            if let Ok(pattern) = text.parse::<NamePattern>() {
                let _ = pattern.fields_of(&name);
                prop_assert_eq!(pattern.to_string(), text);
            }
        }

        #[test]
        fn a_name_made_by_the_pattern_is_read_back(
            paper in "[a-z版]{1,5}", year in 1900..2100, month in 1..13, page in "[A-D][1-9]",
        ) {
            let published = format!("{year:04}-{month:02}");
            let name = format!("x/{paper}/{published}_{page}.txt");
            let found = said("{paper}/{published}_{page}.txt", &name);
            prop_assert_eq!(found, Some(vec![paper.as_str(), published.as_str(), page.as_str()]));
        }
    }
}
