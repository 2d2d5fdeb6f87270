"""APIs that WeChat has closed for a while: 45009 until midnight, 45011 until the next minute."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.channels.verdicts import HoldUntil
from alerts.model.channel import Channel
from alerts.model.tables import ApiHold
from storage.clock import day_of, midnight_of
from storage.sql.upsert import insert


async def hold_api(
    session: AsyncSession, channel: Channel, closes: HoldUntil, errcode: int, now: datetime
) -> datetime:
    """Hold an API for every worker. The result is the instant at which it opens again."""
    until = reopens_at(closes, now)
    values = {"since": now, "until": until, "errcode": errcode}
    await session.execute(
        insert(session, ApiHold)
        .values(channel=channel, **values)
        .on_conflict_do_update(
            index_elements=["channel"], set_=values, where=or_(ApiHold.until < until, ApiHold.since > now)
        )
    )
    return until


def reopens_at(closes: HoldUntil, now: datetime) -> datetime:
    """Return the next midnight in Asia/Shanghai, or the next full minute."""
    if closes is HoldUntil.DAY:
        tomorrow = day_of(now) + timedelta(days=1)
        return midnight_of(tomorrow).astimezone(now.tzinfo)
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def held_apis(connection: Connection, now: datetime) -> dict[Channel, datetime]:
    """Return the APIs that are held now, and until when."""
    rows = connection.execute(
        select(ApiHold.channel, ApiHold.until).where(ApiHold.since <= now, ApiHold.until > now)
    )
    return {Channel(channel): until for channel, until in rows}
