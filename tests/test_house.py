"""The shape of the house: small folders, short modules, no import circle, a word in front of each room.

import-linter (in `make lint`) holds which package and which room may import which. This file holds the rest. What of tests
and bench exceeded the limits when they were first checked is in `tests/data/house_exceptions.toml`.
"""

import ast
import re
import sys
import tomllib
import unicodedata
from collections import Counter
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = PROJECT["tool"]["importlinter"]["root_packages"]
FOLDERS = sorted({path.parent for package in PACKAGES for path in (ROOT / package).rglob("*.py")})

MOST_MODULES = 15
MOST_LINES = 300
WIDEST = 160
"""Columns of a line; a Chinese character has two. ruff passes a wide line without a space, so it does not see patterns."""
GROWS_BY_ITS_NATURE = ROOT / "bot" / "schema" / "migrations" / "versions"


def test_a_folder_is_one_idea_and_holds_at_most_fifteen_modules() -> None:
    modules = {
        str(folder.relative_to(ROOT)): len([path for path in folder.glob("*.py") if path.stem != "__init__"])
        for folder in FOLDERS
        if folder != GROWS_BY_ITS_NATURE
    }
    assert {folder: count for folder, count in modules.items() if count > MOST_MODULES} == {}


def test_no_module_is_longer_than_three_hundred_lines() -> None:
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for folder in FOLDERS
        if folder != GROWS_BY_ITS_NATURE
        for path in folder.glob("*.py")
    }
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Imports for the type checker alone count too: a reader follows them as well."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imports).prepare()  # raises CycleError, which names the circle


def test_every_room_says_what_is_in_it() -> None:
    """What is in it, what may import it, where to begin reading: in the docstring of its `__init__.py`."""
    silent = [
        str(folder.relative_to(ROOT))
        for folder in FOLDERS
        if folder != GROWS_BY_ITS_NATURE
        if not ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_every_library_that_is_imported_is_declared() -> None:
    """Not left to come with another library, which may do without it one day."""
    graph = grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)
    roots = {module.split(".")[0] for module in graph.modules} - set(PACKAGES) - sys.stdlib_module_names
    declared = [*PROJECT["project"]["dependencies"]]
    declared += [one for extra in PROJECT["project"]["optional-dependencies"].values() for one in extra]
    names = {_normalised(re.split(r"[\[<>=;~ ]", one)[0]) for one in declared}
    come_with = packages_distributions()
    missing = {root for root in roots if not names & set(map(_normalised, come_with.get(root, [root])))}
    assert missing == set()


def _normalised(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


ROOMS_OF_TESTS = sorted({path.parent for top in ("tests", "bench") for path in (ROOT / top).rglob("*.py")})
EXCEPTIONS = tomllib.loads((ROOT / "tests" / "data" / "house_exceptions.toml").read_text(encoding="utf-8"))


def test_tests_and_benchmarks_keep_the_same_limits_but_for_a_list_that_may_only_shrink() -> None:
    modules = {
        str(folder.relative_to(ROOT)): len([path for path in folder.glob("*.py") if path.stem != "__init__"])
        for folder in ROOMS_OF_TESTS
    }
    lines = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for folder in ROOMS_OF_TESTS
        for path in folder.glob("*.py")
    }
    too_full = {
        name: count
        for name, count in modules.items()
        if count > EXCEPTIONS["modules"].get(name, MOST_MODULES)
    }
    too_long = {
        name: count for name, count in lines.items() if count > EXCEPTIONS["lines"].get(name, MOST_LINES)
    }
    assert (too_full, too_long) == ({}, {})


def test_each_room_of_tests_has_the_name_of_the_room_that_it_tests() -> None:
    rooms = {str(folder.relative_to(ROOT)) for folder in FOLDERS}
    tested = {
        str(folder.relative_to(ROOT / "tests")) for folder in ROOMS_OF_TESTS if [*folder.glob("test_*.py")]
    } - {"."}
    measured = {
        str(folder.relative_to(ROOT)) for folder in ROOMS_OF_TESTS if folder.is_relative_to(ROOT / "bench")
    }
    untested = {
        room for room in rooms if not any(name == room or name.startswith(room + "/") for name in tested)
    }
    assert tested - rooms - measured - set(EXCEPTIONS["rooms_of_tests_alone"]) == set()
    assert untested - set(EXCEPTIONS["rooms_without_tests"]) == set()


def test_no_class_name_has_two_meanings() -> None:
    modules: dict[str, list[str]] = {}
    for path in (path for folder in FOLDERS for path in folder.glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                modules.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    doubles = {name: paths for name, paths in modules.items() if len(paths) > 1}
    assert {
        name: paths for name, paths in doubles.items() if name not in EXCEPTIONS["class_names_of_several"]
    } == {}


def test_no_line_is_wider_than_a_screen() -> None:
    """What people say belongs in a list of patterns (`policies/search/words/pattern_files.py`)."""
    wide = Counter(
        str(path.relative_to(ROOT))
        for folder in FOLDERS
        if folder != GROWS_BY_ITS_NATURE
        for path in (*folder.glob("*.py"), *folder.glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if _columns(line) > WIDEST
    )
    assert wide == {}


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)
