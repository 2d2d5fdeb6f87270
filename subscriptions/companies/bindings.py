"""A member's binding to a company, as the statements that change it: claimed, removed, kept aside, restored."""

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
"""Columns of a confirmed company kept aside, when there is none."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A member's tie to a company, as this member may see it.

    Attributes:
        company_id: the company.
        uscc: its 统一社会信用代码, "" where an operator imported it without one.
        name: as the member typed it; the company's own name once confirmed.
        confirmed: an operator confirmed that the member belongs to it.
        earlier: name of a confirmed company that holds again where this claim is refused, or "".
    """

    company_id: int
    uscc: str
    name: str
    confirmed: bool
    earlier: str = ""


@dataclass(frozen=True, slots=True)
class Removal:
    """What an operator's removal did.

    Attributes:
        name: the company as the member called it.
        refused: it was a claim; else a confirmed binding.
        restored: the confirmed company that holds again, or "".
    """

    name: str
    refused: bool
    restored: str = ""


@dataclass(frozen=True, slots=True)
class SeenClaim:
    """What an operator had before them when they decided on a claim."""

    company_id: int
    as_typed: str
    since: datetime


def unbind_statement(member_id: int) -> Update:
    """Take a member out of their company, wholly."""
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
    """Keep a confirmed company aside while a claim of another waits."""
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
    """The confirmed company of before the claim holds again."""
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
    """The binding is still the one an operator saw."""
    return (
        Member.company_id == seen.company_id,
        func.coalesce(Member.company_as_typed, "") == seen.as_typed,
        Member.company_since == seen.since,
    )


def binding_of(connection: Connection, member_id: int) -> Binding | None:
    """The member's binding as they may see it."""
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
    """Make the member belong to the company from now on."""
    await session.execute(
        update(Member)
        .where(Member.id == member_id)
        .values(
            company_id=company_id, company_since=at, company_as_typed=as_typed, company_confirmed=confirmed
        )
    )
