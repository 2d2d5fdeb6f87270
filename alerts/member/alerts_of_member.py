"""What a member can ask of their alerts: the unread ones, the latest ones, and 已申报."""

import structlog

from alerts.member.applied import applied_windows, mark_applied, unmark_applied
from alerts.member.history import MadeFor, member_history
from alerts.member.inbox import ReceivedAlert, latest, mark_read, told, told_together, unread_count
from alerts.member.page_links import AlertLinks
from alerts.member.unread import UnreadHints
from storage.clock import Clock
from storage.sql.database import Database
from storage.sql.database_errors import DATABASE_ERRORS

_log = structlog.stdlib.get_logger(__name__)


class MemberAlerts:
    """The conversation and the pages read a member's alerts through this class. `hints` keeps `unread` cheap."""

    def __init__(self, database: Database, clock: Clock, links: AlertLinks) -> None:
        self._database = database
        self._clock = clock
        self.links = links
        self.hints = UnreadHints(database, clock)

    async def unread(self, openid: str) -> int:
        """Count the alerts that wait for a person. The database is asked only if there may be some.

        Return 0 if the database fails: the count stands under answers that must not fail because of it.
        """
        if not self.hints.may_have(openid):
            return 0
        try:
            async with self._database.read() as session:
                return await unread_count(session, openid)
        except DATABASE_ERRORS as error:
            _log.warning("unread.not_counted", error=type(error).__name__)
            return 0

    async def hand_over(self, member_id: int, limit: int) -> list[ReceivedAlert]:
        """Return the newest alerts of a member, unread ones first; they then count as read."""
        async with self._database.read() as session:
            newest = await latest(session, member_id, limit)
        unread = [id_ for one in newest if one.unread for id_ in (one.delivery_id, *one.same)]
        if unread:
            async with self._database.write() as session:
                await mark_read(session, unread, self._clock())
        return newest

    async def told(self, campaign_id: int, member_id: int) -> ReceivedAlert | None:
        """Return a campaign's alert to a member, and count it as read. Return None if the member is not a recipient."""
        async with self._database.read() as session:
            found = await told(session, campaign_id, member_id)
        if found is not None and found.unread:
            async with self._database.write() as session:
                await mark_read(session, [found.delivery_id], self._clock())
        return found

    async def told_together(self, campaign_id: int, member_id: int) -> list[tuple[str, ReceivedAlert]]:
        """Return the other alerts that came in the same message, each with the token of its own page."""
        async with self._database.read() as session:
            found = await told_together(session, campaign_id, member_id)
        return [(self.links.token(other, member_id), told) for other, told in found]

    async def member_history(self, member_id: int) -> list[MadeFor]:
        """Return every alert made for a member and what became of it, newest first."""
        async with self._database.read() as session:
            return await member_history(session, member_id)

    async def applied(self, member_id: int, window_id: int) -> bool:
        """Stop a window's reminders for a member. Return False if there is no such window."""
        async with self._database.write() as session:
            return await mark_applied(session, member_id, window_id, self._clock())

    async def not_applied(self, member_id: int, window_id: int) -> bool:
        """Let a window's reminders come again. Return False if they had not been stopped."""
        async with self._database.write() as session:
            return await unmark_applied(session, member_id, window_id)

    async def applied_windows(self, member_id: int) -> frozenset[int]:
        """Return the windows that a member has applied for."""
        async with self._database.read() as session:
            return await applied_windows(session, member_id)
