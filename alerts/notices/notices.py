"""Tells operators in their group what waits for them: a paused campaign, and the kinds of `notice_kinds`.

1. Each paused campaign is one notice. `Campaign.pause_told` notes that it was told.
2. All new items of a kind are one notice. `OperatorNotice` keeps their keys while they wait.
3. A notice that the robot refuses rests, longer each time; the others go on. A robot that is busy ends the pass.

A notice whose answer was lost is told again: twice is better than never.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from sqlalchemy import Executable, delete, insert, select, update

from alerts.channels.group_robot.channel import GroupRobot, RobotAnswer
from alerts.lease.lease import HeldLease, guard
from alerts.model.campaigns.campaign_states import Status
from alerts.model.tables import Campaign, OperatorNotice
from alerts.notices.notice_kinds import NOTICE_KINDS, NoticeKind
from storage.clock import Clock, day_of
from storage.sql.database import Database

_PAUSES_AT_ONCE = 20
"""Notices of a pass: robots take 20 a minute."""
_REASON_LENGTH = 300
_REST_S, _LONGEST_REST_S = 60.0, 3600.0
_UNTOLD = (Campaign.status == Status.PAUSED.value, Campaign.pause_told.is_(False))


class _BusyError(Exception):
    """The robot takes nothing now."""


@dataclass(frozen=True, slots=True)
class OperatorNotices:
    """One pass over what waits, run by the holder of the scheduler's lease.

    Attributes:
        desk: the desk's address, without a slash at the end.
        clock: business time.
        now: seconds that only grow.
    """

    database: Database
    robot: GroupRobot
    desk: str
    clock: Clock
    now: Callable[[], float] = time.monotonic
    _resting: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Notice → until when it rests, and for how long."""

    async def __call__(self, held: HeldLease) -> None:
        """Tell what has begun to wait since the last pass."""
        try:
            await self._tell_pauses(held)
            for kind in NOTICE_KINDS:
                await self._tell_waiting(kind, held)
        except _BusyError:
            return  # the next pass goes on

    async def _tell_pauses(self, held: HeldLease) -> None:
        resting = [int(name.removeprefix("pause:")) for name in self._resting_now("pause:")]
        async with self.database.read() as session:
            paused = (
                await session.execute(
                    select(Campaign.id, Campaign.title, Campaign.reason)
                    .where(*_UNTOLD, Campaign.id.not_in(resting))
                    .order_by(Campaign.id)
                    .limit(_PAUSES_AT_ONCE)
                )
            ).all()
        for campaign_id, title, reason in paused:
            text = (
                f"推送“{title}”已暂停。\n原因：{(reason or '由工作人员暂停')[:_REASON_LENGTH]}\n"
                f"处理：{self.desk}/campaigns/{campaign_id}"
            )
            told = update(Campaign).where(Campaign.id == campaign_id, *_UNTOLD).values(pause_told=True)
            await self._send(f"pause:{campaign_id}", text, held, told)

    async def _tell_waiting(self, kind: NoticeKind, held: HeldLease) -> None:
        async with self.database.read() as session:
            waiting = await kind.waiting(session, day_of(self.clock()))
            told = set(
                await session.scalars(select(OperatorNotice.key).where(OperatorNotice.kind == kind.name))
            )
        ended = told - {item.key for item in waiting}
        if ended:
            await self._forget(ended, held)
        new = [item for item in waiting if item.key not in told]
        if new and not self._resting_now(kind.name):
            text = kind.notice(new, self.desk)
            rows = [{"key": item.key, "kind": kind.name, "told_at": self.clock()} for item in new]
            await self._send(kind.name, text, held, insert(OperatorNotice).values(rows))

    async def _send(self, name: str, text: str, held: HeldLease, note: Executable) -> None:
        """Send one notice, and note that it was told.

        Raises:
            _BusyError: the robot takes nothing now.
        """
        answer = await self.robot.send(text)
        if answer is RobotAnswer.NOT_NOW:
            raise _BusyError
        if answer is RobotAnswer.REFUSED:
            self._rest(name)
            return
        self._resting.pop(name, None)
        async with self.database.write() as session:
            await guard(session, held)
            await session.execute(note)

    async def _forget(self, keys: Collection[str], held: HeldLease) -> None:
        """Forget items that no longer wait. If they wait again, the group is told again."""
        async with self.database.write() as session:
            await guard(session, held)
            await session.execute(delete(OperatorNotice).where(OperatorNotice.key.in_(keys)))

    def _resting_now(self, beginning: str) -> list[str]:
        now = self.now()
        return [
            name for name, (until, _) in self._resting.items() if name.startswith(beginning) and until > now
        ]

    def _rest(self, name: str) -> None:
        _, before = self._resting.get(name, (0.0, 0.0))
        pause = min(max(before * 2, _REST_S), _LONGEST_REST_S)
        self._resting[name] = (self.now() + pause, pause)
