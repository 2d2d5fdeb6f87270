"""What publishing or approving would send: to how many people, and by which channel. Nothing is made or sent."""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_

from alerts.channels.choice import CHANNELS, Offer, offer
from alerts.forecast.member_segments import member_segments
from alerts.model.campaigns.new_campaigns import NewCampaign
from alerts.model.channel import Channel
from alerts.model.content import AlertKind, Content
from alerts.model.rows.quiet_hours import after_quiet_hours, kept_back
from alerts.scheduling.announcing import publication_campaigns
from alerts.scheduling.by_profile import by_profile, compared_clause, fits_of, profile_pages
from alerts.wording.wording import facts, one
from console.services.desk import Desk
from policies.library.changes import PolicyChange
from policies.library.library import Library
from policies.matching.catalogue import Fit
from policies.publishing.revisions import Publication
from storage.clock import day_of, system_clock
from subscriptions.members import recipients
from subscriptions.members.preferences import Preferences
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
class QuietMembers:
    """Of those who would get a message, how many are in their quiet hours, and the first instant at which some of them end."""

    people: int = 0
    until: datetime | None = None

    def with_members(self, wants: Preferences, members: int, now: datetime) -> "QuietMembers":
        """Return the counts with some members of these preferences; unchanged if these are not in quiet hours."""
        wakes = after_quiet_hours(wants, now)
        if wakes <= now:
            return self
        return QuietMembers(self.people + members, min(wakes, self.until or wakes))


@dataclass(frozen=True, slots=True)
class PublicationReach:
    """The alerts that a publication would send.

    Attributes:
        people: those who would get at least one message.
        kept: how many more would find it in 我的提醒 alone: they stopped or paused messages, or want deadlines alone.
        quiet: those of `people` whose message would wait for the end of their quiet hours.
    """

    alerts: tuple[ExpectedAlert, ...]
    people: int
    kept: int = 0
    quiet: QuietMembers = QuietMembers()


async def reach_of(
    desk: Desk, changes: Sequence[PolicyChange], after: Library | None = None
) -> PublicationReach:
    """Count what publishing these changes together would send. Members are read once, whatever the number of alerts.

    Args:
        desk: the services.
        changes: what would be published.
        after: the library after the publication. It names the clauses. If it is unknown, the published one is used.
    """
    now = desk.clock()
    imagined = Publication(0, "", "", now, tuple(changes))
    tracks = [track.id for track in (await desk.store.tracks()).tracks]
    published = await desk.store.published()
    library = after or published
    unborn = {change.key for change in changes if _is_not_there(change, published)}
    campaigns = publication_campaigns(imagined, tracks, library)
    campaigns = [_without_foreign_clause(new, unborn, published) for new in campaigns]
    today = day_of(now)
    counts, people, kept, quiet = await _count(desk, campaigns, now)
    unfit, nothing_left = await _left_out(desk, campaigns, today)
    counts.subtract(unfit)
    people -= nothing_left
    fitting = await _by_profile(desk, campaigns, library, today)
    people += len(set().union(*(members for _, members in fitting)))
    counts.update({len(campaigns) + at: len(members) for at, (_, members) in enumerate(fitting)})
    campaigns += [new for new, _ in fitting]
    return PublicationReach(
        tuple(
            ExpectedAlert(
                new.content.title,
                one((new.kind, _without_links(new.content, unborn)), today, desk.public_url),
                counts[at],
                unfit[at],
            )
            for at, new in enumerate(campaigns)
        ),
        people,
        kept,
        quiet,
    )


def _is_not_there(change: PolicyChange, published: Library) -> bool:
    """Whether a new clause has no page yet. What an import shows may have a number that another clause has."""
    if change.before is not None or change.after is None:
        return False
    there = published.get(change.key)
    return there is None or (there.document, there.text) != (change.after.document, change.after.text)


def _without_foreign_clause(new: NewCampaign, unborn: Set[int], published: Library) -> NewCampaign:
    """Return an alert without the number of a clause that is not published, if another clause has this number."""
    key = new.content.policy_id
    if key is None or key not in unborn or published.get(key) is None:
        return new
    return replace(new, content=_without_links(new.content, unborn))


