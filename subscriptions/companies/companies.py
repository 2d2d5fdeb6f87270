"""Bindings of members to companies.

Credit codes are public and links are forwarded. So a binding is only a claim until an operator confirms it. Until
then the member sees nothing about the company except what they typed themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.clock import Clock
from storage.sql.database import Database
from subscriptions.companies.bindings import (
    NO_EARLIER,
    Binding,
    Removal,
    SeenClaim,
    binding_of,
    keep_earlier_statement,
    restore_statement,
    set_company,
    unbind_statement,
    unchanged_since,
)
from subscriptions.companies.company_rows import (
    add_company_tracks,
    company_tracks,
    ensure_company,
    follow_company_tracks,
)
from subscriptions.tables import Company, CompanyTrack, Member, Subscription


class ClaimChangedError(Exception):
    """The binding is not the one that the operator saw: it was removed, or the member claims another company or name."""


@dataclass(frozen=True, slots=True)
class CompanyClaim:
    """A binding as an operator sees it."""

    member_id: int
    company_id: int
    uscc: str
    as_typed: str
    since: datetime
    confirmed: bool

    @property
    def seen(self) -> SeenClaim:
        """The state that an operator's decision on this claim refers to."""
        return SeenClaim(self.company_id, self.as_typed, self.since)


@dataclass(frozen=True, slots=True)
class CompanyCount:
    """A company, the count of its members who follow the account, and the count of their subscriptions."""

    company_id: int
    uscc: str
    name: str
    members: int
    subscriptions: int


