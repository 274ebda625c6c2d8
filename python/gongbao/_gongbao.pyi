import os
from collections.abc import Sequence

from typing import Protocol

__version__: str

# of the Arrow PyCapsule interface: anything that speaks it
class ArrowArrayExportable(Protocol):
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]: ...

class ArrowStreamExportable(Protocol):
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

class ArrowSchemaExportable(Protocol):
    def __arrow_c_schema__(self) -> object: ...

class PageError(ValueError): ...

class Reader:
    def __new__(
        cls,
        *,
        encoding: str | None = None,
        format: str | None = None,
        published: str | None = None,
        period: str | None = None,
        region: str | None = None,
        lexicon: Sequence[tuple[str, str]] = (),
        concepts: Sequence[tuple[str, str]] = (),
        meta: str | os.PathLike[str] | None = None,
        name_pattern: str | None = None,
        ocr: str | None = None,
        max_bytes: int | None = None,
        max_lines: int | None = None,
        timeout: int | None = None,
    ) -> Reader: ...
    def extract(self, name: str, content: bytes | None = None) -> str: ...
    def extract_many(
        self,
        paths: Sequence[str | os.PathLike[str]],
        glob: Sequence[str],
        threads: int | None,
        tables: Sequence[str],
        record: bool,
    ) -> ArrowStreamExportable: ...
    def process(
        self,
        batch: ArrowArrayExportable,
        path: str,
        content: str | None,
        metadata: Sequence[str],
        tables: Sequence[str],
        record: bool,
    ) -> ArrowStreamExportable: ...

def table_names() -> list[str]: ...
def frame_schema(tables: Sequence[str], record: bool) -> ArrowSchemaExportable: ...
def schema() -> str: ...
def validated(json: str, pages: Sequence[tuple[str, bytes]]) -> list[str]: ...
def evaluated(pairs: Sequence[tuple[str, str]]) -> str: ...
