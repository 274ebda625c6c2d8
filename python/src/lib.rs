//! gongbao for Python: hands pages to the library and what comes back to Python. No logic of its own.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use gongbao::batch::frame::{Frames, Shape};
use gongbao::batch::inputs::{self, Inputs, PageInput, Place};
use gongbao::batch::manifest::Manifest;
use gongbao::batch::page::{Limits, Reader};
use gongbao::batch::records::Records;
use gongbao::batch::{Failure, Metadata};
use gongbao::decode::Options;
use gongbao::document::Hints;
use gongbao::eval::{self, Gold, Tally};
use gongbao::lexicon::Lexicon;
use gongbao::record::MetadataKey;
use gongbao::transcribe::Transcriber;
use gongbao::write::tables::Table;
use gongbao::{Extractor, Record, validate};
use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3_arrow::{PyRecordBatch, PyRecordBatchReader, PySchema};

create_exception!(
    _gongbao,
    PageError,
    PyValueError,
    "A page has no record. Its arguments are the page's name, how far it came, what went wrong, and that for people."
);

fn value_error(error: impl ToString) -> PyErr {
    PyValueError::new_err(error.to_string())
}

fn page_error(failure: Failure) -> PyErr {
    let stage = serde_json::to_value(failure.stage).unwrap_or_default();
    let stage = stage.as_str().unwrap_or_default().to_owned();
    PageError::new_err((failure.path, stage, failure.kind.name(), failure.message))
}

fn parsed<T: std::str::FromStr>(what: &str, text: Option<String>) -> PyResult<Option<T>>
where
    T::Err: ToString,
{
    let parse = |text: String| {
        let wrong = |error: T::Err| value_error(format!("{what}={text:?}: {}", error.to_string()));
        text.parse().map_err(wrong)
    };
    text.map(parse).transpose()
}

/// How pages are read.
#[pyclass(frozen, module = "gongbao._gongbao", name = "Reader")]
struct PyReader {
    reader: Arc<Reader>,
}

#[pymethods]
impl PyReader {
    #[new]
    #[pyo3(signature = (*, encoding=None, format=None, published=None, period=None, region=None, lexicon=Vec::new(),
                        concepts=Vec::new(), meta=None, name_pattern=None, ocr=None, max_bytes=None, max_lines=None,
                        timeout=None))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        encoding: Option<String>,
        format: Option<String>,
        published: Option<String>,
        period: Option<String>,
        region: Option<String>,
        lexicon: Vec<(String, String)>,
        concepts: Vec<(String, String)>,
        meta: Option<PathBuf>,
        name_pattern: Option<String>,
        ocr: Option<String>,
        max_bytes: Option<u64>,
        max_lines: Option<u64>,
        timeout: Option<u64>,
    ) -> PyResult<Self> {
        let reading = Options {
            encoding: parsed("encoding", encoding)?.unwrap_or_default(),
            format: parsed("format", format)?.unwrap_or_default(),
        };
        let hints = Hints {
            published: parsed("published", published)?,
            period: parsed("period", period)?,
            region,
            ..Hints::default()
        };
        let mut extractor = Extractor::new()
            .encoding(reading.encoding)
            .format(reading.format)
            .hints(hints.clone());
        if !lexicon.is_empty() || !concepts.is_empty() {
            let words = lexicon
                .iter()
                .map(|(name, text)| (name.as_str(), text.as_str()));
            let concepts = concepts
                .iter()
                .map(|(name, text)| (name.as_str(), text.as_str()));
            let lexicon = Lexicon::with_concepts(words, concepts).map_err(value_error)?;
            extractor = extractor.lexicon(lexicon);
        }
        let usual = Limits::default();
        let limits = Limits {
            max_bytes: max_bytes.unwrap_or(usual.max_bytes),
            max_lines: max_lines.unwrap_or(usual.max_lines),
            timeout: timeout.map_or(usual.timeout, Duration::from_secs),
        };
        let metadata = meta.map(|file| Metadata::read(&file)).transpose();
        let reader = Reader {
            extractor,
            hints,
            transcriber: Transcriber::new(parsed("ocr", ocr)?.unwrap_or_default(), limits.timeout),
            reading,
            metadata: metadata.map_err(value_error)?,
            pattern: parsed("name_pattern", name_pattern)?,
            limits,
            ..Reader::default()
        };
        Ok(Self {
            reader: Arc::new(reader),
        })
    }

    /// The record of one page as JSON: of `content`, or else of the file called `name`.
    #[pyo3(signature = (name, content=None))]
    fn extract(&self, py: Python<'_>, name: String, content: Option<Vec<u8>>) -> PyResult<String> {
        let line = py.detach(|| {
            let place = match content {
                Some(bytes) => Place::Member(bytes),
                None => Place::File(PathBuf::from(&name)),
            };
            let opened = self.reader.open(PageInput::new(name, place, 0))?;
            self.reader.extract(&opened).map(|page| page.line)
        });
        let line = line.map_err(page_error)?;
        String::from_utf8(line).map_err(value_error)
    }

    /// The pages at `paths` as a stream of batches.
    fn extract_many(
        &self,
        paths: Vec<PathBuf>,
        glob: Vec<String>,
        threads: Option<usize>,
        tables: Vec<String>,
        record: bool,
    ) -> PyResult<PyRecordBatchReader> {
        let limits = inputs::Limits {
            max_bytes: self.reader.limits.max_bytes,
            ..inputs::Limits::default()
        };
        let inputs = Inputs::new(paths, &glob, limits, self.reader.reading, None);
        let inputs = inputs.map_err(value_error)?;
        let threads = threads
            .or_else(|| thread::available_parallelism().ok().map(usize::from))
            .unwrap_or(1);
        let records = Records::of(inputs, Arc::clone(&self.reader), threads);
        stream(records.map_err(value_error)?, shape(&tables, record)?)
    }

    /// The pages of `batch`, in the order of its rows, as a stream of batches.
    fn process(
        &self,
        batch: PyRecordBatch,
        path: String,
        content: Option<String>,
        metadata: Vec<String>,
        tables: Vec<String>,
        record: bool,
    ) -> PyResult<PyRecordBatchReader> {
        let manifest = Manifest {
            path,
            content,
            metadata: metadata
                .iter()
                .map(|name| key(name))
                .collect::<PyResult<_>>()?,
        };
        let pages = manifest.pages(&batch.into_inner()).map_err(value_error)?;
        let records = Records::of_pages(pages, Arc::clone(&self.reader), 1);
        stream(records.map_err(value_error)?, shape(&tables, record)?)
    }
}

