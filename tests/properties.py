"""Properties by hypothesis, without a deadline: the pace of the machine is no property of the code.

Tests import from here, so that a room without properties does not load hypothesis, which takes half a second.
"""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

settings.register_profile("whatever the machine's pace", deadline=None)
settings.load_profile("whatever the machine's pace")

__all__ = ["HealthCheck", "example", "given", "settings", "st"]
