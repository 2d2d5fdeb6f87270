"""What WeChat's answers to a customer-service message mean."""

import pytest

from alerts.model.channel import Channel
from tests.alerts.channels.errors import meaning_of, verdict_of


@pytest.mark.parametrize(
    ("errcode", "meaning"),
    [
        (45015, "closed"),
        (45047, "closed"),
        (48002, "refuses"),
        (43019, "refuses"),
        (50002, "refuses"),
        (70000, "refuses"),
        (43004, "unreachable"),
        (45009, "held for the day"),
        (45011, "held for the minute"),
        (-1, "pending"),
        (None, "unknown, in doubt"),
    ],
)
def test_each_answer_has_its_meaning(errcode: int | None, meaning: str) -> None:
    assert meaning_of(verdict_of(Channel.CUSTOM, errcode)) == meaning
