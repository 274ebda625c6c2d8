//! The table of pages.

use super::{Cell, Column, Kind, Row, place};
use crate::record::{CheckStatus, MetadataKey, Record};

pub(super) fn columns() -> Vec<Column> {
    use Kind::{Date, Integer, List, Text};
    let text = |name, description| Column::new(name, Text, description);
    let count = |name, description| Column::new(name, Integer, description).required();
    vec![
        place::page(),
        text(
            "sha256",
            "SHA-256 of the bytes that were read, lower-case hexadecimal.",
        )
        .required(),
        text(
            "format",
            "Format of the file: text, hocr, alto, page, tsv, rapidocr, …; pdf, png, jpeg, tiff when a program read it.",
        )
        .required(),
        text(
            "reader",
            "The program that wrote or read it: `tesseract 5.3.0`; empty where the file does not say.",
        ),
        text(
            "original_sha256",
            "SHA-256 of the PDF or image, when a program read it: bytes, sha256 and all positions are then \
             of what the program printed.",
        ),
        text(
            "encoding",
            "Character encoding: UTF-8, GB18030, Big5, UTF-16LE, UTF-16BE.",
        )
        .required(),
        count("bytes", "Size of the file in bytes."),
        count("lines", "Number of its lines."),
        Column::new(
            "further_files",
            List,
            "Names of the further files that the page was read from (an article that goes on, other \
             readings), as JSON; empty when there are none.",
        ),
        text("title", "Title of the article."),
        text("issuer", "Body that issued it."),
        text("region_name", "Place that it speaks of, as printed; where the page names none, as was known beside it (metadata)."),
        text(
            "region_code",
            "GB/T 2260 code of that place behind `CN`, which keeps tools from reading it as a number: \
             `CN140826`; empty when the name is ambiguous or unknown.",
        ),
        text(
            "period_text",
            "The words that the time was read from; empty when it was given.",
        ),
        Column::new("period_start", Date, "First day of the time that it speaks of."),
        Column::new("period_end", Date, "Last day of that time."),
        text(
            "published",
            "Date of publication, ISO 8601: a day, a month `2025-02` or a year `2025`.",
        ),
        text("paper_page", "Page of the paper: `A1`."),
        text(
            "paper",
            "The paper or bulletin that it was printed in, as a table or its name says (--meta, --name-pattern).",
        ),
        Column::new(
            "metadata",
            List,
            "What was known of it beside the page itself, as JSON: key, value, and where from.",
        ),
        count("sections", "Number of its rows in the table of sections."),
        count("indicators", "Number of its rows in the table of indicators."),
        count("checks", "Number of its rows in the table of checks."),
        count("mismatches", "Number of these that do not come out."),
        count("repairs", "Number of places that were read as other characters than the page has."),
        count("diagnostics", "Number of its rows in the table of diagnostics."),
        count("source_start", "First byte of the file that the row stands on: 0."),
        count("source_end", "One past the last one: the size of the file."),
        count("line", "Line of the first byte: 1."),
        text("mention", "The text that the page is known by: its title."),
    ]
}

pub(super) fn row(record: &Record) -> Row<'_> {
    let (source, document) = (&record.source, &record.document);
    let (region, period) = (document.region.as_ref(), document.period.as_ref());
    let further: Option<Vec<&str>> = source
        .parts
        .as_ref()
        .map(|parts| parts.iter().map(|part| part.name.as_str()).collect());
    let mismatch = |status: CheckStatus| status == CheckStatus::Mismatch;
    let mismatches = record.checks.iter().filter(|c| mismatch(c.status)).count();
    vec![
        Cell::text(&source.name),
        Cell::text(&source.sha256),
        Cell::text(&source.format),
        Cell::optional(source.reader.as_deref()),
        Cell::optional(source.original.as_ref().map(|o| o.sha256.as_str())),
        Cell::text(&source.encoding),
        Cell::integer(source.bytes),
        Cell::integer(source.lines),
        Cell::json(further),
        Cell::optional(document.title.as_deref()),
        Cell::optional(document.issuer.as_deref()),
        Cell::optional(region.map(|r| r.name.as_str())),
        region_code(record).map_or(Cell::Null, Cell::text),
        Cell::optional(period.and_then(|p| p.text.as_deref())),
        Cell::date(period.map(|p| p.start.as_str())),
        Cell::date(period.map(|p| p.end.as_str())),
        Cell::optional(document.published.as_deref()),
        Cell::optional(document.page.as_deref()),
        Cell::optional(paper(record)),
        Cell::json(source.metadata.as_ref()),
        Cell::integer(record.sections.len()),
        Cell::integer(record.indicators.len()),
        Cell::integer(record.checks.len()),
        Cell::integer(mismatches),
        Cell::integer(record.repairs.len()),
        Cell::integer(record.diagnostics.len()),
        Cell::Integer(0),
        Cell::integer(source.bytes),
        Cell::Integer(1),
        Cell::optional(document.title.as_deref()),
    ]
}

fn paper(record: &Record) -> Option<&str> {
    let mut known = record.source.metadata.iter().flatten();
    let paper = known.find(|known| known.key == MetadataKey::Paper)?;
    Some(&paper.value)
}

/// The code of the place behind `CN`.
pub(super) fn region_code(record: &Record) -> Option<String> {
    let code = record.document.region.as_ref()?.code.as_ref()?;
    Some(format!("CN{code}"))
}
