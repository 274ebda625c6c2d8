#!/usr/bin/env python3
"""Measure gongbao beside other programs, on one core, and print one Markdown table.

usage: benches/compare.sh [--mb 100] [--seconds 5] [--flat] [--update docs/performance.md] [--no-peers] [limits]

Builds in release mode, writes --mb of made-up pages, all in UTF-8, and measures in MB/s of input and pages/s of
processor time: the pipeline from bytes to JSON in one go, each of its stages, and beside them

  (a) reading the bytes and seeing that they are UTF-8, all pages in one file
  (b) ripgrep counting [0-9]+(\\.[0-9]+)? in the same file
  (c) what reads Chinese numbers otherwise, each on as many pages as it does in --seconds

and the same on ../shared where it is. Then the time from start to end of `gongbao extract` on one small page, and
its peak memory on pages of 1 and 10 MB. Programs that are missing are said to be; ripgrep (`rg`) has to be on the
path, the others are fetched into target/. A missed limit, or one on what could not be measured, ends with exit
code 1. Linux; needs nothing but Python.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from batch import Run, machine

ROOT = Path(__file__).resolve().parent.parent
NUMBER = r"[0-9]+(\.[0-9]+)?"
PAGE = 4640  # bytes of a made-up page, about
MISSING = "**missing**"
MARKS = "<!-- compare.sh -->\n", "<!-- end of compare.sh -->\n"
PEERS = {  # what each does of the work
    "chinese2digits 1.0.0": "Rust: finds numbers, Han numerals as digits; no units, no names",
    "cn2an": "Python: Han numerals in a text to digits; nothing else",
    "jionlp": "Python: finds sums of money, with their values; nothing else",
    "recognizers-text-suite": "Python: numbers, percentages, money and measures, with values and units; no names, sections or checks",
}


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mb", type=float, default=100, help="made-up pages")
    parser.add_argument("--rounds", type=int, default=3, help="measure so often, tell the least")
    parser.add_argument("--seconds", type=float, default=5, help="for each program of (c)")
    parser.add_argument("--core", type=int, default=0, help="the processor core")
    parser.add_argument("--no-peers", action="store_true", help="neither (b) nor (c)")
    parser.add_argument("--flat", action="store_true",
                        help="the example `flat`, too: cost of a byte in pages of 1 KB to 10 MB; takes minutes")
    parser.add_argument("--update", type=Path, help="put what is printed into this file, where it is marked")
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("GONGBAO_SHARED", ROOT.parent / "shared")))
    parser.add_argument("--built", type=Path, help="folder with a built gongbao and examples/, instead of building")
    parser.add_argument("--work", type=Path, help="folder for pages; kept")
    limits = parser.add_argument_group("limits")
    limits.add_argument("--min-mb-s", type=float, help="the pipeline, in MB/s")
    limits.add_argument("--max-times-rg", type=float, help="the pipeline's time over (b)'s")
    limits.add_argument("--max-times-regex", type=float,
                        help="the pipeline's time over that of the crate regex for (b)'s work, which needs no rg")
    limits.add_argument("--max-startup-ms", type=float, help="one small page, median of processor time")
    limits.add_argument("--max-memory", type=float, help="peak memory over the size of a page of 1 or 10 MB")
    return parser.parse_args()


def build():
    """Folder of the command and the examples, in release mode."""
    subprocess.run(["cargo", "build", "--release", "--locked", "--bins", "--example", "pages",
                    "--example", "stages", "--example", "flat"], cwd=ROOT, check=True)
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"


def loudly(what, error):
    print(f"!! {what}: not measured: {error}", file=sys.stderr)


class Input:
    """The pages of a folder or named, and all of them in one file."""

    def __init__(self, paths, pages, file):
        self.paths = paths
        self.pages = pages
        self.file = file
        with file.open("wb") as out:
            for page in self.pages:
                out.write(page.read_bytes())
        self.bytes = file.stat().st_size


def stages(built, options, *words):
    """Seconds by name, as the example `stages` tells them."""
    command = [built / "examples" / "stages", "--tsv", "--rounds", str(options.rounds), *words]
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return {name: float(seconds) for name, seconds, *_ in (line.split("\t") for line in told.splitlines())}


def ripgrep(file, options):
    """Seconds of (b), or None."""
    if options.no_peers:
        return None
    if shutil.which("rg") is None:
        loudly("(b) ripgrep", "no rg on the path (apt install ripgrep, cargo install ripgrep)")
        return None
    return min(Run(["rg", "--count-matches", "-j1", NUMBER, file]).cpu for _ in range(max(3, options.rounds)))


def peers(folder, options):
    """Yields the name of each program of (c) with bytes, pages, seconds and pages that it fails on, or None."""
    rust = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "peers"
    venv = ROOT / "target" / "peers-venv"
    pins = (ROOT / "benches" / "peers" / "requirements.txt").read_text().splitlines()
    names = {name.split("==")[0]: name.split("#")[0].strip() for name in pins}

    def chinese2digits():
        run = ["cargo", "build", "--quiet", "--release", "--locked", "--target-dir", rust]
        subprocess.run(run, cwd=ROOT / "benches" / "peers", check=True)
        return [rust / "release" / "peers"]

    def package(name):
        if not (venv / "bin" / "pip").exists():
            subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        wanted = [names[name]] + ([names["emoji"]] if name.startswith("recognizers") else [])
        subprocess.run([venv / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", *wanted], check=True)
        return [venv / "bin" / "python", ROOT / "benches" / "peers" / "peers.py", name]

    for name in PEERS:
        try:
            command = chinese2digits() if name.startswith("chinese2digits") else package(name)
            run = subprocess.run([*command, str(options.seconds), folder], capture_output=True, text=True,
                                 timeout=60 + 20 * options.seconds)
            if run.returncode != 0:
                raise ValueError(run.stderr[-500:])
            size, pages, seconds, failed = run.stdout.split("\t")
            yield name, (int(size), int(pages), float(seconds), int(failed))
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            loudly(f"(c) {name}", error)
            yield name, None


def startup(gongbao, page):
    """Milliseconds of 50 runs: median and worst from start to end, median of the processor's."""
    taken, worked = [], []
    for _ in range(50):
        begun = time.perf_counter()
        child = os.posix_spawn(gongbao, [str(gongbao), "extract", str(page), "-o", os.devnull], os.environ)
        _, status, usage = os.wait4(child, 0)
        taken.append((time.perf_counter() - begun) * 1000)
        worked.append((usage.ru_utime + usage.ru_stime) * 1000)
        if status != 0:
            sys.exit(f"gongbao extract {page}: exit code {os.waitstatus_to_exitcode(status)}")
    return statistics.median(taken), max(taken), statistics.median(worked)


