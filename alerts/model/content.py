"""What an alert says, apart from how a channel words it."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from policies.guides.guide import Guide


class Kind(StrEnum):
    """Why something goes out; the value of `Campaign.kind`."""

    OPENING = "opening"
    """An application window has opened."""
    DEADLINE = "deadline"
    """A window closes in so many days."""
    DATE_CHANGED = "date_changed"
    """A window that was announced closes on another day, or has been withdrawn (`closes_on` is None)."""
    NEW_POLICY = "new_policy"
    POLICY_CHANGED = "policy_changed"
    EXPIRY = "expiry"
    """A basis document's period ends soon."""
    ANNOUNCEMENT = "announcement"
    """An operator's own words."""
    COMPANY = "company"
    """To one member: what an operator decided about the company they claimed."""


WINDOW_KINDS = (Kind.OPENING, Kind.DEADLINE, Kind.DATE_CHANGED)
"""Alerts about an application window."""


class Change(BaseModel):
    """One thing that moved between two revisions of a clause, in the document's own words."""

    model_config = ConfigDict(frozen=True)

    what: str
    """正文, 金额, 责任单位 …"""
    old: str
    new: str


class Content(BaseModel):
    """The facts and words of one campaign; `wording` makes each channel's message of them.

    Days left are not kept: they are counted when the message leaves, for quiet hours and digests move that.
    """

    model_config = ConfigDict(frozen=True)

    title: str
    """What it is about, without a word for the kind: a clause's or window's title, an announcement's heading."""
    summary: str = ""
    """One sentence."""
    body: str = ""
    """An announcement's text."""
    url: str = ""
    """Where to apply, or an announcement's link; "" where there is none."""
    policy_id: int | None = None
    document: str = ""
    """The title of the clause's document, in 《》; "" where the library holds one document."""
    window_id: int | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    old_closes_on: date | None = None
    """The closing day announced before, of a DATE_CHANGED."""
    changes: tuple[Change, ...] = ()
    guide: Guide | None = None
    """How the window's clause is applied for, as operators had entered it when the alert was made."""
    reason: str = ""
    """Why it comes to members who follow no track of it."""
    clause: str = ""
    """What its clause is called, where the reason refers to it (第22条)."""
    sample: bool = False
    """Made from a sample window: every message carries 示例."""
