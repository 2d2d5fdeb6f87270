"""Limits how much of the processor the sentence model takes. In a storm of questions, words answer instead."""

import time
from collections.abc import Callable

import structlog

_SHARE = 0.25
"""Share of one core. A call takes about 20 ms, so a process may ask about a dozen times a second for any length of time.

On a busy machine it asks less often: the time counts by the clock, and the model's thread lets others go first.
"""
_SAVED_S = 10.0
"""Seconds that a quiet time saves: about five hundred calls at once. Only a storm that lasts is answered by words."""
_SAY_S = 60.0

_log = structlog.stdlib.get_logger(__name__)


class MeaningBudget:
    """A token bucket of seconds.

    Args:
        now: seconds of a clock that nobody sets (monotonic).
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._left_s = _SAVED_S
        self._counted_at = now()
        self._said_at = float("-inf")
        self._refused = 0

    def is_spent(self) -> bool:
        """Whether nothing is left now. Words must then answer. This is logged once a minute."""
        at = self._now()
        self._left_s = min(_SAVED_S, self._left_s + _SHARE * (at - self._counted_at))
        self._counted_at = at
        if self._left_s > 0:
            return False
        self._refused += 1
        if at - self._said_at >= _SAY_S:
            _log.info(
                "meanings.over_budget",
                decided_by_words=self._refused,
                remedy="more questions in doubt than the sentence model's share of the processor takes; add web processes",
            )
            self._said_at, self._refused = at, 0
        return True

    def spend(self, seconds: float) -> None:
        """Note the seconds that the model took. A call that has begun may overdraw; later questions then wait."""
        self._left_s -= seconds
