#!/usr/bin/env python3
"""Make noisy pages out of clean texts, the way columns and PDF text layers spoil them.

usage: vary.py --width N [--measure chars|em] [--spacing joints|all] [--seed N] GOLD_DIR OUT_DIR

For every GOLD_DIR/x.gold.json writes OUT_DIR/x.txt: the clean text (field "text") hard-wrapped at
N characters, indents lost, a blank line between every two lines, a space at every joint of Han
with digits or Latin letters, and

* --spacing joints: a stray space after 1 character in 30, numerals included;
* --spacing all: a space between every two Han characters or marks as well, runs of digits and
  Latin words whole, as PDF text layers have it.

--measure chars counts every character as one; em counts half-width ones as a half, keeps numerals
and Latin words whole and lets no line begin with a closing mark, as typesetters do.

Same seed, same bytes. Standard library only.
"""
import argparse
import json
import random
import unicodedata
from pathlib import Path

NO_LINE_START = "，。、；：？！）》」』”’％%‰"


def wide(char):
    return unicodedata.east_asian_width(char) in "WFA"


def wrap_chars(paragraph, width):
    return [paragraph[i:i + width] for i in range(0, len(paragraph), width)]


def atoms(paragraph):
    """Characters, but numerals and Latin words whole."""
    out = []
    for char in paragraph:
        inside = char.isascii() and (char.isalnum() or char in ".%")
        if inside and out and out[-1].isascii() and (out[-1][-1].isalnum() or out[-1][-1] == "."):
            out[-1] += char
        else:
            out.append(char)
    return out


def wrap_em(paragraph, width):
    lines, line, used = [], "", 0
    for atom in atoms(paragraph):
        size = sum(2 if wide(c) else 1 for c in atom)
        if line and used + size > 2 * width and atom[0] not in NO_LINE_START:
            lines.append(line)
            line, used = "", 0
        line, used = line + atom, used + size
    return lines + [line] if line else lines


def joint(a, b):
    """True between Han and a digit or Latin letter."""
    def han(c):
        return "\u3400" <= c <= "\u9fff"
    def western(c):
        return c.isascii() and c.isalnum()
    return han(a) and western(b) or western(a) and han(b)


def spaced(line, spacing, rng):
    out = []
    for i, char in enumerate(line):
        out.append(char)
        if i + 1 == len(line):
            break
        both_wide = not char.isascii() and not line[i + 1].isascii()
        if joint(char, line[i + 1]) or spacing == "all" and both_wide:
            out.append(" ")
        elif spacing == "joints" and rng.random() < 1 / 30:
            out.append(" ")
    return "".join(out)


def vary(text, width, measure, spacing, rng):
    wrap = wrap_chars if measure == "chars" else wrap_em
    lines = [line for paragraph in text.split("\n") for line in wrap(paragraph, width)]
    return "\n\n".join(spaced(line, spacing, rng) for line in lines) + "\n"


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--width", type=int, required=True)
    ap.add_argument("--measure", choices=["chars", "em"], default="chars")
    ap.add_argument("--spacing", choices=["joints", "all"], default="joints")
    ap.add_argument("--seed", type=int, default=20260101)
    ap.add_argument("gold", type=Path)
    ap.add_argument("out", type=Path)
    a = ap.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    for path in sorted(a.gold.glob("*.gold.json")):
        gold = json.loads(path.read_text("utf-8"))
        name = path.name.removesuffix(".gold.json")
        rng = random.Random(f"{a.seed}/{name}/{a.width}/{a.measure}/{a.spacing}")
        page = vary(gold["text"], a.width, a.measure, a.spacing, rng)
        (a.out / f"{name}.txt").write_text(page, "utf-8")


if __name__ == "__main__":
    main()
