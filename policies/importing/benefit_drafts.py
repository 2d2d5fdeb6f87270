"""Drafts the benefits that an import makes likely, and puts them into the proposal that waits at the desk.

The drafts are for new clauses, and for clauses where a benefit loses its words. A draft matches nobody. An operator
completes it, and another person approves it, like any change of the benefits.
"""

from collections.abc import Collection, Mapping, Sequence

from policies.district.models import DistrictPart, Rules
from policies.district.store import DistrictStore, PartNow, mark_of
from policies.library.models import Policy
from policies.matching.benefits import Benefit, load_benefits
from policies.matching.checking import stopped_in
from policies.matching.drafting import drafted
from policies.matching.facts import Facts

MOST = 400
"""Drafts that one import makes; for a clause beyond them the desk drafts its benefits when its page is opened."""


async def propose_benefits(
    district: DistrictStore,
    new: Sequence[Policy],
    changed: Sequence[Policy],
    facts: Facts,
    *,
    author: str,
) -> int:
    """Add drafts to the proposal of benefits, and return how many. Nothing is added if no facts are known.

    Args:
        district: where the proposal waits.
        new: new clauses; one that has benefits already gets no drafts.
        changed: clauses with another text. If a benefit loses its words, the sums without a benefit get drafts.
        facts: what a share may be a share of.
        author: who imports.

    Raises:
        RevisionError: the proposal changed meanwhile.
    """
    now = await _now(district)
    known = _latest(now)
    of: dict[int, list[Benefit]] = {}
    for benefit in known:
        of.setdefault(benefit.clause, []).append(benefit)
    made = [one for policy in new if policy.key not in of for one in drafted(policy, facts)]
    for policy in changed:
        made += drafts_beside(policy, of.get(policy.key, ()), facts)
    if not made or not facts.all:
        return 0
    await _propose(district, now, [*known, *made[:MOST]], author)
    return len(made[:MOST])


def drafts_beside(policy: Policy, known: Sequence[Benefit], facts: Facts) -> list[Benefit]:
    """Return drafts for the sums of a clause that no standing benefit has; [] if every benefit stands."""
    gone = {one.benefit.id for one in stopped_in(known, {policy.key: policy.text})}
    stated = [one.sum.quote for one in known if one.sum is not None and one.id not in gone]
    taken = [one.id for one in known]
    return [
        one
        for one in (drafted(policy, facts, taken) if gone else ())
        if one.sum is not None
        and not any(one.sum.quote in quote or quote in one.sum.quote for quote in stated)
    ]


async def withdraw_benefits(
    district: DistrictStore, new: Collection[int], changed: Mapping[int, str], *, author: str
) -> None:
    """Take the drafts of an import out of the proposal, if they still wait in it.

    Args:
        district: where the proposal waits.
        new: its new clauses.
        changed: its other clauses, each with the text that stays in force: drafts that stand in this text stay.
        author: who gives the import up.

    Raises:
        RevisionError: the proposal changed meanwhile.
    """
    now = await _now(district)
    if now.proposal is None:
        return
    known = _latest(now)
    foreign = {one.benefit.id for one in stopped_in(known, changed)}
    kept = [one for one in known if not (one.draft and (one.clause in new or one.id in foreign))]
    if len(kept) < len(known):
        await _propose(district, now, kept, author)


async def _now(district: DistrictStore) -> PartNow:
    return (await district.parts())[DistrictPart.BENEFITS]


def _latest(now: PartNow) -> list[Benefit]:
    content = now.latest.content if now.latest else None
    return (
        list(load_benefits({DistrictPart.BENEFITS: content.root}, drafts=True))
        if isinstance(content, Rules)
        else []
    )


async def _propose(district: DistrictStore, now: PartNow, benefits: Sequence[Benefit], author: str) -> None:
    content = Rules({"benefits": [one.model_dump(mode="json", exclude_unset=True) for one in benefits]})
    await district.propose(DistrictPart.BENEFITS, content, seen=mark_of(now.latest), author=author)
