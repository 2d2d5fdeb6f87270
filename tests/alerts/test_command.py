"""`policybot alerts`: each command on a real database, as an operator types it."""

import asyncio
import json
from datetime import UTC, date, datetime
from functools import partial

import pytest
from prometheus_client import CollectorRegistry

from alerts.lease.lease import take
from alerts.scheduling.tick import Tick, TickMetrics
from policies.district.folder import load_district
from policies.library.library_file import load_library
from policies.publishing.store import PolicyStore
from storage.business_clock import BusinessClock
from storage.sql.database import Database
from tests.alerts.conftest import People
from tests.kit.clocks import SetClock
from tests.kit.commands.command_line import Policybot, log_of
from tests.kit.seeded_databases import SEEDED_AT


@pytest.fixture
def alerts(policybot: Policybot, sqlite_url: str) -> Policybot:
    """`policybot alerts`; one window opens on 4 November, two members follow its track; it is 2 November 2026."""

    async def prepare() -> None:
        database = Database.open(sqlite_url)
        await BusinessClock(database).set(datetime(2026, 11, 2, 1, 0, tzinfo=UTC))
        people = People(database, SetClock(SEEDED_AT))
        await PolicyStore(database, SetClock(SEEDED_AT)).seed(load_library(), load_district())
        await people.add("desalination", n=2)
        await people.window(45, date(2026, 11, 4), date(2026, 12, 15), "海水淡化项目奖补申报")
        await database.close()

    asyncio.run(prepare())
    return partial(policybot, "alerts")


@pytest.fixture
def ticked(alerts: Policybot, sqlite_url: str) -> int:
    """The opening alert was made; its id."""

    async def tick() -> int:
        database, clock = Database.open(sqlite_url), SetClock(SEEDED_AT)
        clock.on(date(2026, 11, 4))
        held = await take(database, "scheduler", "test")
        assert held is not None
        store = PolicyStore(database, clock)
        (made,) = await Tick(database, store, clock, TickMetrics.register(CollectorRegistry()))(held)
        await database.close()
        return made

    return asyncio.run(tick())


def test_preview_tells_programs_which_alert_goes_to_how_many_on_which_day(alerts: Policybot) -> None:
    result = alerts("preview", "--from", "2026-11-04", "--days", "30", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert [(one["day"], one["kind"], one["lead"], one["recipients"]) for one in told] == [
        ("2026-11-04", "opening", None, 2),
        ("2026-11-13", "deadline", 30, 2),
        ("2026-12-01", "deadline", 14, 2),
    ]
    assert told[0]["arrivals"] == {"2026-11-04": 2}


def test_preview_is_readable_and_makes_nothing(alerts: Policybot) -> None:
    assert "海水淡化项目奖补申报" in alerts("preview").output
    assert "没有要发出的提醒" in alerts("preview", "--days", "1").output
    assert "海水淡化" not in alerts("list").output


def test_a_campaign_is_listed_paused_resumed_and_cancelled(alerts: Policybot, ticked: int) -> None:
    number = str(ticked)
    assert "待发送" in alerts("list").output
    assert "已暂停" in alerts("pause", number, "--reason", "核对日期").output
    assert "核对日期" in alerts("show", number).output
    assert "待发送" in alerts("resume", number).output
    alerts("pause", number, "--reason", "核" * 700)
    assert alerts("show", number).output.count("核") == 500  # what the column holds
    assert "待发送" in alerts("resume", number).output
    assert "已取消" in alerts("cancel", number).output
    refused = alerts("pause", number)
    assert refused.exit_code == 1
    assert refused.stderr == "policybot: 推送当前状态为“已取消”，不能暂停。\n"
    assert alerts("retry", number).exit_code == 1
    assert alerts("show", "99").stderr == "policybot: 没有编号为 99 的推送。\n"
    assert {alerts(word, "9" * 30).exit_code for word in ("show", "pause", "retry", "dead")} == {2}


def test_dead_letters_are_listed_retried_and_confirmed(alerts: Policybot, ticked: int) -> None:
    assert alerts("dead").exit_code == 0
    assert "0 条重新等待发送" in alerts("retry", str(ticked), "--unknown").output
    assert "0 条视为已送达" in alerts("confirm", str(ticked)).output


def test_what_is_done_from_the_shell_is_in_the_audit_log(
    alerts: Policybot, ticked: int, sqlite_url: str
) -> None:
    for typed in (("pause", str(ticked)), ("resume", str(ticked)), ("stop", "内容有误"), ("go",)):
        assert alerts(*typed).exit_code == 0

    logged = [(one.action, one.actor.partition(":")[0], one.after) for one in reversed(log_of(sqlite_url))]
    assert logged == [
        ("暂停", "cli", {"状态": "paused"}),
        ("继续", "cli", {"状态": "scheduled"}),
        ("全局暂停", "cli", {"原因": "内容有误"}),
        ("恢复推送", "cli", None),
    ]


def test_everything_outgoing_stops_and_goes(alerts: Policybot) -> None:
    assert "已停止全部外发" in alerts("stop", "内容有误").output
    assert "内容有误" in alerts("list").output
    assert "已恢复外发" in alerts("go").output
    assert "内容有误" not in alerts("list").output
