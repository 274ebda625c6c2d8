#!/usr/bin/env python3
"""Opens what `gongbao batch` wrote with the tools that people use, and holds it against the records.

    python3 -m venv VENV && VENV/bin/pip install -r .ci/requirements.txt
    VENV/bin/python .ci/tables.py OUTDIR

OUTDIR has ndjson/*.ndjson, from which all that is expected is worked out with exact decimals, and any of
csv/, parquet/, sdmx/ and datapackage.json. CSV is read by pandas and DuckDB, Parquet by pandas and DuckDB,
SDMX-CSV by pysdmx, the data package validated by frictionless. Row counts, sums and, key by key, values
must be equal. Exit code 1 and a line for each difference otherwise.
"""

import json
import re
import sys
from collections import Counter
from decimal import Context, Decimal, Inexact, localcontext
from pathlib import Path

import duckdb
import pandas
from frictionless import validate
from pysdmx.io import read_sdmx

ROOT = Path(__file__).resolve().parent.parent
TABLES = ["pages", "sections", "indicators", "checks", "diagnostics"]
# Digits behind the point of decimals in Parquet, SCALE in src/write/tables/parquet.rs.
SCALE = 10


class Failures:
    """Differences found so far."""

    def __init__(self):
        self.lines = []
        self.checked = 0

    def equal(self, what, found, expected):
        self.checked += 1
        if found != expected:
            self.lines.append(f"{what}: found {short(found)}, expected {short(expected)}")

    def true(self, what, holds):
        self.equal(what, bool(holds), True)


def short(value):
    text = repr(value)
    return text if len(text) <= 300 else text[:300] + "…"


def schema(table):
    return json.loads((ROOT / f"schema/tables/{table}.json").read_text(encoding="utf-8"))


def columns(table, kind=None):
    fields = schema(table)["fields"]
    return [f["name"] for f in fields if kind in (None, f["type"])]


def partitions(folder, table, extension):
    """The files of a table in the order of their rows: indicators, indicators-2, …, indicators-10."""
    named = re.compile(rf"{table}(?:-(\d+))?\.{extension}")
    found = [(named.fullmatch(p.name), p) for p in folder.iterdir()]
    numbered = sorted((int(m[1] or 1), p) for m, p in found if m)
    assert [n for n, _ in numbered] == list(range(1, len(numbered) + 1)), f"{folder}: a file of {table} is missing"
    return [path for _, path in numbered]


# --- what is expected, from the records


def records(out):
    for path in partitions(out / "ndjson", "records", "ndjson"):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line, parse_float=Decimal)


def place(record, source):
    """Columns that every table has for `source`."""
    if source is None:
        return {"source_file": None, "source_start": None, "source_end": None, "line": None}
    pieces = source["pieces"] or []
    other = bool(pieces) and pieces[0]["file"] != record["source"]["name"]
    return {
        "source_file": pieces[0]["file"] if other else None,
        "source_start": source["start"],
        "source_end": source["end"],
        "line": source["line"],
    }


def number(value):
    return None if value is None else str(value)