# Starts a program and tells its peak memory. A process begins with the peak of the one that starts it, so
# that has to be a small one.
PEAK = """
import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
print(usage.ru_maxrss * 1024)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def memory(gongbao, text, work):
    """Peak memory on pages of 1 and 10 MB, less that on a page of a few characters, over the page's size."""
    def peak(page):
        words = [gongbao, "extract", page, "-f", "ndjson", "-o", os.devnull]
        run = subprocess.run([sys.executable, "-I", "-S", "-c", PEAK, *words], stdout=subprocess.PIPE, check=True)
        return int(run.stdout)

    tiny = work / "tiny.txt"
    tiny.write_text("全年新增企业992户。\n", encoding="utf-8")
    base, times = peak(tiny), {}
    for size in (1_000_000, 10_000_000):
        page = work / f"page-{size}.txt"
        long = text * (size // len(text) + 1)
        page.write_bytes(long[:long.rindex(b"\n", 0, size) + 1])
        times[size // 1_000_000] = (peak(page) - base) / page.stat().st_size
    return base, times


def small(work):
    """A page of a few lines."""
    page = work / "small.txt"
    page.write_text("一、工业\n全年规模以上工业增加值12.5亿元，同比增长7.3%。其中：采矿业3.5亿元，制造业9亿元。\n"
                    "二、农业\n粮食总产量三十二万吨，比上年增长1.2%。\n", encoding="utf-8")
    return page


HEAD = ["", "MB/s", "pages/s", "× (a)", "× (b)", "target", "on `../shared`: MB/s", "× (a)", "× (b)", "what it does"]


def rows(made, shared):
    """Lines of the table. `made` and `shared` hold bytes, pages, seconds by name and None for what is missing."""
    def rates(at, name):
        seconds = at["seconds"].get(name)
        if not seconds:
            return [MISSING, MISSING, "", ""]
        times = [f"{seconds / at['seconds'][base]:.1f}" if at["seconds"].get(base) else "" for base in "ab"]
        return [f"{at['bytes'] / seconds / 1e6:.2f}", f"{at['pages'] / seconds:.0f}", *times]

    def row(label, name, target="", does=""):
        speed, pages, *times = rates(made, name)
        there = rates(shared, name) if shared else ["", "", "", ""]
        return [label, speed, pages, *times, target, there[0], *there[2:], does]

    yield row("**gongbao, bytes to JSON**", "pipeline", "≥ 40 MB/s (aim 100), ≤ 10 × (b) (aim 4)",
              "everything: clean text, sections, numbers with unit, name, period and place, checks; JSON")
    for stage in made["stages"]:
        yield row(f"– {stage}", stage)
    yield row("(a) read, UTF-8 validated", "a", does="nothing")
    if made["peers"]:
        yield row(f"(b) ripgrep `{NUMBER}`".replace("|", "\\|"), "b", does="counts runs of ASCII digits")
    yield row("the same by the crate regex", "regex", does="as (b), without ripgrep's program")
    for name, found in made["peers"].items():
        if found is None:
            yield [f"(c) {name}", MISSING, MISSING, "", "", "", "", "", "", PEERS[name]]
            continue
        size, pages, seconds, failed = found
        a, b = (f"{seconds / size / (made['seconds'][base] / made['bytes']):.0f}" if made["seconds"].get(base) else ""
                for base in "ab")
        does = f"{PEERS[name]} (on {size / 1e6:.2f} MB, {pages} pages" + (f"; **fails on {failed}**)" if failed else ")")
        speed = size / seconds / 1e6
        yield [f"(c) {name}", f"{speed:.3g}", f"{pages / seconds:.0f}", a, b, "", "", "", "", does]


def table(lines):
    lines = [HEAD, ["---"] + ["---:"] * 4 + ["---"] + ["---:"] * 3 + ["---"], *lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def flat(built):
    """The table of the example `flat`; what grows is said in it."""
    run = subprocess.run([built / "examples" / "flat"], stdout=subprocess.PIPE, text=True)
    if run.returncode != 0:
        loudly("cost of a byte", "it grows, or not all pages were done")
    return run.stdout


def report(head, speeds, start, peaks, grown):
    """All that is printed."""
    (median, worst, worked), (base, times) = start, peaks
    lines = [head, "", speeds, "", "| `gongbao extract` | | target |", "| --- | ---: | ---: |",
             f"| one small page, start to end, median of 50 runs | {median:.1f} ms | < 15 ms |",
             f"| the slowest of these | {worst:.1f} ms | |",
             f"| processor time of one, median | {worked:.1f} ms | |",
             f"| peak memory, a page of a few characters | {base / 1e6:.1f} MB | |"]
    lines += [f"| what a page of {size} MB takes more, over its size | {ratio:.1f} × | ≤ 12 × |"
              for size, ratio in times.items()]
    if grown is not None:
        lines += ["", "Nanoseconds a byte, by size of the page, of ordinary text and of pages of one kind of thing only "
                  "(growth from 100 KB to 10 MB):", "", grown.rstrip("\n")]
    return "\n".join(lines)


def update(file, text):
    """Puts `text` into the marked place of `file`."""
    whole = file.read_text(encoding="utf-8")
    before, mark, rest = whole.partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not (mark and end):
        sys.exit(f"{file}: {MARKS[0].strip()} or {MARKS[1].strip()} is missing")
    file.write_text(f"{before}{mark}\n{text}\n\n{end}{after}", encoding="utf-8")


def measure(built, given, options, with_peers):
    """Bytes, pages, and seconds by name of an input; of made-up pages the programs of (c), too."""
    seconds = stages(built, options, *given.paths)
    names = [name for name in seconds if name not in ("all", "pipeline")]
    floor = stages(built, options, "--floor", given.file)
    seconds |= {"a": floor["utf8"], "regex": floor["regex"], "b": ripgrep(given.file, options)}
    found = dict(peers(given.paths[0], options)) if with_peers else {}
    return {"bytes": given.bytes, "pages": len(given.pages), "seconds": seconds, "stages": names, "peers": found}


def missed(options, known):
    """Limits that do not hold, each as a sentence."""
    limits = [
        ("MB/s, bytes to JSON", "speed", options.min_mb_s, -1),
        ("time, bytes to JSON, over ripgrep's", "rg", options.max_times_rg, 1),
        ("time, bytes to JSON, over that of the crate regex", "regex", options.max_times_regex, 1),
        ("start-up, ms of processor time", "startup", options.max_startup_ms, 1),
        ("memory over size of the page", "memory", options.max_memory, 1),
    ]
    for what, name, limit, sign in limits:
        if limit is None:
            continue
        if known.get(name) is None:
            yield f"{what}: not measured, limit {limit:g}"
        elif known[name] * sign > limit * sign:
            yield f"{what}: {known[name]:.2f}, limit {limit:g}"


def main():
    options = arguments()
    built = (options.built or build()).resolve()
    os.sched_setaffinity(0, {options.core})
    with tempfile.TemporaryDirectory(prefix="gongbao-compare-") as temporary:
        work = options.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        folder = work / "pages"
        shutil.rmtree(folder, ignore_errors=True)
        pages = max(1, round(options.mb * 1e6 / PAGE))
        Run([built / "examples" / "pages", "--utf8", "--pages", pages, "--out", folder])
        made = Input([folder], sorted(folder.rglob("*.txt")), work / "all.txt")
        gongbao = built / "gongbao"
        results = measure(built, made, options, not options.no_peers)
        named = [page for name in ("corpus", "unlabelled") for page in sorted((options.shared / name).glob("*.txt"))]
        shared = measure(built, Input(named, named, work / "shared.txt"), options, False) if named else None
        start = startup(gongbao, small(work))
        with made.file.open("rb") as text:
            base, times = memory(gongbao, text.read(10_500_000), work)
        grown = flat(built) if options.flat else None
    text = report(f"{machine(gongbao)}; {made.bytes / 1e6:.0f} MB, {len(made.pages)} pages, one core",
                  table(rows(results, shared)), start, (base, times), grown)
    print(text)
    if options.update:
        update(options.update, text)
    seconds = results["seconds"]
    known = {"speed": made.bytes / seconds["pipeline"] / 1e6, "startup": start[2], "memory": max(times.values()),
             "regex": seconds["pipeline"] / seconds["regex"]}
    if seconds["b"]:
        known["rg"] = seconds["pipeline"] / seconds["b"]
    failed = list(missed(options, known))
    for line in failed:
        print(f"missed: {line}", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
