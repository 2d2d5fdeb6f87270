"""Guessing is counted before it is compared, codes hold once, and who lost the way in gets back."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
import redis.asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher
from sqlalchemy import select, text, update
from structlog.testing import capture_logs

from console.access.audit import entries
from console.access.credentials import Credentials
from console.access.errors import OperatorError
from console.access.one_time_codes import SealBrokenError, Seeds
from console.access.operators import Operators, SignedIn
from console.access.passwords import Passwords
from console.access.roles import Role
from console.access.signing_in import ABSOLUTE_SECONDS, IDLE_SECONDS
from console.access.throttle import SignInThrottle
from console.app import make_desk_app
from console.routes import ROUTES
from console.tables import Operator
from policies.district.folder import load_district
from policies.library.library_file import load_library
from storage.redis.shared_counters import shared_counters
from storage.sql.database import Database
from tests.console.conftest import PASSWORD, Browser, csrf_of, make_desk, sign_in, tokens_of
from tests.kit.clocks import SetClock
from wechat.api.client import WeChatClient

SEED = pyotp.random_base32()
SEEDS = Seeds(b"a secret of the tests")
ACCOUNTS = "/console/accounts"


class CountingHasher(PasswordHasher):
    """Counts what it has begun to compare; a test may hold it there."""

    compared = 0

    def __init__(self, **cost: int) -> None:
        super().__init__(**cost)
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def verify(self, *given: Any) -> Any:
        self.compared += 1
        self.may_go_on.wait(10)
        return super().verify(*given)


@pytest.fixture
def hasher() -> CountingHasher:
    return CountingHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def operators(sqlite_database: Database, hasher: CountingHasher) -> Operators:
    return Operators(sqlite_database, Passwords(hasher))


@pytest.fixture
def real_time() -> SetClock:
    return SetClock(datetime.now(UTC))


@pytest.fixture
async def timed(
    sqlite_database: Database,
    operators: Operators,
    wechat_client: WeChatClient,
    redis_client: "redis.asyncio.Redis",
    real_time: SetClock,
) -> AsyncIterator[Browser]:
    """A browser at a desk whose sessions follow a clock of the test's."""
    await operators.add("viewer", Role.VIEWER, PASSWORD, actor="test")
    services = make_desk(sqlite_database, operators, wechat_client)
    await services.store.seed(load_library(), load_district())
    throttle = SignInThrottle(shared_counters(redis_client))
    app = web.Application()
    desk = make_desk_app(services, redis_client, throttle, ROUTES, secure_cookie=False, real_time=real_time)
    app.add_subapp("/console/", desk)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
async def careful(database: Database, hasher: CountingHasher) -> tuple[Credentials, int, SetClock, list[str]]:
    """An account with one-time codes on, on both databases: credentials, its id, the clock, its recovery codes."""
    clock = SetClock(datetime.now(UTC))
    operators = Operators(database, Passwords(hasher))
    number = await operators.add("careful", Role.EDITOR, PASSWORD, actor="test")
    credentials = Credentials(database, operators.passwords, SEEDS, clock)
    _, codes = await credentials.switch_totp_on(number, PASSWORD, SEED, code_at(clock))
    clock.now += timedelta(minutes=5)
    return credentials, number, clock, codes


def code_at(clock: SetClock) -> str:
    return pyotp.TOTP(SEED).at(clock.now)


async def test_of_ninety_wrong_passwords_at_once_five_are_compared(desk, hasher: CountingHasher) -> None:
    client = await desk()
    data = {"csrf": await csrf_of(client, "/console/sign-in"), "name": "editor", "password": "wrong password"}

    async def wrong() -> int:
        return (await client.post("/console/sign-in", data=data)).status

    statuses = await asyncio.gather(*(wrong() for _ in range(90)))
    assert hasher.compared == 5
    assert sorted(statuses) == [401] * 5 + [429] * 85


async def test_of_many_one_time_codes_at_once_five_are_compared(
    desk, operators: Operators, sqlite_database: Database
) -> None:
    client = await desk()
    [editor] = [one for one in await operators.all() if one.name == "editor"]
    credentials = Credentials(sqlite_database, operators.passwords, SEEDS)
    await credentials.switch_totp_on(editor.id, PASSWORD, SEED, pyotp.TOTP(SEED).now())
    token = await csrf_of(client, "/console/sign-in")
    data = {"csrf": token, "name": "editor", "password": PASSWORD, "code": "000000"}
    answers = await asyncio.gather(*(client.post("/console/sign-in", data=data) for _ in range(30)))
    assert sorted(answer.status for answer in answers) == [401] * 5 + [429] * 25


