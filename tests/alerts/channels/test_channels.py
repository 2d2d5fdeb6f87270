"""Which channels are open to a member, and in which order."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import insert, select

from alerts.channels.choice import CHANNELS, offer, ways
from alerts.channels.template.settings import Templates
from alerts.model.channel import Channel, Reach
from alerts.model.content import AlertKind, Content
from alerts.model.recipients import load
from alerts.wording.wording import facts
from console.services.broadcast_text import WAYS
from storage.sql.database import Database
from subscriptions.tables import Grant, Member
from wechat.account import Account, AccountKind

SERVICE = Account("wx")
TEMPLATES = Templates(
    {
        "deadline": {
            "id": "T",
            "fields": {"thing1": "{title}", "time2": "{closes_on}"},
            "subscribe": {"id": "N", "fields": {"thing1": "{title}"}},
        }
    }
)
FACTS = {"title": "数字化改造补助", "closes_on": "2026年12月20日"}
WITH_ALL = Reach(custom=3, grants=frozenset({"N"}))
T, S, C, INBOX = Channel.TEMPLATE, Channel.SUBSCRIBE, Channel.CUSTOM, Channel.INBOX


@pytest.mark.parametrize(
    ("account", "kind", "wanted", "reach", "closed", "expected"),
    [
        (SERVICE, AlertKind.DEADLINE, "auto", WITH_ALL, (), (T, S, C, INBOX)),
        (SERVICE, AlertKind.DEADLINE, "auto", Reach(), (), (T, INBOX)),
        (SERVICE, AlertKind.OPENING, "auto", Reach(), (), (T, INBOX)),
        (SERVICE, AlertKind.NEW_POLICY, "auto", WITH_ALL, (), (C, INBOX)),
        (SERVICE, AlertKind.ANNOUNCEMENT, "auto", WITH_ALL, (), (C, INBOX)),
        (SERVICE, AlertKind.DEADLINE, "custom", WITH_ALL, (), (C, INBOX)),
        (SERVICE, AlertKind.DEADLINE, "auto", WITH_ALL, (T,), (S, C, INBOX)),
        (Account("wx", AccountKind.SUBSCRIPTION), AlertKind.DEADLINE, "auto", WITH_ALL, (), (S, C, INBOX)),
        (Account("wx", verified=False), AlertKind.DEADLINE, "auto", WITH_ALL, (), (INBOX,)),
    ],
)
def test_the_best_way_is_first_and_the_inbox_last(account, kind, wanted, reach, closed, expected) -> None:
    assert ways(offer(kind, wanted, FACTS, account, TEMPLATES), reach, closed) == expected


def test_a_withdrawn_window_has_no_closing_day_for_a_template_to_show() -> None:
    withdrawn = facts([(AlertKind.DATE_CHANGED, Content(title="甲"))], date(2026, 11, 2))
    assert offer(AlertKind.DATE_CHANGED, "auto", withdrawn, SERVICE, TEMPLATES).templates.get(T) is None


def test_every_channel_to_a_member_has_its_row_and_its_name() -> None:
    assert {*CHANNELS, Channel.MASS, Channel.INBOX} == set(Channel)
    assert set(WAYS) == {"auto", *Channel} - {Channel.INBOX}
    assert len({channel.label for channel in Channel}) == len(Channel)
    assert all(len(channel) <= 10 for channel in Channel)  # the width of `deliveries.channel`


def test_a_cancelled_window_goes_by_a_card_without_a_closing_time_where_there_is_one() -> None:
    content = Content(title="技改申报", old_closes_on=date(2026, 12, 20))
    known = facts([(AlertKind.DATE_CHANGED, content)], date(2026, 11, 2))
    assert known["title"] == "已取消：技改申报"
    assert known["summary"] == "本次申报已取消"
    day, news = (
        {"id": name, "fields": {"thing1": "{title}"} | more}
        for name, more in (("day", {"time2": "{closes_on}"}), ("news", {"thing2": "{summary}"}))
    )
    both = offer(
        AlertKind.DATE_CHANGED, "auto", known, SERVICE, Templates({"deadline": day, "policy_changed": news})
    )
    assert both.templates[T].id == "news"
    alone = offer(AlertKind.DATE_CHANGED, "auto", known, SERVICE, Templates({"deadline": day}))
    assert alone.templates[T].id == "day", "its title says that it is off"
    moved = facts(
        [(AlertKind.DATE_CHANGED, Content(title="甲", closes_on=date(2026, 12, 27)))], date(2026, 11, 2)
    )
    still = offer(
        AlertKind.DATE_CHANGED, "auto", moved, SERVICE, Templates({"deadline": day, "policy_changed": news})
    )
    assert still.templates[T].id == "day"


NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)
POOLS = [(0, None), (3, NOW), *product((0, 1, 3), (NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)))]
"""What is left of a window, and when it closes."""
GRANTS = [None, (1, 0, 0), (1, 1, 0), (3, 1, 2), (3, 1, 1)]
"""Sends of a notification: granted, spent, revoked; None: the member was never asked."""


async def test_the_desk_counts_a_channel_open_to_whom_delivery_finds_it_open(database: Database) -> None:
    """`is_open` and `open_members` are one rule: for every channel, over members of every kind."""
    kinds = list(product(POOLS, POOLS, GRANTS))
    members, grants = [], []
    for number, ((message_left, message_until), (action_left, action_until), sends) in enumerate(kinds, 1):
        windows = {"message_left": message_left, "message_until": message_until}
        windows |= {"action_left": action_left, "action_until": action_until}
        members.append({"id": number, "openid": f"o{number}", "followed_at": NOW, **windows})
        if sends is not None:
            counted = dict(zip(("granted", "spent", "revoked"), sends, strict=True))
            grants.append({"member_id": number, "template_id": "N", **counted})
    async with database.write() as session:
        await session.execute(insert(Member), members)
        await session.execute(insert(Grant), grants)
    known = offer(AlertKind.DEADLINE, "auto", FACTS, SERVICE, TEMPLATES).templates
    assert set(known) == set(CHANNELS)
    for channel, row in CHANNELS.items():
        template = known[channel]
        async with database.read() as session:
            counted_open = set(
                await session.scalars(select(Member.id).where(row.open_members(template, NOW)))
            )
            connection = await session.connection()
            ids = range(1, len(kinds) + 1)
            people = await connection.run_sync(load, ids, {"N"}, NOW)
        assert counted_open == {one.id for one in people.values() if row.is_open(template, one.reach)}, (
            channel
        )
        assert counted_open
