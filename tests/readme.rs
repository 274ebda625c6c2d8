//! What README.md shows is what the tool prints.

use std::fs;
use std::path::Path;

use gongbao::decode::Format;
use gongbao::explain::Asked;
use gongbao::lexicon::Lexicon;
use gongbao::pipeline::Input;
use gongbao::write::tables::{Table, csv, rows};
use gongbao::{Extractor, Record, write};

/// Both READMEs show what `printed` makes of a sample, to the letter; `shown` finds it in a README.
fn holds(
    name: &str,
    printed: impl Fn(&Record, &mut Vec<u8>),
    shown: impl Fn(&str) -> Option<&str>,
) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let record = Extractor::new()
        .extract(name, &fs::read(root.join(name)).unwrap())
        .unwrap();
    let mut output = Vec::new();
    printed(&record, &mut output);
    let output = String::from_utf8(output).unwrap();
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(root.join(readme)).unwrap();
        let shown = shown(&text).expect(readme);
        assert!(
            output.contains(shown),
            "{readme} shows of {name} what is not printed so:\n{shown}"
        );
    }
}

#[test]
fn the_indicator_shown_is_real() {
    holds(
        "samples/narrow-columns.txt",
        |record, out| write::json::json(record, out).unwrap(),
        |text| {
            let start = text.find("    {\n      \"id\": \"i")?;
            let end = start + text[start..].find("\n    }")?;
            Some(&text[start..end])
        },
    );
}

#[test]
fn the_check_shown_is_real() {
    holds("samples/gb18030.txt", write::ndjson::ndjson, |text| {
        text.lines().find(|l| l.starts_with("{\"kind\":\"sum\""))
    });
}

#[test]
fn the_explanations_shown_are_real() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = gongbao::lexicon::entries::builtin().unwrap();
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(root.join(readme)).unwrap();
        let section = text.split_once("### `gongbao explain`").expect(readme).1;
        let section = section.split("\n### ").next().unwrap();
        for (name, asked) in [
            ("samples/narrow-columns.txt", "三成"),
            ("samples/blank-lines.txt", "12315"),
        ] {
            let command = format!("gongbao explain {name} --at {asked}");
            let rest = section.split_once(&command).expect(&command).1;
            let shown = rest.split_once("```text\n").unwrap().1;
            let shown = shown.split_once("```").unwrap().0;
            let page = fs::read(root.join(name)).unwrap();
            let asked = Asked::Text(asked.to_owned());
            let told = Extractor::new().explain(name, &page, &asked, &entries);
            let mut printed = Vec::new();
            write::steps::steps(&told.unwrap(), 80, &mut printed).unwrap();
            let printed = String::from_utf8(printed).unwrap();
            let plain = printed.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
            assert_eq!(plain, shown, "{readme}: {command}");
        }
    }
}

#[test]
fn the_stitched_article_shown_is_real() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = ["samples/issue/a1.txt", "samples/issue/a2.txt"];
    let pages = names.map(|name| (name, fs::read(root.join(name)).unwrap()));
    let given: Vec<(&str, Input<'_>)> = pages.iter().map(|(n, b)| (*n, b.into())).collect();
    let articles = Extractor::new().stitch(&given);
    let [article] = articles.as_slice() else {
        panic!("{} articles", articles.len());
    };
    let record = article.result.as_ref().unwrap();
    let (mut table, mut printed) = (Vec::new(), Vec::new());
    write::table::table(record, None, &mut table).unwrap();
    write::json::json(record, &mut printed).unwrap();
    let printed = String::from_utf8([table, printed].concat()).unwrap();
    let plain = printed.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
    let said = &record.diagnostics[0].message;
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(root.join(readme)).unwrap();
        let section = text.split_once("### `gongbao stitch`").expect(readme).1;
        let section = section.split("\n### ").next().unwrap();
        let blocks: Vec<&str> = section.split("```").skip(1).step_by(2).collect();
        assert_eq!(blocks.len(), 5, "{readme}");
        let columns = blocks[0].lines().skip(1);
        for line in columns.flat_map(|l| l.split("      ")).map(str::trim) {
            let printed = |(_, bytes): &(_, Vec<u8>)| String::from_utf8_lossy(bytes).contains(line);
            assert!(pages.iter().any(printed), "{readme}: {line}");
        }
        for line in blocks[2].lines().skip(1) {
            assert!(plain.contains(line), "{readme}: {line}");
        }
        let pieces = blocks[3].split_once('\n').unwrap().1;
        assert!(plain.contains(pieces), "{readme}: {pieces}");
        assert!(blocks[4].contains(said.as_str()), "{readme}: {said}");
    }
}

