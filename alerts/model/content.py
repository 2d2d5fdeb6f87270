"""What an alert says, apart from how a channel words it."""

from datetime import date
from enum import StrEnum
from itertools import takewhile

from pydantic import BaseModel, ConfigDict

from policies.guides.guide import Guide

_QUOTED = 120
"""Characters of an old or a new wording that a message shows; the page has the rest."""
_BEFORE_A_CHANGE = 20
"""Characters that stand before a change in a long wording."""


class AlertKind(StrEnum):
    """Why something goes out; the value of `Campaign.kind`."""

    OPENING = "opening"
    """An application window has opened."""
    DEADLINE = "deadline"
    """A window closes in a number of days."""
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


WINDOW_KINDS = (AlertKind.OPENING, AlertKind.DEADLINE, AlertKind.DATE_CHANGED)
"""Alerts about an application window."""


class ClauseChange(BaseModel):
    """One thing that moved between two revisions of a clause, in the document's own words."""

    model_config = ConfigDict(frozen=True)

    what: str
    """正文, 金额, 责任单位 …"""
    old: str
    new: str

    @property
    def in_words(self) -> str:
        """Old and new on lines of their own; what was only added or only left out is said to be so."""
        old, new = _around_the_change(self.old, self.new)
        if old and new:
            return f"{self.what}\n原：{old}\n现：{new}"
        return f"{self.what}增加：{new}" if new else f"{self.what}删去：{old}"


def _around_the_change(old: str, new: str) -> tuple[str, str]:
    """Return two wordings. Of long ones, return the part in which they begin to differ."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    is_long = max(len(old), len(new)) > _QUOTED and same > _BEFORE_A_CHANGE
    start = same - _BEFORE_A_CHANGE if is_long else 0
    return _quoted(old, start), _quoted(new, start)


def _quoted(value: str, start: int) -> str:
    shown = value[start : start + _QUOTED]
    return f"{'…' if start and shown else ''}{shown}{'…' if len(value) > start + _QUOTED else ''}"


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
    """Where to apply, or an announcement's link; "" if there is none."""
    policy_id: int | None = None
    document: str = ""
    """The title of the clause's document, in 《》; "" if the library holds one document."""
    window_id: int | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    old_closes_on: date | None = None
    """The closing day announced before, of a DATE_CHANGED."""
    changes: tuple[ClauseChange, ...] = ()
    guide: Guide | None = None
    """How to apply for the window's clause, as operators had entered it when the alert was made."""
    reason: str = ""
    """Why it comes to members who follow no track of it."""
    clause: str = ""
    """The name of its clause, if the reason refers to it (第22条)."""
    sample: bool = False
    """Made from a sample window: every message carries 示例."""
