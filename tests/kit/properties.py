"""Properties by hypothesis, without a deadline: the pace of the machine is no property of the code.

Tests import from here, so that a room without properties does not load hypothesis, which takes half a second. A run of a room
(`make test TESTS=…`) tries each property on a quarter of its examples, a run of everything on all of them.
"""

import os
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

_SHARE = 4 if os.environ.get("QUICK_PROPERTIES") else 1
_USUAL = 100


def examples(most: int, **others: Any) -> settings:
    """The settings of a property that a run of everything tries on so many examples."""
    return settings(max_examples=most // _SHARE, **others)


settings.register_profile("whatever the machine's pace", deadline=None, max_examples=_USUAL // _SHARE)
settings.load_profile("whatever the machine's pace")

__all__ = ["HealthCheck", "example", "examples", "given", "settings", "st"]
