"""Mass sends (群发): jobs, their ids, and how many a fan may get (docs/wechat.md §5.4)."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.platform.account import SandboxAccount
from sandbox.platform.errors import ApiError
from sandbox.platform.people import Person

FAN_A_MONTH = 4
ID_MEMORY_SECONDS = 86400.0
ID_BYTES = 64
RETRY_SECONDS = 60.0


@dataclass(slots=True)
class MassSend:
    """One mass send as the platform knows it.

    Attributes:
        done_at: when MASSSENDJOBFINISH comes; until then it is SENDING.
        reached: openids it went to.
    """

    message_id: int
    client_id: str
    begun_at: float
    done_at: float
    total: int
    filtered: int
    reached: list[str] = field(repr=False)

    def status(self, now: float) -> str:
        return "SEND_SUCCESS" if now >= self.done_at else "SENDING"


class MassSends:
    """The account's mass sends. `now` is the sandbox's time (months), `real` the wall's (ids)."""

    def __init__(self, account: SandboxAccount, now: Callable[[], float], real: Callable[[], float]) -> None:
        self._account = account
        self._now = now
        self._real = real
        self.seconds = 1.0
        self._jobs: dict[int, MassSend] = {}
        self._by_client_id: dict[str, MassSend] = {}

    def check_client_id(self, body: dict[str, Any]) -> str:
        """Return the id of this send: the caller's, or a digest of audience and content if none is given.

        Raises:
            ApiError: 45067 too long; 45065 known, with its msg_id; 45066 the same while it is still under way.
        """
        given = str(body.get("clientmsgid") or "")
        if len(given.encode()) > ID_BYTES:
            raise ApiError(45067)
        client_id = given or _digest(body)
        known = self._by_client_id.get(client_id)
        now = self._real()
        if known is None or now - known.begun_at >= ID_MEMORY_SECONDS:
            return client_id
        if known.status(now) == "SENDING" and now - known.begun_at < RETRY_SECONDS:
            raise ApiError(45066)
        raise ApiError(45065, msg_id=known.message_id)

    def start(self, client_id: str, message_id: int, audience: Iterable[Person], total: int) -> MassSend:
        """Accept a send. It reaches every follower who has had fewer than four this month.

        Raises:
            ApiError: 45028 a subscription account's one of the day is spent.
        """
        now = self._real()
        if self._account.kind == "subscription" and self._sent_today():
            raise ApiError(45028)
        month = _month(self._now())
        reached = [person for person in audience if _may_get(person, month)]
        for person in reached:
            person.masses = (month, person.masses[1] + 1 if person.masses[0] == month else 1)
        job = MassSend(
            message_id,
            client_id,
            now,
            now + self.seconds,
            total,
            len(reached),
            [person.openid for person in reached],
        )
        self._jobs[message_id] = job
        self._by_client_id[client_id] = job
        return job

    def get(self, message_id: object) -> MassSend:
        """Return a job by the id in the answer to its send.

        Raises:
            ApiError: 40007-like refusal where there is none.
        """
        job = self._jobs.get(message_id) if isinstance(message_id, int) else None
        if job is None:
            raise ApiError(47001, "invalid msg_id")
        return job

    def _sent_today(self) -> bool:
        return any(self._real() - job.begun_at < 86400 for job in self._jobs.values())


def _may_get(person: Person, month: int) -> bool:
    had = person.masses[1] if person.masses[0] == month else 0
    return person.following and not person.blacklisted and had < FAN_A_MONTH


def _month(now: float) -> int:
    beijing = datetime.fromtimestamp(now, UTC) + timedelta(hours=8)
    return beijing.year * 12 + beijing.month


def _digest(body: dict[str, Any]) -> str:
    """Return what WeChat is known to derive from audience and content if no clientmsgid is given."""
    whole = json.dumps(body, sort_keys=True, ensure_ascii=False).encode()
    return "digest:" + hashlib.sha256(whole).hexdigest()
