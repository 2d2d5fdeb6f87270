"""Templates are compiled once: every application has an environment of its own, and tests make thousands.

What was compiled is kept for later runs too, as Python keeps its own; a template that has changed is compiled again.
"""

from functools import partialmethod
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

_FOLDER = Path(__file__).parents[3] / ".pytest_cache" / "templates"


class _Compiled(jinja2.FileSystemBytecodeCache):
    """Keeps what was compiled in a folder and in memory, by the file and by the options it was compiled with."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(str(folder))
        self._kept: dict[str, bytes] = {}

    def get_bucket(
        self, environment: jinja2.Environment, name: str, filename: str | None, source: str
    ) -> Bucket:
        options = (
            environment.is_async, environment.trim_blocks, environment.lstrip_blocks, environment.autoescape,
        )  # fmt: skip
        return super().get_bucket(environment, f"{name} {options} {jinja2.__version__}", filename, source)

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key not in self._kept:
            super().load_bytecode(bucket)
            if bucket.code is not None:
                self._kept[bucket.key] = bucket.bytecode_to_string()
        else:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        super().dump_bytecode(bucket)
        self._kept[bucket.key] = bucket.bytecode_to_string()


def compile_once() -> None:
    """Let every environment of this process share what was compiled."""
    jinja2.Environment.__init__ = partialmethod(  # type: ignore[method-assign,assignment]
        jinja2.Environment.__init__, bytecode_cache=_Compiled(_FOLDER)
    )
