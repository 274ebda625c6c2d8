//! The output: one [`Record`] a page, the contract that `schema/record.schema.json` is generated
//! from.
//!
//! `start`/`end` are half-open, in Unicode code points of [`Record::text`]; in [`Source`] they are
//! bytes of the original file, of the one that its first piece names where there are several. A field that does not apply is `null`, never left out. Field order
//! is the order of the JSON.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::base::{Decimal, Severity};

/// The value of [`Record::schema`].
pub const SCHEMA: &str = "gongbao/1";

/// One page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Version of this format: `gongbao/1`.
    pub schema: String,
    /// Where the page came from.
    pub source: PageSource,
    /// What the page says of itself.
    pub document: Document,
    /// Clean text, one line feed between paragraphs.
    pub text: String,
    /// The paragraphs, in reading order.
    pub paragraphs: Vec<Paragraph>,
    /// The sections, in reading order; a tree by `parent`.
    pub sections: Vec<Section>,
    /// The numeric statements, in reading order.
    pub indicators: Vec<Indicator>,
    /// The arithmetic that the page lets one do.
    pub checks: Vec<Check>,
    /// Pointers to other pages on which the article goes on or began.
    pub jumps: Vec<Jump>,
    /// Characters that were changed, each with its reason, in reading order.
    pub repairs: Vec<Repair>,
    /// What a reviewer decided of indicators, in their order; a value that was corrected stands in the indicator.
    pub corrections: Vec<Correction>,
    /// Findings about the page.
    pub diagnostics: Vec<Finding>,
}

/// The file that a page was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageSource {
    /// Name as given, with `/` separators; `-` for standard input.
    pub name: String,
    /// `text`, `hocr`, `alto`, `page`, `tsv`, `rapidocr`, …; of a file that a program read: `pdf`,
    /// `png`, `jpeg`, `tiff`.
    pub format: String,
    /// The program that wrote or read it: `tesseract 5.3.0`; `null` where the file does not say.
    pub reader: Option<String>,
    /// The PDF or image called `name`, when `reader` was run on it: what stands below and every
    /// position in the record are of what it printed then. `null` for files that were read as they are.
    pub original: Option<Original>,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Character encoding: `UTF-8`, `GB18030`, `Big5`, `UTF-16LE`, `UTF-16BE`.
    pub encoding: String,
    /// Number of lines.
    pub lines: u32,
    /// The printed pages that it is of; `null` for plain text, which has no boxes.
    pub pages: Option<Vec<PrintedPage>>,
    /// The further files that the record was read from, each under a name of its own; `null` when
    /// there are none.
    pub parts: Option<Vec<SourcePart>>,
    /// What was known of it beside the page itself, and from where, in the order of the keys; `null`
    /// when nothing was. It fills in what the page does not say in [`Record::document`].
    pub metadata: Option<Vec<Metadatum>>,
}

/// What may be known of a page beside the page itself.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum MetadataKey {
    /// When it was published.
    Published,
    /// What time it speaks of.
    Period,
    /// The place that it speaks of.
    Region,
    /// The body that issued it.
    Issuer,
    /// The paper or bulletin that it was printed in; no field of [`Document`].
    Paper,
    /// Page of the paper.
    Page,
}

impl MetadataKey {
    /// All of them, in their order.
    pub const ALL: [Self; 6] = [
        Self::Published,
        Self::Period,
        Self::Region,
        Self::Issuer,
        Self::Paper,
        Self::Page,
    ];

    /// The name in the JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Period => "period",
            Self::Region => "region",
            Self::Issuer => "issuer",
            Self::Paper => "paper",
            Self::Page => "page",
        }
    }
}

/// One thing that was known of a page beside the page itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metadatum {
    /// What it is.
    pub key: MetadataKey,
    /// The value; times in ISO 8601, as short as they can be: `2022-02-15`, `2022`,
    /// `2025-01-01/2025-06-30`.
    pub value: String,
    /// From where: the file of a table, `pages.csv`, with the glob where the page is not named itself,
    /// `pages.csv: 1998/*.txt`; or `name`, the page's own name.
    pub origin: String,
}

/// What a further file is to the first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum PartRole {
    /// The article goes on in it.
    Continuation,
    /// Another reading of the same page.
    Also,
}

