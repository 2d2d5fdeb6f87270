"""`policybot alerts preview`: which alert would go to how many people on which day."""

import json
from datetime import date, datetime
from typing import Annotated, Any

import typer

from alerts.forecast.preview import Forecast, preview
from alerts.wording.wording import HEADINGS
from bot.commands.alerts.printing import CONSOLE, table
from bot.commands.alerts.transaction import run
from bot.runtime.seeding import seeded_store
from policies.matching.catalogue import load_catalogue
from policies.windows.window_fields import closing_words
from storage.clock import Clock, day_of
from storage.sql.database import Database

_COLUMNS = ("日期", "类型", "内容", "提前", "截止", ">人数", ">略过", ">不符", ">只存提醒箱", "到达")
"""One that is empty in every row is left out: the titles need the room of a narrow terminal."""


def preview_command(
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="default: today")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=366)] = 30,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List which alert would go to how many people on which day; nothing is made or sent."""
    forecasts = run(lambda database, clock: _preview(database, clock, first.date() if first else None, days))
    if as_json:
        typer.echo(json.dumps([_as_json(one) for one in forecasts], ensure_ascii=False, indent=1))
        return
    if not forecasts:
        CONSOLE.print("这段时间没有要发出的提醒。")
        return
    cells = [_cells(one) for one in forecasts]
    used = [at for at in range(len(_COLUMNS)) if any(row[at] for row in cells)]
    rows = table(*(_COLUMNS[at] for at in used))
    for row in cells:
        rows.add_row(*(row[at] for at in used))
    CONSOLE.print(rows)


def _cells(one: Forecast) -> tuple[str, ...]:
    campaign = one.campaign
    return (
        f"{one.day:%Y-%m-%d}",
        HEADINGS[campaign.kind],
        campaign.content.title + ("（示例）" if campaign.content.sample else ""),
        f"{campaign.lead} 天" if campaign.lead is not None else "",
        closing_words(campaign.closes_on) if campaign.closes_on else "",
        f"{one.recipients:,}",
        f"{one.passed_over:,}" if one.passed_over else "",
        f"{one.not_fitting:,}" if one.not_fitting else "",
        f"{one.kept:,}" if one.kept else "",
        "，".join(f"{day:%m-%d} {n:,}" for day, n in sorted(one.arrivals.items()) if day != one.day),
    )


async def _preview(database: Database, clock: Clock, first: date | None, days: int) -> list[Forecast]:
    store = await seeded_store(database, clock)
    return await preview(
        database,
        store,
        clock,
        first or day_of(clock()),
        days,
        catalogue=load_catalogue(await store.rules(), await store.texts()),
    )


def _as_json(one: Forecast) -> dict[str, Any]:
    content = one.campaign.content
    return {
        "day": str(one.day),
        "kind": one.campaign.kind,
        "key": one.campaign.key,
        "title": content.title,
        "policy_id": content.policy_id,
        "window_id": one.campaign.window_id,
        "lead": one.campaign.lead,
        "closes_on": closing_words(one.campaign.closes_on) if one.campaign.closes_on else None,
        "recipients": one.recipients,
        "passed_over": one.passed_over,
        "not_fitting": one.not_fitting,
        "inbox": one.kept,
        "arrivals": {str(day): n for day, n in sorted(one.arrivals.items())},
        "sample": content.sample,
    }