async def test_wrong_tries_from_elsewhere_do_not_lock_the_owner_out(
    redis_client: "redis.asyncio.Redis",
) -> None:
    throttle = SignInThrottle(shared_counters(redis_client))
    assert [await throttle.take("owner", "203.0.113.9") for _ in range(6)] == [True] * 5 + [False]
    assert await throttle.take("owner", "198.51.100.1")


async def test_an_account_has_a_wider_limit_over_all_addresses(redis_client: "redis.asyncio.Redis") -> None:
    throttle = SignInThrottle(shared_counters(redis_client))
    tries = [await throttle.take("owner", f"198.51.{n}.1") for n in range(101)]
    assert tries == [True] * 100 + [False]


async def test_a_right_try_counts_nothing_and_every_counter_ends(redis_client: "redis.asyncio.Redis") -> None:
    throttle = SignInThrottle(shared_counters(redis_client))
    for _ in range(30):
        assert await throttle.take("owner", "198.51.100.1")
        await throttle.give_back("owner", "198.51.100.1")
    await throttle.give_back("someone whose counter ended meanwhile", "198.51.100.2")
    lives = [await redis_client.ttl(key) for key in await redis_client.keys("*")]
    assert len(lives) >= 3
    assert all(0 < life <= 60 * 60 for life in lives)


async def test_a_refused_try_counts_nothing(redis_client: "redis.asyncio.Redis") -> None:
    throttle = SignInThrottle(shared_counters(redis_client))
    taken = [await throttle.take("owner", "198.51.100.1") for _ in range(15)]
    assert taken == [True] * 5 + [False] * 10
    for _ in range(5):
        await throttle.give_back("owner", "198.51.100.1")
    assert await throttle.take("owner", "198.51.100.1")


async def test_addresses_of_one_ipv6_subscriber_count_as_one(redis_client: "redis.asyncio.Redis") -> None:
    throttle = SignInThrottle(shared_counters(redis_client))
    tries = [await throttle.take("owner", f"2001:db8:1:1::{n}") for n in range(1, 7)]
    assert tries == [True] * 5 + [False]
    assert await throttle.take("owner", "2001:db8:1:2::1")


async def test_a_failure_stands_in_log_and_audit_and_what_was_typed_in_neither(
    desk, sqlite_database: Database
) -> None:
    client = await desk()
    with capture_logs() as logs:
        await sign_in(client, "editor", "a wrong password")
        await sign_in(client, "my secret password", "oops")
    failed = [line for line in logs if line["event"] == "desk.sign_in_failed"]
    assert [line.get("operator", "") for line in failed] == ["editor", ""]
    assert "secret" not in str(failed)
    log = await entries(sqlite_database, limit=10)
    assert [
        (one.actor, one.action, (one.after or {}).get("原因")) for one in log if one.action == "登录失败"
    ] == [("editor", "登录失败", "密码不正确")]


async def test_so_many_wait_to_be_compared_and_no_more(hasher: CountingHasher) -> None:
    passwords = Passwords(hasher)
    hashed = await passwords.hash(PASSWORD)
    answers = await asyncio.gather(
        *(passwords.matches(hashed, PASSWORD) for _ in range(100)), return_exceptions=True
    )
    assert answers.count(True) == 32
    assert sum(isinstance(answer, OperatorError) for answer in answers) == 68
    assert await passwords.matches(hashed, PASSWORD)


async def test_two_are_compared_at_a_time(hasher: CountingHasher) -> None:
    passwords = Passwords(hasher)
    hashed = await passwords.hash(PASSWORD)
    hasher.may_go_on.clear()
    tries = [asyncio.ensure_future(passwords.matches(hashed, PASSWORD)) for _ in range(4)]
    while hasher.compared < 2:
        await asyncio.to_thread(
            str
        )  # threads take up their work in turn: what was given before this has begun
    assert hasher.compared == 2
    hasher.may_go_on.set()
    assert await asyncio.gather(*tries) == [True] * 4


async def test_a_stranger_leaves_nothing_in_redis(
    timed: Browser, redis_client: "redis.asyncio.Redis"
) -> None:
    for path in ("/console/", "/console/sign-in", "/console/accounts", "/console/nothing-here") * 10:
        cookies = {"desk": "f" * 32}
        assert (await timed.get(path, cookies=cookies)).status in {200, 404}
        await timed.post(path, data={"csrf": "guessed"}, cookies=cookies)
    assert await redis_client.keys("*") == []


async def test_signing_out_leaves_nothing_in_redis(
    timed: Browser, redis_client: "redis.asyncio.Redis"
) -> None:
    await sign_in(timed, "viewer")
    assert await redis_client.keys("desk_*")
    await timed.post("/console/sign-out", data={"csrf": await csrf_of(timed, ACCOUNTS)})
    assert await redis_client.keys("desk_*") == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_another_sites_page_signs_nobody_in(timed: Browser, headers: dict[str, str]) -> None:
    data = {"csrf": await csrf_of(timed, "/console/sign-in"), "name": "viewer", "password": PASSWORD}
    answer = await timed.post("/console/sign-in", data=data, headers=headers)
    assert answer.status == 403
    assert (await timed.post("/console/sign-in", data=data)).status == 200


