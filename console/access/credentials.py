"""How an operator proves who they are: password, one-time code, recovery code; and how they change these."""

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from console.access.audit import record
from console.access.errors import OperatorError, WrongSecretError
from console.access.one_time_codes import SealBrokenError, Seeds, new_recovery_codes, recovery_hash, step_of
from console.access.operators import SignedIn, forget_totp, signed_in
from console.access.passwords import Passwords
from console.tables import Operator, RecoveryCode
from storage.clock import Clock, system_clock
from storage.sql.database import Database

_log = structlog.get_logger(__name__)


class Credentials:
    """Compares and changes the secrets of an operator's sign-in. The caller counts the tries (`console.access.throttle`).

    Args:
        database: where accounts are.
        passwords: hashes and compares.
        seeds: opens the seeds of one-time codes.
        clock: real time, which one-time codes follow.
    """

    def __init__(
        self, database: Database, passwords: Passwords, seeds: Seeds, clock: Clock = system_clock
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._seeds = seeds
        self._clock = clock

    async def sign_in(
        self, name: str, password: str, code: str = "", *, address: str = ""
    ) -> SignedIn | None:
        """Return the operator if the account is open and name, password and (if switched on) the code are right.

        A code is accepted once. Success and failure are logged and audited. An unknown name is not logged, because
        people type passwords into that field.

        Raises:
            OperatorError: too many sign in at this moment.
        """
        async with self._database.read() as session:
            found = await session.scalar(select(Operator).where(Operator.name == name))
        right = await self._passwords.matches(found.password_hash if found else None, password)
        if found is None:
            _log.warning("desk.sign_in_failed", reason="no such account", address=address)
            return None
        async with self._database.write() as session:
            operator = await session.get_one(Operator, found.id)
            why = await self._refusal(session, operator, code, right=right)
            if why:
                _log.warning("desk.sign_in_failed", operator=name, reason=why, address=address)
                after = {"原因": why, "地址": address}
                record(session, name, "登录失败", ("operator", name), after=after)
                return None
            operator.signed_in_at = self._clock()
            record(session, name, "登录", ("operator", name), after={"地址": address})
        return signed_in(operator)

    async def change_password(self, identity: int, old: str, new: str) -> SignedIn:
        """Change one's own password; all other sessions of the account end.

        Raises:
            OperatorError: the old one is wrong (`WrongSecretError`), or the new one too short or the same.
        """
        await self._require_password(identity, old, "原密码不正确")
        if new == old:
            raise OperatorError("新密码不能与原密码相同")
        hashed = await self._passwords.hash(new)
        async with self._database.write() as session:
            operator = await session.get_one(Operator, identity)
            operator.password_hash, operator.stamp = hashed, operator.stamp + 1
            operator.must_change_password = False
            record(session, operator.name, "修改密码", ("operator", operator.name))
        return signed_in(operator)

    async def switch_totp_on(
        self, identity: int, password: str, seed: str, code: str
    ) -> tuple[SignedIn, list[str]]:
        """Ask for one-time codes of this seed from now on. Return the renewed account and its recovery codes.

        Raises:
            WrongSecretError: the password is wrong, or the code does not belong to this seed.
        """
        await self._require_password(identity, password)
        step = step_of(seed, code, self._clock())
        if step is None:
            raise WrongSecretError("动态口令不正确，请重新输入")
        async with self._database.write() as session:
            operator = await session.get_one(Operator, identity)
            operator.totp_secret, operator.totp_step = self._seeds.seal(seed, identity), step
            operator.stamp += 1
            codes = await _renew_codes(session, identity)
            record(session, operator.name, "开启动态口令", ("operator", operator.name))
        return signed_in(operator), codes

    async def switch_totp_off(self, identity: int, password: str, code: str) -> SignedIn:
        """Ask for no one-time code any more; all other sessions of the account end.

        Raises:
            WrongSecretError: the password or the code is wrong.
        """
        await self._require_password(identity, password)
        async with self._database.write() as session:
            operator = await session.get_one(Operator, identity)
            await self._require_code(session, operator, code)
            await forget_totp(session, operator)
            record(session, operator.name, "关闭动态口令", ("operator", operator.name))
        return signed_in(operator)

    async def renew_recovery_codes(self, identity: int, password: str, code: str) -> list[str]:
        """Ten new recovery codes; the earlier ones stop working.

        Raises:
            WrongSecretError: the password or the code is wrong, or one-time codes are off.
        """
        await self._require_password(identity, password)
        async with self._database.write() as session:
            operator = await session.get_one(Operator, identity)
            await self._require_code(session, operator, code)
            codes = await _renew_codes(session, identity)
            record(session, operator.name, "更换恢复码", ("operator", operator.name))
        return codes

    async def recovery_codes_left(self, identity: int) -> int:
        """Return how many recovery codes have not been used."""
        statement = (
            select(func.count())
            .select_from(RecoveryCode)
            .where(RecoveryCode.operator_id == identity, RecoveryCode.used_at.is_(None))
        )
        async with self._database.read() as session:
            return await session.scalar(statement) or 0

    async def seal_seeds(self) -> int:
        """Encrypt seeds that an earlier version kept in plain text; gives their number."""
        kept = select(Operator.id, Operator.totp_secret).where(Operator.totp_secret.is_not(None))
        async with self._database.read() as session:
            rows = (await session.execute(kept)).all()
        plain = [(number, seed) for number, seed in rows if seed and not Seeds.is_sealed(seed)]
        if not plain:
            return 0
        async with self._database.write() as session:
            for number, seed in plain:
                sealed = self._seeds.seal(seed, number)
                unchanged = (Operator.id == number, Operator.totp_secret == seed)
                await session.execute(update(Operator).where(*unchanged).values(totp_secret=sealed))
        return len(plain)

    async def _require_password(self, identity: int, password: str, wrong: str = "密码不正确") -> None:
        async with self._database.read() as session:
            operator = await session.get_one(Operator, identity)
        if not await self._passwords.matches(operator.password_hash, password):
            raise WrongSecretError(wrong)

    async def _require_code(self, session: AsyncSession, operator: Operator, code: str) -> None:
        if operator.totp_secret is None:
            raise OperatorError("动态口令未开启")
        if not await self._spend(session, operator, code):
            raise WrongSecretError("动态口令不正确")

    async def _refusal(self, session: AsyncSession, operator: Operator, code: str, *, right: bool) -> str:
        """Say why the operator may not sign in; "" if they may. A code is compared only after a right password."""
        if not right:
            return "密码不正确"
        if not operator.active:
            return "账号已停用"
        return "" if await self._spend(session, operator, code) else "动态口令不正确"

    async def _spend(self, session: AsyncSession, operator: Operator, code: str) -> bool:
        """Use up a one-time or recovery code. Return True if it is right and unused, and if codes are off."""
        if operator.totp_secret is None:
            return True
        step = step_of(self._seed(operator), code, self._clock())
        if step is None:
            spent = (
                update(RecoveryCode)
                .where(
                    RecoveryCode.operator_id == operator.id,
                    RecoveryCode.code_hash == recovery_hash(code),
                    RecoveryCode.used_at.is_(None),
                )
                .values(used_at=self._clock())
                .returning(RecoveryCode.id)
            )
            used = await session.scalar(spent) is not None
            if used:
                record(session, operator.name, "使用恢复码", ("operator", operator.name))
            return used
        newer = (
            update(Operator)
            .where(Operator.id == operator.id, func.coalesce(Operator.totp_step, -1) < step)
            .values(totp_step=step)
            .returning(Operator.id)
        )
        return await session.scalar(newer) is not None

    def _seed(self, operator: Operator) -> str:
        kept = operator.totp_secret or ""
        if not Seeds.is_sealed(kept):
            return kept
        try:
            return self._seeds.open(kept, operator.id)
        except SealBrokenError:
            remedy = f"BOT_SECRET_KEY changed? policybot operator reset {operator.name}"
            _log.error("desk.one_time_code_unreadable", operator=operator.name, remedy=remedy)
            raise OperatorError("动态口令无法核对，请联系运维人员重置账号") from None


async def _renew_codes(session: AsyncSession, identity: int) -> list[str]:
    codes = new_recovery_codes()
    await session.execute(delete(RecoveryCode).where(RecoveryCode.operator_id == identity))
    session.add_all(RecoveryCode(operator_id=identity, code_hash=recovery_hash(code)) for code in codes)
    return codes