/// A further file that a record was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SourcePart {
    /// What it is to the first.
    pub role: PartRole,
    /// Name as given, with `/` separators; no other file of the record has it.
    pub name: String,
    /// As in [`PageSource`].
    pub format: String,
    /// As in [`PageSource`].
    pub reader: Option<String>,
    /// As in [`PageSource`].
    pub original: Option<Original>,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// As in [`PageSource`].
    pub encoding: String,
    /// Number of lines.
    pub lines: u32,
    /// As in [`PageSource`].
    pub pages: Option<Vec<PrintedPage>>,
}

/// A file that a program read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Original {
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Format of what the program printed: `text`, `hocr`, `alto`, `xhtml`, …
    pub reading: String,
}

/// A printed page, in which boxes are counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrintedPage {
    /// Which of the file, from 1.
    pub number: u32,
    /// Width in units; 0 where the file does not say.
    pub width: Decimal,
    /// Height likewise.
    pub height: Decimal,
    /// What boxes count: `pixel`, `point`, `mm10` (tenths of a millimetre), `inch1200`, or `column`
    /// (half a Han character wide, a line high).
    pub unit: String,
}

/// What the page says of itself, else what was known of it; each `null` where neither says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Title of the article.
    pub title: Option<String>,
    /// Body that issued it.
    pub issuer: Option<String>,
    /// Place that it speaks of.
    pub region: Option<Region>,
    /// Time that it speaks of.
    pub period: Option<DocumentPeriod>,
    /// Date of publication, ISO 8601: `2025-02-15`, `2025-02` or `2025`.
    pub published: Option<String>,
    /// Page of the paper: `A1`.
    pub page: Option<String>,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// Name as printed: `绛县`.
    pub name: String,
    /// GB/T 2260 code; `null` if the name is ambiguous or unknown.
    pub code: Option<String>,
}

/// A time span that the document speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentPeriod {
    /// The words it was read from; `null` when the page does not say it: `--period`, metadata.
    pub text: Option<String>,
    /// First day, ISO 8601.
    pub start: String,
    /// Last day, ISO 8601.
    pub end: String,
}

/// Where something came from in the original file: the one that the first of `pieces` names; without
/// pieces, the one of the record's own name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// First contributing byte of that file, from 0.
    pub start: u64,
    /// One past its last contributing byte.
    pub end: u64,
    /// Line of the first byte, from 1.
    pub line: u32,
    /// Line of the last byte.
    pub end_line: u32,
    /// The contributing stretches in reading order; `null` for a single one in the file of the
    /// record's own name. Several where they are not contiguous (furniture or a jump line between
    /// them, columns, mark-up, another file); one where it lies in another file of the record.
    pub pieces: Option<Vec<Piece>>,
    /// Printed page of that file, from 1, on which it begins; `null` for plain text.
    pub page: Option<u32>,
    /// Box around what of it stands on that page, `[x0, y0, x1, y1]` from the top left corner in the
    /// units of the page; `null` for plain text.
    pub bbox: Option<Box<[Decimal; 4]>>,
    /// How sure the engine was, from 0 to 1: the mean over its characters; `null` where it does not say.
    pub confidence: Option<Box<Decimal>>,
}

/// A contiguous stretch of source bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// Name of the file.
    pub file: SmolStr,
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
}

/// A paragraph of the clean text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paragraph {
    /// First code point.
    pub start: u32,
    /// One past the last code point; the line feed behind it is not part of it.
    pub end: u32,
    /// Id of the innermost section that it begins in; `null` before the first.
    pub section: Option<SmolStr>,
    /// Where it came from.
    pub source: Source,
}

/// How a section label is written.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum LabelStyle {
    /// `一、`
    Han,
    /// `（一）`
    HanParen,
    /// `1.`
    Arabic,
    /// `（1）`
    ArabicParen,
    /// `①`
    Circled,
    /// `第一章`
    Chapter,
    /// `第一条`
    Article,
    /// `一是`, `一要`
    Ordinal,
    /// `首先`, `其次`
    Sequence,
    /// `——`
    Dash,
}

