"""The pretend people: who follows, and what the account may send each of them unasked."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sandbox.platform.errors import ApiError

MESSAGE_POOL = (5, 48 * 3600.0)
ACTION_POOL = (3, 60.0)
"""How many customer-service messages a person's act allows, and for how many seconds (docs/wechat.md §5.1)."""
LONG_TERM = -1
_OPENID = re.compile(r"oS[0-9a-f]{26}|oSIM[0-9]{24}")
"""Of a person on the page, and of a crowd from the control plane. A real openid has other letters after `o`."""


def is_sandbox_openid(openid: str) -> bool:
    """Whether this is the openid of a pretend person."""
    return _OPENID.fullmatch(openid) is not None


@dataclass(slots=True)
class Person:
    """One WeChat user as the account sees them.

    Attributes:
        refuses_messages: takes no customer-service messages, whatever their own acts allow.
        consents: sends of a notification template still granted; LONG_TERM for a lasting one.
        masses: the month (year × 12 + month) and how many mass messages came in it.
        spoke_at: the last act of any kind, for the typing indicator.
    """

    openid: str
    nickname: str = ""
    following: bool = True
    followed_at: float = 0.0
    scene: str = ""
    remark: str = ""
    refuses_templates: bool = False
    refuses_messages: bool = False
    blacklisted: bool = False
    message_left: int = 0
    message_until: float = 0.0
    action_left: int = 0
    action_until: float = 0.0
    spoke_at: float = 0.0
    tags: tuple[int, ...] = ()
    consents: dict[str, int] = field(default_factory=dict)
    masses: tuple[int, int] = (0, 0)

    def sent_message(self, now: float) -> None:
        """They wrote: five messages within 48 hours."""
        self.message_left, self.message_until = MESSAGE_POOL[0], now + MESSAGE_POOL[1]
        self.spoke_at = now

    def acted(self, now: float) -> None:
        """They tapped, followed or scanned: three messages within a minute."""
        self.action_left, self.action_until = ACTION_POOL[0], now + ACTION_POOL[1]
        self.spoke_at = now

    def take_custom_message(self, now: float) -> None:
        """Spend one customer-service message, of the minute's pool first.

        Raises:
            ApiError: 45015 no window is open, or they don't follow; 45047 the count is used up; 48002 they refuse.
        """
        if self.refuses_messages:
            raise ApiError(48002)
        action_open = self.action_until > now
        message_open = self.message_until > now
        if not self.following or not (action_open or message_open):
            raise ApiError(45015)
        if action_open and self.action_left:
            self.action_left -= 1
        elif message_open and self.message_left:
            self.message_left -= 1
        else:
            raise ApiError(45047)

    def take_consent(self, template_id: str) -> None:
        """Spend one granted send of a notification template.

        Raises:
            ApiError: 43101.
        """
        left = self.consents.get(template_id, 0)
        if left == 0:
            raise ApiError(43101)
        if left != LONG_TERM:
            self.consents[template_id] = left - 1

    def unfollow(self) -> None:
        """They leave: every allowance ends."""
        self.following = False
        self.message_left = self.action_left = 0
        self.message_until = self.action_until = 0.0
        self.tags = ()


class People:
    """Everyone the account knows, by openid, in the order they came."""

    def __init__(self, app_id: str, now: Callable[[], float]) -> None:
        self._app_id = app_id
        self._now = now
        self._known: dict[str, Person] = {}

    def __iter__(self) -> Iterator[Person]:
        return iter(self._known.values())

    def __len__(self) -> int:
        return len(self._known)

    def openid_of(self, name: str) -> str:
        """Return the openid that `name` has with this account: 28 characters, the same at each start."""
        digest = hashlib.blake2b(f"{self._app_id} {name}".encode(), digest_size=13).hexdigest()
        return f"oS{digest}"

    def add(self, person: Person) -> Person:
        """Let a person be known, in place of one with the same openid."""
        if person.following and not person.followed_at:
            person.followed_at = self._now()
        self._known[person.openid] = person
        return person

    def get(self, openid: object) -> Person:
        """Return the person with this openid.

        Raises:
            ApiError: 40003.
        """
        person = self._known.get(openid) if isinstance(openid, str) else None
        if person is None:
            raise ApiError(40003)
        return person

    def known(self, openid: str) -> bool:
        return openid in self._known

    def remove(self, openid: str) -> None:
        self._known.pop(openid, None)

    def clear(self) -> None:
        self._known.clear()

    def followers(self) -> list[str]:
        """Openids of all who follow, in the order they came."""
        return [person.openid for person in self._known.values() if person.following]
