"""A guide in lines for a message. What operators entered is marked, with the day on which they checked it. Pure."""

from collections.abc import Iterator

from policies.guides.guide import Guide
from policies.library.clause_lines import in_chinese_order
from wechat.texts import escape_typed, link


def guide_lines(guide: Guide) -> Iterator[str]:
    """Yield the whole guide, a line for each part that is filled; the mark of who entered it comes first."""
    yield f"怎么办{entered(guide)}："
    if guide.conditions:
        yield f"条件：{escape_typed(guide.conditions)}"
    yield from _materials(guide)
    if guide.steps:
        yield f"流程：{escape_typed(guide.steps)}"
    yield from _place_and_phone(guide)
    if guide.url:
        yield f"入口：{link(guide.url, guide.url)}"


def brief_lines(guide: Guide) -> Iterator[str]:
    """Yield what a reminder says of a guide: materials, place and telephone number, with the mark after them."""
    lines = [*_materials(guide), *_place_and_phone(guide)]
    if lines:
        yield from lines
        yield entered(guide)


def entered(guide: Guide) -> str:
    """Return the mark of what operators entered, with its day and source."""
    source = f"，来源：{escape_typed(guide.source)}" if guide.source else ""
    return f"（工作人员填写，{in_chinese_order(guide.checked_on)}核对{source}）"


def _materials(guide: Guide) -> Iterator[str]:
    if guide.materials:
        yield f"材料：{escape_typed('；'.join(guide.materials))}"


def _place_and_phone(guide: Guide) -> Iterator[str]:
    if guide.where:
        yield f"在哪办：{escape_typed(guide.where)}"
    if guide.phone:
        yield f"电话：{escape_typed(guide.phone)}"
