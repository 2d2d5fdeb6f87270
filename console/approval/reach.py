"""What publishing or approving would send: to how many people, and by which channel. Nothing is made or sent."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_

from alerts.channels.choice import CHANNELS, Offer, offer
from alerts.model.campaigns import NewCampaign
from alerts.model.channel import Channel
from alerts.model.content import Content, Kind
from alerts.model.quiet_hours import kept_back
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
        people: those who would get at least one message.
        kept: how many more would find it in 我的提醒 alone: they stopped or paused messages, or want deadlines alone.
    """

    alerts: tuple[ExpectedAlert, ...]
    people: int
    kept: int = 0


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
    today = now.astimezone(SHANGHAI).date()
    counts, people, kept = await _count(desk, campaigns, today)
    unfit, nothing_left = await _left_out(desk, campaigns, today)
    counts.subtract(unfit)
    people -= nothing_left
    fitting = await _by_profile(desk, campaigns, library, today)
    people += len(set().union(*(members for _, members in fitting)))
    counts.update({len(campaigns) + at: len(members) for at, (_, members) in enumerate(fitting)})
    campaigns += [new for new, _ in fitting]
    return Reach(
        tuple(
            ExpectedAlert(
                new.content.title, one((new.kind, new.content), today, desk.public_url), counts[at], unfit[at]
            )
            for at, new in enumerate(campaigns)
        ),
        people,
        kept,
    )


async def _left_out(desk: Desk, campaigns: Sequence[NewCampaign], today: date) -> tuple[Counter[int], int]:
    """How many each alert leaves out because their profile plainly does not fit, and how many of these get no alert at all."""
    left_out: Counter[int] = Counter()
    concerned: Counter[int] = Counter()
    unfit_for: Counter[int] = Counter()
    catalogue = desk.matching.catalogue
    for at, new in enumerate(campaigns):
        clause = compared_clause(new.kind, new.content.policy_id, new.audience)
        async for people, unfit in profile_pages(desk.database, clause, new.audience, catalogue):
            told = {one.member_id for one in people if not kept_back(new.kind, one.preferences, today)}
            left_out[at] += len(unfit & told)
            concerned.update(told)
            unfit_for.update(unfit & told)
    return left_out, sum(times == concerned[member_id] for member_id, times in unfit_for.items())


async def _by_profile(
    desk: Desk, campaigns: Sequence[NewCampaign], library: Library, today: date
) -> list[tuple[NewCampaign, set[int]]]:
    """The alerts by profile beside these, each with the members whom it would reach; none where it reaches nobody."""
    catalogue = desk.matching.catalogue
    found = []
    for new in by_profile(campaigns, library, catalogue):
        members: set[int] = set()
        async for page in recipients.recipients(desk.database, new.audience.whom()):
            told = [one for one in page if not kept_back(new.kind, one.preferences, today)]
            fits = await fits_of(desk.database, new.audience.fits, told, catalogue)
            members.update(member_id for member_id, fit in fits.items() if fit is Fit.FITS)
        if members:
            found.append((new, members))
    return found


async def _count(desk: Desk, campaigns: Sequence[NewCampaign], today: date) -> tuple[Counter[int], int, int]:
    """For how many each alert is sent, how many get one at least, and how many find theirs in the inbox alone."""
    counts: Counter[int] = Counter()
    people = kept = 0
    if not campaigns:
        return counts, people, kept
    topics = {topic for new in campaigns for topic in new.audience.topics}
    async for alike in member_segments(desk.database, (), topics):
        for profile, members in alike.items():
            concerned = [at for at, new in enumerate(campaigns) if profile.concerns(new.audience)]
            told = [at for at in concerned if not kept_back(campaigns[at].kind, profile.preferences, today)]
            counts.update(dict.fromkeys(told, members))
            people += members if told else 0
            kept += members if concerned and not told else 0
    return counts, people, kept


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
    today = desk.clock().astimezone(SHANGHAI).date()
    wants = Member.announcements.is_(True)
    not_paused = or_(Member.paused_until.is_(None), Member.paused_until < today)
    if channel == Channel.MASS:
        people = await recipients.count(desk.database, audience, wants, not_paused)
        return BroadcastReach(people, ((Channel.MASS, people),))
    people = await recipients.count(desk.database, audience, wants)
    known = facts([(Kind.ANNOUNCEMENT, content)], today)
    offered = offer(Kind.ANNOUNCEMENT, channel, known, desk.account, desk.templates)
    found: list[tuple[Channel, int]] = []
    elsewhere: list[ColumnElement[bool]] = []
    for way, is_open in _open_ways(offered):
        n = await recipients.count(desk.database, audience, wants, not_paused, is_open, *elsewhere)
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
