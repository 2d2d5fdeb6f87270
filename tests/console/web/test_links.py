"""An address on a page of the desk stands there in full, and leads where it says."""

import pytest

from console.web.links import address, linked, on_the_phone
from wechat.texts import link, tappable

OPEN = 'target="_blank" rel="noopener noreferrer nofollow"'


def anchor(url: str) -> str:
    return f'<a class="address" href="{url}" {OPEN}>{url}</a>'


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (
            "请看https://a.cn/x?b=1&copy=2，周五前。",
            f"请看{anchor('https://a.cn/x?b=1&amp;copy=2')}，周五前。",
        ),
        ("https://a.cn/1、http://b.cn。", f"{anchor('https://a.cn/1')}、{anchor('http://b.cn')}。"),
        ("见(https://a.cn/x).", f"见({anchor('https://a.cn/x')})."),
        ("javascript:alert(1) <b>", "javascript:alert(1) &lt;b&gt;"),
        ("", ""),
    ],
)
def test_addresses_of_a_typed_text_are_links(typed: str, shown: str) -> None:
    assert linked(typed) == shown


def test_the_address_of_a_link_stands_behind_its_label() -> None:
    message = f"周五截止\n{link('查看详情', 'https://a.cn/a?b=1')}\n{tappable('回复TD退订', 'TD')}"
    assert on_the_phone(message) == f"周五截止\n查看详情（{anchor('https://a.cn/a?b=1')}）\n回复TD退订"


@pytest.mark.parametrize("url", ["javascript:alert(1)", 'x" onclick="y'])
def test_what_is_no_web_address_is_shown_and_no_link(url: str) -> None:
    assert "<a" not in address(url)
    assert '"' not in address(url)
