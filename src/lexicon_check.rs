//! The lexicon's own tests: every entry's hits have to be read as it says, its misses not. For the
//! built-in lexicon and users' own words alike.

use std::fmt;
use std::sync::Arc;

use crate::base::DateSpan;
use crate::document::Hints;
use crate::lexicon::entries::{Entry, Hit};
use crate::lexicon::{Lexicon, LexiconError, entries};
use crate::normalize::width::fold;
use crate::pipeline::Extractor;
use crate::record::{Indicator, Precision, Record};

/// Forms of up to so many characters stand in other words, too, and have to show one.
const SHORT: usize = 2;

/// What is wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Name of the file.
    pub file: String,
    /// Where the entry begins, from 1.
    pub line: usize,
    /// What the entry is looked for by.
    pub form: String,
    /// What was read and what was expected, or what is missing.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: {}: {}",
            self.file, self.line, self.form, self.message
        )
    }
}

/// What was checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// How many entries.
    pub entries: usize,
    /// How many hits and misses.
    pub examples: usize,
    /// What is wrong with them, in the order of the entries.
    pub findings: Vec<Finding>,
}

/// Checks the entries of the lexicon that ships with the program.
///
/// # Errors
/// When a file is not of its shape.
pub fn builtin() -> Result<Report, LexiconError> {
    let lexicon = Lexicon::builtin_arc();
    Ok(check(lexicon, &entries::builtin()?))
}

/// Checks users' own words, all files read together: pairs of a file's name and its text.
///
/// ```
/// let own = r#"
/// [[unit]]
/// forms = ["竹篾筐"]
/// dimension = "count"
/// hit = [{ text = "收茶37竹篾筐。", value = "36", unit = "竹篾筐" }]
/// "#;
/// let report = gongbao::lexicon_check::own(&[("own.toml", own)])?;
/// assert_eq!(
///     report.findings[0].to_string(),
///     "own.toml:2: 竹篾筐: 收茶37竹篾筐。: expected 36 竹篾筐, read 收茶: 37 竹篾筐, level"
/// );
/// # Ok::<(), gongbao::lexicon::LexiconError>(())
/// ```
///
/// # Errors
/// As [`Lexicon::with`].
pub fn own(files: &[(&str, &str)]) -> Result<Report, LexiconError> {
    let lexicon = Arc::new(Lexicon::with(files.iter().copied())?);
    let mut all = Vec::new();
    for (file, text) in files {
        all.extend(entries::own(file, text)?);
    }
    Ok(check(&lexicon, &all))
}

fn check(lexicon: &Arc<Lexicon>, entries: &[Entry]) -> Report {
    let hints = Hints {
        period: "2024".parse().ok(),
        ..Hints::default()
    };
    let reader = Reader {
        extractor: Extractor::new().lexicon(Arc::clone(lexicon)).hints(hints),
        lexicon,
    };
    let mut report = Report::default();
    for entry in entries {
        report.entries += 1;
        report.examples += entry.hits.len() + entry.misses.len();
        let messages = reader.wrong_with(entry).into_iter();
        report.findings.extend(messages.map(|message| Finding {
            file: entry.file.clone(),
            line: entry.line,
            form: entry.forms.first().cloned().unwrap_or_default(),
            message,
        }));
    }
    report
}

struct Reader<'a> {
    extractor: Extractor,
    lexicon: &'a Lexicon,
}

