"""Which ways a message can take to a member now: those with a client id and a receipt first.

The table of what a way needs is `ways`; the table of what a template's values may be is `_KINDS`.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from alerts.model.channel import MEMBER_CHANNELS, Channel, Reach
from alerts.model.content import Kind
from wechat.account import Account, Capability


class TemplateSetting(BaseModel):
    """A template of the account and what its fields say (`BOT_WECHAT_TEMPLATES`).

    Attributes:
        subscribe: the subscription-notification template for the same kind of alert, where there is one.
        lasting: of such a template, that it is a long-term one (长期订阅, type 3 of `gettemplate`): a consent
            pays for every send until it is withdrawn, not for one (docs/wechat.md §5.3).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = ""
    fields: dict[str, str] = Field(default_factory=dict)
    subscribe: "TemplateSetting | None" = None
    lasting: bool = False


_FALLBACKS: Mapping[Kind, tuple[str, ...]] = {
    Kind.OPENING: ("opening", "deadline"),
    Kind.DEADLINE: ("deadline",),
    Kind.DATE_CHANGED: ("date_changed", "deadline"),
    Kind.NEW_POLICY: ("new_policy",),
    Kind.POLICY_CHANGED: ("policy_changed", "new_policy"),
    Kind.EXPIRY: ("expiry", "new_policy"),
    # Marketing by template is punished (40249, 43116): only where an operator declared one fit for it.
    Kind.ANNOUNCEMENT: ("announcement",),
    Kind.COMPANY: ("company",),
}


