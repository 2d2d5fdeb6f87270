"""The states of a row and of a campaign in the docs are those of the code: the diagrams, and who writes what."""

import re

from alerts.model.campaigns import campaign_states
from alerts.model.campaigns.campaign_states import Status
from alerts.model.rows.row_states import MOVES, RowState
from tests.docs.literal_commands import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def diagram() -> str:
    """`MOVES` as a Mermaid diagram: a line for each pair of states, with who moves rows between them."""
    labels: dict[tuple[str, str], list[str]] = {}
    for move in MOVES:
        label = f"{move.by} ({move.when})" if move.when else move.by
        for after in move.after:
            labels.setdefault((move.before or "[*]", after), []).append(label)
    order = ["[*]", *RowState]
    pairs = sorted(labels, key=lambda pair: (order.index(pair[0]), order.index(pair[1])))
    lines = [f"    {before} --> {after}: {', '.join(labels[before, after])}\n" for before, after in pairs]
    return f"```mermaid\nstateDiagram-v2\n{''.join(lines)}```\n"


def campaign_diagram() -> str:
    """The moves of campaigns as a Mermaid diagram: a line for each pair of states, with the actions between them."""
    labels: dict[tuple[Status, Status], list[str]] = {}
    for action, move in campaign_states.MOVES.items():
        for before in move.before:
            labels.setdefault((before, move.after), []).append(action)
            if move.unlisted:
                labels.setdefault((before, move.unlisted), []).append(f"{action} (recipients not listed yet)")
    order = list(Status)
    pairs = sorted(labels, key=lambda pair: (order.index(pair[0]), order.index(pair[1])))
    lines = [f"    {before} --> {after}: {', '.join(labels[before, after])}\n" for before, after in pairs]
    return f"```mermaid\nstateDiagram-v2\n{''.join(lines)}```\n"


def writers() -> dict[str, str]:
    """What each module may write, as the table of the page says it."""
    written: dict[str, dict[str, set[RowState]]] = {}
    for move in MOVES:
        states = written.setdefault(f"`alerts/{move.by}.py`", {}).setdefault(move.before or "new row", set())
        states.update(move.after)
    return {
        module: "; ".join(
            f"{before} → {', '.join(state for state in RowState if state in after)}"
            for before, after in moves.items()
        )
        for module, moves in written.items()
    }


def test_the_diagram_of_a_row_is_drawn_from_its_moves() -> None:
    assert diagram() in PAGE


def test_the_diagram_of_a_campaign_is_drawn_from_its_moves() -> None:
    assert campaign_diagram() in (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")


def test_the_page_says_who_writes_the_state_of_a_row() -> None:
    table = PAGE.split("Who may write the state of a row:\n\n")[1].split("\n\n")[0]
    rows = re.findall(r"^\| (`[^|]+) \| ([^|]+) \| [^|]+ \|$", table, re.MULTILINE)
    assert dict(rows) == writers()


def test_every_state_is_told() -> None:
    table = PAGE.split("| state of a row | meaning |\n|---|---|\n")[1].split("\n\n")[0]
    told = [
        state for cell in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE) for state in cell.split(", ")
    ]
    assert sorted(told) == sorted(RowState)
