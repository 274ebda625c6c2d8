#!/usr/bin/env python3
"""Measure `gongbao batch` on made-up pages and print one table.

usage: benches/batch.py [--pages 100000] [--threads 1,2] [--format csv,parquet] [limits]

Builds in release mode, writes archives of a hundredth, a tenth and all of --pages, and measures pages/s,
MB/s of input, processor time per page, peak memory of the process, bytes of output, and the time that
a finished run takes to find nothing to do. `gongbao extract` on the smallest archive is measured for comparison.
A missed limit, or one on what could not be measured, ends with exit code 1. Standard library only; Linux.
"""
import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=100_000, help="pages of the largest archive")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", default="1,2", help="numbers of threads, on all pages")
    parser.add_argument("--format", default="csv,parquet", help="what batch writes")
    parser.add_argument("--gongbao", type=Path, help="a built command, instead of building one")
    parser.add_argument("--generator", type=Path, help="a built example `pages`, with --gongbao")
    parser.add_argument("--work", type=Path, help="folder for pages and results; kept")
    limits = parser.add_argument_group("limits")
    limits.add_argument("--max-rss-mb", type=float, help="peak memory of any batch")
    limits.add_argument("--min-pages-per-second", type=float, help="of the last batch of --threads")
    limits.add_argument("--max-resume-s", type=float, help="a finished run, run again")
    limits.add_argument("--max-cost-ratio", type=float,
                        help="processor time per page of the largest archive over the smallest's, one thread")
    return parser.parse_args()


def build():
    """The command and the generator, in release mode."""
    subprocess.run(["cargo", "build", "--release", "--locked", "--bins", "--example", "pages"],
                   cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
    return target / "gongbao", target / "examples" / "pages"


class Run:
    """What one command took: seconds, processor seconds, peak memory in bytes."""

    def __init__(self, command):
        command = [str(word) for word in command]
        with tempfile.TemporaryFile() as told:
            start = time.monotonic()
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=told, stderr=told)
            _, status, usage = os.wait4(child.pid, 0)
            self.seconds = time.monotonic() - start
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode != 0:
                told.seek(0)
                message = told.read().decode(errors="replace")[-2000:]
                sys.exit(f"exit code {child.returncode}: {' '.join(command)[:300]}\n{message}")
        self.cpu = usage.ru_utime + usage.ru_stime
        self.rss = usage.ru_maxrss * 1024


def size(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def results(folder):
    """Bytes of the result files, without the journal."""
    return size(folder) - (size(folder / ".gongbao") if (folder / ".gongbao").is_dir() else 0)


def row(name, pages, threads, run, read=None, written=None):
    """Cells of the table; None where there is nothing to say."""
    rates = [f"{pages / run.seconds:.0f}", f"{read / run.seconds / 1e6:.2f}"] if read else ["", ""]
    return [name, str(pages), str(threads), f"{run.seconds:.1f}", *rates,
            f"{run.cpu / pages * 1000:.2f}" if read else "", f"{run.rss / 1e6:.0f}",
            f"{written / 1e6:.1f}" if written is not None else ""]


HEAD = ["run", "pages", "threads", "s", "pages/s", "MB/s", "CPU ms/page", "peak RSS MB", "output MB"]


def table(rows):
    lines = [HEAD, ["---"] + ["---:"] * (len(HEAD) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def cpu():
    """Name of the processor."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or "unknown"


def machine(gongbao):
    version = subprocess.run([gongbao, "--version"], capture_output=True, text=True, check=True)
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT,
                            capture_output=True, text=True)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (f"{version.stdout.strip()} ({commit.stdout.strip() or 'no commit'}), {date.today()}; {cpu()}, "
            f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}")


def measure(options, gongbao, generator, work):
    """Rows of the table, and what limits are held to, by name."""
    rows, known = [], {}
    sizes = sorted({max(1, options.pages // 100), max(1, options.pages // 10), options.pages})
    threads = [int(count) for count in options.threads.split(",")]
    folders = {}
    for pages in sizes:
        folders[pages] = folder = work / f"pages-{pages}"
        shutil.rmtree(folder, ignore_errors=True)
        Run([generator, "--seed", options.seed, "--pages", pages, "--out", folder])
    read = {pages: size(folder) for pages, folder in folders.items()}

    # as many pages as go on a command line
    few = sorted(folders[sizes[0]].rglob("*.txt"))[:10_000]
    out = work / "extract.ndjson"
    run = Run([gongbao, "extract", "--format", "ndjson", "-o", out, *few])
    bytes_read = sum(path.stat().st_size for path in few)
    rows.append(row("extract", len(few), 1, run, bytes_read, out.stat().st_size))

    if subprocess.run([gongbao, "batch", "--help"], capture_output=True).returncode != 0:
        print("this gongbao has no batch; only extract is measured", file=sys.stderr)
        return rows, known

    def batch(pages, count, out):
        return Run([gongbao, "batch", folders[pages], "--out", out, "--format", options.format,
                    "--threads", count, "--quiet"])

    cost = {}
    for pages, count in [(n, threads[0]) for n in sizes[:-1]] + [(sizes[-1], t) for t in threads]:
        out = work / f"out-{pages}-{count}"
        shutil.rmtree(out, ignore_errors=True)
        run = batch(pages, count, out)
        rows.append(row("batch", pages, count, run, read[pages], results(out)))
        cost.setdefault(pages, run.cpu / pages)
        known["rss"] = max(known.get("rss", 0), run.rss / 1e6)
        known["speed"] = pages / run.seconds
    run = batch(sizes[-1], threads[-1], work / f"out-{sizes[-1]}-{threads[-1]}")
    rows.append(row("batch, finished before", sizes[-1], threads[-1], run))
    known["rss"] = max(known["rss"], run.rss / 1e6)
    known["resume"] = run.seconds
    known["ratio"] = cost[sizes[-1]] / cost[sizes[0]]
    return rows, known


def missed(options, known):
    """Limits that do not hold, each as a sentence."""
    limits = [
        ("peak memory, MB", "rss", options.max_rss_mb, 1),
        ("pages/s", "speed", options.min_pages_per_second, -1),
        ("seconds of a finished run", "resume", options.max_resume_s, 1),
        ("cost per page, largest to smallest", "ratio", options.max_cost_ratio, 1),
    ]
    for what, name, limit, sign in limits:
        if limit is None:
            continue
        if name not in known:
            yield f"{what}: not measured, limit {limit:g}"
        elif known[name] * sign > limit * sign:
            yield f"{what}: {known[name]:.2f}, limit {limit:g}"


def main():
    options = arguments()
    if (options.gongbao is None) != (options.generator is None):
        sys.exit("--gongbao and --generator go together")
    if options.pages < 1:
        sys.exit("--pages has to be 1 or more")
    gongbao, generator = (options.gongbao, options.generator) if options.gongbao else build()
    with tempfile.TemporaryDirectory(prefix="gongbao-bench-") as temporary:
        work = options.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        rows, known = measure(options, gongbao.resolve(), generator.resolve(), work)
    print(machine(gongbao.resolve()), end="\n\n")
    print(table(rows))
    failed = list(missed(options, known))
    for line in failed:
        print(f"missed: {line}", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
