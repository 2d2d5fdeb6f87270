"""Which profile is a member's: the company's once they are confirmed for it, else their own. SQL only."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, and_, cast, delete, exists, func, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import Delete

from storage.sql.batches import id_in
from subscriptions.profiles.tables import CompanyProfile, ProfileConsent
from subscriptions.tables import Member

OWN, SHARED = aliased(CompanyProfile, name="own"), aliased(CompanyProfile, name="shared")
FACTS: ColumnElement[str | None] = func.coalesce(cast(SHARED.facts, String), cast(OWN.facts, String))
"""A member's facts, as JSON text, in a statement made by `with_profiles`."""


def with_profiles(statement: Any) -> Any:
    """Return a SELECT from `members`, narrowed to members who gave their consent, joined with the profiles they may see."""
    return (
        statement.join(ProfileConsent, ProfileConsent.member_id == Member.id)
        .outerjoin(OWN, OWN.member_id == Member.id)
        .outerjoin(SHARED, and_(SHARED.company_id == Member.company_id, Member.company_confirmed))
    )


def facts_of_who_want_alerts(connection: Connection, member_ids: Iterable[int]) -> dict[int, str]:
    """Return the facts, as JSON text, of the members who want alerts by profile."""
    rows = connection.execute(
        with_profiles(select(Member.id, FACTS).select_from(Member)).where(
            id_in(connection, Member.id, member_ids), ProfileConsent.alerts, FACTS.is_not(None)
        )
    )
    return {row[0]: row[1] for row in rows}


def orphans_deleted() -> Delete:
    """Return the statement that deletes profiles of companies without a confirmed member who consents."""
    somebody = exists().where(
        Member.company_id == CompanyProfile.company_id,
        Member.company_confirmed,
        ProfileConsent.member_id == Member.id,
    )
    return delete(CompanyProfile).where(CompanyProfile.company_id.is_not(None), ~somebody)
