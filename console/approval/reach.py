"""What publishing or approving would send: to how many people, and by which channel. Nothing is made or sent."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from alerts.channels.choice import CHANNELS, Offer, offer
from alerts.model.campaigns import NewCampaign
from alerts.model.channel import Channel
from alerts.model.content import Content, Kind
from alerts.model.wording import facts, one
from alerts.scheduling.announcing import publication_campaigns
from alerts.scheduling.by_profile import by_profile, compared_clause, fits_of, profile_pages
from alerts.scheduling.member_segments import member_segments
from console.services.desk import Desk
from policies.library.changes import PolicyChange
from policies.library.library import Library
from policies.matching.catalogue import Fit
from policies.publishing.revisions import Publication
from storage.clock import SHANGHAI, system_clock
from subscriptions.members import recipients
from subscriptions.tables import Member


@dataclass(frozen=True, slots=True)
class ExpectedAlert:
    """An alert that publishing would send: its words as a text message, and to how many.

    Attributes:
        not_fitting: how many more subscribe to it, but keep a profile that plainly does not fit.
    """

    title: str
    words: str
    people: int
    not_fitting: int


@dataclass(frozen=True, slots=True)
class Reach:
    """What a publication would send.

    Attributes:
        people: those who would get at least one alert.
    """

    alerts: tuple[ExpectedAlert, ...]
    people: int


async def reach_of(desk: Desk, changes: Sequence[PolicyChange], after: Library | None = None) -> Reach:
    """What publishing these changes together would send. Members are read once, whatever the number of alerts.

    Args:
        desk: the services.
        changes: what would be published.
        after: the library as it would be then, which names the clauses; the published one where it is not known.
    """
    now = desk.clock()
    imagined = Publication(0, "", "", now, tuple(changes), surroundings_changed=False)
    tracks = [track.id for track in (await desk.store.tracks()).tracks]
    library = after or await desk.store.published()
    campaigns = publication_campaigns(imagined, tracks, library)
    counts, people = await _count(desk, campaigns)
    unfit, nothing_left = await _left_out(desk, campaigns)
    counts.subtract(unfit)
    people -= nothing_left
    fitting = await _by_profile(desk, campaigns, library)
    people += len(set().union(*(members for _, members in fitting)))
    counts.update({len(campaigns) + at: len(members) for at, (_, members) in enumerate(fitting)})
    campaigns += [new for new, _ in fitting]
    today = now.astimezone(SHANGHAI).date()
    return Reach(
        tuple(
            ExpectedAlert(
                new.content.title, one((new.kind, new.content), today, desk.public_url), counts[at], unfit[at]
            )
            for at, new in enumerate(campaigns)
        ),
        people,
    )


async def _left_out(desk: Desk, campaigns: Sequence[NewCampaign]) -> tuple[Counter[int], int]:
    """How many each alert leaves out because their profile plainly does not fit, and how many of these get no alert at all."""
    left_out: Counter[int] = Counter()
    concerned: Counter[int] = Counter()
    unfit_for: Counter[int] = Counter()
    catalogue = desk.matching.catalogue
    for at, new in enumerate(campaigns):
        clause = compared_clause(new.kind, new.content.policy_id, new.audience)
        async for people, unfit in profile_pages(desk.database, clause, new.audience, catalogue):
            left_out[at] += len(unfit)
            concerned.update(one.member_id for one in people)
            unfit_for.update(unfit)
    return left_out, sum(times == concerned[member_id] for member_id, times in unfit_for.items())


async def _by_profile(
    desk: Desk, campaigns: Sequence[NewCampaign], library: Library
) -> list[tuple[NewCampaign, set[int]]]:
    """The alerts by profile beside these, each with the members whom it would reach; none where it reaches nobody."""
    catalogue = desk.matching.catalogue
    found = []
    for new in by_profile(campaigns, library, catalogue):
        members: set[int] = set()
        async for page in recipients.recipients(desk.database, new.audience.whom()):
            fits = await fits_of(desk.database, new.audience.fits, page, catalogue)
            members.update(member_id for member_id, fit in fits.items() if fit is Fit.FITS)
        if members:
            found.append((new, members))
    return found


async def _count(desk: Desk, campaigns: Sequence[NewCampaign]) -> tuple[Counter[int], int]:
    counts: Counter[int] = Counter()
    people = 0
    if not campaigns:
        return counts, people
    topics = {topic for new in campaigns for topic in new.audience.topics}
    async for alike in member_segments(desk.database, (), topics):
        for profile, members in alike.items():
            concerned = [at for at, new in enumerate(campaigns) if profile.concerns(new.audience)]
            counts.update(dict.fromkeys(concerned, members))
            people += members if concerned else 0
    return counts, people


@dataclass(frozen=True, slots=True)
class BroadcastReach:
    """How many people a broadcast would reach now, and how many of them by each channel."""

    people: int
    ways: tuple[tuple[Channel, int], ...]


async def reach_of_broadcast(
    desk: Desk, audience: recipients.Audience | None, channel: str, content: Content
) -> BroadcastReach:
    """What delivery would choose now (`alerts.channels.choice.ways`), counted by the database.

    An `audience` of None counts nobody.
    """
    if audience is None:
        return BroadcastReach(0, ())
    people = await recipients.count(desk.database, audience, Member.announcements.is_(True))
    if channel == Channel.MASS:
        return BroadcastReach(people, ((Channel.MASS, people),))
    today = desk.clock().astimezone(SHANGHAI).date()
    known = facts([(Kind.ANNOUNCEMENT, content)], today)
    offered = offer(Kind.ANNOUNCEMENT, channel, known, desk.account, desk.templates)
    found: list[tuple[Channel, int]] = []
    elsewhere: list[ColumnElement[bool]] = []
    for way, is_open in _open_ways(offered):
        n = await recipients.count(
            desk.database, audience, Member.announcements.is_(True), is_open, *elsewhere
        )
        found.append((way, n))
        elsewhere.append(~is_open)
    return BroadcastReach(people, (*found, (Channel.INBOX, people - sum(n for _, n in found))))


def _open_ways(offered: Offer) -> list[tuple[Channel, ColumnElement[bool]]]:
    """The ways in the order of `alerts.channels.choice.ways`, each with whom of the members it is open to now."""
    real_now = system_clock()  # the windows are WeChat's
    return [
        (channel, CHANNELS[channel].open_members(template, real_now))
        for channel, template in offered.templates.items()
        if offered.wanted in {"auto", channel.value}
    ]