class Templates:
    """The templates that `BOT_WECHAT_TEMPLATES` sets, by kind of alert.

    Raises:
        pydantic.ValidationError: an entry is not `{"id", "fields", "subscribe"?}`.
    """

    def __init__(self, settings: Mapping[str, Mapping[str, Any]]) -> None:
        entries = {name: TemplateSetting.model_validate(entry) for name, entry in settings.items()}
        self._by_kind = {
            kind: next((entries[name] for name in names if name in entries), None)
            for kind, names in _FALLBACKS.items()
        }

    def template(self, kind: Kind) -> TemplateSetting | None:
        """The template for this kind of alert."""
        entry = self._by_kind[kind]
        return entry if entry and entry.id else None

    def notification(self, kind: Kind) -> TemplateSetting | None:
        """The subscription-notification template for this kind of alert."""
        entry = self._by_kind[kind]
        return entry.subscribe if entry else None

    @property
    def notification_ids(self) -> frozenset[str]:
        """Every subscription-notification template in use."""
        return frozenset(
            entry.subscribe.id for entry in self._by_kind.values() if entry and entry.subscribe is not None
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """What a campaign can go by at all, whoever the member is.

    Attributes:
        wanted: `auto`, or the one channel an operator chose.
        template: None: none is set for this kind of alert, its facts don't fill it, or the account may not.
        notification: the same of subscription notifications.
        custom: the account may send customer-service messages.
    """

    wanted: str
    template: TemplateSetting | None
    notification: TemplateSetting | None
    custom: bool


def offer(kind: Kind, wanted: str, facts: Mapping[str, str], account: Account, templates: Templates) -> Offer:
    """What an alert of this kind with these facts can go by."""
    template, notification = templates.template(kind), templates.notification(kind)
    return Offer(
        wanted,
        template if account.may(Capability.TEMPLATE_MESSAGE) and _fills(template, facts) else None,
        notification if account.may(Capability.SUBSCRIPTION_NOTICE) and _fills(notification, facts) else None,
        account.may(Capability.CUSTOM_MESSAGE),
    )


def ways(offered: Offer, reach: Reach, closed: Collection[Channel] = ()) -> tuple[Channel, ...]:
    """The ways open to a member, best first; the inbox is always the last.

    `closed` are the ways that WeChat closed for this member in this very attempt.
    """
    notification = offered.notification
    open_now: Mapping[Channel, bool] = {
        Channel.TEMPLATE: offered.template is not None,
        Channel.SUBSCRIBE: notification is not None and notification.id in reach.grants,
        Channel.CUSTOM: offered.custom and reach.custom > 0,
    }
    found = [
        channel
        for channel in MEMBER_CHANNELS
        if open_now[channel] and channel not in closed and offered.wanted in ("auto", channel.value)
    ]
    return (*found, Channel.INBOX)


# -- what a template's values may be (docs/wechat.md §5.2) -------------------------------------------------------


def _shorten(limit: int, *, mark: str = "…") -> Callable[[str], str]:
    def cut(value: str) -> str:
        if _length(value) <= limit:
            return value
        kept = value
        while _length(kept) + len(mark) > limit:
            kept = kept[:-1]
        return kept + mark

    return cut


def _length(value: str) -> int:
    """Characters as WeChat is taken to count them: one outside the basic plane is two."""
    return sum(2 if ord(char) > 0xFFFF else 1 for char in value)


def _only(pattern: str, limit: int) -> Callable[[str], str]:
    unwanted = re.compile(pattern)
    return lambda value: unwanted.sub("", value)[:limit]


def _name(value: str) -> str:
    chinese = re.sub(r"[^\u4e00-\u9fff·]", "", value)
    return chinese[:10] if chinese else re.sub(r"[^A-Za-z .·]", "", value)[:20]


_KINDS: Mapping[str, Callable[[str], str]] = {
    "thing": _shorten(20),
    "character_string": _only(r"[^!-~ ]", 32),
    "number": _only(r"[^0-9.\-]", 32),
    "letter": _only(r"[^A-Za-z]", 32),
    "symbol": _only(r"[\w\s]", 5),
    "time": _shorten(64, mark=""),
    "date": _shorten(32, mark=""),
    "amount": _only(r"[^¥￥$0-9.元]", 13),
    "phone_number": _only(r"[^0-9+\-]", 17),
    "car_number": _only(r"\W", 8),
    "name": _name,
    "phrase": _only(r"[^\u4e00-\u9fff]", 5),
    "const": _shorten(20, mark=""),
    "enum": _shorten(20, mark=""),
}
_OPENS = "{opens_on}"
_PLACE = re.compile(r"\{(\w+)\}")
_DIGITS = "0123456789"
_EMPTY = "-"
"""WeChat refuses an empty value (47003)."""
_TAKES_A_DASH = frozenset({"thing", "character_string", "symbol", "const"})


def template_values(fields: Mapping[str, str], facts: Mapping[str, str]) -> dict[str, str]:
    """The fields of a template filled with an alert's facts, each cut to what its kind may hold.

    A place (`{title}`) for which there is no fact stays empty. The kind is the field's name without its number.
    """
    return {field: _fit(field, _fill(field, pattern, facts)) for field, pattern in fields.items()}


def _fills(setting: TemplateSetting | None, facts: Mapping[str, str]) -> bool:
    """Whether a template's fields can all be filled: a withdrawn window has no closing day to show."""
    if setting is None:
        return False
    values = template_values(setting.fields, facts)
    return all(value != _EMPTY or field.rstrip(_DIGITS) in _TAKES_A_DASH for field, value in values.items())


def _fill(field: str, pattern: str, facts: Mapping[str, str]) -> str:
    parts = pattern.split("~")
    filled = [_PLACE.sub(lambda place: facts.get(place[1], ""), part) for part in parts]
    if field.rstrip(_DIGITS) == "time":
        filled = [_with_minutes(part, value) for part, value in zip(parts, filled, strict=True)]
    return "~".join(filled)


def _with_minutes(pattern: str, value: str) -> str:
    """A time needs hours and minutes: an opening day begins at its first, any other ends at its last."""
    if not value.strip() or ":" in value:
        return value
    return f"{value.rstrip()} {'00:00' if _OPENS in pattern else '23:59'}"


def _fit(field: str, value: str) -> str:
    one_line = "".join(char for char in " ".join(value.split()) if char.isprintable())
    return _KINDS.get(field.rstrip(_DIGITS), _shorten(20))(one_line) or _EMPTY


def unknown_places(setting: TemplateSetting, facts: Sequence[str]) -> list[str]:
    """Places in a template's fields that no alert fills; for `policybot doctor`."""
    used = {place for pattern in setting.fields.values() for place in _PLACE.findall(pattern)}
    return sorted(used - set(facts))
