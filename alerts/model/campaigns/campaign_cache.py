"""What delivery needs of a campaign. Each worker reads it once, because a campaign's content no longer changes then."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from alerts.model.campaigns.audience import Audience
from alerts.model.content import AlertKind, Content
from alerts.model.tables import Campaign

_CAMPAIGNS_KEPT = 200


@dataclass(frozen=True, slots=True)
class CachedCampaign:
    """The part of a campaign that its messages need.

    Attributes:
        audience: the members it was listed for.
        channel: `auto`, or the one channel its operator chose.
        window_id: the application window that it is about.
    """

    id: int
    key: str
    kind: AlertKind
    content: Content
    audience: Audience
    channel: str
    window_id: int | None
    closes_on: date | None
    expires_at: datetime | None

    def client_id(self, member_id: int, failed_id: str | None = None) -> str:
        """Our id of this campaign's message to this member (`client_msg_id`): the same on each try.

        `failed_id` is WeChat's id of a message that it took and could not deliver. When an operator sends the row again,
        the id must be another one.
        """
        whose = f"{self.key}|{member_id}" if failed_id is None else f"{self.key}|{member_id}|{failed_id}"
        return hashlib.blake2b(whose.encode(), digest_size=15).hexdigest()


class CampaignCache:
    """Keeps the campaigns that a worker sends."""

    def __init__(self) -> None:
        self._kept: dict[int, CachedCampaign] = {}

    def load(self, connection: Connection, campaign_ids: Collection[int]) -> dict[int, CachedCampaign]:
        """Load campaigns by id."""
        missing = [campaign_id for campaign_id in campaign_ids if campaign_id not in self._kept]
        if missing:
            if len(self._kept) > _CAMPAIGNS_KEPT:
                self._kept.clear()
                missing = list(campaign_ids)
            for row in connection.execute(_CAMPAIGNS.where(Campaign.id.in_(missing))):
                self._kept[row.id] = _campaign(row)
        return {
            campaign_id: self._kept[campaign_id] for campaign_id in campaign_ids if campaign_id in self._kept
        }


_CAMPAIGNS = select(
    Campaign.id,
    Campaign.key,
    Campaign.kind,
    Campaign.content,
    Campaign.audience,
    Campaign.channel,
    Campaign.window_id,
    Campaign.closes_on,
    Campaign.expires_at,
)


def _campaign(row: Row[Any]) -> CachedCampaign:
    return CachedCampaign(
        row.id,
        row.key,
        AlertKind(row.kind),
        Content.model_validate(row.content),
        Audience.model_validate(row.audience),
        row.channel,
        row.window_id,
        row.closes_on,
        row.expires_at,
    )
