"""What a member may ask of their alerts: the inbox, 已申报, and links that only we can make."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text, update

from alerts.member.alerts_of_member import MemberAlerts
from alerts.member.page_links import AlertLinks, BadLinkError
from alerts.model.campaigns.audience import Audience
from alerts.model.campaigns.campaign_counts import add_counts, counts_of
from alerts.model.campaigns.campaign_states import Status
from alerts.model.campaigns.new_campaigns import NewCampaign, create_campaign
from alerts.model.content import AlertKind, Content
from alerts.model.tables import Delivery
from alerts.wording.wording import heading
from policies.library.tables import WindowRow
from storage.sql.database import Database
from subscriptions.tables import Member
from tests.alerts.conftest import People
from tests.kit.clocks import SetClock
from tests.kit.polling_statements import look_once
from tests.kit.properties import given, st

LINKS = AlertLinks(b"secret" * 6, "https://policy.example")


@pytest.fixture
def alerts(database: Database, people: People, clock: SetClock) -> MemberAlerts:
    return MemberAlerts(database, clock, LINKS)


async def openid_of(database: Database, member_id: int) -> str:
    async with database.read() as session:
        return (await session.scalars(select(Member.openid).where(Member.id == member_id))).one()


async def tell(
    database: Database, clock: SetClock, member_id: int, state: str, *, window_id: int | None = None
) -> int:
    """One alert of a member in a state; the campaign's id."""
    async with database.write() as session:
        number = len((await session.scalars(select(Delivery.id))).all())
        new = NewCampaign(
            f"broadcast:{number}",
            AlertKind.OPENING if window_id else AlertKind.ANNOUNCEMENT,
            Content(title=f"通知{number}", window_id=window_id),
            Audience(members=(member_id,)),
            status=Status.SENDING,
            window_id=window_id,
        )
        campaign_id = await create_campaign(session, new, clock())
        assert campaign_id is not None
        settled = clock() if state != "pending" else None
        session.add(
            Delivery(
                campaign_id=campaign_id,
                member_id=member_id,
                state=state,
                settled_at=settled,
                next_attempt_at=clock(),
            )
        )
        await add_counts(session, campaign_id, {state: 1})
    return campaign_id


async def test_what_waits_is_counted_handed_over_first_and_then_read(
    database: Database, alerts: MemberAlerts, people: People, clock: SetClock
) -> None:
    (member,) = await people.add("ai")
    openid = await openid_of(database, member)
    for state in ("inbox", "sent", "inbox", "pending", "failed", "skipped"):
        await tell(database, clock, member, state)
        clock.on(clock().date() + timedelta(days=1))
    assert await alerts.unread(openid) == 2
    newest = await alerts.hand_over(member, limit=1)
    assert [(one.content.title, one.unread) for one in newest] == [("通知2", True)]
    assert await alerts.unread(openid) == 1
    everything = await alerts.hand_over(member, limit=9)
    assert [(one.content.title, one.unread) for one in everything] == [
        ("通知0", True),
        ("通知2", False),
        ("通知1", False),
    ]
    assert await alerts.unread(openid) == 0
    assert await alerts.unread("a stranger") == 0


async def test_who_has_nothing_unread_costs_no_query(
    database: Database, alerts: MemberAlerts, people: People, clock: SetClock
) -> None:
    waiting, other = await people.add("ai", n=2)
    await tell(database, clock, waiting, "inbox")
    openids = [await openid_of(database, member) for member in (waiting, other)]
    assert alerts.hints.may_have(openids[1]), "nothing is known yet"
    await alerts.hints.refill()
    assert [alerts.hints.may_have(openid) for openid in openids] == [True, False]
    await tell(database, clock, other, "inbox")
    await alerts.hints.refill()
    assert alerts.hints.may_have(openids[1])
    await alerts.hand_over(waiting, limit=5)
    await alerts.hints.refill()
    assert [alerts.hints.may_have(openid) for openid in openids] == [False, True]


async def test_what_another_process_laid_down_shows_at_the_next_look(
    database: Database, alerts: MemberAlerts, people: People, clock: SetClock
) -> None:
    """Its rows may have been stamped a few seconds before they were committed."""
    early, late, read = await people.add("ai", n=3)
    openids = [await openid_of(database, member) for member in (early, late, read)]
    await look_once(database, alerts.hints.followed())
    assert [alerts.hints.may_have(openid) for openid in openids] == [False] * 3
    await tell(database, clock, early, "inbox")
    await tell(database, clock, read, "sent")
    clock.now += timedelta(seconds=5)
    await tell(database, clock, late, "inbox")
    await look_once(database, alerts.hints.followed())
    assert [alerts.hints.may_have(openid) for openid in openids] == [True, True, False]


