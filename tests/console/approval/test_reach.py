"""What publishing would send: whose company plainly cannot get it is left out, and said so."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from alerts.model.channel import Channel
from alerts.model.content import Content
from console.access.operators import Operators
from console.approval.reach import QuietMembers, reach_of, reach_of_broadcast
from policies.library.changes import changes_between
from policies.library.library import Library
from policies.library.library_file import load_library
from storage.clock import SHANGHAI, system_clock
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.members.preferences import STOPPED
from subscriptions.members.recipients import MemberQuery
from subscriptions.members.track_subscriptions import ChangeSource
from subscriptions.profiles.profiles import Profiles
from subscriptions.tables import Member
from tests.console.conftest import make_desk
from tests.policies.second_document import second_document
from wechat.api.client import WeChatClient

UNFIT = {"desalination_new_build": False, "place": "elsewhere"}


async def follower(database: Database, name: str, facts: dict[str, Any] | None) -> None:
    members, profiles = Members(database, system_clock), Profiles(database, system_clock)
    member_id = await members.ensure(name)
    await members.subscribe(member_id, ["desalination"], source=ChangeSource.CHAT)
    if facts is not None:
        await profiles.keep(member_id, facts)
        await profiles.want_alerts(member_id, wanted=True)


async def test_a_publication_says_who_is_left_out_because_the_company_plainly_cannot_get_it(
    sqlite_database: Database, operators: Operators, wechat_client: WeChatClient
) -> None:
    await follower(sqlite_database, "oUnfit", UNFIT)
    await follower(sqlite_database, "oOpen", {"place": "new_area"})
    await follower(sqlite_database, "oPlain", None)
    old = next(policy for policy in load_library().policies if policy.key == 45)
    new = old.model_copy(update={"text": old.text.replace("1000 万元", "1200 万元")})
    desk = make_desk(sqlite_database, operators, wechat_client)
    reach = await reach_of(desk, changes_between([old], [new]))
    assert [(one.people, one.not_fitting) for one in reach.alerts] == [(2, 1)]
    assert reach.people == 2


async def test_who_stopped_messages_is_not_among_those_reminded(
    sqlite_database: Database, operators: Operators, wechat_client: WeChatClient
) -> None:
    """Their copy is laid into 我的提醒; a broadcast's too, whatever way is open to them."""
    now = system_clock()
    for name, wanted in (
        ("oPlain", {}),
        ("oStopped", {"paused_until": STOPPED}),
        ("oUrgent", {"deadlines_only": True}),
    ):
        await follower(sqlite_database, name, None)
        async with sqlite_database.write() as session:
            changed = {"message_until": now + timedelta(hours=5), "message_left": 5, **wanted}
            await session.execute(update(Member).where(Member.openid == name).values(changed))
    old = next(policy for policy in load_library().policies if policy.key == 45)
    new = old.model_copy(update={"text": old.text.replace("1000 万元", "1200 万元")})
    desk = make_desk(sqlite_database, operators, wechat_client)
    reach = await reach_of(desk, changes_between([old], [new]))
    assert ([one.people for one in reach.alerts], reach.people, reach.kept) == ([1], 1, 2)
    everyone = MemberQuery(everyone=True)
    sent = await reach_of_broadcast(desk, everyone, "auto", Content(title="公告", body="公告"), now)
    assert dict(sent.ways) == {Channel.CUSTOM: 2, Channel.INBOX: 1}
    by_mass = await reach_of_broadcast(desk, everyone, "mass", Content(title="公告", body="公告"), now)
    assert by_mass.people == 2


async def test_who_is_in_quiet_hours_is_counted_with_the_hour_they_end(
    sqlite_database: Database, operators: Operators, wechat_client: WeChatClient
) -> None:
    await follower(sqlite_database, "oQuiet", None)
    await follower(sqlite_database, "oAwake", None)
    async with sqlite_database.write() as session:
        never = update(Member).where(Member.openid == "oAwake").values(quiet_from=0, quiet_until=0)
        await session.execute(never)
    night = datetime(2026, 11, 3, 1, 40, tzinfo=SHANGHAI)
    morning = datetime(2026, 11, 3, 8, 30, tzinfo=SHANGHAI)
    desk = replace(make_desk(sqlite_database, operators, wechat_client), clock=lambda: night)
    content, everyone = Content(title="公告", body="公告"), MemberQuery(everyone=True)
    sent = await reach_of_broadcast(desk, everyone, "auto", content, night)
    assert (sent.people, sent.quiet) == (2, QuietMembers(1, morning))
    assert (await reach_of_broadcast(desk, everyone, "mass", content, night)).quiet == QuietMembers()
    by_day = datetime(2026, 11, 3, 10, 0, tzinfo=SHANGHAI)
    assert (await reach_of_broadcast(desk, everyone, "auto", content, by_day)).quiet == QuietMembers()
    old = next(policy for policy in load_library().policies if policy.key == 45)
    new = old.model_copy(update={"text": old.text.replace("1000 万元", "1200 万元")})
    assert (await reach_of(desk, changes_between([old], [new]))).quiet == QuietMembers(1, morning)


async def test_a_preview_links_to_no_clause_that_is_not_published(
    sqlite_database: Database, operators: Operators, wechat_client: WeChatClient
) -> None:
    """What an import shows has numbers of its own, 1 to 9, which other clauses have."""
    await follower(sqlite_database, "oPlain", None)
    desk = make_desk(sqlite_database, operators, wechat_client)
    document = second_document()
    after = Library.of([*load_library().documents, document])
    one = document.policies[0].model_copy(update={"tracks": ("desalination",)})
    (new,) = (await reach_of(desk, changes_between([], [one]), after)).alerts
    assert "查看政策原文" not in new.words
    there = next(policy for policy in load_library().policies if policy.key == 45)
    before = there.model_copy(update={"text": there.text.replace("1000 万元", "1200 万元")})
    (changed,) = (await reach_of(desk, changes_between([before], [there]))).alerts
    assert "查看政策原文" in changed.words
