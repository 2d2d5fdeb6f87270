"""The templates that an operator has set (`BOT_WECHAT_TEMPLATES`), by kind of alert.

One entry holds a message template and, optionally, the subscription template for the same kind of alert.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from alerts.model.content import AlertKind


class TemplateSetting(BaseModel):
    """A template of the account and what its fields say (`BOT_WECHAT_TEMPLATES`).

    Attributes:
        subscribe: the subscription-notification template for the same kind of alert, if there is one.
        lasting: the subscription template is a long-term one (长期订阅, type 3 of `gettemplate`): a consent pays for every send
        until it is withdrawn (docs/wechat.md §5.3).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = ""
    fields: dict[str, str] = Field(default_factory=dict)
    subscribe: "TemplateSetting | None" = None
    lasting: bool = False


_FALLBACKS: Mapping[AlertKind, tuple[str, ...]] = {
    AlertKind.OPENING: ("opening", "deadline"),
    AlertKind.DEADLINE: ("deadline",),
    AlertKind.DATE_CHANGED: ("date_changed", "deadline"),
    AlertKind.NEW_POLICY: ("new_policy",),
    AlertKind.POLICY_CHANGED: ("policy_changed", "new_policy"),
    AlertKind.EXPIRY: ("expiry", "new_policy"),
    # Marketing by template is punished (40249, 43116): only where an operator declared one fit for it.
    AlertKind.ANNOUNCEMENT: ("announcement",),
    AlertKind.COMPANY: ("company",),
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

    def template(self, kind: AlertKind) -> TemplateSetting | None:
        """Return the template for this kind of alert."""
        entry = self._by_kind[kind]
        return entry if entry and entry.id else None

    def notification(self, kind: AlertKind) -> TemplateSetting | None:
        """Return the subscription-notification template for this kind of alert."""
        entry = self._by_kind[kind]
        return entry.subscribe if entry else None

    @property
    def notification_ids(self) -> frozenset[str]:
        """Every subscription-notification template in use."""
        return frozenset(
            entry.subscribe.id for entry in self._by_kind.values() if entry and entry.subscribe is not None
        )
