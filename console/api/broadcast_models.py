"""What the API takes and gives about broadcasts (公告)."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, FailFast, Field, WithJsonSchema

from console.api.endpoints import ApiModel, PageQuery
from console.services.broadcast_drafts import Draft
from console.services.broadcast_text import Body, ChosenChannel, Link, Reason, Title
from console.web.typed_values import is_plausible_year
from storage.sql.base import LARGEST_INTEGER

Openid = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
TrackId = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[a-z0-9_-]+$")]


def _of_our_years(moment: datetime) -> datetime:
    if not is_plausible_year(moment):
        raise ValueError("should be a moment between the years 2000 and 2199")
    return moment


Moment = Annotated[
    AwareDatetime,
    AfterValidator(_of_our_years),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": "^2[01][0-9]{2}-"}),
]


class Everyone(ApiModel):
    all: Literal[True]


class FollowersOfTracks(ApiModel):
    tracks: Annotated[list[TrackId], Field(min_length=1, max_length=50)]


class People(ApiModel):
    openids: Annotated[list[Openid], Field(min_length=1, max_length=10_000), FailFast()]


class FittingClause(ApiModel):
    """Members who want alerts by profile and whose kept profile fits the clause with this key."""

    fits: Annotated[int, Field(ge=1, le=LARGEST_INTEGER)]


class BroadcastIn(ApiModel):
    """A broadcast to be drafted.

    `send_at` (RFC 3339 with a time zone): it is not sent before. `last_at`: after it an operator is asked again; by default
    one day after it should begin.
    """

    title: Title
    body: Body
    url: Link | None = None
    audience: Everyone | FollowersOfTracks | People | FittingClause
    channel: ChosenChannel = "auto"
    send_at: Moment | None = None
    last_at: Moment | None = None

    def draft(self) -> Draft:
        """Return the requested broadcast in the form that the services take."""
        audience = self.audience
        return Draft(
            title=self.title,
            body=self.body,
            url=self.url or "",
            channel=self.channel,
            everyone=isinstance(audience, Everyone),
            tracks=tuple(audience.tracks) if isinstance(audience, FollowersOfTracks) else (),
            openids=tuple(audience.openids) if isinstance(audience, People) else (),
            fits=audience.fits if isinstance(audience, FittingClause) else None,
            send_at=self.send_at,
            last_at=self.last_at,
        )


class BroadcastEdit(BroadcastIn):
    """The whole broadcast as it should be. `version` is the version that was read before."""

    version: Annotated[int, Field(ge=1, le=LARGEST_INTEGER)]


class ReturnIn(ApiModel):
    """Why a broadcast goes back to its authors."""

    reason: Reason


class ApproveQuery(ApiModel):
    """`version`: approve only while the broadcast is the one that was read."""

    version: Annotated[int, Field(ge=1, le=LARGEST_INTEGER)] | None = None


class Counts(ApiModel):
    """Rows of the ledger by what became of them."""

    total: int = 0
    pending: int = 0
    sent: int = 0
    delivered: int = 0
    accepted: int = 0
    inbox: int = 0
    failed: int = 0
    skipped: int = 0
    unreachable: int = 0
    unknown: int = 0


class BroadcastOut(ApiModel):
    id: int
    status: Literal["draft", "submitted", "scheduled", "sending", "paused", "done", "cancelled", "failed"]
    title: str
    body: str
    url: str | None
    channel: str
    send_at: datetime | None
    last_at: datetime | None
    version: int
    reason: str | None
    created_by: str
    submitted_by: str | None
    approved_by: str | None
    created_at: datetime
    counts: Counts


class BroadcastList(ApiModel):
    items: list[BroadcastOut]


class PreviewIn(ApiModel):
    openid: Openid


class PreviewOut(ApiModel):
    """`id` of the test, which is a separate campaign, and `preview_of`, the broadcast it tests."""

    id: int
    preview_of: int


class DeliveryOut(ApiModel):
    """One row of the ledger; the member's openid is personal and stays inside."""

    id: int
    member_id: int
    state: str
    channel: str | None
    errcode: int | None
    reason: str | None
    attempts: int
    settled_at: datetime | None


class DeliveryPage(ApiModel):
    """`next` is the `after` of the page that follows; null on the last."""

    items: list[DeliveryOut]
    next: int | None


class DeliveryQuery(PageQuery):
    state: Annotated[str, Field(max_length=12, pattern=r"^[a-z]+$")] | None = None
