"""Only the modules that a table of moves names write the state of a row or of a campaign."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from alerts.model.rows.row_states import MOVES, RowState

ROOT = Path(__file__).parents[3]
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]


def writers(table: str, column: str) -> Iterator[str]:
    """Modules with a statement on a table, by its class, and a value for a column."""
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            if table not in text:
                continue
            nodes = list(ast.walk(ast.parse(text)))
            calls = [node for node in nodes if isinstance(node, ast.Call)]
            on_table = any(
                isinstance(call.func, ast.Name)
                and call.func.id in {"update", "insert"}
                and any(isinstance(arg, ast.Name) and arg.id == table for arg in call.args)
                for call in calls
            )
            as_keyword = any(
                isinstance(call.func, ast.Attribute)
                and call.func.attr == "values"
                and any(keyword.arg == column for keyword in call.keywords)
                for call in calls
            )
            in_dict = any(
                isinstance(node, ast.Dict)
                and any(isinstance(key, ast.Constant) and key.value == column for key in node.keys)
                for node in nodes
            )
            if on_table and (as_keyword or in_dict):
                yield str(file.relative_to(ROOT))


def test_the_state_of_a_row_is_written_by_those_who_make_its_moves() -> None:
    assert set(writers("Delivery", "state")) == {f"alerts/{move.by}.py" for move in MOVES}


def test_the_state_of_a_campaign_is_written_where_it_is_made_and_where_it_moves() -> None:
    assert set(writers("Campaign", "status")) == {
        "alerts/model/campaigns/moves.py",
        "alerts/model/campaigns/new_campaigns.py",
    }


def test_every_state_can_be_reached_and_no_row_is_stuck_before_it_is_settled() -> None:
    assert {state for move in MOVES for state in move.after} == set(RowState)
    assert {RowState.PENDING, RowState.CLAIMED, RowState.TRYING} <= {move.before for move in MOVES}
