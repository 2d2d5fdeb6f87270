"""Accounts of the desk: make, change and close them; open one again for somebody who cannot sign in."""

import secrets
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from console.access.audit import record
from console.access.errors import OperatorError
from console.access.names import check_name
from console.access.passwords import Passwords
from console.access.roles import Role
from console.tables import Operator, RecoveryCode
from storage.clock import system_clock
from storage.sql.database import Database


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The operator behind a request.

    Attributes:
        must_change_password: somebody else set the password; the operator must choose another one before anything else.
    """

    id: int
    name: str
    role: Role
    stamp: int
    must_change_password: bool = False


class Operators:
    """Makes and changes accounts; each change is in the audit log."""

    def __init__(self, database: Database, passwords: Passwords | None = None) -> None:
        self._database = database
        self.passwords = passwords or Passwords()

    async def add(self, name: str, role: Role, password: str, *, actor: str) -> int:
        """Make an account.

        Raises:
            OperatorError: the name is taken, empty or not allowed, or the password is too short.
        """
        check_name(name)
        hashed = await self.passwords.hash(password)
        try:
            async with self._database.write() as session:
                operator = Operator(name=name, role=role, password_hash=hashed, created_at=system_clock())
                session.add(operator)
                await session.flush()
                record(session, actor, "新增账号", ("operator", name), after={"role": role})
        except IntegrityError:
            raise OperatorError(f"账号“{name}”已存在") from None
        return operator.id

    async def still_signed_in(self, identity: int, stamp: int) -> SignedIn | None:
        """Return the operator of a session, unless the account was closed or changed since."""
        operator = await self._database.run_in_read_transaction(partial(_find, identity))
        if operator is None or not operator.active or operator.stamp != stamp:
            return None
        return signed_in(operator)

    async def change(self, identity: int, *, role: Role, active: bool, actor: SignedIn) -> None:
        """Change an account's role or close it; its sessions end at once.

        Raises:
            OperatorError: it is one's own account, or no account has this id.
        """
        async with self._database.write() as session:
            operator = await self._another(session, identity, actor)
            before = {"role": operator.role, "active": operator.active}
            operator.role, operator.active, operator.stamp = role, active, operator.stamp + 1
            after = {"role": role, "active": active}
            record(session, actor.name, "修改账号", ("operator", operator.name), before=before, after=after)

    async def reset_password(self, identity: int, *, actor: SignedIn) -> tuple[str, str]:
        """Give another account a new password, which must be changed at the next sign-in. Return name and password.

        Raises:
            OperatorError: it is one's own account, or no account has this id.
        """
        password = _new_password()
        hashed = await self.passwords.hash(password)
        async with self._database.write() as session:
            operator = await self._another(session, identity, actor)
            _give_password(operator, hashed)
            record(session, actor.name, "重置密码", ("operator", operator.name))
        return operator.name, password

    async def reset_totp(self, identity: int, *, actor: SignedIn) -> None:
        """Switch off another account's one-time codes, for a lost phone. Its recovery codes and sessions end.

        Raises:
            OperatorError: it is one's own account, or no account has this id.
        """
        async with self._database.write() as session:
            operator = await self._another(session, identity, actor)
            on = await forget_totp(session, operator)
            before, after = {"动态口令": on}, {"动态口令": False}
            record(
                session, actor.name, "重置动态口令", ("operator", operator.name), before=before, after=after
            )

    async def reset(self, name: str, password: str = "", *, actor: str) -> str:
        """Open an account again from the shell: set a password, switch the one-time code off, reopen a closed account.

        Args:
            name: of the account.
            password: the new one, "": one is made.
            actor: for the audit log.

        Raises:
            OperatorError: no such account, or the password is too short.
        """
        password = password or _new_password()
        hashed = await self.passwords.hash(password)
        async with self._database.write() as session:
            operator = await session.scalar(select(Operator).where(Operator.name == name))
            if operator is None:
                raise OperatorError(f"没有账号“{name}”")
            before = {"active": operator.active, "动态口令": await forget_totp(session, operator)}
            operator.active = True
            _give_password(operator, hashed)
            after = {"active": True, "动态口令": False}
            record(session, actor, "重置账号", ("operator", name), before=before, after=after)
        return password

    async def one(self, identity: int) -> Operator:
        async with self._database.read() as session:
            return await session.get_one(Operator, identity)

    async def all(self) -> list[Operator]:
        async with self._database.read() as session:
            return list(await session.scalars(select(Operator).order_by(Operator.name)))

    @staticmethod
    async def _another(session: AsyncSession, identity: int, actor: SignedIn) -> Operator:
        if identity == actor.id:
            raise OperatorError("不能在这里修改自己的账号")
        operator = await session.get(Operator, identity)
        if operator is None:
            raise OperatorError("没有这个账号")
        return operator


def _find(identity: int, connection: Connection) -> Operator | None:
    with Session(connection, expire_on_commit=False) as session:
        return session.get(Operator, identity)


def signed_in(operator: Operator) -> SignedIn:
    """Return an account as a session knows it."""
    return SignedIn(
        operator.id, operator.name, Role(operator.role), operator.stamp, operator.must_change_password
    )


async def forget_totp(session: AsyncSession, operator: Operator) -> bool:
    """Switch off an account's one-time codes, and end its recovery codes and sessions. Return True if they were on."""
    on = operator.totp_secret is not None
    operator.totp_secret, operator.totp_step, operator.stamp = None, None, operator.stamp + 1
    await session.execute(delete(RecoveryCode).where(RecoveryCode.operator_id == operator.id))
    return on


def _give_password(operator: Operator, hashed: str) -> None:
    operator.password_hash, operator.must_change_password = hashed, True
    operator.stamp += 1


def _new_password() -> str:
    return secrets.token_urlsafe(15)