impl Reader<'_> {
    fn wrong_with(&self, entry: &Entry) -> Vec<String> {
        let mut wrong = Vec::new();
        if entry.hits.is_empty() {
            wrong.push("it has no hit; add a text in which it counts".to_owned());
        }
        if entry.forms.is_empty() && !entry.table.starts_with("variants.") {
            wrong.push("it has no form; write what it is found by".to_owned());
        }
        if entry.as_written.is_none() {
            wrong.extend(entry.forms.iter().filter_map(|f| self.unstable(f)));
        }
        if needs_miss(entry) {
            for form in &entry.forms {
                let shown = entry.misses.iter().any(|m| m.contains(form.as_str()));
                if form.chars().count() <= SHORT && !shown {
                    wrong.push(format!(
                        "the form {form:?} is short; add a miss that contains it, as part of another word"
                    ));
                }
            }
        }
        for hit in &entry.hits {
            match self.read(&hit.text) {
                Ok(record) => wrong.extend(misread(entry, hit, &record)),
                Err(message) => wrong.push(message),
            }
        }
        for miss in &entry.misses {
            if !entry.forms.is_empty() && !entry.forms.iter().any(|f| miss.contains(f.as_str())) {
                wrong.push(format!("{miss}: a miss has to contain a form of its entry"));
            }
            match self.read(miss) {
                Ok(record) => wrong.extend(seen(entry, miss, &record)),
                Err(message) => wrong.push(message),
            }
        }
        wrong
    }

    fn read(&self, text: &str) -> Result<Record, String> {
        let read = self.extractor.extract("example", text.as_bytes());
        match read {
            Ok(record) if record.text.trim() == text.trim() => Ok(record),
            Ok(record) => Err(format!("{text}: is no clean text; write {}", record.text)),
            Err(error) => Err(format!("{text}: {error}")),
        }
    }

    /// Why no clean text has `form`, or the grammar looks for another.
    fn unstable(&self, form: &str) -> Option<String> {
        let clean = |c: char| fold(c, self.lexicon).unwrap_or(c);
        let folded: String = form.chars().map(clean).collect();
        let folded = self.lexicon.variants.fold(&folded);
        let folded = folded.trim();
        (folded != form).then(|| format!("the form {form:?} is read as {folded:?}; write that"))
    }
}

/// Tables whose words stand alone: what contains one is not held back by the words around it.
fn needs_miss(entry: &Entry) -> bool {
    matches!(entry.table.as_str(), "units.unit" | "names.kept")
}

fn digits(x: &Indicator) -> String {
    x.value.map_or_else(String::new, |v| v.to_string())
}

/// What was read, for the eye.
fn shown(record: &Record) -> String {
    let said = |x: &Indicator| {
        let mut said = format!(
            "{}: {} {}, {}",
            x.name,
            digits(x),
            x.unit,
            word(&format!("{:?}", x.measure))
        );
        if x.precision != Precision::Exact {
            said.push_str(&format!(" {}", word(&format!("{:?}", x.precision))));
        }
        if let Some(basis) = x.basis {
            said.push_str(&format!(" {}", word(&format!("{basis:?}"))));
        }
        said
    };
    match record.indicators.iter().map(said).collect::<Vec<_>>() {
        none if none.is_empty() => "nothing".to_owned(),
        some => some.join("; "),
    }
}

