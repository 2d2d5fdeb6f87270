"""Which channels are open to a member, and in which order."""

from datetime import date
from typing import get_args

import pytest

from alerts.channels.choice import CHANNELS, offer, ways
from alerts.channels.template.settings import Templates
from alerts.model.channel import Channel, Reach
from alerts.model.content import Content, Kind
from alerts.wording.wording import facts
from console.services.broadcast_text import Way
from wechat.account import Account
from wechat.account import Kind as AccountKind

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
        (SERVICE, Kind.DEADLINE, "auto", WITH_ALL, (), (T, S, C, INBOX)),
        (SERVICE, Kind.DEADLINE, "auto", Reach(), (), (T, INBOX)),
        (SERVICE, Kind.OPENING, "auto", Reach(), (), (T, INBOX)),
        (SERVICE, Kind.NEW_POLICY, "auto", WITH_ALL, (), (C, INBOX)),
        (SERVICE, Kind.ANNOUNCEMENT, "auto", WITH_ALL, (), (C, INBOX)),
        (SERVICE, Kind.DEADLINE, "custom", WITH_ALL, (), (C, INBOX)),
        (SERVICE, Kind.DEADLINE, "auto", WITH_ALL, (T,), (S, C, INBOX)),
        (Account("wx", AccountKind.SUBSCRIPTION), Kind.DEADLINE, "auto", WITH_ALL, (), (S, C, INBOX)),
        (Account("wx", verified=False), Kind.DEADLINE, "auto", WITH_ALL, (), (INBOX,)),
    ],
)
def test_the_best_way_is_first_and_the_inbox_last(account, kind, wanted, reach, closed, expected) -> None:
    assert ways(offer(kind, wanted, FACTS, account, TEMPLATES), reach, closed) == expected


def test_a_withdrawn_window_has_no_closing_day_for_a_template_to_show() -> None:
    withdrawn = facts([(Kind.DATE_CHANGED, Content(title="甲"))], date(2026, 11, 2))
    assert offer(Kind.DATE_CHANGED, "auto", withdrawn, SERVICE, TEMPLATES).templates.get(T) is None


def test_every_channel_to_a_member_has_its_row_and_its_name() -> None:
    assert {*CHANNELS, Channel.MASS, Channel.INBOX} == set(Channel)
    assert set(get_args(Way)) == {"auto", *Channel} - {Channel.INBOX}
    assert len({channel.label for channel in Channel}) == len(Channel)
    assert all(len(channel) <= 10 for channel in Channel)  # the width of `deliveries.channel`


def test_a_cancelled_window_goes_by_a_card_without_a_closing_time_where_there_is_one() -> None:
    content = Content(title="技改申报", old_closes_on=date(2026, 12, 20))
    known = facts([(Kind.DATE_CHANGED, content)], date(2026, 11, 2))
    assert known["title"] == "已取消：技改申报"
    assert known["summary"] == "本次申报已取消"
    day, news = (
        {"id": name, "fields": {"thing1": "{title}"} | more}
        for name, more in (("day", {"time2": "{closes_on}"}), ("news", {"thing2": "{summary}"}))
    )
    both = offer(
        Kind.DATE_CHANGED, "auto", known, SERVICE, Templates({"deadline": day, "policy_changed": news})
    )
    assert both.templates[T].id == "news"
    alone = offer(Kind.DATE_CHANGED, "auto", known, SERVICE, Templates({"deadline": day}))
    assert alone.templates[T].id == "day", "its title says that it is off"
    moved = facts([(Kind.DATE_CHANGED, Content(title="甲", closes_on=date(2026, 12, 27)))], date(2026, 11, 2))
    still = offer(
        Kind.DATE_CHANGED, "auto", moved, SERVICE, Templates({"deadline": day, "policy_changed": news})
    )
    assert still.templates[T].id == "day"
