"""How many kept profiles a clause fits, and what profiles lack most. Pages are compared in threads."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from policies.library.models import Policy
from policies.matching.catalogue import Catalogue, Fit
from subscriptions.profiles.profiles import Profiles

_SAMPLE = 1_000
"""The most profiles that are looked at for what they lack."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """Of the members who keep a profile: how many there are, and how many of them a clause fits."""

    profiles: int
    fitting: int


async def fitting_of(
    profiles: Profiles, clause: int, catalogue: Catalogue, *, alerts_only: bool = False
) -> Fitting:
    """Count the members whose profile a clause fits; page by page, in flat memory."""
    known = fitting = 0
    async for page in profiles.pages(alerts_only=alerts_only):
        known += len(page)
        fitting += await asyncio.to_thread(_fit_in, page, clause, catalogue)
    return Fitting(known, fitting)


def _fit_in(page: Sequence[tuple[int, dict[str, Any]]], clause: int, catalogue: Catalogue) -> int:
    return sum(catalogue.fit_of_kept(clause, facts) is Fit.FITS for _, facts in page)


async def lacking(
    profiles: Profiles, catalogue: Catalogue, policies: Sequence[Policy], today: date
) -> list[tuple[str, int]]:
    """Return the questions that profiles wait for most, with how many profiles; of the first thousand profiles."""
    async for page in profiles.pages(page=_SAMPLE):
        return await asyncio.to_thread(_lacking, page, catalogue, policies, today)
    return []


def _lacking(
    page: Sequence[tuple[int, dict[str, Any]]], catalogue: Catalogue, policies: Sequence[Policy], today: date
) -> list[tuple[str, int]]:
    waits: Counter[str] = Counter()
    for _, raw in page:
        waits.update(catalogue.match(catalogue.facts.read_kept(raw), policies, today).ask_next)
    return [(catalogue.facts.by_id[fact].question, count) for fact, count in waits.most_common(10)]
