"""Every regular expression of the code, by the place that compiles it and the methods that run it.

`python -m tests.bot.patterns` prints them as JSON. It needs a process of its own: it must see each pattern
being compiled, so it begins before any module of the code is loaded.
"""

import ast
import importlib
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policies.company_facts.reading.fact_reader import FactReader

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "bot",
    "console",
    "handlers",
    "pages",
    "sandbox",
    "alerts",
    "policies",
    "subscriptions",
    "storage",
    "wechat",
)
METHODS = frozenset({"match", "fullmatch", "search", "findall", "finditer", "split", "sub", "subn"})
CALLS = METHODS | {"compile"}
_TELLING = re.compile(rf"\bre\b|\.(?:{'|'.join(METHODS)})\b")
WAYS_OF_ALL = frozenset({"match", "fullmatch", "sub"})
"""What is tried where a pattern's name does not tell its methods: `sub` walks over a text as all the others do."""

Key = tuple[str, int]
"""A file, from the root, and a line of it."""


@dataclass(frozen=True)
class Site:
    """A call of `re`: what it compiles, and what runs it.

    Attributes:
        path: the file, from the root.
        first, last: its lines.
        methods: how the pattern is run, as far as its name tells; all ways where it doesn't.
    """

    path: str
    first: int
    last: int
    methods: tuple[str, ...]
    expression: ast.expr
    flags: ast.expr | None


class Sources:
    """The code as text, parsed where it may tell of a pattern."""

    @cached_property
    def trees(self) -> dict[str, ast.Module]:
        files = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
        written = {str(file.relative_to(ROOT)): file.read_text() for file in files}
        return {path: ast.parse(text) for path, text in written.items() if _TELLING.search(text)}

    @cached_property
    def _nodes(self) -> dict[str, list[ast.AST]]:
        """All nodes of each file that may tell of a pattern."""
        kinds = (ast.Assign, ast.Attribute, ast.Call, ast.Import, ast.ImportFrom)
        return {
            path: [node for node in ast.walk(tree) if isinstance(node, kinds)]
            for path, tree in self.trees.items()
        }

    @cached_property
    def _uses(self) -> dict[tuple[str, str], set[str]]:
        """The methods called on each name (`_SPAN.sub`, `self._silent.sub`), by file; a public name's by ""."""
        found: dict[tuple[str, str], set[str]] = {}
        for path, nodes in self._nodes.items():
            for node in nodes:
                if isinstance(node, ast.Attribute) and node.attr in METHODS and (name := _name(node.value)):
                    found.setdefault((path if name.startswith("_") else "", name), set()).add(node.attr)
        return found

    def _methods(self, path: str, name: str) -> set[str]:
        return self._uses.get((path if name.startswith("_") else "", name), set())

    def sites(self) -> Iterator[Site]:
        """Every call of `re`, at module level or anywhere inside."""
        for path, nodes in self._nodes.items():
            targets = _targets(nodes)
            for node in nodes:
                method = _of_re(node)
                if method is None or not isinstance(node, ast.Call):
                    continue
                ways = {method} if method != "compile" else self._methods(path, targets.get(node, ""))
                flags = [keyword.value for keyword in node.keywords if keyword.arg == "flags"]
                if method == "compile":
                    flags += node.args[1:2]
                elif len(node.args) > 2 and method in {"match", "fullmatch", "search", "findall", "finditer"}:
                    flags.append(node.args[2])
                yield Site(
                    path,
                    node.lineno,
                    node.end_lineno or node.lineno,
                    tuple(sorted(ways or WAYS_OF_ALL)),
                    node.args[0],
                    flags[0] if flags else None,
                )

    def unseen_ways_in(self) -> list[str]:
        """Imports that would hide a call of `re` from `sites`."""
        return [
            f"{path}:{node.lineno}"
            for path, nodes in self._nodes.items()
            for node in nodes
            if (isinstance(node, ast.ImportFrom) and node.module == "re")
            or (isinstance(node, ast.Import) and any(a.name == "re" and a.asname for a in node.names))
        ]


