"""docs/conversation.md shows the order in which a message is tried as the code holds it."""

from collections.abc import Iterator
from pathlib import Path

from handlers.order import ORDER

PAGE = Path(__file__).parents[2] / "docs" / "conversation.md"


def rows() -> Iterator[str]:
    yield "| part | tried if | step | what it does |"
    yield "|---|---|---|---|"
    shown = set()
    for part in ORDER:
        if part in shown:
            yield f"| {part.name} | {part.when.words} | the same as above, unless tried before | |"
            continue
        shown.add(part)
        name, when = part.name, part.when.words
        for step in part.steps:
            says = f"*{step.says}*" if step.reads_only else step.says
            yield f"| {name} | {when} | {step.name} | {says} |"
            name = when = ""


def test_the_page_shows_the_order_of_the_code() -> None:
    table = "\n".join(rows())
    assert table in PAGE.read_text(encoding="utf-8"), f"put this table into {PAGE.name}:\n{table}"
