"""Our list of followers is set right by WeChat's, and a half-read list never makes anybody leave."""

from collections.abc import AsyncIterator, Sequence

import pytest

from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.members.syncing import sync_followers
from subscriptions.privacy.erasure import Erasing
from tests.kit.clocks import SetClock
from wechat.api.answers import FollowersPage
from wechat.api.errors import NoAnswer


async def pages(
    *listed: Sequence[str], total: int | None = None, breaks: bool = False
) -> AsyncIterator[FollowersPage]:
    count = sum(map(len, listed)) if total is None else total
    for openids in listed:
        yield FollowersPage(tuple(openids), count, openids[-1] if openids else "")
    if breaks:
        raise NoAnswer("/cgi-bin/user/get", "reset")


async def followers(members: Members, *names: str) -> list[bool]:
    found = [await members.by_openid(name) for name in names]
    return [profile is not None and profile.following for profile in found]


@pytest.fixture
async def four(members: Members, clock: SetClock) -> Members:
    for name in ("o-a", "o-b", "o-c", "o-d"):
        await members.follow(name)
    await members.unfollow("o-d")
    clock.forward(hours=1)
    return members


async def test_missed_follows_and_unfollows_are_made_up_for(
    four: Members, database: Database, clock: SetClock
) -> None:
    report = await sync_followers(database, clock, pages(["o-a", "o-new"], ["o-b", "o-d"]))
    assert (report.new, report.returned, report.gone, report.complete) == (1, 1, 1, True)
    assert await followers(four, "o-a", "o-b", "o-c", "o-d", "o-new") == [True, True, False, True, True]
    again = await sync_followers(database, clock, pages(["o-a", "o-new"], ["o-b", "o-d"]))
    assert (again.new, again.returned, again.gone) == (0, 0, 0)


async def test_a_list_that_breaks_off_makes_nobody_leave(
    four: Members, database: Database, clock: SetClock
) -> None:
    with pytest.raises(NoAnswer):
        await sync_followers(database, clock, pages(["o-a", "o-d"], breaks=True))
    assert await followers(four, "o-a", "o-b", "o-c", "o-d") == [True, True, True, True]


@pytest.mark.parametrize(("listed", "total"), [([], 0), (["o-a"], 3)])
async def test_a_list_shorter_than_its_own_total_is_not_believed(
    four: Members, database: Database, clock: SetClock, listed: list[str], total: int
) -> None:
    report = await sync_followers(database, clock, pages(listed, total=total))
    assert (report.gone, report.complete) == (0, False)
    assert await followers(four, "o-a", "o-b", "o-c") == [True] * 3


async def test_who_comes_or_goes_during_the_pass_is_let_be(
    four: Members, database: Database, clock: SetClock
) -> None:
    async def while_they_move() -> AsyncIterator[FollowersPage]:
        clock.forward(seconds=1)
        await four.follow("o-late")  # not in WeChat's list yet
        await four.unfollow("o-a")  # in the list still
        yield FollowersPage(("o-a", "o-b", "o-c", "o-d"), 4, "")

    report = await sync_followers(database, clock, while_they_move())
    assert (report.returned, report.gone) == (1, 0)
    assert await followers(four, "o-late", "o-a") == [True, False]


async def test_the_sync_does_not_bring_back_who_asked_to_be_erased(
    four: Members, database: Database, clock: SetClock
) -> None:
    await Erasing(database, clock, secret=b"s").erase("o-a")
    report = await sync_followers(database, clock, pages(["o-a", "o-b", "o-c"]))
    assert report.new == 0
    assert await four.id_of("o-a") is None


async def test_a_page_that_comes_again_ends_the_pass_and_makes_nobody_leave(
    four: Members, database: Database, clock: SetClock
) -> None:
    async def endless() -> AsyncIterator[FollowersPage]:
        while True:
            yield FollowersPage(("o-a", "o-new"), 4, "o-new")

    report = await sync_followers(database, clock, endless())
    assert (report.listed, report.complete, report.gone) == (2, False, 0)
    assert await followers(four, "o-a", "o-b", "o-c", "o-new") == [True, True, True, True]