def _of_re(node: ast.AST) -> str | None:
    """Which function of `re` a call is of."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=attr)) if attr in CALLS:
            return attr
    return None


def _name(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
    return ""


def _targets(nodes: Iterable[ast.AST]) -> dict[ast.AST, str]:
    """The name each compiled pattern is kept under; patterns of a table have none."""
    found: dict[ast.AST, str] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            found[node.value] = _name(node.targets[0])
    return found


class Recorder:
    """Notes each pattern as it is compiled, with the line of ours that asked for it."""

    def __init__(self) -> None:
        self.seen: dict[Key, set[tuple[Any, int]]] = {}
        self._compile = re._compile  # type: ignore[attr-defined]

    def __call__(self, pattern: Any, flags: Any) -> Any:
        frame = sys._getframe(2)
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and ".venv" not in path.parts:
            text = pattern.pattern if isinstance(pattern, re.Pattern) else pattern
            self.seen.setdefault((str(path.relative_to(ROOT)), frame.f_lineno), set()).add((text, int(flags)))
        return self._compile(pattern, flags)


def _load_all() -> dict[str, ModuleType]:
    """Every module, and what is built of data: an index, the log of questions."""
    modules = {}
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            if file.name == "__main__.py" or "migrations" in file.parts:
                continue
            path = file.relative_to(ROOT)
            name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
            modules[str(path)] = importlib.import_module(name)
    return modules


def _build() -> None:
    from handlers.conversation.reading.follow_up import FollowUpReader
    from handlers.parsed_message import MessageReader
    from handlers.reminder_requests.reading import WishReader
    from handlers.table import Table
    from policies.company_facts.match_service import load_match_service
    from policies.district.folder import load_district
    from policies.library.library_file import load_library
    from policies.questions.log import _Core
    from policies.search.index import PolicyIndex
    from policies.search.words.language import load_language
    from policies.search.words.normalise import make_simplifier

    library, district = load_library(), load_district()
    PolicyIndex.build(library, district)
    WishReader(district.tracks.tracks)
    _Core(load_language().language)
    MessageReader(Table(), "http://127.0.0.1:8080")
    FollowUpReader([policy.title for policy in library.policies], (), make_simplifier())
    _read_facts(load_match_service().reader)


def _read_facts(reader: "FactReader") -> None:
    """Every row of the words of facts is compiled when a text needs it."""
    from policies.numbers import typed

    words = reader._words
    assert words.amounts_and_others
    assert words.years
    assert words.negated_before
    for value in words.values:
        assert value.pattern
        value.is_covered("x", 0, 1)
        value.is_event("x", 0, 1)
    for number in (*words.amounts, *words.counts):
        assert number.pattern
    for row in (*words.values, *words.amounts, *words.counts):
        row.is_about("x")
        row.is_barred("x")
    typed._counting(tuple(words.units))


def found() -> dict[str, list[Any]]:
    """The `patterns`, each with its place and its methods, None where nobody could tell it; and `unseen_ways_in`."""
    recorder = re._compile = Recorder()  # type: ignore[attr-defined]
    modules = _load_all()
    _build()
    rows = []
    sources = Sources()
    for site in sources.sites():
        seen = {
            each
            for line in range(site.first, site.last + 1)
            for each in recorder.seen.get((site.path, line), ())
        } or _evaluated(site, vars(modules.get(site.path, sys)))
        for pattern, flags in sorted(seen, key=repr) or [(None, 0)]:
            is_bytes = isinstance(pattern, bytes)
            rows.append(
                {
                    "place": f"{site.path}:{site.first}",
                    "methods": site.methods,
                    "pattern": pattern.decode("latin-1") if is_bytes else pattern,
                    "bytes": is_bytes,
                    "flags": flags,
                }
            )
    return {"patterns": rows, "unseen_ways_in": sources.unseen_ways_in()}


def _evaluated(site: Site, names: dict[str, Any]) -> set[tuple[Any, int]]:
    """A pattern given inline, made of constants of its module; nothing where it is made of other things."""
    try:
        pattern = eval(compile(ast.Expression(site.expression), site.path, "eval"), dict(names))
        flags = eval(compile(ast.Expression(site.flags), site.path, "eval"), dict(names)) if site.flags else 0
    except NameError:
        return set()
    return {(pattern, int(flags))} if isinstance(pattern, str | bytes) else set()


if __name__ == "__main__":
    json.dump(found(), sys.stdout)
