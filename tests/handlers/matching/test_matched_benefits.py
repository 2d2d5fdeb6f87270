"""What a told fact is for: the clause and its sum; facts that every company has bring nothing."""

from datetime import date

import pytest

from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.matching.matched_benefits import brought, lines_of
from tests.handlers.chat import Chat

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("told", "clause", "amount"),
    [
        ({"new_industry_titles": ("double_cross_platform_national",)}, "第24条", "1000万元"),
        ({"identifier_node_connected_new": True}, "第7条", "300万元"),
    ],
)
def test_a_told_fact_names_its_clause_and_sum(
    context: Context, told: dict[str, object], clause: str, amount: str
) -> None:
    edition = Edition(context.knowledge.index, (), DAY, "https://policy.example")
    found = brought(told.keys(), told, context.matching.catalogue, edition)  # type: ignore[arg-type]
    first, *_, care = lines_of(found, edition)
    assert clause in first
    assert amount in first
    assert "审定为准" in care


@pytest.mark.parametrize(
    ("news", "told"),
    [
        (("org_kind",), {"org_kind": "enterprise"}),
        (("identifier_node_connected_new",), {"identifier_node_connected_new": False}),
        ((), {"identifier_node_connected_new": True}),
    ],
)
def test_what_speaks_for_no_benefit_brings_nothing(
    context: Context, news: tuple[str, ...], told: dict[str, object]
) -> None:
    edition = Edition(context.knowledge.index, (), DAY, "https://policy.example")
    assert brought(news, told, context.matching.catalogue, edition) == ()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "said",
    ["我们今年首次认定高企，又技改投了1000万，一共能拿多少", "技改投了1000万，今年新认定的高企，能补多少"],
)
async def test_each_told_matter_has_its_sum_and_they_are_not_added(chat: Chat, said: str) -> None:
    shown = await chat.says(said)
    assert "最高约10万元" in shown.text
    assert "最高约120万元" in shown.text
    assert "没有相加" in shown.text
