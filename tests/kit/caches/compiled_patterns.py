"""Regular expressions are compiled once: the packages have 1,500, and to compile them takes each process half a second.

What modules compile while they are loaded is kept for later runs too, as Python keeps their code. What tests compile is kept
until the end of the process, however much it is; `re` itself keeps 512 patterns.
"""

import _sre
import fcntl
import marshal
import re._compiler as compiler
import re._parser as parser
import sys
from array import array
from pathlib import Path
from re import Pattern
from typing import Any

_FOLDER = Path(__file__).parents[3] / ".pytest_cache"
_FILE = _FOLDER / f"patterns-{sys.implementation.cache_tag}-{sys.hexversion:x}"
_MOST = 10_000
"""With so many it begins anew: it also has those that the modules had once."""

_Key = tuple[str, int]
_Parts = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]
"""What `re` makes a pattern of: its flags, code, number of groups, the groups by their names, the names of the groups."""

_compile = compiler.compile
_patterns: dict[_Key, Pattern[str]] = {}
_kept: dict[_Key, _Parts] = {}
_new: dict[_Key, _Parts] = {}


def compile_patterns_once() -> None:
    """Let `re` ask for every pattern here."""
    if _FILE.exists():
        _kept.update(marshal.loads(_FILE.read_bytes()))
    compiler.compile = _compile_once


def keep_patterns() -> None:
    """Keep what has been compiled so far for later runs."""
    if not _new:
        return
    _FOLDER.mkdir(exist_ok=True)
    with _FILE.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        earlier = marshal.loads(_FILE.read_bytes()) if _FILE.exists() else {}
        unfinished = _FILE.with_suffix(".unfinished")
        unfinished.write_bytes(marshal.dumps(_new if len(earlier) > _MOST else earlier | _new))
        unfinished.rename(_FILE)


def _compile_once(pattern: Any, flags: int = 0) -> Pattern[Any]:
    if not isinstance(pattern, str):
        return _compile(pattern, flags)
    key = (pattern, int(flags))
    if key not in _patterns:
        if key not in _kept:
            _kept[key] = _new[key] = _parts(pattern, flags)
        of_all, code, *groups = _kept[key]
        _patterns[key] = _sre.compile(pattern, of_all, array("I", code).tolist(), *groups)
    return _patterns[key]


def _parts(pattern: str, flags: int) -> _Parts:
    """The work of `re._compiler.compile`."""
    parsed = parser.parse(pattern, flags)
    code = array("I", compiler._code(parsed, flags)).tobytes()
    groups = parsed.state.groupdict
    names = {number: name for name, number in groups.items()}
    in_order = tuple(names.get(number) for number in range(parsed.state.groups))
    return flags | parsed.state.flags, code, parsed.state.groups - 1, groups, in_order
