"""Facts of a company: kept with consent, shared by its confirmed members, gone with the last of them."""

import pytest
from sqlalchemy import update

from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.privacy.erasure import Erasing
from subscriptions.profiles.profiles import Profiles
from subscriptions.tables import Member
from tests.kit.clocks import SetClock

USCC = "91350100M000100Y43"
FACTS = {"place": "new_area", "tracks": ["water"], "equipment_investment_cny": 30_000_000}


@pytest.fixture
def profiles(database: Database, clock: SetClock) -> Profiles:
    return Profiles(database, clock)


async def confirmed(members: Members, database: Database, openid: str) -> int:
    """A member whose binding to the company is confirmed."""
    member_id = await members.ensure(openid)
    await members.companies.bind(member_id, USCC, "青岛某某有限公司")
    await _confirm(database, member_id)
    return member_id


async def _confirm(database: Database, member_id: int) -> None:
    async with database.write() as session:
        await session.execute(update(Member).where(Member.id == member_id).values(company_confirmed=True))


async def test_nothing_is_kept_without_consent(members: Members, profiles: Profiles) -> None:
    anna = await members.ensure("oAnna")
    assert await profiles.of_member(anna) is None
    assert await profiles.want_alerts(anna, wanted=True) is False
    kept = await profiles.keep(anna, FACTS)
    assert (kept.facts, kept.shared, kept.alerts) == (FACTS, False, False)
    assert await profiles.by_openid("oAnna") == kept
    assert await profiles.by_openid("oStranger") is None


async def test_what_is_kept_is_changed_and_erased(members: Members, profiles: Profiles) -> None:
    anna = await members.ensure("oAnna")
    await profiles.keep(anna, FACTS)
    await profiles.keep(anna, {"place": "qingdao_other"})
    kept = await profiles.of_member(anna)
    assert kept is not None
    assert kept.facts == {"place": "qingdao_other"}
    assert await profiles.erase(anna) is True
    assert await profiles.of_member(anna) is None
    assert await profiles.erase(anna) is False


async def test_confirmed_members_share_one_profile_and_a_claim_sees_nothing_of_it(
    members: Members, profiles: Profiles, database: Database
) -> None:
    anna = await confirmed(members, database, "oAnna")
    ben = await confirmed(members, database, "oBen")
    await profiles.keep(anna, FACTS)
    assert await profiles.of_member(ben) is None  # he has not consented
    claim = await members.ensure("oClaim")
    await members.companies.bind(claim, USCC, "青岛某某有限公司")
    await profiles.keep(claim, {"place": "elsewhere"})
    await profiles.keep(ben, {**FACTS, "place": "moving_in"})
    seen = await profiles.of_member(anna)
    assert seen is not None
    assert (seen.shared, seen.facts["place"]) == (True, "moving_in")
    own = await profiles.of_member(claim)
    assert own is not None
    assert (own.shared, own.facts) == (False, {"place": "elsewhere"})


async def test_what_was_told_before_the_binding_was_confirmed_goes_into_the_shared_profile(
    members: Members, profiles: Profiles, database: Database
) -> None:
    anna = await members.ensure("oAnna")
    await profiles.keep(anna, FACTS)
    await members.companies.bind(anna, USCC, "青岛某某有限公司")
    await _confirm(database, anna)
    before = await profiles.of_member(anna)
    assert before is not None
    assert (before.facts, before.shared) == (FACTS, False)
    after = await profiles.keep(anna, dict(before.facts))
    assert (after.facts, after.shared) == (FACTS, True)


async def test_a_companys_profile_goes_with_the_last_member_who_consents(
    members: Members, profiles: Profiles, database: Database, clock: SetClock
) -> None:
    anna = await confirmed(members, database, "oAnna")
    ben = await confirmed(members, database, "oBen")
    await profiles.keep(anna, FACTS)
    await profiles.keep(ben, FACTS)
    await Erasing(database, clock, secret=b"s" * 32).erase("oAnna")
    assert await profiles.of_member(ben) is not None
    await Erasing(database, clock, secret=b"s" * 32).erase("oBen")
    again = await confirmed(members, database, "oCara")
    await profiles.keep(again, {})
    kept = await profiles.of_member(again)
    assert kept is not None
    assert kept.facts == {}


async def test_profiles_are_read_page_by_page_of_those_who_follow(
    members: Members, profiles: Profiles
) -> None:
    ids = [await members.ensure(f"o{number}") for number in range(5)]
    for member_id in ids:
        await profiles.keep(member_id, {"place": "new_area"})
    await members.unfollow("o0")
    await profiles.want_alerts(ids[3], wanted=True)
    pages = [page async for page in profiles.pages(page=2)]
    assert [member_id for page in pages for member_id, _ in page] == ids[1:]
    assert [page async for page in profiles.pages(alerts_only=True)] == [[(ids[3], {"place": "new_area"})]]
