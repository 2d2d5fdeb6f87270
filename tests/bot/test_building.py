"""The garbage collector while a process loads and builds."""

import gc

import pytest

from bot.building import building


def test_the_collector_is_as_it_was_after_a_block_that_failed() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="broken"), building():
        assert gc.get_threshold()[0] > before[0]
        assert gc.isenabled()
        raise ValueError("broken")
    assert gc.get_threshold() == before
