"""总览: followers, questions, deliveries, and what waits for an operator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from aiohttp import web
from sqlalchemy import func, select

from alerts.model.tables import Campaign, CampaignCount
from console.access.roles import Role, Route
from console.screens.attention import todos
from console.screens.ledger import SHOWN_STATES, STATE_NAMES
from console.services.desk import DESK
from console.web.pages import page
from policies.questions.daily_tally import ANSWERED, DECLINED
from storage.clock import day_of
from subscriptions.members.follower_counts import followers

_DAYS = 14
_ALERT_DAYS = 30


@dataclass(frozen=True, slots=True)
class TrackBar:
    """A track and its subscribers; `share` of the largest, in percent."""

    name: str
    people: int
    share: float


@dataclass(frozen=True, slots=True)
class DayBar:
    """A day's questions; heights in percent of the busiest day."""

    day: date
    answered: int
    declined: int
    answered_height: float
    declined_height: float


async def overview_page(request: web.Request) -> web.StreamResponse:
    desk = request.app[DESK]
    counted = await followers(desk.database)
    return await page(
        request,
        "overview.html",
        todos=await todos(request),
        following=counted.everyone,
        tracks=await _track_bars(request, counted.by_track),
        days=await _day_bars(request),
        counts=await _sent_counts(request),
        alert_days=_ALERT_DAYS,
        states=STATE_NAMES,
        shown_states=SHOWN_STATES,
    )


async def _track_bars(request: web.Request, counts: Mapping[str, int]) -> list[TrackBar]:
    most = max(counts.values(), default=0) or 1
    tracks = (await request.app[DESK].store.tracks()).tracks
    people = [(track.name, counts.get(track.id, 0)) for track in tracks]
    return [TrackBar(name, n, round(100 * n / most, 1)) for name, n in people]


async def _day_bars(request: web.Request) -> list[DayBar]:
    desk = request.app[DESK]
    days = await desk.tally.days(day_of(desk.clock()), _DAYS)
    most = max((sum(counts.values()) for counts in days.values()), default=0) or 1

    def bar(day: date, answered: int, declined: int) -> DayBar:
        return DayBar(
            day, answered, declined, round(100 * answered / most, 1), round(100 * declined / most, 1)
        )

    return [bar(day, counts[ANSWERED], counts[DECLINED]) for day, counts in days.items()]


async def _sent_counts(request: web.Request) -> dict[str, int]:
    """Count the rows of recent campaigns by state, from the campaigns' counters."""
    desk = request.app[DESK]
    since = desk.clock() - timedelta(days=_ALERT_DAYS)
    async with desk.database.read() as session:
        rows = await session.execute(
            select(CampaignCount.state, func.sum(CampaignCount.n))
            .join(Campaign, Campaign.id == CampaignCount.campaign_id)
            .where(Campaign.created_at >= since)
            .group_by(CampaignCount.state)
        )
        return {state: int(n) for state, n in rows}


ROUTES = (Route("GET", "/", overview_page, Role.VIEWER),)