async def test_what_was_read_drops_out_when_the_hints_are_set_anew(
    database: Database,
    alerts: MemberAlerts,
    people: People,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("alerts.member.unread._REFILLS", 3)
    (member,) = await people.add("ai")
    openid = await openid_of(database, member)
    await tell(database, clock, member, "inbox")
    await look_once(database, alerts.hints.followed())
    await alerts.hand_over(member, limit=5)
    seen = []
    for _ in range(3):
        await look_once(database, alerts.hints.followed())
        seen.append(alerts.hints.may_have(openid))
    assert seen == [True, True, False]


async def test_hints_outlive_a_database_that_is_away_and_miss_nothing_of_meanwhile(
    database: Database, alerts: MemberAlerts, people: People, clock: SetClock
) -> None:
    before, meanwhile = await people.add("ai", n=2)
    openids = [await openid_of(database, member) for member in (before, meanwhile)]
    await tell(database, clock, before, "inbox")
    await look_once(database, alerts.hints.followed())
    await tell(database, clock, meanwhile, "inbox")
    clock.now += timedelta(minutes=1)
    async with database.write() as session:
        await session.execute(text("ALTER TABLE deliveries RENAME TO away"))
    await look_once(database, alerts.hints.followed())
    assert [alerts.hints.may_have(openid) for openid in openids] == [True, False]
    async with database.write() as session:
        await session.execute(text("ALTER TABLE away RENAME TO deliveries"))
    await look_once(database, alerts.hints.followed())
    assert [alerts.hints.may_have(openid) for openid in openids] == [True, True]


async def test_alerts_of_one_window_that_wait_together_are_handed_over_as_one_as_it_is_now(
    database: Database, alerts: MemberAlerts, people: People, clock: SetClock
) -> None:
    (member,) = await people.add("desalination")
    openid = await openid_of(database, member)
    window = await people.window(45, date(2026, 11, 1), date(2026, 12, 1))
    for _ in range(3):
        await tell(database, clock, member, "inbox", window_id=window)
        clock.now += timedelta(days=1)
    await tell(database, clock, member, "inbox")
    assert await alerts.unread(openid) == 2
    await move(database, window, closes_on=date(2026, 12, 9))
    newest = await alerts.hand_over(member, limit=5)
    assert [(one.content.title, one.content.closes_on) for one in newest] == [
        ("通知3", None),
        ("通知2", date(2026, 12, 9)),
    ]
    assert await alerts.unread(openid) == 0


async def test_an_alert_of_a_window_that_was_withdrawn_is_shown_as_cancelled(
    database: Database, alerts: MemberAlerts, people: People, clock: SetClock
) -> None:
    (member,) = await people.add("desalination")
    window = await people.window(45, date(2026, 11, 1), date(2026, 12, 1))
    campaign = await tell(database, clock, member, "sent", window_id=window)
    await move(database, window, withdrawn_at=clock())
    told = await alerts.told(campaign, member)
    assert told is not None
    (listed,) = await alerts.hand_over(member, limit=5)
    for one in (told, listed):
        assert (one.kind, one.content.closes_on) == (AlertKind.DATE_CHANGED, None)
        assert heading((one.kind, one.content)) == "申报取消"


async def test_a_window_has_one_line_though_it_was_told_of_before_and_is_cancelled_since(
    database: Database, alerts: MemberAlerts, people: People, clock: SetClock
) -> None:
    (member,) = await people.add("desalination")
    window = await people.window(45, date(2026, 11, 1), date(2026, 12, 1))
    for state in ("sent", "inbox"):
        await tell(database, clock, member, state, window_id=window)
        clock.now += timedelta(days=1)
    await move(database, window, withdrawn_at=clock())
    for _ in range(2):  # while the second waits, and when both are read
        told = await alerts.hand_over(member, limit=5)
        assert [one.content.title for one in told] == ["通知1"]


async def move(database: Database, window_id: int, **values: object) -> None:
    async with database.write() as session:
        await session.execute(update(WindowRow).where(WindowRow.id == window_id).values(values))


async def test_a_member_who_has_applied_is_not_reminded_even_of_what_is_on_its_way(
    database: Database, alerts: MemberAlerts, people: People, clock: SetClock
) -> None:
    member, other = await people.add("desalination", n=2)
    window = await people.window(45, date(2026, 11, 1), date(2026, 12, 1))
    mine = await tell(database, clock, member, "pending", window_id=window)
    sent = await tell(database, clock, member, "sent", window_id=window)
    others = await tell(database, clock, other, "pending", window_id=window)
    assert await alerts.applied(member, window)
    assert await alerts.applied(member, window), "a second tap changes nothing"
    async with database.read() as session:
        assert await counts_of(session, mine) == {"total": 1, "skipped": 1}
        assert await counts_of(session, sent) == {"total": 1, "sent": 1}
        assert await counts_of(session, others) == {"total": 1, "pending": 1}
    assert await alerts.applied_windows(member) == {window}
    assert await alerts.not_applied(member, window)
    assert not await alerts.not_applied(member, window)
    assert await alerts.applied_windows(member) == frozenset()


async def test_a_window_that_is_not_there_cannot_be_applied_for(alerts: MemberAlerts, people: People) -> None:
    (member,) = await people.add("ai")
    assert not await alerts.applied(member, 404)


async def test_an_alerts_page_is_for_who_it_went_to(
    database: Database, alerts: MemberAlerts, people: People, clock: SetClock
) -> None:
    member, other = await people.add("ai", n=2)
    campaign = await tell(database, clock, member, "inbox")
    assert await alerts.told(campaign, other) is None
    told = await alerts.told(campaign, member)
    assert told is not None
    assert (told.content.title, told.unread) == ("通知0", True)
    assert await alerts.unread(await openid_of(database, member)) == 0


@given(campaign=st.integers(1, 10**12), member=st.integers(1, 10**12))
def test_a_link_says_whose_alert_it_is(campaign: int, member: int) -> None:
    address = LINKS.page(campaign, member)
    assert address.startswith("https://policy.example/p/a/")
    assert LINKS.read(address.rsplit("/", 1)[1]) == (campaign, member)


@given(
    campaign=st.integers(1, 10**6), member=st.integers(1, 10**6), at=st.integers(0, 60), to=st.characters()
)
def test_a_changed_link_is_refused(campaign: int, member: int, at: int, to: str) -> None:
    token = LINKS.token(campaign, member)
    at %= len(token)
    changed = token[:at] + to + token[at + 1 :]
    if changed != token:
        with pytest.raises(BadLinkError):
            LINKS.read(changed)
    with pytest.raises(BadLinkError):
        AlertLinks(b"another", "").read(token)
