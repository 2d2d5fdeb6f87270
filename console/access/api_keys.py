"""Keys of programs that use the API: shown once, kept as a hash."""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from console.access.audit import record
from console.access.errors import OperatorError
from console.access.names import check_name
from console.access.roles import Role
from console.tables import ApiKey
from policies.approval.four_eyes import person_of
from storage.clock import system_clock
from storage.sql.database import Database

_PREFIX = "pb_"


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """The program behind a request."""

    id: int
    name: str
    role: Role
    owner: str | None = None

    @property
    def person(self) -> str:
        """Return who answers for the key: the operator who made it, or the key itself if that is unknown."""
        return person_of(self.owner or self.actor)

    @property
    def actor(self) -> str:
        """Return the key's name in the audit log."""
        return f"key:{self.name}"


def _hash(key: str) -> str:
    # A key has 256 random bits: a plain hash can't be searched, and needs no salt.
    return hashlib.sha256(key.encode()).hexdigest()


class ApiKeys:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, name: str, role: Role, *, actor: str, owner: str | None = None) -> str:
        """Make a key and return it; it can't be shown again.

        Args:
            name: of the program.
            role: what it may do.
            actor: who makes it, for the audit log.
            owner: the operator who sees the key and answers for its acts. None: it was made at the shell for somebody else.

        Raises:
            OperatorError: the name is taken, empty or not allowed.
        """
        check_name(name)
        key = _PREFIX + secrets.token_urlsafe(32)
        try:
            async with self._database.write() as session:
                session.add(
                    ApiKey(name=name, role=role, key_hash=_hash(key), created_at=system_clock(), owner=owner)
                )
                record(session, actor, "新增密钥", ("api_key", name), after={"role": role})
        except IntegrityError:
            raise OperatorError(f"密钥名称“{name}”已存在") from None
        return key

    async def holder(self, key: str) -> KeyHolder | None:
        """Return the holder of a key; None if the key is unknown or revoked. Each request asks, so a revocation holds at once."""
        async with self._database.read() as session:
            row = await session.scalar(
                select(ApiKey).where(ApiKey.key_hash == _hash(key), ApiKey.revoked_at.is_(None))
            )
        return KeyHolder(row.id, row.name, Role(row.role), row.owner) if row else None

    async def revoke(self, identity: int, *, actor: str) -> bool:
        """Revoke a key. Return False if no valid key has this id."""
        async with self._database.write() as session:
            row = await session.get(ApiKey, identity)
            if row is None or row.revoked_at is not None:
                return False
            row.revoked_at = system_clock()
            record(session, actor, "吊销密钥", ("api_key", row.name))
        return True

    async def all(self) -> list[ApiKey]:
        async with self._database.read() as session:
            return list(await session.scalars(select(ApiKey).order_by(ApiKey.name)))
