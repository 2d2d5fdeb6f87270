"""An address that does not lead to the web gets into no page, whatever file or import brought it."""

import re
from pathlib import Path

import pytest

from pages.rendering import callable_numbers
from wechat.texts import link, web_address

HOUSE = Path(__file__).parents[2]
TEMPLATES = sorted(
    path for room in ("pages", "console", "sandbox") for path in (HOUSE / room).rglob("*.html")
)
_ENTERED = re.compile(r'(?:href|src|action)="\{\{[^}]*\burl\b[^}]*\}\}"')


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//x.example",
        "",
    ],
)
def test_what_is_no_web_address_makes_no_link(url: str) -> None:
    assert web_address(url) == ""
    assert link("申报入口", url) == "申报入口"


def test_a_web_address_stays_as_it_is() -> None:
    assert web_address("https://example.com/a?b=1") == "https://example.com/a?b=1"
    assert link("申报入口", "http://example.com") == '<a href="http://example.com">申报入口</a>'


def test_every_entered_address_goes_through_the_filter() -> None:
    found = [match for path in TEMPLATES for match in _ENTERED.findall(path.read_text(encoding="utf-8"))]
    assert found
    assert [one for one in found if "|web_address" not in one and "urlencode" not in one] == []


@pytest.mark.parametrize(
    ("typed", "called"),
    [
        ("0532-00000022、0532-00000023", ["053200000022", "053200000023"]),
        ("400-800-8820", ["4008008820"]),
        ("13210876217（张老师）", ["13210876217"]),
        ("12345", []),
        ("编号 370211000000000000", []),
        ("<b>0532 86988000</b>", ["053286988000"]),
    ],
)
def test_telephone_numbers_can_be_called_and_nothing_else_is_changed(typed: str, called: list[str]) -> None:
    shown = callable_numbers(typed)
    assert re.findall(r'href="tel:(\d+)"', shown) == called
    assert shown.striptags() == typed
