"""What pytest loads before any conftest, in every process of a run (`-p tests.kit.early_plugin` in pyproject.toml).

It imports next to nothing: the workers of a run begin when the process that hands out the tests has begun.
"""

import gc
import os
from pathlib import Path
from shutil import disk_usage

import pytest

if "PYTEST_XDIST_WORKER" in os.environ:
    gc.disable()  # until the tests are collected: what is loaded stays, and to look for garbage in it takes a seventh of the time
_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 4 << 30

if (
    not {"PYTEST_DEBUG_TEMPROOT", "TMPDIR"} & os.environ.keys()
    and _MEMORY.is_dir()
    and disk_usage(_MEMORY).free > _ROOM_BYTES
):
    # Databases in memory answer a commit at once: on a disk the suite waits minutes for it.
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(_MEMORY)


_WAITING = ("tests/alerts/sending", "tests/alerts/worker")


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Two workers for a room (`make test TESTS=…`): it is over before four have loaded it. Four for one whose tests wait
    for deadlines and rates most of the time. As many as there are cores for everything.
    """
    if not all(room.startswith("tests/") for room in config.args):
        return None
    return 4 if all(room.startswith(_WAITING) for room in config.args) else 2


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Load no conftest where workers run the tests: they load it, and who hands out the tests would load the whole
    product before the first of them begins.
    """
    options = early_config.known_args_namespace
    has_workers = getattr(options, "numprocesses", None) and "PYTEST_XDIST_WORKER" not in os.environ
    if has_workers and not options.collectonly and not options.usepdb:  # these have none after all
        options.noconftest = True
    else:
        from tests.kit.caches.compiled_patterns import compile_patterns_once

        compile_patterns_once()
