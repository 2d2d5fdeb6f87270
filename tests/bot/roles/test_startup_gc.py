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


@pytest.mark.parametrize("people_wait", [False, True])
def test_what_is_kept_for_good_is_not_walked_again(people_wait: bool) -> None:
    before = gc.get_threshold()
    try:
        freeze_startup_objects(people_wait=people_wait)
        young, _, old = gc.get_threshold()
        assert gc.get_freeze_count() > 0
        assert 700 < young <= (5_000 if people_wait else 20_000), (
            "a pause is as long as there are young objects"
        )
        assert old >= (1_000 if people_wait else 10), "where people wait, hardly ever all objects are walked"
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
