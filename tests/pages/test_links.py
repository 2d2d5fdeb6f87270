"""An address that does not lead to the web gets into no page, whatever file or import brought it."""

import re
from pathlib import Path

import pytest

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
