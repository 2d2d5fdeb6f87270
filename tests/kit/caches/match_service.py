"""The service of company matching that the library we come with makes is kept from test to test: to load it takes 10 ms."""

from collections.abc import Mapping
from copy import copy
from typing import Any

import pytest

from bot.roles import conversation
from policies.company_facts.match_service import MatchService, load_match_service
from policies.district.models import DistrictPart

_KEPT: list[tuple[Mapping[DistrictPart, Any], Mapping[int, str], MatchService]] = []


def load_once(patch: pytest.MonkeyPatch) -> None:
    """Let a conversation that begins with the rules and texts of the first one have what the first one loaded."""
    patch.setattr(conversation, "load_match_service", _load)


def _load(rules: Mapping[DistrictPart, Any], texts: Mapping[int, str]) -> MatchService:
    if not _KEPT:
        _KEPT.append((rules, texts, load_match_service(rules, texts)))
    first_rules, first_texts, first = _KEPT[0]
    if (rules, texts) != (first_rules, first_texts):
        return load_match_service(rules, texts)
    return copy(first)  # which may become another: all that is in it never changes
