#!/usr/bin/env bash
# Measures gongbao beside what people would use otherwise, on one core, and prints one Markdown table:
# benches/compare.sh [OPTIONS], see benches/compare.py --help.
exec python3 "$(dirname "$0")/compare.py" "$@"