def expected_rows(record):
    """What rows of each table must have, by their columns; numbers with their digits as text."""
    page = record["source"]["name"]
    document = record["document"]
    region, period = document["region"] or {}, document["period"] or {}
    code = region.get("code")
    yield "pages", {
        "page": page,
        "sha256": record["source"]["sha256"],
        "bytes": record["source"]["bytes"],
        "title": document["title"],
        "region_name": region.get("name"),
        "region_code": code and f"CN{code}",
        "period_start": period.get("start"),
        "period_end": period.get("end"),
        "published": document["published"],
        "paper": next((m["value"] for m in record["source"]["metadata"] or [] if m["key"] == "paper"), None),
        "sections": len(record["sections"]),
        "indicators": len(record["indicators"]),
        "checks": len(record["checks"]),
        "mismatches": sum(c["status"] == "mismatch" for c in record["checks"]),
        "repairs": len(record["repairs"]),
        "diagnostics": len(record["diagnostics"]),
        "source_start": 0,
        "source_end": record["source"]["bytes"],
        "mention": document["title"],
    }
    for x in record["sections"]:
        yield "sections", {
            "page": page,
            "id": x["id"],
            "parent": x["parent"],
            "level": x["level"],
            "number": x["number"],
            "style": x["style"],
            "title": x["title"],
            "mention": x["label"] + x["title"],
            **place(record, x["source"]),
        }
    decided = {c["indicator"]: c for c in record["corrections"]}
    for x in record["indicators"]:
        period = x["period"] or {}
        correction = decided.get(x["id"], {})
        yield "indicators", {
            "page": page,
            "id": x["id"],
            "section": x["section"],
            "name": x["name"],
            "measure": x["measure"],
            "value": number(x["value"]),
            "unit": x["unit"],
            "base_value": number(x["base_value"]),
            "base_unit": x["base_unit"],
            "components": x["components"] and ":".join(map(str, x["components"])),
            "decision": correction.get("decision"),
            "read_value": number(correction.get("read")),
            "precision": x["precision"],
            "lower": number(x["lower"]),
            "upper": number(x["upper"]),
            "basis": x["basis"],
            "period_start": period.get("start"),
            "period_end": period.get("end"),
            "period_inherited": period.get("inherited"),
            "status": x["status"],
            "of_indicator": x["of"],
            "relation": x["relation"],
            "quote": x["quote"],
            "text_start": x["start"],
            "text_end": x["end"],
            "confidence": number(x["source"]["confidence"]),
            "mention": x["mention"],
            **place(record, x["source"]),
        }
        if x["value"] is not None and x["period"]:
            yield "observations", {
                "PAGE": page,
                "ID": x["id"],
                "OBS_VALUE": x["value"],
                "base_value": x["base_value"],
                "UNIT_MEASURE": x["base_unit"] or "_Z",
                "INDICATOR": x["concept"] or x["name"] or "_X",
                "REF_AREA": (code and f"CN{code}") or region.get("name") or "_X",
                "MENTION": x["mention"],
                "SOURCE_START": str(x["source"]["start"]),
            }
    for n, x in enumerate(record["checks"], 1):
        yield "checks", {
            "page": page,
            "id": f"c{n}",
            "kind": x["kind"],
            "status": x["status"],
            "total": x["total"],
            "parts": " ".join(x["parts"]),
            "expected": number(x["expected"]),
            "actual": number(x["actual"]),
        }
    for n, x in enumerate(record["diagnostics"], 1):
        spanned = x["start"] is not None
        yield "diagnostics", {
            "page": page,
            "id": f"d{n}",
            "severity": x["severity"],
            "code": x["code"],
            "message": x["message"],
            "mention": record["text"][x["start"] : x["end"]] if spanned else None,
            **place(record, x["source"]),
        }


def expected(out):
    """{table: {key: row}}; an empty text is none."""
    tables = {table: {} for table in [*TABLES, "observations"]}
    for record in records(out):
        for table, row in expected_rows(record):
            row = {k: None if v == "" else v for k, v in row.items()}
            key = tuple(row[k] for k in schema(table)["primaryKey"])
            assert key not in tables[table], f"two records of {key}"
            tables[table][key] = row
    return tables


def total(values):
    """The exact sum."""
    with localcontext(Context(prec=200, traps=[Inexact])):
        return sum((Decimal(v) for v in values if v is not None), Decimal(0))


def as_text(value):
    """A value of the record as CSV has it."""
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


# --- what the tools read


def check_rows(say, table, found, want, what, same):
    """`found`: rows by key, of which `same(found, expected)` are to hold for each column of `want`."""
    say.equal(f"{what}: keys", sorted(found.keys() ^ want.keys())[:3], [])
    for key, row in want.items():
        if key not in found:
            continue
        wrong = [c for c, v in row.items() if c in found[key] and not same(found[key][c], v)]
        if wrong:
            say.equal(f"{what} {key} {wrong[0]}", found[key][wrong[0]], row[wrong[0]])