#[test]
fn the_readings_shown_are_real() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = [
        "samples/engines/page.rapidocr.json",
        "samples/engines/page.hocr",
    ];
    let files = names.map(|name| (name, fs::read(root.join(name)).unwrap()));
    let given: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (*n, &**b)).collect();
    let readings = given
        .iter()
        .map(|&(name, bytes)| (name, Input::from(bytes)));
    let readings: Vec<(&str, Input<'_>)> = readings.collect();
    let record = Extractor::new().extract_readings(&readings).unwrap();
    let alone = given
        .iter()
        .map(|&(name, bytes)| Extractor::new().extract(name, bytes).unwrap());
    let alone: Vec<String> = alone.map(|record| record.text).collect();
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(root.join(readme)).unwrap();
        let section = text.split_once("### `extract --also`").expect(readme).1;
        let section = section.split("\n### ").next().unwrap();
        let rows = section.lines().filter(|l| l.starts_with("| `")).skip(1);
        let rows: Vec<Vec<&str>> = rows
            .map(|l| l.split('`').skip(1).step_by(2).collect())
            .collect();
        assert_eq!(rows.len(), 5, "{readme}");
        for row in rows {
            assert!(alone[0].contains(row[0]), "{readme}: {}", row[0]);
            assert!(alone[1].contains(row[1]), "{readme}: {}", row[1]);
            let stands = record.indicators.iter().any(|x| x.mention == row[2]);
            assert!(stands, "{readme}: {}", row[2]);
        }
    }
}

#[test]
fn every_format_that_is_read_is_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (readme, heading) in [
        ("README.md", "### What it reads\n"),
        ("README.zh-CN.md", "### 读什么\n"),
    ] {
        let text = fs::read_to_string(root.join(readme)).unwrap();
        let section = text.split_once(heading).expect(readme).1;
        let section = section.split("\n### ").next().unwrap();
        let listed: Vec<&str> = section
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
            .map(|(name, _)| name)
            .filter(|name| !name.starts_with("--"))
            .collect();
        for format in Format::ALL {
            let name = match format {
                Format::Text => "plain",
                format => format.name(),
            };
            assert!(listed.contains(&name), "{readme} does not list {name}");
        }
        assert_eq!(listed.len(), Format::ALL.len(), "{readme}: {listed:?}");
    }
}

#[test]
fn the_words_shown_are_those_of_the_sample() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sample = fs::read_to_string(root.join("samples/lexicon.toml")).unwrap();
    let extractor =
        Extractor::new().lexicon(Lexicon::with([("lexicon.toml", sample.as_str())]).unwrap());
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(root.join(readme)).unwrap();
        let behind = |mark: &str| text.split_once(mark).expect(readme).1;
        let (words, rest) = behind("](samples/lexicon.toml)")
            .split_once("```toml\n")
            .and_then(|s| s.1.split_once("```"))
            .unwrap();
        for entry in words.split("\n\n") {
            assert!(sample.contains(entry.trim_end()), "{readme}: {entry}");
        }
        let page = rest
            .split('`')
            .find(|s| s.starts_with("2022年，"))
            .expect(readme);
        let shown = rest.split_once("```text\n").unwrap().1;
        let shown = shown.split_once("```").unwrap().0;
        let record = extractor.extract("page.txt", page.as_bytes()).unwrap();
        let mut printed = Vec::new();
        write::table::table(&record, None, &mut printed).unwrap();
        let printed = String::from_utf8(printed).unwrap();
        let plain = printed.replace("\u{1b}[1m", "").replace("\u{1b}[0m", "");
        assert_eq!(plain, shown, "{readme}");
    }
}

#[test]
fn the_rows_shown_are_real() {
    let name = "samples/narrow-columns.txt";
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read(root.join(name)).unwrap();
    let record = Extractor::new().extract(name, &page).unwrap();
    let mut written = csv::header(Table::Indicators, false);
    csv::rows(&rows(Table::Indicators, &record), false, &mut written).unwrap();
    let mut table = ::csv::Reader::from_reader(written.as_slice());
    let columns = table.headers().unwrap().clone();
    let found: Vec<::csv::StringRecord> = table.records().map(Result::unwrap).collect();
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(root.join(readme)).unwrap();
        let mut shown = text.lines().skip_while(|l| !l.starts_with("page   "));
        let cells =
            |line: &str| -> Vec<String> { line.split_whitespace().map(str::to_owned).collect() };
        let header = cells(shown.next().expect(readme));
        let lines: Vec<&str> = shown.take_while(|l| l.starts_with(name)).collect();
        assert_eq!(lines.len(), 2, "{readme}");
        let places: Vec<usize> = header
            .iter()
            .map(|wanted| columns.iter().position(|c| c == wanted).expect(wanted))
            .collect();
        for line in lines {
            let of_row = |row: &::csv::StringRecord| -> Vec<String> {
                places.iter().map(|&at| row[at].to_owned()).collect()
            };
            let is_there = found.iter().any(|row| of_row(row) == cells(line));
            assert!(is_there, "{readme} shows a row that is none:\n{line}");
        }
    }
}
