"""What WeChat's answers to a mass send mean."""

import pytest

from alerts.model.channel import Channel
from tests.alerts.channels.errors import meaning_of, verdict_of


@pytest.mark.parametrize(
    ("errcode", "meaning"),
    [
        (45066, "pending"),
        (45028, "pauses"),
        (40130, "failed"),
        (40031, "failed"),
        (48002, "failed"),
        (42010, "held for the minute"),
        (None, "pending, in doubt"),
    ],
)
def test_each_answer_has_its_meaning(errcode: int | None, meaning: str) -> None:
    assert meaning_of(verdict_of(Channel.MASS, errcode)) == meaning
