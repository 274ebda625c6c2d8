"""gongbao (公报): every number of a scanned Chinese bulletin, as a typed record or as Arrow tables.

>>> import gongbao
>>> record = gongbao.extract("全年新增企业992户，增长5.30%。")
>>> for number in record.indicators:
...     print(number.name, number.measure, number.value, number.unit)
新增企业 level 992 户
新增企业 growth 5.30 %

A string is the text of a page; a file is a `pathlib.Path`:

>>> from pathlib import Path
>>> gongbao.extract(Path("no such page.txt"))
Traceback (most recent call last):
...
gongbao.PageError: no such page.txt: there is no such file; check the name
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any, TypedDict, Unpack

import msgspec
import pyarrow as pa

from . import _gongbao, _record
from ._gongbao import __version__
from ._record import Check, Document, Indicator, Section, Source

__all__ = [
    "Check", "Document", "Indicator", "Lexicon", "Options", "PageError", "Record", "Section", "Source",
    "TABLES", "evaluate", "extract", "extract_many", "process", "schema", "tables", "validate", "__version__",
]  # fmt: skip

#: Names of the tables, in their order.
TABLES: tuple[str, ...] = tuple(_gongbao.table_names())

StrPath = str | os.PathLike[str]


class PageError(ValueError):
    """A page has no record.

    `path` is its name, `stage` how far it came (`read`, `decode`, …), `kind` what went wrong (`not-found`,
    `not-a-page`, …), and `message` says it for people, with the byte or line of the page where there is one.
    """

    def __init__(self, path: str, stage: str, kind: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.stage = stage
        self.kind = kind
        self.message = message


class Lexicon:
    """Words and concepts of one's own, from files as `gongbao extract --lexicon` and `--concepts` take them.

    The files are read here, so that it can be sent to other processes.
    """

    def __init__(self, *words: StrPath, concepts: Iterable[StrPath] = ()) -> None:
        self._words = [_text(file) for file in words]
        self._concepts = [_text(file) for file in concepts]


def _text(file: StrPath) -> tuple[str, str]:
    return os.fspath(file), Path(file).read_text(encoding="utf-8-sig")


class Options(TypedDict, total=False):
    """How pages are read; as the options of `gongbao extract` and `batch`."""

    #: UTF-8, GB18030, Big5, UTF-16LE or UTF-16BE; found out when it is not given
    encoding: str | None
    #: text, hocr, alto, page, tsv, …; found out when it is not given
    format: str | None
    #: day, month or year of publication, for pages that do not say
    published: str | None
    #: time that pages speak of, where they do not say: 2021, 2025-01/2025-06
    period: str | None
    #: place that pages speak of, where they do not say
    region: str | None
    #: words and concepts of one's own
    lexicon: Lexicon | None
    #: CSV file of what is known of pages
    meta: StrPath | None
    #: what names of pages say, such as {paper}-{published}-{page}.txt
    name_pattern: str | None
    #: program that reads images
    ocr: str | None
    #: bytes that a page has at most
    max_bytes: int | None
    #: lines that a page has at most
    max_lines: int | None
    #: seconds that a page may take
    timeout: int | None


def _reader(options: Options) -> _gongbao.Reader:
    given: dict[str, Any] = dict(options)
    lexicon = given.pop("lexicon", None)
    if lexicon is not None:
        given.update(lexicon=lexicon._words, concepts=lexicon._concepts)
    return _gongbao.Reader(**given)


class Record(_record.Record, frozen=True, dict=True):
    """A page: its clean text, sections and numbers, each with its place in the page's bytes. Read only.

    >>> record = extract("全年新增企业992户。")
    >>> record.text
    '全年新增企业992户。'
    >>> number = record.indicators[0]
    >>> number.value, (number.source.start, number.source.end)
    (Decimal('992'), (18, 24))
    """

    @property
    def json(self) -> str:
        """The record as a line of JSON, to the byte as `gongbao extract -f ndjson` writes it."""
        return str(self.__dict__["_line"])

    def __reduce__(self) -> tuple[Callable[[str], Record], tuple[str]]:
        return _record_of, (self.json,)

    def to_dict(self) -> dict[str, Any]:
        """The record as dictionaries and lists; decimals are `decimal.Decimal`."""
        return dict(json.loads(self.json, parse_float=Decimal))

    def _repr_html_(self) -> str:
        """The numbers as a table, for notebooks."""
        heads = ("id", "name", "measure", "value", "unit", "period", "line")
        rows = [
            (
                x.id, x.name, x.measure, "" if x.value is None else x.value, x.unit,
                f"{x.period.start}/{x.period.end}" if x.period else "", x.source.line,
            )
            for x in self.indicators
        ]  # fmt: skip
        head = "".join(f"<th>{name}</th>" for name in heads)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
        )
        title = escape(self.document.title or self.source.name)
        return f'<table lang="zh"><caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


_DECODER = msgspec.json.Decoder(Record)


def _record_of(line: str) -> Record:
    record = _DECODER.decode(line)
    record.__dict__["_line"] = line
    return record


def extract(page: str | bytes | os.PathLike[str], *, name: str | None = None, **options: Unpack[Options]) -> Record:
    """The record of one page.

    `page` is its text, its bytes (in whatever encoding and format) or the path of its file. `name` is what the
    record calls it; without it the path, or `-`.

    >>> extract("全镇植树30亩。", published="2022").indicators[0].unit
    '亩'
    """
    reader = _reader(options)
    try:
        match page:
            case str():
                line = reader.extract(name or "-", page.encode())
            case bytes():
                line = reader.extract(name or "-", page)
            case _ if name is None:
                line = reader.extract(os.fspath(page))
            case _:
                line = reader.extract(name, Path(page).read_bytes())
    except _gongbao.PageError as error:
        raise PageError(*error.args) from None
    return _record_of(line.rstrip("\n"))


def extract_many(
    paths: StrPath | Iterable[StrPath],
    *,
    glob: Sequence[str] = (),
    threads: int | None = None,
    tables: Sequence[str] | None = None,
    record: bool = False,
    **options: Unpack[Options],
) -> pa.RecordBatchReader:
    """The pages at `paths` as a stream of Arrow batches, a row a page, in an order that is always the same.

    `paths` are files, folders and archives (.zip, .tar.gz, …), as `gongbao batch` takes them; of folders and
    archives only what `glob` lets pass. The columns are `page`, a list of rows for each of `tables` (all, unless
    some are named), `errors` and, with `record`, the record as JSON. A page that fails is a row as well: its
    tables are empty, and `errors` says why. Pages are read while the stream is, by `threads` threads (one a
    processor) and without Python's lock; only a few are in memory at a time.
    """
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    stream = _reader(options).extract_many(list(paths), list(glob), threads, _names(tables), record)
    return pa.RecordBatchReader.from_stream(stream)


def process(
    batch: pa.RecordBatch,
    *,
    path: str = "path",
    content: str | None = None,
    metadata: Sequence[str] = (),
    tables: Sequence[str] | None = None,
    record: bool = False,
    **options: Unpack[Options],
) -> pa.RecordBatchReader:
    """The pages that the rows of `batch` name, a row each and in their order, as :func:`extract_many` gives them.

    `path` is the column of their names, and of their files, unless their bytes (or text) are in the column
    `content`. `metadata` are columns (`published`, `region`, …) of what is known of them.

    >>> batch = pa.record_batch({"path": ["a.txt"], "text": ["全镇植树30亩，修渠12处。"]})
    >>> pages = process(batch, content="text").read_all()
    >>> unnested(pages)["indicators"]["value_float"].to_pylist()
    [30.0, 12.0]
    """
    stream = _reader(options).process(batch, path, content, list(metadata), _names(tables), record)
    return pa.RecordBatchReader.from_stream(stream)


def _names(tables: Sequence[str] | None) -> list[str]:
    return list(TABLES if tables is None else tables)


def tables(
    paths: StrPath | Iterable[StrPath],
    *,
    glob: Sequence[str] = (),
    threads: int | None = None,
    tables: Sequence[str] | None = None,
    **options: Unpack[Options],
) -> dict[str, pa.Table]:
    """The tables of the pages at `paths`, as `gongbao batch` writes them, and `errors`."""
    reader = extract_many(paths, glob=glob, threads=threads, tables=tables, **options)
    return unnested(reader.read_all())


def unnested(pages: pa.Table) -> dict[str, pa.Table]:
    """The tables in `pages`, which :func:`extract_many` or :func:`process` gave, without a copy."""
    names = [name for name in pages.schema.names if pa.types.is_list(pages.schema.field(name).type)]
    return {name: _unnested(pages, name) for name in names}


def _unnested(pages: pa.Table, name: str) -> pa.Table:
    row = pages.schema.field(name).type.value_type
    chunks = [pa.RecordBatch.from_struct_array(chunk.flatten()) for chunk in pages[name].chunks]
    return pa.Table.from_batches(chunks, schema=pa.schema(list(row)))


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of records.

    >>> schema()["title"]
    'Record'
    """
    return dict(json.loads(_gongbao.schema()))


def validate(record: Record | str, pages: Mapping[str, bytes] | None = None) -> list[str]:
    """What is wrong with `record`, a sentence each; with `pages`, the bytes of its files, it is held against them.

    >>> page = "全镇植树30亩。".encode()
    >>> validate(extract(page), {"-": page})
    []
    >>> validate(extract(page), {"-": page + b"!"})[0]
    '/source/bytes: found 20, but the original has 21'
    """
    text = record if isinstance(record, str) else record.json
    return _gongbao.validated(text, list((pages or {}).items()))


def evaluate(pairs: Iterable[tuple[str, Record]]) -> dict[str, Any]:
    """How well records do against labels: pairs of the JSON of a page's labels and its record.

    Gives what `gongbao eval --json` gives in all.
    """
    rows = [(gold, record.json) for gold, record in pairs]
    return dict(json.loads(_gongbao.evaluated(rows), parse_float=Decimal))
