"""What a template's values may be."""

import pytest

from alerts.channels.template.values import template_values
from sandbox.platform.features.templates import KIND_RULES
from tests.kit.properties import given, st

WINDOW = {"opens_on": "2026年11月2日", "closes_on": "2026年12月20日"}


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("thing1", "高端化工新材料产业集群技术改造项目奖补申报", "高端化工新材料产业集群技术改造项目奖补…"),
        ("time2", "2026年12月20日", "2026年12月20日 23:59"),
        ("thing3", "两行\n文字", "两行 文字"),
        ("number4", "100 万元", "100"),
        ("phrase5", "申报即将截止了", "申报即将截"),
        ("character_string6", "编号A-12", "A-12"),
        ("thing7", "", "-"),
    ],
)
def test_a_value_is_cut_to_what_its_field_may_hold(field: str, text: str, value: str) -> None:
    assert template_values({field: "{it}"}, {"it": text}) == {field: value}


@given(st.text(max_size=60))
def test_no_text_breaks_a_thing(text: str) -> None:
    [value] = template_values({"thing1": "{it}"}, {"it": text}).values()
    assert value
    assert KIND_RULES["thing"](value)
    assert value.isprintable()


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        ("{opens_on}", "2026年11月2日 00:00"),
        ("{closes_on}", "2026年12月20日 23:59"),
        ("{opens_on}~{closes_on}", "2026年11月2日 00:00~2026年12月20日 23:59"),
        ("{opens_on} 09:30", "2026年11月2日 09:30"),
    ],
)
def test_a_time_of_a_window_is_its_first_minute_or_its_last(pattern: str, shown: str) -> None:
    assert template_values({"time2": pattern}, WINDOW) == {"time2": shown}
    assert KIND_RULES["time"](shown)


def test_a_day_needs_no_time() -> None:
    assert template_values({"date2": "{opens_on}"}, WINDOW) == {"date2": "2026年11月2日"}
