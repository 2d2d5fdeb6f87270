"""A clause's rate with the figure that somebody names. What names no figure is not worked out."""

import pytest

from handlers.clause_facts.calculation import worked_out
from policies.library.library_file import load_library
from policies.library.models import Policy
from tests.handlers.chat import Chat


def _technical_renovation() -> Policy:
    [document] = load_library().documents
    return next(policy for policy in document.policies if policy.key == 22)


@pytest.mark.parametrize(
    "said", ["几百万", "几十万", "好几十万", "上百万", "数十亿", "七八百万", "500到800万"]
)
def test_an_open_sum_is_not_worked_out(said: str) -> None:
    lines = worked_out(_technical_renovation(), f"{said}能补多少")
    assert len(lines) == 1
    assert "×" not in lines[0]
    assert "告诉我一个具体的数" in lines[0]


@pytest.mark.parametrize(
    ("said", "working"),
    [
        ("80万", "80万元 × 12%"),
        ("三百万", "300万元 × 12%"),
        ("1亿2千万", "12000万元 × 12%"),
        ("两个亿", "20000万元 × 12%"),
    ],
)
def test_a_sum_is_worked_out(said: str, working: str) -> None:
    assert any(working in line for line in worked_out(_technical_renovation(), f"{said}能补多少"))


@pytest.mark.parametrize("said", ["几百万能补多少", "买几十万的设备呢", "投上百万设备算下来多少"])
async def test_of_an_open_sum_the_rule_is_told_without_a_working(chat: Chat, said: str) -> None:
    await chat.says("第22条")
    reply = await chat.says(said)
    assert "×" not in reply.text


@pytest.mark.parametrize("said", ["1.5万多吨能补多少", "1.5万吨能补多少", "一万多亩能补多少"])
def test_a_count_is_no_sum(said: str) -> None:
    assert worked_out(_technical_renovation(), said) == ()
