"""The package against the command line's own samples."""

from __future__ import annotations

import json
import pickle
from decimal import Decimal
from pathlib import Path

import duckdb
import gongbao
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

SAMPLES = Path(__file__).parents[2] / "samples"
PAGES = sorted(SAMPLES.glob("*.txt"))


def test_a_page_is_the_same_from_text_bytes_and_file() -> None:
    file = SAMPLES / "annual-review.txt"
    of_file = gongbao.extract(file)
    assert of_file.source.name == str(file)
    of_bytes = gongbao.extract(file.read_bytes(), name=str(file))
    of_text = gongbao.extract(file.read_text(encoding="utf-8"), name=str(file))
    assert of_file == of_bytes == of_text
    assert of_file.indicators


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_records_are_whole_and_point_at_their_bytes(file: Path) -> None:
    record = gongbao.extract(file)
    page = file.read_bytes()
    assert gongbao.validate(record, {str(file): page}) == []
    assert gongbao.validate(record, {str(file): page + b" "})
    assert json.loads(record.json, parse_float=Decimal) == record.to_dict()
    assert record.json + "\n" == gongbao._gongbao.Reader().extract(str(file))
    values = [x.value for x in record.indicators if x.value is not None]
    assert all(isinstance(value, Decimal) for value in values)


def test_digits_stay_as_the_page_has_them() -> None:
    record = gongbao.extract("全年新增企业992户，增长5.30%。")
    assert [str(x.value) for x in record.indicators] == ["992", "5.30"]
    assert '"value":5.30,' in record.json


def test_records_cannot_be_changed() -> None:
    record = gongbao.extract("全镇植树30亩。")
    with pytest.raises(AttributeError):
        record.text = "x"  # type: ignore[misc]
    again = pickle.loads(pickle.dumps(record))
    assert (again, again.json) == (record, record.json)


def test_a_notebook_shows_the_page_as_text() -> None:
    html = gongbao.extract("<script>全镇植树30亩。")._repr_html_()
    assert "<td>30</td>" in html and "<script>" not in html


def test_what_fails_says_where() -> None:
    with pytest.raises(gongbao.PageError) as caught:
        gongbao.extract(b"abc\x00def", name="scan.txt")
    error = caught.value
    assert (error.path, error.stage, error.kind) == ("scan.txt", "decode", "not-a-page")
    assert "byte 3" in str(error)
    with pytest.raises(ValueError, match="published"):
        gongbao.extract("x", published="last year")
    with pytest.raises(ValueError, match="the tables are pages, sections"):
        gongbao.tables(SAMPLES, tables=["numbers"])


def test_options_reach_the_pages(tmp_path: Path) -> None:
    page = "全镇植树30亩。"
    assert gongbao.extract(page, published="2022-02-15").document.published == "2022-02-15"
    assert gongbao.extract(page.encode("gb18030"), encoding="GB18030").text == page
    assert gongbao.extract(page, region="临溪县").document.region is not None
    with pytest.raises(ValueError, match=r"words\.toml"):
        words = tmp_path / "words.toml"
        words.write_text("nonsense = [", encoding="utf-8")
        gongbao.extract(page, lexicon=gongbao.Lexicon(words))


def test_tables_are_those_of_every_page() -> None:
    tables = gongbao.tables(SAMPLES, glob=["/*.txt"], threads=2)
    assert tuple(tables) == (*gongbao.TABLES, "errors")
    records = [gongbao.extract(file) for file in PAGES]
    assert tables["pages"].num_rows == len(PAGES)
    assert tables["indicators"].num_rows == sum(len(r.indicators) for r in records)
    assert tables["checks"].num_rows == sum(len(r.checks) for r in records)
    assert tables["errors"].num_rows == 0
    values = tables["indicators"]["value"].to_pylist()
    expected = [x.value for r in records for x in r.indicators]
    assert values == expected
    assert tables["indicators"].schema.field("value").type == pa.decimal128(38, 10)
    assert gongbao.tables([], tables=["checks"])["checks"].schema == tables["checks"].schema


def test_the_order_is_that_of_one_thread() -> None:
    one = gongbao.extract_many(SAMPLES, threads=1, record=True).read_all()
    assert gongbao.extract_many(SAMPLES, threads=4, record=True).read_all().equals(one)


def test_a_stream_can_be_left() -> None:
    batch = pa.record_batch({"path": ["a.txt"] * 1000, "text": ["全镇植树30亩。"] * 1000})
    reader = gongbao.process(batch, content="text")
    assert reader.read_next_batch().num_rows == 64
    del reader


def test_a_page_that_fails_is_a_row(tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text("全镇植树30亩。", encoding="utf-8")
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"\x00\x01")
    batch = pa.record_batch({"path": [str(bad), str(good), None, "none.txt"], "published": ["2021", "2022", "", None]})
    table = gongbao.process(batch, metadata=["published"], record=True).read_all()
    assert table["page"].to_pylist() == [str(bad), str(good), "", "none.txt"]
    kinds = [errors[0]["kind"] if errors else None for errors in table["errors"].to_pylist()]
    assert kinds == ["not-a-page", None, "list", "not-found"]
    assert [len(rows) for rows in table["indicators"].to_pylist()] == [0, 1, 0, 0]
    record = json.loads(table["record"][1].as_py())
    assert record["document"]["published"] == "2022"
    with pytest.raises(ValueError, match="no column"):
        gongbao.process(batch, path="file")


def test_data_frames_read_it_as_it_is() -> None:
    table = gongbao.tables(SAMPLES, glob=["/*.txt"])["indicators"]
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    assert frame["value"].to_list() == table["value"].to_pylist()
    arrow = table.to_pandas(types_mapper=pd.ArrowDtype)
    assert arrow["value"].dropna().tolist() == [x for x in frame["value"].to_list() if x is not None]
    count = duckdb.table("table").filter("unit = '%'").aggregate("count(*)").fetchall()
    assert count == [(table["unit"].to_pylist().count("%"),)]


def test_labels_are_scored() -> None:
    labels = sorted(SAMPLES.glob("*.gold.json"))
    pairs = [(f.read_text(encoding="utf-8"), gongbao.extract(Path(str(f).replace(".gold.json", ".txt")))) for f in labels]
    score = gongbao.evaluate(pairs)
    assert score["pages"] == len(labels) > 20
    assert score["detection"]["f"] > Decimal("0.95")
    worse = gongbao.evaluate([(gold, gongbao.extract("全镇植树30亩。")) for gold, _ in pairs[:1]])
    assert worse["detection"]["f"] < score["detection"]["f"]
    with pytest.raises(ValueError):
        gongbao.evaluate([("{}", pairs[0][1])])


def test_the_schema_is_that_of_the_repository() -> None:
    file = SAMPLES.parent / "schema" / "record.schema.json"
    assert gongbao.schema() == json.loads(file.read_text(encoding="utf-8"))
