"""Operators: who signs in, with which role, by which secret."""

import asyncio
from dataclasses import dataclass
from functools import cached_property

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from console.audit import record
from console.roles import Role
from console.tables import Operator
from storage.clock import system_clock
from storage.database import Database

SHORTEST_PASSWORD = 12


class OperatorError(Exception):
    """What was asked can't be done; the message is a Chinese sentence for the operator."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The operator behind a request."""

    id: int
    name: str
    role: Role
    stamp: int


class Operators:
    """Accounts of the desk. Passwords are kept as argon2id hashes and compared off the event loop."""

    def __init__(self, database: Database, hasher: PasswordHasher | None = None) -> None:
        self._database = database
        self._hasher = hasher or PasswordHasher()

    async def add(self, name: str, role: Role, password: str, *, actor: str) -> int:
        """Make an account.

        Raises:
            OperatorError: the name is taken or the password is too short.
        """
        self._require_strength(password)
        hashed = await asyncio.to_thread(self._hasher.hash, password)
        try:
            async with self._database.write() as session:
                operator = Operator(name=name, role=role, password_hash=hashed, created_at=system_clock())
                session.add(operator)
                await session.flush()
                record(session, actor, "新增账号", ("operator", name), after={"role": role})
        except IntegrityError:
            raise OperatorError(f"账号“{name}”已存在") from None
        return operator.id

    async def sign_in(self, name: str, password: str, code: str = "") -> SignedIn | None:
        """The operator, where name, password and (if switched on) the one-time code are right and the account is active."""
        async with self._database.read() as session:
            operator = await session.scalar(select(Operator).where(Operator.name == name))
        right = await asyncio.to_thread(self._matches, operator.password_hash if operator else None, password)
        if operator is None or not right or not operator.active:
            return None
        if operator.totp_secret and not pyotp.TOTP(operator.totp_secret).verify(code, valid_window=1):
            return None
        async with self._database.write() as session:
            await session.execute(
                update(Operator).where(Operator.id == operator.id).values(signed_in_at=system_clock())
            )
        return _signed_in(operator)

    async def still_signed_in(self, identity: int, stamp: int) -> SignedIn | None:
        """The operator of a session, unless the account was closed or changed since."""
        async with self._database.read() as session:
            operator = await session.get(Operator, identity)
        if operator is None or not operator.active or operator.stamp != stamp:
            return None
        return _signed_in(operator)

    async def change_password(self, identity: int, old: str, new: str) -> SignedIn:
        """Change one's own password; all other sessions of the account end.

        Raises:
            OperatorError: the old one is wrong or the new one too short.
        """
        self._require_strength(new)
        async with self._database.read() as session:
            operator = await session.get_one(Operator, identity)
        if not await asyncio.to_thread(self._matches, operator.password_hash, old):
            raise OperatorError("原密码不正确")
        hashed = await asyncio.to_thread(self._hasher.hash, new)
        async with self._database.write() as session:
            operator = await session.get_one(Operator, identity)
            operator.password_hash, operator.stamp = hashed, operator.stamp + 1
            record(session, operator.name, "修改密码", ("operator", operator.name))
        return _signed_in(operator)

    async def change(self, identity: int, *, role: Role, active: bool, actor: SignedIn) -> None:
        """Change an account's role or close it; its sessions end at once.

        Raises:
            OperatorError: it is one's own account, or there is none of that id.
        """
        if identity == actor.id:
            raise OperatorError("不能修改自己的角色或停用自己的账号")
        async with self._database.write() as session:
            operator = await session.get(Operator, identity)
            if operator is None:
                raise OperatorError("没有这个账号")
            before = {"role": operator.role, "active": operator.active}
            operator.role, operator.active, operator.stamp = role, active, operator.stamp + 1
            after = {"role": role, "active": active}
            record(session, actor.name, "修改账号", ("operator", operator.name), before=before, after=after)

    async def set_totp(self, identity: int, secret: str | None) -> None:
        """Switch the one-time code of an account on (a base32 secret) or off (None)."""
        async with self._database.write() as session:
            operator = await session.get_one(Operator, identity)
            operator.totp_secret = secret
            record(
                session,
                operator.name,
                "开启动态口令" if secret else "关闭动态口令",
                ("operator", operator.name),
            )

    async def one(self, identity: int) -> Operator:
        async with self._database.read() as session:
            return await session.get_one(Operator, identity)

    async def all(self) -> list[Operator]:
        async with self._database.read() as session:
            return list(await session.scalars(select(Operator).order_by(Operator.name)))

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("nobody has this password")

    def _matches(self, hashed: str | None, password: str) -> bool:
        """Whether the password is right; where the name is unknown (None) the answer takes as long."""
        nobody = self._nobody  # made by the first who signs in, whoever it is
        try:
            return self._hasher.verify(hashed or nobody, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    @staticmethod
    def _require_strength(password: str) -> None:
        if len(password) < SHORTEST_PASSWORD:
            raise OperatorError(f"密码至少 {SHORTEST_PASSWORD} 个字符")


def _signed_in(operator: Operator) -> SignedIn:
    return SignedIn(operator.id, operator.name, Role(operator.role), operator.stamp)
