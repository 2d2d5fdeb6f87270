"""A wrong setting is refused by the name of its variable, before anything is started."""

import os
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from bot.runtime.addresses import database_address
from bot.runtime.process import BadSettingsError, read_settings
from bot.runtime.settings import Settings
from storage.sql.database import Database
from tests.kit.commands.forked_cli import run_policybot

ACCOUNT = {"BOT_WECHAT_APP_ID": "wx0123456789abcdef", "BOT_WECHAT_TOKEN": "simtoken123"}
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("BOT_"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"BOT_PORT": "eighty"}, "BOT_PORT"),
        ({"BOT_PORT": "70000"}, "BOT_PORT"),
        ({"BOT_LOG_LEVEL": "loud"}, "BOT_LOG_LEVEL"),
        ({"BOT_TIMEZONE": "Asia/Qingdao"}, "BOT_TIMEZONE"),
        ({"BOT_TIMEZONE": "Asia/Tokyo"}, "BOT_TIMEZONE"),  # every deadline is one of Shanghai
        ({"BOT_SECRET_KEY": "a"}, "BOT_SECRET_KEY.*32"),
        ({"BOT_SECRET_KEY": "a" * 31 + " "}, "BOT_SECRET_KEY.*32"),
        ({"BOT_DATABASE_URL": "postgresql+asyncpg://u:p@w@h/d"}, "BOT_DATABASE_URL: can't be read"),
        ({"BOT_DATABASE_URL": "postgresql+asyncpg://one:1,two:2/d"}, "host=one:5432&host=two:5432"),
        (
            {"BOT_DATABASE_URL": "postgresql+asyncpg://h/d?sslmod=require"},
            "names sslmod; it may name .*sslmode",
        ),
        ({"BOT_DATABASE_URL": "mysql://x"}, "BOT_DATABASE_URL"),
        ({"BOT_REDIS_URL": "localhost:6379"}, "BOT_REDIS_URL"),
        ({"BOT_PUBLIC_URL": "bot.example"}, "BOT_PUBLIC_URL"),
        ({"BOT_PUBLIC_URL": "https://gov.example/bot"}, "BOT_PUBLIC_URL.*root of a host name of its own"),
        ({"BOT_PUBLIC_URL": "https://gov.example/?a=1"}, "BOT_PUBLIC_URL"),
        ({"BOT_PUBLIC_URL": "https://"}, "BOT_PUBLIC_URL"),
        ({"BOT_PUBLIC_URL": "https://gov.example:99999"}, "BOT_PUBLIC_URL"),
        ({"BOT_WECHAT_TEMPLATES": "{not json"}, "BOT_WECHAT_TEMPLATES"),
        ({"BOT_WECHAT_TEMPLATES": '{"deadline": 1}'}, "BOT_WECHAT_TEMPLATES"),
        ({"BOT_WECHAT_TEMPLATES": '{"deadline": {"ids": "x"}}'}, "BOT_WECHAT_TEMPLATES: ids"),
        ({"BOT_WECHAT_RATE_PER_S": "-1"}, "BOT_WECHAT_RATE_PER_S"),
        ({"BOT_WECHAT_MODE": "secret"}, "BOT_WECHAT_MODE"),
        ({"BOT_TRUSTED_PROXIES": "everyone"}, "BOT_TRUSTED_PROXIES"),
        ({"BOT_WECHAT_APP_ID": "wx0123456789abcdef"}, "BOT_WECHAT_TOKEN"),
        ({"BOT_WECHAT_TOKEN": "simtoken123"}, "BOT_WECHAT_APP_ID"),
        ({"BOT_OPERATORS_WEBHOOK": "qyapi.example/key"}, "BOT_OPERATORS_WEBHOOK"),
        (ACCOUNT | {"BOT_WECHAT_AES_KEY": "short"}, "BOT_WECHAT_AES_KEY"),
        (ACCOUNT | {"BOT_WECHAT_MODE": "safe"}, "BOT_WECHAT_AES_KEY"),
        (ACCOUNT | {"BOT_SANDBOX": "1"}, "BOT_SANDBOX"),
        (
            ACCOUNT | {"BOT_SANDBOX": "1", "BOT_WECHAT_API_BASE": "https://sh.api.weixin.qq.com/"},
            "BOT_SANDBOX",
        ),
        ({"BOT_SANDBOX": "1", "BOT_WECHAT_API_BASE": "https://api.weixin.qq.com"}, "BOT_SANDBOX"),
    ],
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettingsError, match=named):
        read_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_WECHAT_AES_KEY", "almost-a-secret"),
        ("BOT_SECRET_KEY", "almost-a-secret"),
        ("BOT_DATABASE_URL", "postgresql+asyncpg://bot:x@almost-a-secret@h/d"),
        ("BOT_DATABASE_URL", "postgresql://bot:almost-a-secret@h/d"),
        ("BOT_OPERATORS_WEBHOOK", "qyapi.example/?key=almost-a-secret"),
    ],
)
def test_a_wrong_secret_is_not_repeated_in_the_error(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettingsError) as caught:
        read_settings()
    assert "almost-a-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("variables", "mode"),
    [
        ({}, "safe"),
        (ACCOUNT, "plain"),
        (ACCOUNT | {"BOT_WECHAT_AES_KEY": KEY}, "safe"),
        (ACCOUNT | {"BOT_WECHAT_AES_KEY": KEY, "BOT_WECHAT_MODE": "compatible"}, "compatible"),
        (ACCOUNT | {"BOT_WECHAT_AES_KEY": KEY, "BOT_WECHAT_MODE": "plain"}, "plain"),
    ],
)
def test_the_mode_is_safe_wherever_there_is_a_key(monkeypatch, variables: dict[str, str], mode: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert read_settings().effective_mode == mode


@pytest.mark.parametrize(
    ("settings", "open_"),
    [
        (Settings(), True),
        (Settings(host="0.0.0.0"), False),
        (Settings(host="0.0.0.0", sandbox=True), True),
        (Settings(sandbox=False), False),
        (Settings(host="::1"), True),
        (Settings(host="127.0.0.2", public_url="http://localhost:8080"), True),
        (Settings(public_url="https://bot.example"), False),
        (Settings(public_url="https://bot.example", sandbox=True), True),
        (Settings(wechat_api_base="https://api.weixin.qq.com"), False),
        (Settings(wechat_app_id="wx1", wechat_token="abc"), False),
        (
            Settings(
                wechat_app_id="wx1",
                wechat_token="abc",
                wechat_api_base="http://127.0.0.1:1/api",
                sandbox=True,
            ),
            True,
        ),
    ],
)
def test_the_sandbox_opens_on_loopback_without_an_account_or_when_asked_for(
    settings: Settings, open_: bool
) -> None:
    assert settings.sandbox_open is open_


def test_the_command_line_says_it_in_one_line_and_ends_with_2(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "BOT_PORT": "eighty"}
    ran = run_policybot(tmp_path, "up", environment=environment)
    assert ran.returncode == 2
    assert b"BOT_PORT" in ran.stderr
    assert b"Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080"),
        ("0.0.0.0", "http://127.0.0.1:8080"),
        ("::", "http://[::1]:8080"),
        ("fd00::7", "http://[fd00::7]:8080"),
        ("192.0.2.7", "http://192.0.2.7:8080"),
    ],
)
def test_the_sandbox_reaches_the_bot_where_it_listens(host: str, here: str) -> None:
    assert Settings(host=host).here == here