fn stream(records: Records, shape: Shape) -> PyResult<PyRecordBatchReader> {
    Ok(PyRecordBatchReader::new(Box::new(Frames::new(
        records, shape,
    ))))
}

fn shape(tables: &[String], record: bool) -> PyResult<Shape> {
    let table = |name: &String| {
        let found = Table::ALL.into_iter().find(|table| table.name() == name);
        let names = Table::ALL.map(Table::name).join(", ");
        found.ok_or_else(|| {
            value_error(format!(
                "there is no table {name:?}; the tables are {names}"
            ))
        })
    };
    let tables = tables.iter().map(table).collect::<PyResult<_>>()?;
    Ok(Shape { tables, record })
}

fn key(name: &str) -> PyResult<MetadataKey> {
    let found = MetadataKey::ALL.into_iter().find(|key| key.name() == name);
    let names = MetadataKey::ALL.map(MetadataKey::name).join(", ");
    found.ok_or_else(|| {
        value_error(format!(
            "{name:?} is no metadata of pages; these are {names}"
        ))
    })
}

/// Names of all tables.
#[pyfunction]
fn table_names() -> Vec<&'static str> {
    Table::ALL.map(Table::name).to_vec()
}

/// What the columns of a batch are called and hold.
#[pyfunction]
fn frame_schema(tables: Vec<String>, record: bool) -> PyResult<PySchema> {
    Ok(PySchema::new(shape(&tables, record)?.schema()))
}

/// The JSON Schema of records.
#[pyfunction]
fn schema() -> String {
    validate::schema::schema().to_string()
}

/// What is wrong with the record `json`; held against its pages where all of them are given.
#[pyfunction]
fn validated(json: &str, pages: Vec<(String, Vec<u8>)>) -> PyResult<Vec<String>> {
    let value = serde_json::from_str(json).map_err(value_error)?;
    let shape = validate::schema::validate(&value);
    if !shape.is_empty() {
        return Ok(shape.iter().map(ToString::to_string).collect());
    }
    let record: Record = serde_json::from_str(json).map_err(value_error)?;
    let pages: Vec<(&str, &[u8])> = pages
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    Ok(validate::record(&record, &pages)
        .iter()
        .map(ToString::to_string)
        .collect())
}

/// How records do against gold labels, as JSON: pairs of both.
#[pyfunction]
fn evaluated(pairs: Vec<(String, String)>) -> PyResult<String> {
    let mut tally = Tally::default();
    for (gold, record) in &pairs {
        let gold = Gold::read(gold).map_err(value_error)?;
        let record: Record = serde_json::from_str(record).map_err(value_error)?;
        tally += &eval::score(&gold, &record).tally;
    }
    serde_json::to_string(&tally.summary()).map_err(value_error)
}

#[pymodule]
fn _gongbao(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("PageError", module.py().get_type::<PageError>())?;
    module.add_class::<PyReader>()?;
    module.add_function(wrap_pyfunction!(table_names, module)?)?;
    module.add_function(wrap_pyfunction!(frame_schema, module)?)?;
    module.add_function(wrap_pyfunction!(schema, module)?)?;
    module.add_function(wrap_pyfunction!(validated, module)?)?;
    module.add_function(wrap_pyfunction!(evaluated, module)?)?;
    Ok(())
}