/// The name of a variant as the files write it.
fn word(variant: &str) -> String {
    let mut out = String::new();
    for c in variant.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// How `record`, of the text of `hit`, differs from what `hit` says.
fn misread(entry: &Entry, hit: &Hit, record: &Record) -> Option<String> {
    let found = &record.indicators;
    let text = &hit.text;
    let read = || shown(record);
    if let (Some(value), Some(unit)) = (&hit.value, &hit.unit) {
        let as_said = |x: &Indicator| digits(x).trim_start_matches('-') == value && x.unit == *unit;
        return (!found.iter().any(as_said))
            .then(|| format!("{text}: expected {value} {unit}, read {}", read()));
    }
    if let Some(name) = &hit.name {
        return (!found.iter().any(|x| x.name == *name))
            .then(|| format!("{text}: expected the name {name}, read {}", read()));
    }
    if let Some(precision) = hit.precision {
        let all: Vec<Precision> = found.iter().map(|x| x.precision).collect();
        let want = word(&format!("{precision:?}"));
        return (all != [precision])
            .then(|| format!("{text}: expected one number, {want}, read {}", read()));
    }
    if let Some(period) = &hit.period {
        let want = period.parse::<DateSpan>().map(|d| d.to_string()).ok();
        let first = found.first().and_then(|x| x.period.as_ref());
        let first = first.map(|p| format!("{}/{}", p.start, p.end));
        return (want.is_none() || first != want).then(|| {
            let first = first.as_deref().unwrap_or("none");
            format!("{text}: expected the period {period}, read {first}")
        });
    }
    if entry.table.starts_with("changes.") {
        let as_said = found.last().is_some_and(|last| {
            hit.measure.is_none_or(|m| m == last.measure)
                && (hit.basis.is_none() || hit.basis == last.basis)
                && hit.value.as_ref().is_none_or(|v| *v == digits(last))
        });
        let want = [
            hit.measure.map(|m| word(&format!("{m:?}"))),
            hit.basis.map(|b| word(&format!("{b:?}"))),
            hit.value.clone(),
        ];
        let want: Vec<String> = want.into_iter().flatten().collect();
        return (!as_said)
            .then(|| format!("{text}: expected {} last, read {}", want.join(" "), read()));
    }
    if let Some(status) = entry.status {
        let as_said = found.last().is_some_and(|x| x.status == status);
        let want = word(&format!("{status:?}"));
        return (!as_said).then(|| match found.last() {
            Some(last) => {
                let status = word(&format!("{:?}", last.status));
                format!("{text}: expected {want}, read {status}")
            }
            None => format!("{text}: expected a number, {want}, read nothing"),
        });
    }
    if entry.table == "numerals.unknown"
        || entry.table.starts_with("not_a_quantity.") && entry.table != "not_a_quantity.amount"
    {
        return (!found.is_empty()).then(|| format!("{text}: expected nothing, read {}", read()));
    }
    if entry.table.starts_with("documents.") {
        return (!entry.forms.iter().any(|f| text.contains(f.as_str())))
            .then(|| format!("{text}: a hit has to contain a form of its entry"));
    }
    let unnamed = found.is_empty() || found.iter().any(|x| x.name.is_empty());
    unnamed.then(|| format!("{text}: expected numbers with names, read {}", read()))
}

/// What `record`, of the text `miss`, should not hold.
fn seen(entry: &Entry, miss: &str, record: &Record) -> Option<String> {
    let found = &record.indicators;
    let (wrong, want) = match entry.table.as_str() {
        "units.unit" => {
            let own = |name: &str| match &entry.unit {
                Some(unit) => unit == name,
                None => entry.forms.iter().any(|f| f == name),
            };
            (
                found.iter().any(|x| own(&x.base_unit)),
                "no number with this unit",
            )
        }
        "names.kept" => (
            found
                .iter()
                .any(|x| entry.forms.iter().any(|form| x.name == *form)),
            "no number of this name",
        ),
        table if table.starts_with("approximations.") => (
            found.iter().any(|x| x.precision != Precision::Exact),
            "exact numbers",
        ),
        table if table.starts_with("not_a_quantity.") => {
            (found.is_empty(), "a number all the same")
        }
        _ => (!found.is_empty(), "nothing"),
    };
    wrong.then(|| format!("{miss}: expected {want}, read {}", shown(record)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with an entry of `table`.
    fn wrong(table: &str, keys: &str) -> Vec<String> {
        let text = format!("[[{table}]]\n{keys}\n");
        let report = own(&[("t.toml", &text)]).unwrap();
        assert_eq!(report.entries, 1);
        let findings = report.findings.into_iter();
        findings
            .map(|f| format!("{}: {}", f.line, f.message))
            .collect()
    }

    fn is_wrong(table: &str, keys: &str, with: &[&str]) {
        let found = wrong(table, keys);
        assert_eq!(found.len(), with.len(), "{found:#?}");
        for (found, with) in found.iter().zip(with) {
            assert!(found.contains(with), "{with:?} is not in {found}");
        }
    }

    #[test]
    fn what_every_entry_needs() {
        let unit = "dimension = \"count\"\n";
        is_wrong(
            "unit",
            &format!("{unit} forms = [\"焙\"]\n hit = []"),
            &["1: it has no hit", "is short; add a miss"],
        );
        is_wrong(
            "names.adverb",
            "forms = []\n hit = []",
            &["no hit", "no form"],
        );
        is_wrong(
            "names.adverb",
            "forms = [\"頻頻\", \"常７\", \"常 常\"]\n hit = [\"頻頻新修水渠12条。\"]",
            &["\"频频\"; write that", "\"常7\"; write that"],
        );
        is_wrong(
            "names.adverb",
            "forms = [\"频频\"]\n hit = [\"频频新修水渠７条。\"]",
            &["is no clean text; write 频频新修水渠7条。"],
        );
    }

    #[test]
    fn hits_are_read_as_they_say() {
        for (table, keys, with) in [
            (
                "name",
                "forms = [\"完成投资额\"]\n hit = [{ text = \"全县完成投资额12亿元。\", name = \"投资额\" }]",
                "expected the name 投资额, read 完成投资额: 12 亿元, level",
            ),
            (
                "approximations.before",
                "forms = [\"差不多有\"]\n precision = \"about\"\n hit = [{ text = \"参会差不多有2000人。\", precision = \"over\" }]",
                "expected one number, over, read 参会: 2000 人, level about",
            ),
            (
                "periods.word",
                "forms = [\"本茶季\"]\n year = 0\n hit = [{ text = \"本茶季，收茶37吨。\", period = \"2023\" }]",
                "expected the period 2023, read 2024-01-01/2024-12-31",
            ),
            (
                "changes.change",
                "forms = [\"猛涨\"]\n direction = \"up\"\n hit = [{ text = \"水果产量猛涨5%。\", measure = \"share\", value = \"5\" }]",
                "expected share 5 last, read 水果产量: 5 %, growth yoy",
            ),
            (
                "fixed",
                "forms = [\"七家巷\"]\n reason = \"place-name\"\n hit = [\"七家巷社区收茶37吨。\"]",
                "expected nothing, read 七家巷社区收茶: 37 吨, level",
            ),
            (
                "names.status",
                "forms = [\"誓要\"]\n status = \"target\"\n hit = [\"新修水渠12条。\"]",
                "expected target, read actual",
            ),
            (
                "names.adverb",
                "forms = [\"频频\"]\n hit = [\"频频新修水渠。\"]",
                "expected numbers with names, read nothing",
            ),
            (
                "documents.body",
                "forms = [\"茶业署\"]\n hit = [\"临溪县茶局\"]",
                "a hit has to contain a form",
            ),
        ] {
            is_wrong(table, keys, &[with]);
        }
    }

    #[test]
    fn misses_are_not() {
        for (table, keys, with) in [
            (
                "unit",
                "forms = [\"竹篾筐\"]\n dimension = \"count\"\n hit = [{ text = \"收茶37竹篾筐。\", value = \"37\", unit = \"竹篾筐\" }]\n miss = [\"收茶36竹篾筐。\"]",
                "expected no number with this unit, read 收茶: 36 竹篾筐, level",
            ),
            (
                "name",
                "forms = [\"完成投资额\"]\n hit = [{ text = \"全县完成投资额12亿元。\", name = \"完成投资额\" }]\n miss = [\"完成投资额15亿元。\"]",
                "expected no number of this name, read 完成投资额: 15 亿元, level",
            ),
            (
                "name",
                "forms = [\"完成投资额\"]\n hit = [{ text = \"全县完成投资额12亿元。\", name = \"完成投资额\" }]\n miss = [\"投资15亿元。\"]",
                "a miss has to contain a form",
            ),
            (
                "fixed",
                "forms = [\"七家巷\"]\n reason = \"place-name\"\n hit = [\"七家巷社区收茶。\"]\n miss = [\"七家巷子收茶。\"]",
                "expected a number all the same, read nothing",
            ),
        ] {
            is_wrong(table, keys, &[with]);
        }
    }
}