/// A numbered section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// `s1`, `s2`, … in reading order.
    pub id: SmolStr,
    /// Id of the enclosing section.
    pub parent: Option<SmolStr>,
    /// Depth, from 1.
    pub level: u32,
    /// Label as the clean text has it: `（一）`.
    pub label: SmolStr,
    /// Its number; `null` for a dash.
    pub number: Option<u32>,
    /// How it is written.
    pub style: LabelStyle,
    /// Heading without label and closing full stop.
    pub title: String,
    /// First code point of the label.
    pub start: u32,
    /// One past the last code point of the section, its subsections included.
    pub end: u32,
    /// Where label and text came from.
    pub source: Source,
}

/// What an indicator states about the thing it names.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// A count or an amount.
    Level,
    /// A percentage that is itself the indicator: 城镇化率.
    Rate,
    /// A part of a whole: 占比, 比重.
    Share,
    /// A relative change: 增长5.3%.
    Growth,
    /// An absolute change: 提高0.6个百分点.
    Change,
    /// 贡献率, 拉动.
    Contribution,
    /// 是…的2.4倍, 翻一番.
    Multiple,
    /// 22.8:38.8:38.4.
    Ratio,
    /// 居全国第5位.
    Rank,
}

/// How exact a number claims to be.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// As it stands.
    Exact,
    /// 约, 左右.
    About,
    /// 近, 接近.
    Nearly,
    /// 余, 多, 超.
    Over,
    /// 不足, 不到, 以下.
    Under,
    /// 以上, 不少于.
    AtLeast,
    /// 以内, 不超过.
    AtMost,
    /// 3—5个.
    Range,
}

/// What a growth or change is measured against.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// The year before: 同比, 比上年.
    Yoy,
    /// The month before: 环比.
    Mom,
    /// The start of the year: 比年初.
    Ytd,
    /// A yearly mean over several years: 年均.
    Cagr,
    /// An earlier date: 比2020年.
    Since,
    /// Others: 高于全国.
    Peer,
    /// The plan: 超计划.
    Plan,
}

/// Whether a number has come true.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It has.
    Actual,
    /// It is aimed at.
    Target,
    /// It is expected.
    Estimate,
}

/// How an indicator relates to the one in [`Indicator::of`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// A part of it.
    Part,
    /// Its growth.
    Growth,
    /// Its change.
    Change,
    /// A share of it, or its share.
    Share,
    /// Its rank.
    Rank,
    /// Its contribution.
    Contribution,
    /// A multiple of it.
    Multiple,
}

/// The time that an indicator speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The words it was read from, `null` when it comes from a hint.
    pub text: Option<SmolStr>,
    /// First day, ISO 8601.
    pub start: SmolStr,
    /// Last day, ISO 8601.
    pub end: SmolStr,
    /// True when it was not said in the indicator's own clause.
    pub inherited: bool,
}

/// What was changed to read a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MentionRepair {
    /// The mention as the page has it, white space and line breaks taken out.
    pub from: String,
    /// Kebab-case reason.
    pub why: SmolStr,
}

/// One numeric statement of fact, change or target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// `i1`, `i2`, … in reading order.
    pub id: SmolStr,
    /// Id of the innermost section that it stands in.
    pub section: Option<SmolStr>,
    /// What is measured.
    pub name: SmolStr,
    /// Id in the concept code list; `null` when it knows none.
    pub concept: Option<Box<str>>,
    /// What is stated about it.
    pub measure: Measure,
    /// Signed value with the digits as written, without the unit's multiplier; `null` for ratios
    /// and fractions.
    pub value: Option<Decimal>,
    /// Unit as written, multiplier included: `万元`.
    pub unit: SmolStr,
    /// Value times multiplier, exact.
    pub base_value: Option<Decimal>,
    /// Unit without multiplier: `元`.
    pub base_unit: SmolStr,
    /// The terms of a ratio, or numerator and denominator of a fraction.
    pub components: Option<Box<[Decimal]>>,
    /// How exact it claims to be.
    pub precision: Precision,
    /// Lower bound of `value` in its unit, signed; `null` when open.
    pub lower: Option<Decimal>,
    /// Upper bound likewise.
    pub upper: Option<Decimal>,
    /// What a growth or change is measured against.
    pub basis: Option<Basis>,
    /// The time it speaks of; `null` when the page does not say.
    pub period: Option<Arc<Period>>,
    /// Whether it has come true.
    pub status: Status,
    /// Id of the indicator that it is a part, growth, … of.
    pub of: Option<SmolStr>,
    /// What it is of that one.
    pub relation: Option<Relation>,
    /// Number and unit as the clean text has them.
    pub mention: SmolStr,
    /// The clause around it.
    pub quote: SmolStr,
    /// First code point of the mention.
    pub start: u32,
    /// One past its last code point.
    pub end: u32,
    /// Where the mention came from.
    pub source: Source,
    /// What was changed to read it; `null` when nothing was.
    pub repair: Option<Box<MentionRepair>>,
}

