"""`Profiles`: keeps, shows, changes and erases the facts that members told of their company.

Facts are plain JSON values here; `policies.matching.facts` says what they mean.
"""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage.clock import Clock
from storage.sql.database import Database
from storage.sql.upsert import insert
from subscriptions.profiles.effective import FACTS, SHARED, orphans_deleted, with_profiles
from subscriptions.profiles.tables import CompanyProfile, ProfileConsent
from subscriptions.tables import Member

PAGE = 2_000

RawFacts = Mapping[str, Any]
"""Facts by id, in the form of JSON."""


@dataclass(frozen=True, slots=True)
class KeptProfile:
    """What is kept for a member.

    Attributes:
        shared: it is the company's, which all its confirmed members see and change.
        alerts: the member wants to hear what fits it.
        given_at: when the member consented (UTC).
    """

    facts: RawFacts
    shared: bool
    alerts: bool
    given_at: datetime


class Profiles:
    """Reads and changes profiles. Each change is one short transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of_member(self, member_id: int) -> KeptProfile | None:
        """Return what is kept for a member; None without their consent."""
        return await self._database.run_in_read_transaction(
            lambda connection: _kept(connection, Member.id == member_id)
        )

    async def by_openid(self, openid: str) -> KeptProfile | None:
        """Return what is kept for the person with this openid; None for a stranger, and without consent."""
        return await self._database.run_in_read_transaction(
            lambda connection: _kept(connection, Member.openid == openid)
        )

    async def keep(self, member_id: int, facts: RawFacts) -> KeptProfile:
        """Keep these facts in the place of those kept before. The call says that the member consents.

        Of a member who is confirmed for a company they are the company's: they take the place of what its others told.
        """
        now = self._clock()

        def work(connection: Connection) -> KeptProfile:
            company_id = _company_of(connection, member_id)
            connection.execute(
                insert(connection, ProfileConsent)
                .values(member_id=member_id, given_at=now, alerts=False)
                .on_conflict_do_nothing()
            )
            owner = "member_id" if company_id is None else "company_id"
            values = {owner: company_id or member_id, "facts": dict(facts), "changed_at": now}
            statement = insert(connection, CompanyProfile).values(values)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[owner],
                    set_={"facts": statement.excluded.facts, "changed_at": statement.excluded.changed_at},
                )
            )
            if company_id is not None:
                # What was told before the binding was confirmed is in the company's profile now.
                connection.execute(delete(CompanyProfile).where(CompanyProfile.member_id == member_id))
            kept = _kept(connection, Member.id == member_id)
            assert kept is not None  # noqa: S101 - it was written in this transaction
            return kept

        return await self._database.run_in_write_transaction(work)

    async def want_alerts(self, member_id: int, *, wanted: bool) -> bool:
        """Set whether the member hears what fits the profile. False: nothing is kept for them."""

        def work(connection: Connection) -> bool:
            statement = update(ProfileConsent).where(ProfileConsent.member_id == member_id)
            return bool(connection.execute(statement.values(alerts=wanted)).rowcount)

        return await self._database.run_in_write_transaction(work)

    async def erase(self, member_id: int) -> bool:
        """Withdraw the consent and erase what is kept. False: nothing was kept.

        A company's profile stays while another confirmed member consents.
        """

        def work(connection: Connection) -> bool:
            gone = connection.execute(delete(ProfileConsent).where(ProfileConsent.member_id == member_id))
            connection.execute(delete(CompanyProfile).where(CompanyProfile.member_id == member_id))
            connection.execute(orphans_deleted())
            return bool(gone.rowcount)

        return await self._database.run_in_write_transaction(work)

    async def pages(
        self, *, page: int = PAGE, alerts_only: bool = False
    ) -> AsyncIterator[list[tuple[int, dict[str, Any]]]]:
        """Pages of member ids with the facts that hold for them, of members who follow, in order of the id.

        Each page is a read of its own; memory stays flat.
        """
        after = 0
        while True:
            read = partial(profiles_page, after=after, page=page, alerts_only=alerts_only)
            rows = await self._database.run_in_read_transaction(read)
            if rows:
                yield rows
            if len(rows) < page:
                return
            after = rows[-1][0]


def profiles_page(
    connection: Connection, after: int, page: int, *, alerts_only: bool
) -> list[tuple[int, dict[str, Any]]]:
    """One page of `Profiles.pages`."""
    statement = with_profiles(select(Member.id, FACTS)).where(
        Member.id > after, Member.following, FACTS.is_not(None)
    )
    if alerts_only:
        statement = statement.where(ProfileConsent.alerts)
    rows = connection.execute(statement.order_by(Member.id).limit(page))
    return [(member_id, json.loads(facts)) for member_id, facts in rows]


def _company_of(connection: Connection, member_id: int) -> int | None:
    """Return the company for which a member is confirmed."""
    return connection.scalar(
        select(Member.company_id).where(Member.id == member_id, Member.company_confirmed)
    )


def _kept(connection: Connection, who: Any) -> KeptProfile | None:
    row = connection.execute(
        with_profiles(
            select(FACTS, SHARED.id, ProfileConsent.alerts, ProfileConsent.given_at).select_from(Member)
        ).where(who)
    ).one_or_none()
    if row is None:
        return None
    facts, shared, alerts, given_at = row
    return KeptProfile(json.loads(facts) if facts else {}, shared is not None, alerts, given_at)
