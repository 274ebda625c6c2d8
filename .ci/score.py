#!/usr/bin/env python3
"""Score the built command on the labelled pages and hold it to .ci/floors.toml.

usage: score.py GONGBAO_BINARY SHARED_DIR

Each page is extracted with its gold's document.period as --period and document.year as
--published. Prints one line a group (+engine: CER without white space above the engine's own) and exits with 1 when a floor is not reached. Needs Python
3.11 and nothing else.
"""
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = {
    "detection_f1": lambda s: s["detection"]["f"],
    "detection_p": lambda s: s["detection"]["p"],
    "detection_r": lambda s: s["detection"]["r"],
    "record_f1": lambda s: s["record_f1"],
    **{field: lambda s, field=field: s["fields"][field]
       for field in ("name", "measure", "period", "of", "precision", "basis", "status", "section")},
    "checks_p": lambda s: s["checks"]["p"],
    "checks_r": lambda s: s["checks"]["r"],
    "sections_f1": lambda s: s["sections_f1"],
    "paragraphs_f1": lambda s: s["paragraphs_f1"],
    "max_cer": lambda s: s["cer"],
    "max_cer_over_engine": lambda s: s["cer_flat"] - s["engine_cer"],
    "max_silent": lambda s: s["silent"],
    "gain_r": lambda s: s["gain"],
}


def extract(binary, page, gold, out):
    document = json.loads(gold.read_text("utf-8"))["document"]
    page, *also = page if isinstance(page, tuple) else (page,)
    hints = [f"--{option}={document[key]}" for option, key in (("published", "year"), ("period", "period")) if document.get(key)]
    second = [x for other in also for x in ("--also", other)]
    run = subprocess.run([binary, "extract", "-f", "json", *hints, *second, "-o", out, page], capture_output=True, text=True)
    if run.returncode != 0:
        raise SystemExit(f"{page}: exit code {run.returncode}: {run.stderr.strip()}")


def score(binary, tool, pairs, folder):
    """Summary of tools/score.py over (page, gold) pairs."""
    arguments = []
    for page, gold in pairs:
        first = page[0] if isinstance(page, tuple) else page
        out = folder / f"{first.parent.name}-{first.name}.json"
        extract(binary, page, gold, out)
        arguments += [gold, out]
    run = subprocess.run([sys.executable, tool, "--json", *arguments], capture_output=True, text=True)
    if run.returncode != 0:
        raise SystemExit(f"{tool}: {run.stderr.strip()}")
    summary = json.loads(run.stdout.splitlines()[-1])
    rates = [json.loads(gold.read_text("utf-8")).get("engine_cer", 0) for _, gold in pairs]
    return summary | {"engine_cer": sum(rates) / max(1, len(rates))}


def groups(shared, folder):
    """Name of each group, and its (page, gold) pairs."""
    golds = sorted((shared / "gold").glob("*.gold.json"))
    def name(gold):
        return gold.name.removesuffix(".gold.json")
    def of(pages, golds):
        return [(pages / f"{name(g)}.txt", g) for g in golds]
    yield "corpus", of(shared / "corpus", golds)
    yield "jiangxian", of(shared / "corpus", [g for g in golds if name(g) == "jiangxian-2021"])
    yield "samples", of(ROOT / "samples", sorted((ROOT / "samples").glob("*.gold.json")))
    waterworks = ROOT / "samples/waterworks.gold.json"
    formats = (p for p in sorted((ROOT / "samples").glob("waterworks.*")) if p != waterworks)
    yield "formats", [(page, waterworks) for page in formats]
    for spacing in ("joints", "all"):
        for measure in ("chars", "em"):
            for width in ("18", "9", "40"):
                group = f"{width}-{measure}-{spacing}"
                pages = folder / "pages" / group
                subprocess.run(
                    [sys.executable, ROOT / "tests/noise/vary.py", "--width", width, "--measure", measure,
                     "--spacing", spacing, shared / "gold", pages], check=True)
                yield group, of(pages, golds)
    def read(level, page, gold):
        folders = [(shared / "ocr" / f"{name(g)}-{level}", g) for g in golds]
        pages = [page] if isinstance(page, str) else page
        def path(folder):
            paths = tuple(folder / p for p in pages)
            return paths if len(paths) > 1 else paths[0]
        return [(path(folder), folder / gold if gold else clean) for folder, clean in folders]
    for level in ("light", "medium"):
        yield f"tesseract-{level}", read(level, "tesseract.txt", "tesseract-text.gold.json")
    yield "pdftotext", read("digital", "pdftotext.txt", "pdftotext.gold.json")
    # with boxes
    for level in ("light", "medium"):
        yield f"hocr-{level}", read(level, "tesseract.hocr", "tesseract.gold.json")
        yield f"rapidocr-{level}", read(level, "rapidocr.json", "rapidocr.gold.json")
    yield "xhtml", read("digital", "pdftotext.xhtml", "pdftotext.gold.json")
    # against all that was printed: what two engines together are worth
    for level in ("light", "medium"):
        yield f"printed-hocr-{level}", read(level, "tesseract.hocr", None)
        yield f"printed-rapidocr-{level}", read(level, "rapidocr.json", None)
        yield f"printed-both-{level}", read(level, ("rapidocr.json", "tesseract.hocr"), None)


def main():
    binary, shared = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    tool = shared / "tools/score.py"
    floors = tomllib.loads((ROOT / ".ci/floors.toml").read_text("utf-8"))
    wanted = sys.argv[3:]
    failures = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        jobs = []
        for group, pairs in groups(shared, folder):
            if wanted and group not in wanted:
                continue
            out = folder / "records" / group
            out.mkdir(parents=True)
            jobs.append((group, pairs, out))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = list(pool.map(lambda job: score(binary, tool, *job[1:]), jobs))
    # what two engines together find, above the better one alone
    recall = {group: s["detection"]["r"] for (group, _, _), s in zip(jobs, found)}
    for (group, _, _), s in zip(jobs, found):
        alone = [recall.get(group.replace("-both-", f"-{engine}-"), 0) for engine in ("hocr", "rapidocr")]
        s["gain"] = recall[group] - max(alone)
    print(f"{'group':<22} {'det.F1':>7} {'det.R':>7} {'rec.F1':>7} {'sect.F1':>7} {'para.F1':>7} {'CER':>7} {'+engine':>7} {'silent':>7}")
    for (group, _, _), s in zip(jobs, found):
        print(f"{group:<22} {s['detection']['f']:7.3f} {s['detection']['r']:7.3f} {s['record_f1']:7.3f} {s['sections_f1']:7.3f} "
              f"{s['paragraphs_f1']:7.3f} {s['cer']:7.4f} "
              f"{s['cer_flat'] - s['engine_cer']:7.4f} {s['silent']:7.4f}")
        for measure, floor in floors.pop(group, {}).items():
            value = NAMES[measure](s)
            if value > floor if measure.startswith("max_") else value < floor:
                failures.append(f"{group}: {measure} is {value:.4f}, the floor is {floor}")
        if group == "corpus":
            print("    fields  " + "  ".join(f"{k} {v:.3f}" for k, v in s["fields"].items()))
    if not wanted:
        failures += [f"floors.toml names a group that was not scored: {group}" for group in floors]
    print("\n".join(failures) if failures else "all floors hold")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
