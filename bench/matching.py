"""One company's match, and a new window's fitting members among 100,000 kept profiles: `python -m bench.matching`.

The benefits are those of the data file, repeated under other clauses until there are 1,000.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import func, insert, select

sys.path.insert(0, str(Path(__file__).parents[1]))

from alerts.lease.lease import SCHEDULER, take
from alerts.model.campaigns.audience import audience_of_policy
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.tables import Campaign, Delivery
from alerts.scheduling.by_profile import by_profile
from alerts.scheduling.list_recipients import list_recipients
from bot.schema.migrate import upgrade_database
from policies.library.library import Library
from policies.library.library_file import load_library
from policies.matching.benefits import Benefit
from policies.matching.catalogue import Catalogue, load_catalogue
from policies.matching.facts import CompanyFact, as_raw
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.profiles.tables import CompanyProfile, ProfileConsent
from subscriptions.tables import Member

_CLAUSE = 22
_BATCH = 5_000


def resident_mb() -> float:
    """This process's memory."""
    return psutil.Process().memory_info().rss / 1e6


def repeated(benefits: tuple[Benefit, ...], most: int) -> Iterator[Benefit]:
    """The benefits, then the same under other clauses."""
    for number in range(most):
        benefit = benefits[number % len(benefits)]
        shift = 1_000 * (number // len(benefits))
        if not shift:
            yield benefit
            continue
        names = {one: f"{one}+{shift}" for one in (benefit.id, *benefit.excludes)}
        yield benefit.model_copy(
            update={
                "id": names[benefit.id],
                "clause": benefit.clause + shift,
                "excludes": tuple(names[other] for other in benefit.excludes),
            }
        )


def company(catalogue: Catalogue, chance: random.Random) -> dict[str, Any]:
    """Facts as a company tells them: what is worth asking of it, a third of it answered, at most twenty."""
    told: dict[str, Any] = {}
    for fact in catalogue.facts.all:
        if len(told) < 20 and fact.is_worth_asking(told) and (len(told) < 4 or chance.random() < 0.3):
            value = fact.read(_value(fact, chance))
            if value is not None:
                told[fact.id] = value
    return told


def _value(fact: CompanyFact, chance: random.Random) -> Any:
    match fact.type:
        case "bool":
            return chance.random() < 0.5
        case "choice":
            return chance.choice(fact.options).id
        case "multi":
            return [
                one.id for one in chance.sample(fact.options, min(len(fact.options), chance.randint(0, 2)))
            ]
        case "yuan":
            return chance.choice((0, 500_000, 3_000_000, 30_000_000))
        case _:
            return chance.randint(0, 20)


def time_matches(catalogue: Catalogue, library: Library, chance: random.Random) -> None:
    """Milliseconds of processor time for one company against all benefits."""
    companies = [company(catalogue, chance) for _ in range(300)]
    policies = tuple(
        policy.model_copy(update={"key": policy.key + shift})
        for shift in range(0, 10_000, 1_000)
        for policy in library.policies
    )
    taken = []
    for told in companies:
        started = time.process_time()
        catalogue.match(told, policies, date(2026, 3, 2))
        taken.append((time.process_time() - started) * 1e3)
    taken.sort()
    print(
        f"one match over {len(catalogue.benefits):,} benefits: median {statistics.median(taken):.2f} ms, "
        f"99 of 100 within {taken[int(len(taken) * 0.99)]:.2f} ms"
    )


async def fill(database: Database, catalogue: Catalogue, profiles: int, chance: random.Random) -> None:
    """Members who keep a profile and want to hear what fits it."""
    now = system_clock()
    for start in range(1, profiles + 1, _BATCH):
        ids = range(start, min(start + _BATCH, profiles + 1))
        async with database.write() as session:
            await session.execute(
                insert(Member), [{"id": id_, "openid": f"oWx{id_:025}", "followed_at": now} for id_ in ids]
            )
            await session.execute(
                insert(ProfileConsent), [{"member_id": id_, "given_at": now, "alerts": True} for id_ in ids]
            )
            await session.execute(
                insert(CompanyProfile),
                [
                    {"member_id": id_, "facts": as_raw(company(catalogue, chance)), "changed_at": now}
                    for id_ in ids
                ],
            )


async def time_window(database: Database, catalogue: Catalogue, library: Library) -> None:
    """Seconds in which the members whose profile fits a new window's clause are in the ledger."""
    policy = next(policy for policy in library.policies if policy.key == _CLAUSE)
    today = date.today()  # noqa: DTZ011
    content = Content(
        title=policy.title, policy_id=policy.key, opens_on=today, closes_on=today + timedelta(30)
    )
    new = NewCampaign("bench", AlertKind.OPENING, content, audience_of_policy(policy.tracks))
    (alert,) = by_profile([new], library, catalogue)
    held = await take(database, SCHEDULER, "bench", seconds=3_600)
    assert held is not None
    async with database.write() as session:
        campaign_id = await create_campaign(session, replace(alert), system_clock())
        campaign = await session.get(Campaign, campaign_id)
        assert campaign is not None
        campaign.status = "sending"
    before, started = resident_mb(), time.perf_counter()
    peak, watching = before, True

    async def watch() -> None:
        nonlocal peak
        while watching:
            peak = max(peak, resident_mb())
            await asyncio.sleep(0.05)

    watcher = asyncio.create_task(watch())
    await list_recipients(database, campaign, system_clock, held, catalogue=catalogue)
    seconds, watching = time.perf_counter() - started, False
    await watcher
    async with database.read() as session:
        listed = await session.scalar(select(func.count()).select_from(Delivery))
        profiles = await session.scalar(select(func.count()).select_from(CompanyProfile))
    print(
        f"a new window: {listed:,} of {profiles:,} profiles fit, listed in {seconds:.1f} s; "
        f"memory {before:.0f} → {peak:.0f} MB at most"
    )


async def main(profiles: int, benefits: int) -> None:
    chance = random.Random(1)
    own, library = load_catalogue(), load_library()
    catalogue = Catalogue(own.facts, tuple(repeated(own.benefits, benefits)))
    time_matches(catalogue, library, chance)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/bench.db"
        database = Database.open(url)
        try:
            await upgrade_database(database)
            started = time.perf_counter()
            await fill(database, catalogue, profiles, chance)
            print(f"filled with {profiles:,} profiles in {time.perf_counter() - started:.0f} s")
            await time_window(database, catalogue, library)
        finally:
            await database.engine.dispose()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profiles", type=int, default=100_000)
    parser.add_argument("--benefits", type=int, default=1_000)
    given = parser.parse_args()
    asyncio.run(main(given.profiles, given.benefits))
