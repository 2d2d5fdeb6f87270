"""docs/log-events.md names every event of the log, and no other."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
LEVELS = {"debug", "info", "warning", "error", "exception"}
FIRST = {"OutageLog", "Followed"}
"""Their first argument is an event."""


def events() -> Iterator[str]:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            if "structlog" in source or any(name in source for name in (*FIRST, "write_all")):
                for call in filter(lambda node: isinstance(node, ast.Call), ast.walk(ast.parse(source))):
                    yield from _events_of(call)


def _events_of(call: ast.Call) -> Iterator[str]:
    name = ast.unparse(call.func)
    logs = re.fullmatch(r"(?:_log|structlog\.get_logger\(__name__\))\.(\w+)", name)
    if name in FIRST or (logs and logs[1] in LEVELS):
        event = call.args[0]
    elif name == "write_all":
        event = call.args[3]
    else:
        return
    if isinstance(event, ast.Constant):
        yield event.value
    elif isinstance(event, ast.JoinedStr) and isinstance(event.values[0], ast.Constant):
        yield f"{event.values[0].value}NAME"


def test_every_event_is_of_one_form_and_in_the_table() -> None:
    found = set(events())
    assert [event for event in found if not re.fullmatch(r"[a-z_]+(?:\.[a-z_]+)+(?:\.NAME)?", event)] == []
    table = (ROOT / "docs" / "log-events.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert set(re.findall(r"`([^`]+)`", " ".join(rows))) == found


def test_a_modules_log_is_called_log_everywhere() -> None:
    others = [
        f"{path.relative_to(ROOT)}: {line}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(r"\w+ = structlog\.", line) and not line.startswith("_log = ")
    ]
    assert others == []
