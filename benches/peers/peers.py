"""Times a Python package on the pages of a folder: `peers.py NAME SECONDS DIR`.

Prints, separated by tabs, bytes and pages that were done in so many seconds, the seconds of processor time that
they took, and on how many pages it raised an exception. The first page is done once before, as packages load their models with it.
"""
import contextlib
import sys
import time
from pathlib import Path


def cn2an():
    import cn2an as package

    return lambda text: package.transform(text, "cn2an")


def jionlp():
    with contextlib.redirect_stdout(sys.stderr):  # it advertises
        import jionlp as package

    return lambda text: package.ner.extract_money(text, with_parsing=True)


def recognizers():
    import recognizers_suite as package
    from recognizers_text import Culture

    ways = [package.recognize_number, package.recognize_percentage, package.recognize_currency,
            package.recognize_dimension]
    return lambda text: [way(text, Culture.Chinese) for way in ways]


def main():
    name, limit, folder = sys.argv[1:]
    work = {"cn2an": cn2an, "jionlp": jionlp, "recognizers-text-suite": recognizers}[name]()
    paths = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    work(paths[0].read_text(encoding="utf-8")[:100])
    size = pages = failed = spent = 0
    for path in paths:
        text = path.read_text(encoding="utf-8")
        start = time.process_time()
        try:
            work(text)
        except Exception:  # any: the page counts, and is told
            failed += 1
        spent += time.process_time() - start
        size += len(text.encode())
        pages += 1
        if spent >= float(limit):
            break
    print(size, pages, f"{spent:.6f}", failed, sep="\t")


main()
