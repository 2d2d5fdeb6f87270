"""What delivery has to know of a campaign, read once a worker: what it says does not change any more."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.content import Content, Kind
from alerts.tables import Campaign

_KEPT = 200


@dataclass(frozen=True, slots=True)
class Brief:
    """A campaign as its messages need it.

    Attributes:
        channel: `auto`, or the one channel its operator chose.
        to_all: its audience is everyone who follows.
    """

    id: int
    key: str
    kind: Kind
    content: Content
    channel: str
    to_all: bool
    closes_on: date | None
    expires_at: datetime | None

    def client_id(self, member_id: int) -> str:
        """The id under which WeChat knows this campaign's message to this member: the same on each try."""
        return hashlib.blake2b(f"{self.key}|{member_id}".encode(), digest_size=15).hexdigest()


class Briefs:
    """The campaigns under way."""

    def __init__(self) -> None:
        self._kept: dict[int, Brief] = {}

    async def load(self, session: AsyncSession, campaign_ids: Collection[int]) -> dict[int, Brief]:
        """Campaigns by id."""
        missing = [campaign_id for campaign_id in campaign_ids if campaign_id not in self._kept]
        if missing:
            if len(self._kept) > _KEPT:
                self._kept.clear()
            for campaign in await session.scalars(select(Campaign).where(Campaign.id.in_(missing))):
                self._kept[campaign.id] = _brief(campaign)
        return {
            campaign_id: self._kept[campaign_id] for campaign_id in campaign_ids if campaign_id in self._kept
        }


def _brief(campaign: Campaign) -> Brief:
    return Brief(
        campaign.id,
        campaign.key,
        Kind(campaign.kind),
        Content.model_validate(campaign.content),
        campaign.channel,
        bool(campaign.audience.get("everyone")),
        campaign.closes_on,
        campaign.expires_at,
    )
