"""What publishing would send: whose company plainly cannot get it is left out, and said so."""

from typing import Any

from console.access.operators import Operators
from console.approval.reach import reach_of
from policies.library.changes import changes_between
from policies.library.library_file import load_library
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.members.track_subscriptions import ChangeSource
from subscriptions.profiles.profiles import Profiles
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
