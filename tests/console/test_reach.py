"""What publishing would send: whose company plainly cannot get it is left out, and said so."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from alerts.model.channel import Channel
from alerts.model.content import Content
from console.access.operators import Operators
from console.approval.reach import reach_of, reach_of_broadcast
from policies.library.changes import changes_between
from policies.library.library_file import load_library
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.members.preferences import STOPPED
from subscriptions.members.recipients import Audience
from subscriptions.members.track_subscriptions import ChangeSource
from subscriptions.profiles.profiles import Profiles
from subscriptions.tables import Member
from tests.console.conftest import make_desk
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
    everyone = Audience(everyone=True)
    sent = await reach_of_broadcast(desk, everyone, "auto", Content(title="公告", body="公告"))
    assert dict(sent.ways) == {Channel.CUSTOM: 2, Channel.INBOX: 1}
    by_mass = await reach_of_broadcast(desk, everyone, "mass", Content(title="公告", body="公告"))
    assert by_mass.people == 2
