"""These tests have the sentence model, which `tests.conftest` keeps away from all others, also from those that come after."""

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from policies.search.meaning import MODEL
from tests.conftest import WITHOUT_MODEL

_LOADED: dict[str, ModuleType] = {}
"""The model's package; no other test finds it."""


@pytest.fixture(autouse=True)
def _with_the_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "path", [place for place in sys.path if place != str(WITHOUT_MODEL)])
    sys.modules.update(_LOADED)
    yield
    names = [name for name in sys.modules if name.partition(".")[0] == MODEL]
    _LOADED.update({name: sys.modules.pop(name) for name in names})