def check_csv(say, out, want):
    for table in TABLES:
        files = partitions(out / "csv", table, "csv")
        say.true(f"csv: files of {table}", files)
        texts = [pandas.read_csv(f, dtype=str, keep_default_na=False, na_values=[]) for f in files]
        for f, frame in zip(files, texts):
            say.equal(f"{f}: columns", list(frame.columns), columns(table))
        frame = pandas.concat(texts, ignore_index=True)
        say.equal(f"csv {table}: rows in pandas", len(frame), len(want[table]))
        rows = [{k: v or None for k, v in row.items()} for row in frame.to_dict("records")]
        say.true(f"csv {table}: no carriage return", all(b"\r\n" not in f.read_bytes() for f in files))
        keys = schema(table)["primaryKey"]
        found = {tuple(row[k] for k in keys): row for row in rows}
        say.equal(f"csv {table}: rows with a key of their own", len(found), len(rows))
        check_rows(say, table, found, want[table], f"csv {table}", lambda a, b: a == as_text(b))
        for column in columns(table, "number"):
            if column == "confidence" and table != "indicators":
                continue
            values = [row[column] for row in want[table].values()]
            say.equal(f"csv {table}: sum of {column}", total(r[column] for r in rows), total(values))
        # as people read it: numbers as numbers, codes as text
        parts = [pandas.read_csv(f) for f in files]
        parts = [part for part in parts if len(part)] or parts[:1]  # without rows, nothing has a type
        plain = pandas.concat(parts, ignore_index=True)
        for column in columns(table, "number") + columns(table, "integer"):
            is_number = pandas.api.types.is_numeric_dtype(plain[column])
            say.true(f"csv {table}: {column} is a number in pandas", is_number or plain[column].isna().all())
        for column in columns(table, "string"):
            is_number = pandas.api.types.is_numeric_dtype(plain[column])
            say.true(f"csv {table}: {column} is text in pandas", not is_number or plain[column].isna().all())
        names = [str(f) for f in files]
        count = duckdb.sql(f"SELECT count(*) FROM read_csv({names!r}, header=true)").fetchall()[0][0]
        say.equal(f"csv {table}: rows in DuckDB", count, len(want[table]))


def same_typed(found, value):
    """True when a cell of Parquet is what the record says."""
    if found is None or value is None:
        return found is None and value is None
    if isinstance(found, Decimal):
        return found == Decimal(value)
    if isinstance(value, (bool, int)):
        return found == value
    return str(found) == value


def fits(value):
    """True when a decimal has no more digits behind the point than Parquet's column."""
    return value is None or Decimal(value).normalize().as_tuple().exponent >= -SCALE


def check_parquet(say, out, want):
    for table in TABLES:
        files = partitions(out / "parquet", table, "parquet")
        say.true(f"parquet: files of {table}", files)
        names = [str(f) for f in files]
        relation = duckdb.read_parquet(names)
        keys = schema(table)["primaryKey"]
        numbers = columns(table, "number")
        types = dict(zip(relation.columns, map(str, relation.types)))
        for column in numbers:
            say.equal(f"parquet {table}.{column}", types[column], f"DECIMAL(38,{SCALE})")
            say.equal(f"parquet {table}.{column}_float", types[f"{column}_float"], "DOUBLE")
        for kind, sql in {"integer": "BIGINT", "date": "DATE", "boolean": "BOOLEAN", "string": "VARCHAR"}.items():
            for column in columns(table, kind):
                say.equal(f"parquet {table}.{column}", types[column], sql)
        # each column by its bare name: none is a word of SQL's
        bare = duckdb.sql(f"SELECT {', '.join(relation.columns)} FROM read_parquet({names!r})")
        rows = [dict(zip(relation.columns, row)) for row in bare.fetchall()]
        say.equal(f"parquet {table}: rows in DuckDB", len(rows), len(want[table]))
        found = {tuple(row[k] for k in keys): row for row in rows}
        exact = {
            key: {c: v for c, v in row.items() if c not in numbers or fits(v)}
            for key, row in want[table].items()
        }
        check_rows(say, table, found, exact, f"parquet {table} in DuckDB", same_typed)
        frame = pandas.concat([pandas.read_parquet(f) for f in files], ignore_index=True)
        say.equal(f"parquet {table}: rows in pandas", len(frame), len(want[table]))
        for column in numbers:
            if column == "confidence" and table != "indicators":
                continue
            values = [row[column] for row in want[table].values() if row[column] is not None]
            fitting = total(v for v in values if fits(v))
            in_duckdb = bare.aggregate(f"sum({column})").fetchall()[0][0]
            say.equal(f"parquet {table}: sum of {column} in DuckDB", in_duckdb or Decimal(0), fitting)
            in_pandas = total(v for v in frame[column] if not pandas.isna(v))
            say.equal(f"parquet {table}: sum of {column} in pandas", in_pandas, fitting)
            floats = Counter(v for v in frame[f"{column}_float"] if not pandas.isna(v))
            say.equal(f"parquet {table}: {column}_float", floats, Counter(map(float, values)))


