"""Benefits of the new clauses of an import, put as drafts into the proposal that waits at the desk.

A draft matches nobody. An operator completes it, and another person approves, as any change of the benefits.
"""

from collections.abc import Collection, Sequence

from policies.district.models import Part, Rules
from policies.district.store import DistrictStore, PartNow, mark_of
from policies.library.models import Policy
from policies.matching.benefits import Benefit, load_benefits
from policies.matching.drafting import drafted
from policies.matching.facts import Facts

MOST = 400
"""Drafts that one import makes; for a clause beyond them the desk drafts its benefits when its page is opened."""


async def propose_benefits(
    district: DistrictStore, policies: Sequence[Policy], facts: Facts, *, author: str
) -> int:
    """Add drafts for these clauses to the proposal of benefits, and say how many. Nothing where no facts are known.

    Raises:
        RevisionError: the proposal changed meanwhile.
    """
    now = await _now(district)
    known = _latest(now)
    of = {benefit.clause for benefit in known}
    new = [one for policy in policies if policy.key not in of for one in drafted(policy, facts)][:MOST]
    if not new or not facts.all:
        return 0
    await _propose(district, now, [*known, *new], author)
    return len(new)


async def withdraw_benefits(district: DistrictStore, clauses: Collection[int], *, author: str) -> None:
    """Take the drafts of these clauses out of the proposal, where they still wait in it.

    Raises:
        RevisionError: the proposal changed meanwhile.
    """
    now = await _now(district)
    if now.proposal is None:
        return
    known = _latest(now)
    kept = [one for one in known if not (one.draft and one.clause in clauses)]
    if len(kept) < len(known):
        await _propose(district, now, kept, author)


async def _now(district: DistrictStore) -> PartNow:
    return (await district.parts())[Part.BENEFITS]


def _latest(now: PartNow) -> list[Benefit]:
    content = now.latest.content if now.latest else None
    return (
        list(load_benefits({Part.BENEFITS: content.root}, drafts=True)) if isinstance(content, Rules) else []
    )


async def _propose(district: DistrictStore, now: PartNow, benefits: Sequence[Benefit], author: str) -> None:
    content = Rules({"benefits": [one.model_dump(mode="json", exclude_unset=True) for one in benefits]})
    await district.propose(Part.BENEFITS, content, seen=mark_of(now.latest), author=author)
