"""The shape of the house: small folders, short modules, no import circle, a word in front of each room.

import-linter (in `make lint`) holds which package and which room may import which. This file holds the rest.
"""

import ast
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

ROOT = Path(__file__).parent.parent
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
FOLDERS = sorted({path.parent for package in PACKAGES for path in (ROOT / package).rglob("*.py")})

MOST_MODULES = 15
MOST_LINES = 300
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
