"""Templates are compiled once in a worker: every application has an environment of its own, and tests make thousands."""

from functools import partialmethod

import jinja2
from jinja2.bccache import Bucket


class _Compiled(jinja2.BytecodeCache):
    """Keeps what was compiled, by the file and by the options it was compiled with."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get_bucket(
        self, environment: jinja2.Environment, name: str, filename: str | None, source: str
    ) -> Bucket:
        options = (
            environment.is_async, environment.trim_blocks, environment.lstrip_blocks, environment.autoescape,
        )  # fmt: skip
        return super().get_bucket(environment, f"{name} {options}", filename, source)

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def compile_once() -> None:
    """Let every environment of this process share what was compiled."""
    jinja2.Environment.__init__ = partialmethod(  # type: ignore[method-assign,assignment]
        jinja2.Environment.__init__, bytecode_cache=_Compiled()
    )
