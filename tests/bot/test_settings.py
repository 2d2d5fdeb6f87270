"""A wrong setting is refused by the name of its variable, before anything is started."""

import os
import subprocess
import sys

import pytest

from bot.process import BadSettingsError, read_settings
from bot.settings import Settings

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
        ({"BOT_DATABASE_URL": "mysql://x"}, "BOT_DATABASE_URL"),
        ({"BOT_REDIS_URL": "localhost:6379"}, "BOT_REDIS_URL"),
        ({"BOT_PUBLIC_URL": "bot.example"}, "BOT_PUBLIC_URL"),
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
    ],
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettingsError, match=named):
        read_settings()


def test_a_wrong_secret_is_not_repeated_in_the_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_WECHAT_AES_KEY", "almost-a-secret")
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


def test_the_command_line_says_it_in_one_line_and_ends_with_2() -> None:
    environment = {"PATH": os.environ["PATH"], "BOT_PORT": "eighty"}
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "up"], capture_output=True, text=True, env=environment, check=False
    )
    assert ran.returncode == 2
    assert "BOT_PORT" in ran.stderr
    assert "Traceback" not in ran.stderr
