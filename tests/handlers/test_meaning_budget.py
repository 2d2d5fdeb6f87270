"""The sentence model's share of the processor: ordinary days never meet it, a storm does."""

from structlog.testing import capture_logs

from handlers.meaning_budget import MeaningBudget
from tests.kit.clocks import SetSeconds

ASKING_S = 0.03
"""Seconds of one asking on a slow machine."""
SAVED_S = 10.0
"""Seconds that were saved before the storm."""


def asked(questions: int, every_s: float, clock: SetSeconds) -> int:
    """How many of so many questions in doubt the model is asked about."""
    budget = MeaningBudget(clock)
    answered = 0
    for _ in range(questions):
        clock.at += every_s
        if not budget.is_spent():
            budget.spend(ASKING_S)
            answered += 1
    return answered


def test_a_question_a_second_is_always_asked_and_so_is_a_burst_of_three_hundred() -> None:
    assert asked(1_000, 1.0, SetSeconds()) == 1_000
    assert asked(300, 0.001, SetSeconds()) == 300


def test_in_a_storm_the_model_takes_a_quarter_of_one_core() -> None:
    seconds = 100
    spent_s = asked(500 * seconds, 0.002, SetSeconds()) * ASKING_S
    assert 0.24 * seconds < spent_s - SAVED_S < 0.25 * seconds + 0.1


def test_that_words_decide_for_want_of_budget_is_logged_once_a_minute() -> None:
    clock = SetSeconds()
    with capture_logs() as lines:
        asked(500 * 100, 0.002, clock)
    assert [line["event"] for line in lines] == ["meanings.over_budget"] * 2
    assert lines[1]["decided_by_words"] > 10_000