def check_sdmx(say, out, want):
    want = want["observations"]
    found = {}
    count = 0
    for path in partitions(out / "sdmx", "observations", "csv"):
        # pysdmx cannot say of which structure a file without rows is
        if len(path.read_text(encoding="utf-8-sig").splitlines()) < 2:
            continue
        for data in read_sdmx(path).data:
            say.equal(f"{path}: structure", str(data.structure), "Dataflow=GONGBAO:OBSERVATIONS(1.0)")
            expected_columns = [c for c in columns("observations") if not c.startswith("STRUCTURE")]
            expected_columns.remove("ACTION")
            say.equal(f"{path}: columns", list(data.data.columns), expected_columns)
            for row in data.data.to_dict("records"):
                count += 1
                found[row["PAGE"], row["ID"]] = row
    say.equal("sdmx: rows", count, len(want))
    say.true("sdmx: observations", count)

    def same(found, value):
        # pysdmx takes numbers through doubles, which loses zeros at the end
        return Decimal(found) == value if isinstance(value, (int, Decimal)) else found == value

    check_rows(say, "observations", found, want, "sdmx", same)
    say.equal(
        "sdmx: sum of OBS_VALUE",
        total(row["OBS_VALUE"] for row in found.values()),
        total(row["OBS_VALUE"] for row in want.values()),
    )
    with localcontext(Context(prec=200, traps=[Inexact])):
        for key, row in found.items():
            if key in want and want[key]["base_value"] is not None:
                value = Decimal(row["OBS_VALUE"]).scaleb(int(row["UNIT_MULT"]))
                say.equal(f"sdmx {key}: value times multiplier", value, Decimal(want[key]["base_value"]))


def check_package(say, out):
    report = validate(str(out / "datapackage.json"))
    problems = report.flatten(["name", "type", "rowNumber", "fieldName", "note"])
    say.equal("datapackage.json: frictionless", problems[:3], [])
    say.true("datapackage.json: valid", report.valid)
    package = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))
    listed = []
    for resource in package["resources"]:
        paths = resource["path"]
        listed += [paths] if isinstance(paths, str) else paths
    folders = [f for f in ["csv", "parquet", "sdmx"] if (out / f).is_dir()]
    files = [f"{f}/{p.name}" for f in folders for p in (out / f).iterdir()]
    say.equal("datapackage.json: the files that it lists", sorted(listed), sorted(files))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = Path(sys.argv[1])
    want = expected(out)
    say = Failures()
    say.true("ndjson: records", want["pages"])
    checks = {"csv": check_csv, "parquet": check_parquet, "sdmx": check_sdmx}
    done = [folder for folder in checks if (out / folder).is_dir()]
    say.true("csv, parquet or sdmx", done)
    for folder in done:
        checks[folder](say, out, want)
    check_package(say, out)
    for line in say.lines:
        print(line, file=sys.stderr)
    counts = ", ".join(f"{len(rows)} {table}" for table, rows in want.items())
    if say.lines:
        sys.exit(f"{out}: {len(say.lines)} of {say.checked} checks failed ({counts})")
    print(f"{out}: {', '.join(done)} and datapackage.json agree with the records: {counts}")


if __name__ == "__main__":
    main()
