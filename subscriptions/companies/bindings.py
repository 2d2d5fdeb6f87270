"""A member's binding to a company: its values, and the SQL statements that change it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Update, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate

from subscriptions.tables import Company, Member

NO_EARLIER: Mapping[str, Any] = {
    "earlier_company_id": None,
    "earlier_as_typed": None,
    "earlier_since": None,
}
"""Columns that clear the earlier company."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A member's binding to a company, as the member may see it.

    Attributes:
        company_id: id of the company.
        uscc: its 统一社会信用代码; "" if it was imported without one.
        name: the name that the member typed; after the confirmation, the company's name.
        confirmed: an operator has confirmed the binding.
        earlier: name of the confirmed company that applies again if this claim is refused, or "".
    """

    company_id: int
    uscc: str
    name: str
    confirmed: bool
    earlier: str = ""


@dataclass(frozen=True, slots=True)
class Removal:
    """The result of a removal by an operator.

    Attributes:
        name: the company, as the member sees it.
        refused: the binding was a claim, so it was refused; otherwise it was confirmed.
        restored: name of the confirmed company that applies again, or "".
    """

    name: str
    refused: bool
    restored: str = ""


@dataclass(frozen=True, slots=True)
class SeenClaim:
    """The state of a claim that an operator saw when they decided on it."""

    company_id: int
    as_typed: str
    since: datetime


def unbind_statement(member_id: int) -> Update:
    """Clear a member's binding, and the earlier one."""
    return (
        update(Member)
        .where(Member.id == member_id, Member.company_id.is_not(None))
        .values(
            company_id=None,
            company_since=None,
            company_as_typed=None,
            company_confirmed=False,
            **NO_EARLIER,
        )
    )


def keep_earlier_statement(member_id: int) -> Update:
    """Keep the confirmed company as the earlier one, while a claim of another company waits."""
    return (
        update(Member)
        .where(Member.id == member_id)
        .values(
            earlier_company_id=Member.company_id,
            earlier_as_typed=Member.company_as_typed,
            earlier_since=Member.company_since,
        )
    )


def restore_statement(member_id: int) -> ReturningUpdate[tuple[int]]:
    """Bind the member to their earlier, confirmed company again."""
    return (
        update(Member)
        .where(Member.id == member_id, Member.earlier_company_id.is_not(None))
        .values(
            company_id=Member.earlier_company_id,
            company_as_typed=Member.earlier_as_typed,
            company_since=Member.earlier_since,
            company_confirmed=True,
            **NO_EARLIER,
        )
        .returning(Member.id)
    )


def unchanged_since(seen: SeenClaim) -> tuple[ColumnElement[bool], ...]:
    """Conditions: the binding is still the one that the operator saw."""
    return (
        Member.company_id == seen.company_id,
        func.coalesce(Member.company_as_typed, "") == seen.as_typed,
        Member.company_since == seen.since,
    )


def binding_of(connection: Connection, member_id: int) -> Binding | None:
    """Return the member's binding, as they may see it; None if there is none."""
    before = aliased(Company)
    row = connection.execute(
        select(
            Company.id,
            Company.uscc,
            Company.name,
            Member.company_as_typed,
            Member.company_confirmed,
            before.name,
        )
        .join(Company, Company.id == Member.company_id)
        .outerjoin(before, before.id == Member.earlier_company_id)
        .where(Member.id == member_id)
    ).one_or_none()
    if row is None:
        return None
    company_id, uscc, name, as_typed, confirmed, earlier = row
    return Binding(company_id, uscc or "", name if confirmed else as_typed or "", confirmed, earlier or "")


async def set_company(
    session: AsyncSession, member_id: int, company_id: int, as_typed: str, at: datetime, *, confirmed: bool
) -> None:
    """Bind the member to the company."""
    await session.execute(
        update(Member)
        .where(Member.id == member_id)
        .values(
            company_id=company_id, company_since=at, company_as_typed=as_typed, company_confirmed=confirmed
        )
    )