def test_what_libpq_names_reaches_the_driver_as_libpq_means_it() -> None:
    given = "postgresql+asyncpg://bot:p%40ss@h:5433/d?sslmode=verify-full&sslrootcert=/ca.pem&ssl=1"
    url = make_url(database_address(given))
    assert (url.username, url.password, url.host, url.port, url.database) == ("bot", "p@ss", "h", 5433, "d")
    assert url.query == {"ssl": "1", "dsn": "postgresql:///?sslmode=verify-full&sslrootcert=%2Fca.pem"}
    for plain in ("postgresql+asyncpg://h/d", "sqlite+aiosqlite:////var/a%3Fb.db"):
        assert database_address(plain) == plain


async def test_an_address_of_libpqs_kind_connects(postgres_url: str) -> None:
    joint = "&" if "?" in postgres_url else "?"
    named = f"{postgres_url}{joint}sslmode=prefer&application_name=edge"
    database = Database.open(database_address(named))
    async with database.read() as session:
        assert await session.scalar(text("SHOW application_name")) == "edge"
    await database.close()


def test_every_setting_is_in_the_example_and_the_readme() -> None:
    root = Path(__file__).parents[3]
    example, readme = (root / ".env.example").read_text(), (root / "README.md").read_text()
    for field in Settings.model_fields:
        assert f"# BOT_{field.upper()}=" in example, field
        name = field.upper()
        assert f"`BOT_{name}`" in readme or f"`_{name.removeprefix('WECHAT_')}`" in readme, field
