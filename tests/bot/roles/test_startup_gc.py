"""The garbage collector while a process loads and builds."""

import gc

import pytest

from bot.roles.startup_gc import freeze_startup_objects, startup_gc


def test_the_collector_is_as_it_was_after_a_block_that_failed() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="broken"), startup_gc():
        assert gc.get_threshold()[0] > before[0]
        assert gc.isenabled()
        raise ValueError("broken")
    assert gc.get_threshold() == before


_OF_PYTHON = (700, 10, 10)


@pytest.mark.parametrize("people_wait", [False, True])
def test_what_is_kept_for_good_is_not_walked_again(people_wait: bool) -> None:
    before = gc.get_threshold()
    try:
        freeze_startup_objects(people_wait=people_wait)
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold() > _OF_PYTHON
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
