"""What WeChat's answers to a template message mean."""

import pytest

from alerts.model.channel import Channel
from tests.alerts.channels.errors import meaning_of, verdict_of


@pytest.mark.parametrize(
    ("errcode", "meaning"),
    [
        (48002, "refuses"),
        (43019, "refuses"),
        (50002, "refuses"),
        (70000, "refuses"),
        (43004, "unreachable"),
        (45009, "held for the day"),
        (45011, "held for the minute"),
        (47003, "failed"),
        (40037, "pauses"),
        (-1, "pending, in doubt"),
        (None, "pending, in doubt"),
    ],
)
def test_each_answer_has_its_meaning(errcode: int | None, meaning: str) -> None:
    assert meaning_of(verdict_of(Channel.TEMPLATE, errcode)) == meaning
