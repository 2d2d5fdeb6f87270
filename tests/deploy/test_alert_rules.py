"""What is watched exists: promtool runs the rules, and each metric that a rule or a panel names is one of ours."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from alerts.scheduling.tick import TickMetrics
from alerts.sending.metrics import DeliveryMetrics
from bot.observability.process_metrics import ProcessMetrics
from bot.webhook.callback_metrics import CallbackMetrics
from storage.sql.database import Database

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())
PANELS = json.loads((DEPLOY / "grafana" / "policybot.json").read_text())["panels"]
OF_PROMETHEUS = {"up"}


@pytest.mark.parametrize(
    "words",
    [
        ("check", "config", "prometheus.yml"),
        ("check", "rules", "alerts.yml"),
        ("test", "rules", "alerts_test.yml"),
    ],
    ids=" ".join,
)
def test_promtool_takes_the_rules_and_their_tests_pass(words: tuple[str, ...]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("no promtool (Debian: apt-get install prometheus)")
    ran = subprocess.run(
        [promtool, *words], cwd=DEPLOY / "prometheus", capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def expressions() -> list[str]:
    found = [rule["expr"] for group in RULES["groups"] for rule in group["rules"]]
    return found + [target["expr"] for panel in PANELS for target in panel.get("targets", ())]


async def test_every_metric_that_is_watched_is_one_of_ours(
    sqlite_database: Database, redis_client: Redis
) -> None:
    registry = CollectorRegistry()
    DeliveryMetrics.register(registry)
    TickMetrics.register(registry)
    CallbackMetrics(registry)
    ProcessMetrics(registry, sqlite_database, redis_client)
    ours = set(OF_PROMETHEUS)
    for metric in registry.collect():
        ours |= {metric.name + end for end in ("", "_total", "_bucket", "_count", "_sum")}
    named = {name for one in expressions() for name in re.findall(r"\b(?:policybot|process)_\w+|\bup\b", one)}
    assert named - ours == set()
    assert len(named) > 15


def test_every_alert_says_what_is_noticed_and_what_to_do() -> None:
    rules: list[dict[str, Any]] = [rule for group in RULES["groups"] for rule in group["rules"]]
    for rule in rules:
        assert rule["labels"]["severity"] in {"warning", "critical"}, rule["alert"]
        assert set(rule["annotations"]) == {"summary", "remedy"}, rule["alert"]
    told = (DEPLOY.parent / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [rule["alert"] for rule in rules if f"`{rule['alert']}`" not in told] == []
