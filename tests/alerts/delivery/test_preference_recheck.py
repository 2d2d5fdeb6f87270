"""What a member said between the listing and the sending holds: it is looked at again when a row is claimed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, insert, update

from alerts.delivery.load_chunk import ChunkLoader
from alerts.ledger.mark_in_flight import mark_trying
from alerts.member.applied import mark_applied
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_states import CampaignAction
from alerts.model.campaigns.moves import act
from alerts.model.content import AlertKind
from alerts.model.rows.row_reasons import (
    APPLIED,
    DEADLINES_ONLY,
    NO_ANNOUNCEMENTS,
    NO_GENERAL,
    OTHER_DAYS,
    PAUSED,
    UNSUBSCRIBED,
)
from alerts.model.tables import Applied, Campaign, Delivery
from storage.clock import SHANGHAI, system_clock
from subscriptions.members.preferences import DEFAULT_LEAD_DAYS
from subscriptions.tables import Member, Subscription
from tests.alerts.conftest import People
from tests.alerts.delivery_stage import Stage

CLOSES = date(2026, 12, 20)


class Town:
    """Three members who follow a track, and an alert listed for them; the second changes their mind."""

    def __init__(self, stage: Stage, campaign: int, members: list[int], window: int) -> None:
        self.stage, self.campaign, self.members, self.window = stage, campaign, members, window

    async def change(self, *statements: object) -> None:
        async with self.stage.database.write() as session:
            for statement in statements:
                await session.execute(statement)  # type: ignore[call-overload]

    async def audience(self, audience: Audience) -> None:
        stored = audience.model_dump(mode="json", exclude_defaults=True)
        await self.change(
            update(Campaign)
            .where(Campaign.id == self.campaign)
            .values(audience=stored, window_id=self.window)
        )

    async def delivered(self) -> list[tuple[str, str | None]]:
        await self.stage.deliver(self.campaign)
        return [(row.state, row.reason) for row in await self.stage.rows(self.campaign)]


@pytest.fixture
async def town(stage: Stage, people: People) -> Town:
    window = await people.window(45, date(2026, 11, 1), CLOSES)
    members = await stage.members(3)
    now = stage.clock()
    town = Town(stage, await stage.campaign(members), members, window)
    await town.change(
        insert(Subscription).values(
            [{"member_id": member, "track_id": "desalination", "since": now} for member in members]
        )
    )
    await town.audience(Audience(tracks=("desalination", "ships")))
    return town


OTHERS = ("sent", None)


async def test_who_still_wants_it_gets_it(town: Town) -> None:
    assert await town.delivered() == [OTHERS] * 3


async def test_who_has_applied_meanwhile_is_not_written_to(town: Town) -> None:
    await town.change(
        insert(Applied).values(member_id=town.members[1], window_id=town.window, at=town.stage.clock())
    )
    assert await town.delivered() == [OTHERS, ("skipped", APPLIED), OTHERS]
    assert await town.stage.counts(town.campaign) == {"total": 3, "sent": 2, "skipped": 1}


async def test_who_left_the_tracks_meanwhile_is_not_written_to(town: Town) -> None:
    await town.change(delete(Subscription).where(Subscription.member_id == town.members[1]))
    assert await town.delivered() == [OTHERS, ("skipped", UNSUBSCRIBED), OTHERS]


async def test_who_wants_no_general_clauses_any_more_is_not_written_to(town: Town) -> None:
    await town.audience(Audience(general=True))
    await town.change(update(Member).where(Member.id == town.members[1]).values(general=False))
    assert await town.delivered() == [OTHERS, ("skipped", NO_GENERAL), OTHERS]


async def test_who_chose_other_days_meanwhile_is_not_written_to(town: Town) -> None:
    lead = DEFAULT_LEAD_DAYS[0]
    await town.audience(Audience(tracks=("desalination",)).with_leads(lead, ()))
    await town.change(update(Member).where(Member.id == town.members[1]).values(lead_days=[lead + 1]))
    assert await town.delivered() == [OTHERS, ("skipped", OTHER_DAYS), OTHERS]


async def test_who_unfollowed_or_was_erased_meanwhile_is_not_written_to(town: Town) -> None:
    gone, erased = town.members[:2]
    await town.change(
        update(Member).where(Member.id == gone).values(following=False, unfollowed_at=town.stage.clock()),
        delete(Member).where(Member.id == erased),
    )
    assert [state for state, _ in await town.delivered()] == ["unreachable", "sent"]
    assert (await town.stage.wechat.stats())["delivered"] == 1


async def test_who_applies_between_the_claim_and_the_send_is_not_marked(town: Town) -> None:
    stage = town.stage
    loader = ChunkLoader(
        stage.database, stage.outlet, clock=stage.clock, real_clock=system_clock, timing=stage.timing
    )
    chunk = await loader.load([row.id for row in await stage.rows(town.campaign)], "run")
    async with stage.database.write() as session:
        await mark_applied(session, town.members[1], town.window, stage.clock())
    leaving = [(row, "template", None) for row in chunk.rows]
    marked = await stage.database.run_in_write_transaction(
        lambda connection: mark_trying(connection, leaving, stage.timing)
    )
    assert marked == {row.id for row in chunk.rows if row.member_id != town.members[1]}


async def test_what_may_have_arrived_already_is_not_repeated_to_who_has_applied(town: Town) -> None:
    await town.change(
        update(Delivery)
        .where(Delivery.member_id == town.members[1])
        .values(tried_at=town.stage.real_ago(30), channel="template", attempts=1),
        insert(Applied).values(member_id=town.members[1], window_id=town.window, at=town.stage.clock()),
    )
    assert [state for state, _ in await town.delivered()] == ["sent", "unknown", "sent"]
    assert (await town.stage.wechat.stats())["delivered"] == 2


async def test_a_paused_campaign_asks_nobody(town: Town) -> None:
    async with town.stage.database.write() as session:
        await act(session, town.campaign, CampaignAction.PAUSE, town.stage.clock())
    assert {state for state, _ in await town.delivered()} == {"pending"}


async def test_who_left_the_announcements_meanwhile_gets_none(town: Town) -> None:
    await town.change(
        update(Campaign).where(Campaign.id == town.campaign).values(kind=AlertKind.ANNOUNCEMENT),
        update(Member).where(Member.id == town.members[1]).values(announcements=False),
    )
    assert await town.delivered() == [OTHERS, ("skipped", NO_ANNOUNCEMENTS), OTHERS]


async def test_while_a_member_paused_alerts_wait_in_the_inbox(town: Town) -> None:
    today = town.stage.clock().astimezone(SHANGHAI).date()
    await town.change(update(Member).where(Member.id == town.members[1]).values(paused_until=today))
    assert await town.delivered() == [OTHERS, ("inbox", PAUSED), OTHERS]


async def test_the_day_after_a_pause_alerts_are_sent_again(town: Town) -> None:
    yesterday = town.stage.clock().astimezone(SHANGHAI).date() - timedelta(days=1)
    await town.change(update(Member).where(Member.id == town.members[1]).values(paused_until=yesterday))
    assert await town.delivered() == [OTHERS, OTHERS, OTHERS]


async def test_who_takes_deadlines_only_finds_an_opening_in_the_inbox(town: Town) -> None:
    await town.change(
        update(Campaign).where(Campaign.id == town.campaign).values(kind=AlertKind.OPENING),
        update(Member).where(Member.id == town.members[1]).values(deadlines_only=True),
    )
    assert await town.delivered() == [OTHERS, ("inbox", DEADLINES_ONLY), OTHERS]


async def test_who_takes_deadlines_only_is_reminded_of_them(town: Town) -> None:
    await town.change(
        update(Campaign).where(Campaign.id == town.campaign).values(kind=AlertKind.DEADLINE),
        update(Member).where(Member.id == town.members[1]).values(deadlines_only=True),
    )
    assert await town.delivered() == [OTHERS, OTHERS, OTHERS]