class Companies:
    """Bindings and the tracks of companies."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def bind(self, member_id: int, uscc: str, name: str) -> Binding:
        """Claim a company, in place of the one before. An operator must confirm the claim.

        An earlier confirmed company applies again if the claim is refused, or if the member binds it again.

        Args:
            member_id: the member.
            uscc: a valid code (`credit_code.check`).
            name: the name that the member typed.
        """
        async with self._database.write() as session:
            company_id = await ensure_company(session, uscc, name, self._clock())
            bound = await (await session.connection()).run_sync(binding_of, member_id)
            if bound is not None and bound.company_id == company_id and bound.confirmed:
                return bound
            if bound is not None and bound.confirmed:
                await session.execute(keep_earlier_statement(member_id))
            elif await session.scalar(
                restore_statement(member_id).where(Member.earlier_company_id == company_id)
            ):
                back = await (await session.connection()).run_sync(binding_of, member_id)
                assert back is not None  # noqa: S101 - it was restored right now
                return back
            await set_company(session, member_id, company_id, name, self._clock(), confirmed=False)
            claimed = await (await session.connection()).run_sync(binding_of, member_id)
        return claimed or Binding(company_id, uscc, name, confirmed=False)

    async def unbind(self, member_id: int) -> bool:
        """Remove the binding at the member's request. Their subscriptions stay.

        Returns:
            Whether there was a binding.
        """
        async with self._database.write() as session:
            gone = await session.scalar(unbind_statement(member_id).returning(Member.id))
        return gone is not None

    async def remove(self, member_id: int, seen: SeenClaim) -> Removal:
        """Refuse a claim, or remove a confirmed binding, for an operator. The member's subscriptions stay.

        After a refused claim, the company that was confirmed before applies again.

        Raises:
            ClaimChangedError: the binding is not the one that the operator saw.
        """
        async with self._database.write() as session:
            connection = await session.connection()
            bound = await connection.run_sync(binding_of, member_id)
            refused = bound is not None and not bound.confirmed
            if refused and await session.scalar(restore_statement(member_id).where(*unchanged_since(seen))):
                restored = await connection.run_sync(binding_of, member_id)
                return Removal(seen.as_typed, refused, restored.name if restored else "")
            statement = unbind_statement(member_id).where(*unchanged_since(seen)).returning(Member.id)
            if bound is None or await session.scalar(statement) is None:
                raise ClaimChangedError
            return Removal(bound.name, refused)

    async def confirm(self, member_id: int, seen: SeenClaim, operator: str) -> tuple[str, ...]:
        """Confirm the claim that the operator saw, and no other.

        The first confirmed member gives the company its name, and its tracks if it has none. A confirmed member is
        subscribed to the company's tracks in addition to their own. Later changes are each member's own.

        Returns:
            The tracks that are new for the member.

        Raises:
            ClaimChangedError: the claim is not the one that the operator saw, or it was confirmed in the meantime.
        """
        async with self._database.write() as session:
            confirmed = await session.scalar(
                update(Member)
                .where(Member.id == member_id, *unchanged_since(seen), Member.company_confirmed.is_(False))
                .values(company_confirmed=True, **NO_EARLIER)
                .returning(Member.id)
            )
            if confirmed is None:
                raise ClaimChangedError
            await self._take_over_name(session, member_id, seen)
            return await follow_company_tracks(session, member_id, seen.company_id, self._clock(), operator)

    async def claims(
        self, *, confirmed: bool | None = None, company_id: int | None = None, limit: int = 50
    ) -> list[CompanyClaim]:
        """Bindings for an operator, in order of member id."""
        statement = (
            select(
                Member.id,
                Company.id.label("company_id"),
                Company.uscc,
                Member.company_as_typed,
                Member.company_since,
                Member.company_confirmed,
            )
            .join(Company, Company.id == Member.company_id)
            .order_by(Member.id)
            .limit(limit)
        )
        if confirmed is not None:
            statement = statement.where(Member.company_confirmed == confirmed)
        if company_id is not None:
            statement = statement.where(Company.id == company_id)
        async with self._database.read() as session:
            rows = (await session.execute(statement)).all()
        return [_claim(row) for row in rows]

    async def colleagues(self, member_id: int) -> int | None:
        """Return the number of other confirmed members of the company; None if the member is not confirmed."""
        async with self._database.read() as session:
            bound = await (await session.connection()).run_sync(binding_of, member_id)
            if bound is None or not bound.confirmed:
                return None
            count = await session.scalar(
                select(func.count())
                .select_from(Member)
                .where(Member.company_id == bound.company_id, Member.company_confirmed)
            )
        return (count or 1) - 1

    async def tracks(self, company_id: int) -> tuple[str, ...]:
        """Return ids of the company's tracks."""
        async with self._database.read() as session:
            return await company_tracks(session, company_id)

    async def set_tracks(self, company_id: int, tracks: Iterable[str]) -> None:
        """Set the tracks that new members of the company are subscribed to. Present members keep their choices."""
        async with self._database.write() as session:
            await session.execute(delete(CompanyTrack).where(CompanyTrack.company_id == company_id))
            await add_company_tracks(session, company_id, tracks)

    async def counts(self, *, after: int = 0, limit: int = 50, named: str = "") -> list[CompanyCount]:
        """Companies in order of id, with the counts of their members and subscriptions.

        Args:
            after: begin after this id, the last one of the page before.
            limit: companies in a page.
            named: only companies whose name contains this text, or whose credit code begins with it.
        """
        page = select(Company.id).where(Company.id > after).order_by(Company.id).limit(limit)
        if named:
            found = Company.name.contains(named, autoescape=True)
            page = page.where(found | Company.uscc.startswith(named.upper(), autoescape=True))
        statement = (
            select(
                Company.id,
                func.coalesce(Company.uscc, ""),
                Company.name,
                func.count(Member.id.distinct()),
                func.count(Subscription.track_id),
            )
            .outerjoin(Member, (Member.company_id == Company.id) & Member.following)
            .outerjoin(Subscription, Subscription.member_id == Member.id)
            .where(Company.id.in_(page))
            .group_by(Company.id)
            .order_by(Company.id)
        )
        async with self._database.read() as session:
            return [CompanyCount(*row) for row in await session.execute(statement)]

    @staticmethod
    async def _take_over_name(session: AsyncSession, member_id: int, seen: SeenClaim) -> None:
        others = await session.scalar(
            select(func.count())
            .select_from(Member)
            .where(Member.company_id == seen.company_id, Member.company_confirmed, Member.id != member_id)
        )
        if not others:
            name = update(Company).where(Company.id == seen.company_id).values(name=seen.as_typed)
            await session.execute(name)


def _claim(row: Any) -> CompanyClaim:
    member_id, company_id, uscc, as_typed, since, confirmed = row
    return CompanyClaim(member_id, company_id, uscc or "", as_typed or "", since, confirmed)
