"""Alerts by profile: a member hears of what fits their kept profile without a track, and not of what plainly does not fit.

An alert by profile is a campaign of its own beside the one to the clause's tracks. It goes to members who chose it and
whom the other one does not concern, and its text says why it comes.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.new_campaigns import NewCampaign
from alerts.model.content import AlertKind
from alerts.scheduling.announcing import BY_PROFILE
from policies.library.library import Library
from policies.library.models import Policy
from policies.matching.asking import GENERIC
from policies.matching.catalogue import Catalogue, Fit
from policies.matching.facts import Facts
from storage.sql.batches import id_in
from storage.sql.database import Database
from subscriptions.members.recipients import Recipient, recipients, topic_in
from subscriptions.profiles.effective import facts_of_who_want_alerts
from subscriptions.profiles.tables import ProfileConsent
from subscriptions.tables import TopicSubscription

NO_BENEFITS = Catalogue(Facts(()), ())
"""Knows no benefits: nothing fits a profile and nothing is plainly unfit."""
_KINDS = frozenset(
    {
        AlertKind.OPENING,
        AlertKind.DEADLINE,
        AlertKind.DATE_CHANGED,
        AlertKind.NEW_POLICY,
        AlertKind.POLICY_CHANGED,
    }
)
_NARROWED = frozenset({AlertKind.OPENING, AlertKind.DEADLINE, AlertKind.NEW_POLICY, AlertKind.POLICY_CHANGED})
"""Alerts that a member with a plainly unfit profile need not get. A moved date concerns those who were told of the day."""
_SUMMED_UP = frozenset({AlertKind.OPENING, AlertKind.NEW_POLICY})
"""Alerts whose card says in short why they come. On the card of a deadline the days left matter more."""
IN_SHORT = "与您的公司情况对得上"
_MOST_NAMED = 4


async def somebody_wants_alerts(session: AsyncSession) -> bool:
    """Whether any member wants alerts by profile."""
    return bool(await session.scalar(select(exists().where(ProfileConsent.alerts))))


def by_profile(campaigns: Iterable[NewCampaign], library: Library, catalogue: Catalogue) -> list[NewCampaign]:
    """Return the alerts by profile that belong beside these campaigns."""
    found = []
    for new in campaigns:
        policy = library.get(new.content.policy_id or 0)
        audience = new.audience
        if new.kind not in _KINDS or audience.told_of is not None or policy is None:
            continue
        if policy.key not in catalogue.by_clause or not (audience.tracks or audience.general):
            continue
        whom = Audience(
            fits=policy.key,
            but_not_tracks=audience.tracks,
            but_not_topics=audience.topics,
            but_not_general=audience.general,
            applied_too=audience.applied_too,
        ).with_leads(audience.lead, audience.passed_over_for, audience.shortest)
        why = {"reason": reason_of(policy, catalogue), "clause": library.name_of(policy.key)}
        if new.kind in _SUMMED_UP:
            why["summary"] = IN_SHORT
        content = new.content.model_copy(update=why)
        found.append(replace(new, key=f"{new.key}{BY_PROFILE}", content=content, audience=whom))
    return found


def reason_of(policy: Policy, catalogue: Catalogue) -> str:
    """Say why an alert by profile comes, in a sentence that names what was compared."""
    named = dict.fromkeys(
        catalogue.facts.by_id[one.fact].label
        for benefit in catalogue.by_clause[policy.key]
        for one in benefit.comparisons
        if one.fact not in GENERIC
    )
    compared = "、".join(list(named)[:_MOST_NAMED])
    looked_at = f"（看的是{compared}{'等' if len(named) > _MOST_NAMED else ''}）" if named else ""
    return f"为什么告诉您：您保存的公司情况与这一条的条件对得上{looked_at}，所以没有订阅赛道也提醒您。"


async def fits_of(
    database: Database, clause: int | None, people: Sequence[Recipient], catalogue: Catalogue
) -> dict[int, Fit]:
    """Return how a clause fits the members of a page who want alerts by profile.

    A page is compared in a thread and outside any transaction, because it takes half a second.
    """
    if clause is None or clause not in catalogue.by_clause or not people:
        return {}
    read = partial(facts_of_who_want_alerts, member_ids=[one.member_id for one in people])
    kept = await database.run_in_read_transaction(read)
    return await asyncio.to_thread(_fits, clause, kept, catalogue)


async def profile_pages(
    database: Database, clause: int | None, audience: Audience, catalogue: Catalogue
) -> AsyncIterator[tuple[list[Recipient], frozenset[int]]]:
    """Yield pages of the members who want alerts by profile, with the ids that listing passes over.

    Listing passes over members whose profile plainly does not fit the clause (None: nobody), unless they asked for
    it.
    """
    async for people in recipients(database, audience.whom(), chose_profiles=True):
        fits = await fits_of(database, clause, people, catalogue)
        unfit = frozenset(member_id for member_id, fit in fits.items() if fit is Fit.UNFIT)
        async with database.read() as session:
            yield people, unfit - await who_asked_for_it(session, audience, unfit)


async def who_asked_for_it(
    session: AsyncSession, audience: Audience, members: Collection[int]
) -> frozenset[int]:
    """Return members who subscribe to the clause, its department or a question. They get it whatever fits them."""
    if not members or not audience.topics:
        return frozenset()
    table = TopicSubscription
    mine = id_in(session, table.member_id, members)
    found = await session.scalars(select(table.member_id).where(mine, topic_in(session, audience.topics)))
    return frozenset(found)


def _fits(clause: int, kept: Mapping[int, str], catalogue: Catalogue) -> dict[int, Fit]:
    return {member_id: catalogue.fit_of_kept(clause, json.loads(facts)) for member_id, facts in kept.items()}


def compared_clause(kind: AlertKind, policy_id: int | None, audience: Audience) -> int | None:
    """Return the clause that an alert's members are compared with. None: the alert goes to them whatever their profile."""
    if audience.fits is not None:
        return audience.fits
    return policy_id if kind in _NARROWED and (audience.tracks or audience.general) else None
