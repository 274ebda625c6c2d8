"""Writes gongbao/_record.py, the typed record, from schema/record.schema.json; --check only compares."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE / "gongbao" / "_record.py"


def generated() -> str:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "record.py"
        subprocess.run(
            [
                sys.executable, "-W", "ignore", "-m", "datamodel_code_generator",
                "--input", HERE.parent / "schema" / "record.schema.json", "--input-file-type", "jsonschema",
                "--output", out, "--output-model-type", "msgspec.Struct", "--target-python-version", "3.11",
                "--use-standard-collections", "--use-union-operator", "--use-schema-description",
                "--use-field-description", "--disable-timestamp", "--enum-field-as-literal", "all",
                "--class-name", "Record",
            ],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        text = out.read_text(encoding="utf-8")
    # exact decimals, not the doubles that JSON Schema's "number" becomes; records are read only
    text = re.sub(r"Decimal: TypeAlias = Annotated\[.*?\n\]\n(\"\"\".*?\"\"\"\n)?", "", text, count=1, flags=re.S)
    text = text.replace("(Struct):", "(Struct, frozen=True):")
    return text.replace("from typing import", "from decimal import Decimal\nfrom typing import", 1)


if __name__ == "__main__":
    text = generated()
    if "--check" in sys.argv:
        if TARGET.read_text(encoding="utf-8") != text:
            sys.exit("gongbao/_record.py is not what schema/record.schema.json gives: run python/generate.py")
    else:
        TARGET.write_text(text, encoding="utf-8")
