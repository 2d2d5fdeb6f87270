"""The custom menu: within WeChat's limits, and no key without a handler."""

from collections.abc import Iterator

import pytest

from handlers.framework.menu import MENU, Button, Key, as_buttons, as_lines, difference
from handlers.table import Table


def _all_buttons() -> Iterator[Button]:
    for button in MENU:
        yield button
        yield from button.under


@pytest.mark.parametrize("key", Key)
def test_every_key_has_a_handler(key: Key) -> None:
    assert key in Table().by_menu_key


@pytest.mark.parametrize("key", Key)
def test_every_key_stands_in_the_menu_once(key: Key) -> None:
    assert [button.key for button in _all_buttons()].count(key) == 1


def test_no_command_claims_a_key_that_the_menu_lacks() -> None:
    assert set(Table().by_menu_key) <= set(Key)


def test_three_buttons_and_at_most_five_under_each() -> None:
    assert [button.name for button in MENU] == ["查政策", "我的订阅", "服务"]
    assert all(1 <= len(button.under) <= 5 for button in MENU)


def test_names_keys_and_addresses_are_within_wechats_limits() -> None:
    for button in MENU:
        assert len(button.name.encode()) <= 16
        for under in button.under:
            assert len(under.name) <= 8
            assert len(under.name.encode()) <= 60
            assert len((under.key or "").encode()) <= 128
            assert len(f"https://policy.example.gov.cn{under.path}".encode()) <= 1024
            assert bool(under.key) != bool(under.path), "a button does one thing"


def test_the_menu_in_wechats_form() -> None:
    first = as_buttons("https://policy.example")[0]
    assert first["name"] == "查政策"
    assert first["sub_button"][0] == {"type": "view", "name": "搜索政策", "url": "https://policy.example/p"}
    assert first["sub_button"][1] == {"type": "click", "name": "我们能拿什么", "key": "MENU_MATCH"}


def test_what_wechat_gives_back_of_our_menu_makes_no_difference() -> None:
    declared = as_buttons("https://policy.example")
    given_back = [
        {"name": b["name"], "sub_button": [{**under, "sub_button": []} for under in b["sub_button"]]}
        for b in declared
    ]
    assert difference(given_back, declared) == []


def test_a_difference_names_the_button_that_changes() -> None:
    old = [{"type": "click", "name": "帮助", "key": "OLD"}]
    new = [{"type": "click", "name": "帮助", "key": "NEW"}]
    lines = difference(old, new)
    assert "-帮助  click OLD" in lines
    assert "+帮助  click NEW" in lines


def test_a_menu_reads_as_lines() -> None:
    assert as_lines(as_buttons("http://x"))[:2] == ["查政策", "  搜索政策  view http://x/p"]
