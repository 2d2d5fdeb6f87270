"""New campaigns. A campaign has a natural key, so the same alert is made once."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_states import Status
from alerts.model.content import AlertKind, Content
from alerts.model.tables import LONGEST_REASON, Campaign
from storage.sql.upsert import insert

SYSTEM = "policybot"
"""The author of alerts that no person made."""


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """A campaign to be made.

    Attributes:
        key: natural key; a second campaign of the same key is not made.
        lead: for a deadline alert, days before the close. None: any other alert.
        send_at: the earliest business instant. None: at once.
        expires_at: rows not sent by this business instant expire.
        last_at: not after this business instant, unless an operator says so again; None: a broadcast gets
            one when it is approved, an alert has none.
    """

    key: str
    kind: AlertKind
    content: Content
    audience: Audience
    channel: str = "auto"
    status: Status = Status.SCHEDULED
    window_id: int | None = None
    closes_on: date | None = None
    lead: int | None = None
    send_at: datetime | None = None
    expires_at: datetime | None = None
    last_at: datetime | None = None
    created_by: str = SYSTEM
    reason: str | None = None


async def create_campaign(session: AsyncSession, new: NewCampaign, now: datetime) -> int | None:
    """Make a campaign and return its id. Return None if one with the same key exists already."""
    statement = (
        insert(session, Campaign)
        .values(
            key=new.key,
            kind=new.kind,
            title=new.content.title[:200],
            content=new.content.model_dump(mode="json"),
            audience=new.audience.model_dump(mode="json", exclude_defaults=True),
            channel=new.channel,
            status=new.status,
            reason=new.reason and new.reason[:LONGEST_REASON],
            window_id=new.window_id,
            closes_on=new.closes_on,
            lead=new.lead,
            send_at=new.send_at,
            expires_at=new.expires_at,
            last_at=new.last_at,
            created_by=new.created_by,
            created_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(Campaign.id)
    )
    made: int | None = await session.scalar(statement)
    return made