/// What kind of arithmetic a check does.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum CheckKind {
    /// Parts add to a total.
    Sum,
    /// Shares add to 100.
    Shares,
    /// A share against its level and whole.
    Share,
    /// A change against two levels.
    Change,
    /// A growth against two levels.
    Growth,
}

/// How a check came out.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum CheckStatus {
    /// Equal.
    Ok,
    /// Apart by no more than the rounding of the terms.
    Rounding,
    /// Does not come out, and a slip of one term would mend it or the parts claim to be all.
    Mismatch,
    /// The parts are less than the whole and do not claim to be all.
    Partial,
}

/// A value of one term that would mend a mismatch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// Id of the indicator.
    pub id: SmolStr,
    /// The value it would have, in its own unit; for a ratio, the value of one of its terms.
    pub value: Decimal,
}

/// One piece of the page's own arithmetic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What is done.
    pub kind: CheckKind,
    /// Id of the number that is checked: the total of a sum, else the share, change or growth
    /// itself. Null for `shares`: 100 is not a number of the page.
    pub total: Option<SmolStr>,
    /// Ids of what it is worked out from: the parts of a sum; the shares, or the one ratio that
    /// lists them; level and whole of a share; the level now and the one before of a change or
    /// growth.
    pub parts: Vec<SmolStr>,
    /// What the page says, in base units; 100 for `shares`.
    pub expected: Decimal,
    /// What the parts give, in base units; a share or growth with two figures more than stated.
    pub actual: Decimal,
    /// How it came out.
    pub status: CheckStatus,
    /// Values of one term that would mend it, likeliest first.
    pub candidates: Vec<Candidate>,
}

/// Which way a jump line points.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum JumpKind {
    /// The article goes on there: 下转.
    To,
    /// It began there: 上接, 紧接.
    From,
}

/// A jump line: not part of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Jump {
    /// Which way.
    pub kind: JumpKind,
    /// The page named, `A2`, `3`; `null` when it names none (下转).
    pub page: Option<String>,
    /// The line as printed, white space taken out.
    pub text: String,
    /// Where it stood.
    pub source: Source,
}

/// Characters that were read as others than the page has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repair {
    /// First code point of the repaired text.
    pub start: u32,
    /// One past its last code point.
    pub end: u32,
    /// What the page has; where another reading of it was chosen, what the one has that stands else.
    pub from: String,
    /// What it was read as.
    pub to: String,
    /// Kebab-case reason.
    pub why: SmolStr,
    /// Where that stood.
    pub source: Source,
    /// The other reading that `to` was taken from; `null` when `to` was made of `from`.
    pub other: Option<OtherReading>,
}

/// What a reviewer decided of a number.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// It is right.
    Right,
    /// It is wrong; nobody said what is right.
    Wrong,
    /// It is wrong, and the right value was given.
    Corrected,
}

/// What a reviewer decided of an indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Its id.
    pub indicator: SmolStr,
    /// What was decided.
    pub decision: Decision,
    /// The value that was read, where the indicator has the reviewer's: `decision` is `corrected`; else `null`.
    pub read: Option<Decimal>,
    /// What the reviewer has to say.
    pub note: Option<String>,
    /// The file of corrections.
    pub origin: String,
}

/// A finding about the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Kebab-case kind.
    pub code: SmolStr,
    /// One sentence for a person.
    pub message: String,
    /// First code point that it concerns; `null` when that is not in the clean text.
    pub start: Option<u32>,
    /// One past the last.
    pub end: Option<u32>,
    /// Where in the source; `null` for the page as a whole.
    pub source: Option<Source>,
}

/// What another file has for characters of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherReading {
    /// What it has, white space taken out.
    pub text: String,
    /// Where it stands; the characters of the text come from here.
    pub source: Source,
}