async def test_without_the_sign_in_pages_cookie_nobody_is_signed_in(timed: Browser) -> None:
    data = {"csrf": "planted", "name": "viewer", "password": PASSWORD}
    assert (await timed.post("/console/sign-in", data=data)).status == 403


async def test_an_idle_session_ends(timed: Browser, real_time: SetClock) -> None:
    await sign_in(timed, "viewer")
    for idle, signed_in in ((IDLE_SECONDS - 1, True), (IDLE_SECONDS - 1, True), (IDLE_SECONDS + 1, False)):
        real_time.now += timedelta(seconds=idle)
        answer = await timed.get(ACCOUNTS, allow_redirects=False)
        assert (answer.status == 200) is signed_in


async def test_a_session_in_use_ends_after_twelve_hours(timed: Browser, real_time: SetClock) -> None:
    await sign_in(timed, "viewer")
    step = IDLE_SECONDS - 1
    for _ in range(ABSOLUTE_SECONDS // step):
        real_time.now += timedelta(seconds=step)
        assert (await timed.get(ACCOUNTS, allow_redirects=False)).status == 200
    real_time.now += timedelta(seconds=step)
    assert (await timed.get(ACCOUNTS, allow_redirects=False)).status == 303


async def test_a_code_signs_in_once(careful: tuple[Credentials, int, SetClock, list[str]]) -> None:
    credentials, _, clock, _ = careful
    assert await credentials.sign_in("careful", PASSWORD) is None
    code = code_at(clock)
    tries = await asyncio.gather(*(credentials.sign_in("careful", PASSWORD, code) for _ in range(3)))
    assert sum(one is not None for one in tries) == 1
    clock.now += timedelta(seconds=30)
    assert await credentials.sign_in("careful", PASSWORD, code) is None
    assert await credentials.sign_in("careful", PASSWORD, code_at(clock))


async def test_the_code_that_switched_codes_on_signs_nobody_in(
    careful: tuple[Credentials, int, SetClock, list[str]],
) -> None:
    credentials, _, clock, _ = careful
    clock.now -= timedelta(minutes=5)
    assert await credentials.sign_in("careful", PASSWORD, code_at(clock)) is None


async def test_a_recovery_code_stands_in_for_a_code_once(
    careful: tuple[Credentials, int, SetClock, list[str]], database: Database
) -> None:
    credentials, number, _, codes = careful
    assert len(set(codes)) == 10
    assert await credentials.sign_in("careful", PASSWORD, codes[0].lower().replace("-", " "))
    assert await credentials.sign_in("careful", PASSWORD, codes[0]) is None
    assert await credentials.recovery_codes_left(number) == 9
    async with database.read() as session:
        kept = str((await session.execute(text("SELECT * FROM recovery_codes"))).all())
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


async def test_switching_codes_off_needs_password_and_code_and_ends_other_sessions(
    careful: tuple[Credentials, int, SetClock, list[str]], database: Database
) -> None:
    credentials, number, clock, _ = careful
    for password, code in (("wrong password", code_at(clock)), (PASSWORD, "000000"), (PASSWORD, "")):
        with pytest.raises(OperatorError):
            await credentials.switch_totp_off(number, password, code)
    before = await credentials.sign_in("careful", PASSWORD, code_at(clock))
    assert before
    clock.now += timedelta(seconds=30)
    renewed = await credentials.switch_totp_off(number, PASSWORD, code_at(clock))
    operators = Operators(database)
    assert await operators.still_signed_in(number, before.stamp) is None
    assert await operators.still_signed_in(number, renewed.stamp)
    assert await credentials.sign_in("careful", PASSWORD)


async def test_the_seed_is_sealed_for_its_account_and_key(
    careful: tuple[Credentials, int, SetClock, list[str]], database: Database
) -> None:
    _, number, _, _ = careful
    async with database.read() as session:
        kept = await session.scalar(select(Operator.totp_secret))
    assert kept
    assert SEED not in kept
    assert SEEDS.open(kept, number) == SEED
    with pytest.raises(SealBrokenError):
        SEEDS.open(kept, number + 1)
    with pytest.raises(SealBrokenError):
        Seeds(b"another secret key").open(kept, number)


async def test_a_seed_that_an_earlier_version_kept_in_plain_is_sealed_and_goes_on_working(
    careful: tuple[Credentials, int, SetClock, list[str]], database: Database
) -> None:
    credentials, number, clock, _ = careful
    async with database.write() as session:
        await session.execute(update(Operator).values(totp_secret=SEED))
    assert await credentials.seal_seeds() == 1
    assert await credentials.seal_seeds() == 0
    async with database.read() as session:
        assert SEEDS.open(await session.scalar(select(Operator.totp_secret)) or "", number) == SEED
    assert await credentials.sign_in("careful", PASSWORD, code_at(clock))


async def test_after_another_secret_key_the_operator_hears_what_helps(
    careful: tuple[Credentials, int, SetClock, list[str]], database: Database
) -> None:
    _, _, clock, _ = careful
    moved = Credentials(database, Passwords(), Seeds(b"another secret key"), clock)
    with capture_logs() as logs, pytest.raises(OperatorError, match="重置账号"):
        await moved.sign_in("careful", PASSWORD, code_at(clock))
    assert "policybot operator reset careful" in str(logs)


async def test_a_reset_password_ends_sessions_and_must_be_changed_first(
    desk, operators: Operators, sqlite_database: Database
) -> None:
    admin, editor = await desk(), await desk()
    await sign_in(admin, "admin")
    await sign_in(editor, "editor")
    number = next(one.id for one in await operators.all() if one.name == "editor")
    path = f"{ACCOUNTS}/{number}/password"
    asked = await (await admin.post(path, data=await tokens_of(admin, ACCOUNTS, path))).text()
    assert "重置该账号的密码？" in asked
    tokens = {**await tokens_of(admin, ACCOUNTS, path), "confirmed": "yes"}
    shown = re.search(r'class="key">([^<]+)<', await (await admin.post(path, data=tokens)).text())
    assert shown
    assert (await editor.get(ACCOUNTS, allow_redirects=False)).status == 303
    assert await sign_in(editor, "editor", shown[1]) == 200
    answer = await editor.get("/console/campaigns", allow_redirects=False)
    assert answer.headers["Location"] == ACCOUNTS
    assert "请先修改密码" in await (await editor.get(ACCOUNTS)).text()
    changed = {**await tokens_of(editor, ACCOUNTS, f"{ACCOUNTS}/password"), "old": shown[1], "new": PASSWORD}
    assert "密码已修改" in await (await editor.post(f"{ACCOUNTS}/password", data=changed)).text()
    assert (await editor.get("/console/campaigns", allow_redirects=False)).status == 200
    assert shown[1] not in str([(one.before, one.after) for one in await entries(sqlite_database)])


async def test_an_admin_resets_a_lost_phone_and_the_shell_resets_all(
    careful: tuple[Credentials, int, SetClock, list[str]], database: Database
) -> None:
    credentials, number, clock, codes = careful
    operators = Operators(database)
    await operators.reset_totp(number, actor=SignedIn(0, "admin", Role.ADMIN, 0))
    assert await credentials.sign_in("careful", PASSWORD)
    assert await credentials.recovery_codes_left(number) == 0
    await credentials.switch_totp_on(number, PASSWORD, SEED, code_at(clock))
    password = await operators.reset("careful", actor="policybot operator")
    back = await credentials.sign_in("careful", password)
    assert back
    assert back.must_change_password
    assert await credentials.sign_in("careful", PASSWORD, codes[1]) is None
    with pytest.raises(OperatorError, match="没有账号"):
        await operators.reset("nobody", actor="policybot operator")


async def test_codes_are_switched_on_and_off_at_the_desk_and_a_wrong_one_looks_wrong(desk) -> None:
    client = await desk()
    await sign_in(client, "editor")
    page = await (await client.get(f"{ACCOUNTS}/totp")).text()
    seed = re.search(r"<code>(\w+)</code>", page)
    assert seed
    data = {**await tokens_of(client, f"{ACCOUNTS}/totp"), "password": PASSWORD}
    wrong = await (await client.post(f"{ACCOUNTS}/totp", data={**data, "code": "12"})).text()
    assert 'class="notice error" role="alert">动态口令不正确' in wrong
    data |= await tokens_of(client, f"{ACCOUNTS}/totp")
    shown = await (
        await client.post(f"{ACCOUNTS}/totp", data={**data, "code": pyotp.TOTP(seed[1]).now()})
    ).text()
    codes = re.findall(r"<li><code>([A-Z2-7-]{19})</code>", shown)
    assert len(codes) == 10
    accounts = await (await client.get(ACCOUNTS)).text()
    assert "还有 10 个恢复码可用" in accounts
    assert not any(code in accounts for code in codes)
    off = await tokens_of(client, ACCOUNTS, f"{ACCOUNTS}/totp/recovery-codes")
    off |= {"password": PASSWORD, "code": codes[3]}
    assert "动态口令已关闭" in await (await client.post(f"{ACCOUNTS}/totp/off", data=off)).text()