def _without_links(content: Content, unborn: Set[int]) -> Content:
    """Return what an alert says, without a link to a clause that is not published yet."""
    return (
        content.model_copy(update={"policy_id": None, "clause": ""})
        if content.policy_id in unborn
        else content
    )


async def _left_out(desk: Desk, campaigns: Sequence[NewCampaign], today: date) -> tuple[Counter[int], int]:
    """Count for each alert how many it leaves out because their profile plainly does not fit, and how many get
    no alert at all.
    """
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
    """Return the alerts by profile beside these, each with the members it would reach; no alert that reaches nobody."""
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


async def _count(
    desk: Desk, campaigns: Sequence[NewCampaign], now: datetime
) -> tuple[Counter[int], int, int, QuietMembers]:
    """For how many each alert is sent; how many get one at least, find theirs in the inbox alone, are in quiet hours."""
    counts: Counter[int] = Counter()
    people, kept, quiet = 0, 0, QuietMembers()
    if not campaigns:
        return counts, people, kept, quiet
    today = day_of(now)
    topics = {topic for new in campaigns for topic in new.audience.topics}
    async for alike in member_segments(desk.database, (), topics):
        for profile, members in alike.items():
            concerned = [at for at, new in enumerate(campaigns) if profile.concerns(new.audience)]
            told = [at for at in concerned if not kept_back(campaigns[at].kind, profile.preferences, today)]
            counts.update(dict.fromkeys(told, members))
            people += members if told else 0
            quiet = quiet.with_members(profile.preferences, members, now) if told else quiet
            kept += members if concerned and not told else 0
    return counts, people, kept, quiet


@dataclass(frozen=True, slots=True)
class BroadcastReach:
    """How many people a broadcast would reach now, how many of them by each channel, and who is in quiet hours when it begins."""

    people: int
    ways: tuple[tuple[Channel, int], ...]
    quiet: QuietMembers = QuietMembers()


async def reach_of_broadcast(
    desk: Desk, audience: recipients.MemberQuery | None, channel: str, content: Content, begins: datetime
) -> BroadcastReach:
    """Count whom a broadcast would reach, by what delivery would choose now (`alerts.channels.choice.ways`).

    The database counts. An `audience` of None counts nobody. `begins` is when the broadcast begins to go out. A mass
    send does not wait for quiet hours.
    """
    if audience is None:
        return BroadcastReach(0, ())
    today = day_of(desk.clock())
    wants = Member.announcements.is_(True)
    not_paused = or_(Member.paused_until.is_(None), Member.paused_until < today)
    if channel == Channel.MASS:
        people = await recipients.count(desk.database, audience, wants, not_paused)
        return BroadcastReach(people, ((Channel.MASS, people),))
    people = await recipients.count(desk.database, audience, wants)
    known = facts([(AlertKind.ANNOUNCEMENT, content)], today)
    offered = offer(AlertKind.ANNOUNCEMENT, channel, known, desk.account, desk.templates)
    found: list[tuple[Channel, int]] = []
    elsewhere: list[ColumnElement[bool]] = []
    for way, is_open in _open_ways(offered):
        n = await recipients.count(desk.database, audience, wants, not_paused, is_open, *elsewhere)
        found.append((way, n))
        elsewhere.append(~is_open)
    quiet = QuietMembers()
    for hours, members in await recipients.count_by_hours(desk.database, audience, wants, not_paused):
        quiet = quiet.with_members(hours, members, begins)
    return BroadcastReach(people, (*found, (Channel.INBOX, people - sum(n for _, n in found))), quiet)


def _open_ways(offered: Offer) -> list[tuple[Channel, ColumnElement[bool]]]:
    """Return the ways in the order of `alerts.channels.choice.ways`, each with whom of the members it is open to now."""
    real_now = system_clock()  # the windows are WeChat's
    return [
        (channel, CHANNELS[channel].open_members(template, real_now))
        for channel, template in offered.templates.items()
        if offered.wanted in {"auto", channel.value}
    ]
