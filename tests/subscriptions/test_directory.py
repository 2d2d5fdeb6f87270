"""Who follows what, from the first follow to being forgotten."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.members.follower_counts import Followers, followers
from subscriptions.members.preferences import Digest, PreferenceError, Preferences
from subscriptions.members.recipients import MemberQuery
from subscriptions.members.topics import clause_topic, department_topic, question_topic
from subscriptions.members.track_subscriptions import ChangeSource, remove
from subscriptions.tables import Member, SubscriptionChange
from tests.kit.clocks import SetClock


async def told(members: Members, audience: MemberQuery, page: int = 2) -> list[int]:
    return [r.member_id async for found in members.recipients(audience, page=page) for r in found]


async def test_a_page_of_named_members_who_were_all_erased_does_not_end_the_list(
    members: Members, database: Database
) -> None:
    ids = [await members.ensure(f"o-{number}") for number in range(7)]
    async with database.write() as session:
        await session.execute(delete(Member).where(Member.id.in_([*ids[0:2], *ids[3:5]])))
    assert await told(members, MemberQuery(members=tuple(ids))) == [ids[2], *ids[5:]]
    async with database.write() as session:
        await session.execute(delete(Member).where(Member.id.in_(ids[5:])))
    assert await told(members, MemberQuery(members=tuple(ids))) == [ids[2]]


async def test_a_double_subscription_at_the_same_moment_is_one(members: Members, database: Database) -> None:
    anna = await members.ensure("o-anna")
    results = await asyncio.gather(
        *(members.subscribe(anna, ["ai", "ic"], source=ChangeSource.CHAT) for _ in range(8))
    )
    assert sorted(track for added in results for track in added) == ["ai", "ic"]
    assert set(await members.tracks(anna)) == {"ai", "ic"}
    async with database.read() as session:
        changes = (await session.scalars(select(SubscriptionChange.track_id))).all()
    assert sorted(changes) == ["ai", "ic"]


async def test_topics_widen_an_audience_and_each_member_is_named_once(members: Members) -> None:
    by_track, by_topic, by_both, by_other, general = [await members.ensure(f"o-{n}") for n in range(5)]
    for member in (by_track, by_both, general):
        track = "ic" if member == general else "ai"
        await members.subscribe(member, [track], source=ChangeSource.CHAT)
    for member in (by_topic, by_both):
        await members.subscribe_topics(member, [clause_topic(10), department_topic("区工信局")])
    await members.subscribe_topics(by_other, [clause_topic(22)])
    topics = ("clause:10", "department:区工信局")
    for page in (1, 2, 10):
        assert await told(members, MemberQuery(tracks=("ai",), topics=topics), page) == [
            by_track,
            by_topic,
            by_both,
        ]
        wanted = [by_track, by_topic, by_both, general]
        assert await told(members, MemberQuery(general=True, topics=topics), page) == wanted


async def test_a_topic_is_subscribed_to_once_and_left_at_once(members: Members) -> None:
    anna = await members.ensure("o-anna")
    asked = question_topic(" 保种单位 补多少")
    results = await asyncio.gather(
        *(members.subscribe_topics(anna, [asked, clause_topic(10)]) for _ in range(5))
    )
    assert sorted(topic.id for added in results for topic in added) == sorted([asked.id, "clause:10"])
    assert question_topic("保种单位补多少").id == asked.id
    assert await members.unsubscribe_topics(anna, ["clause:10", "clause:11"]) == ("clause:10",)
    assert [topic.words for topic in await members.topics(anna)] == ["保种单位 补多少"]


async def test_two_first_words_at_the_same_moment_make_one_member(members: Members) -> None:
    ids = await asyncio.gather(*(members.ensure("o-anna") for _ in range(8)))
    assert len(set(ids)) == 1


async def test_every_change_tells_who_when_and_by_which_way(
    members: Members, database: Database, clock: SetClock
) -> None:
    anna = await members.ensure("o-anna")
    began = clock.now
    await members.subscribe(anna, ["ai"], source=ChangeSource.SCAN)
    clock.forward(hours=1)
    gone = partial(
        remove, member_id=anna, tracks=["ai", "ic"], at=clock(), source=ChangeSource.CONSOLE, actor="王秘书"
    )
    await database.run_in_write_transaction(gone)
    async with database.read() as session:
        kept = (await session.scalars(select(SubscriptionChange).order_by(SubscriptionChange.id))).all()
    assert [(c.action, c.track_id, c.source, c.actor, c.at) for c in kept] == [
        ("subscribed", "ai", "scan", "member", began),
        ("unsubscribed", "ai", "console", "王秘书", began + timedelta(hours=1)),
    ]


async def test_following_exactly_adds_and_removes(members: Members) -> None:
    anna = await members.ensure("o-anna")
    await members.subscribe(anna, ["ai", "ic"], source=ChangeSource.CHAT)
    assert await members.follow_exactly(anna, ["ic", "nev"], source=ChangeSource.PAGE) == (("nev",), ("ai",))
    assert await members.tracks_by_openid("o-anna") == ("ic", "nev")


async def test_a_track_that_does_not_exist_is_refused_and_nothing_is_kept(members: Members) -> None:
    anna = await members.ensure("o-anna")
    with pytest.raises(IntegrityError):
        await members.subscribe(anna, ["ai", "no-such"], source=ChangeSource.CHAT)
    assert await members.tracks(anna) == ()


async def test_a_return_restores_what_was_chosen(members: Members) -> None:
    anna = (await members.follow("o-anna")).member_id
    await members.subscribe(anna, ["ai"], source=ChangeSource.CHAT)
    assert await members.unfollow("o-anna")
    assert not await members.unfollow("o-anna")
    assert await told(members, MemberQuery(everyone=True)) == []
    assert await members.openids([anna]) == {}
    back = await members.follow("o-anna")
    assert (back.member_id, back.returned, back.tracks) == (anna, True, ("ai",))
    assert await told(members, MemberQuery(tracks=("ai",))) == [anna]


async def test_who_stays_away_too_long_is_forgotten(members: Members, clock: SetClock) -> None:
    for name in ("o-anna", "o-bert", "o-carl"):
        await members.follow(name)
    await members.unfollow("o-anna")
    clock.forward(days=1)
    await members.unfollow("o-bert")
    clock.forward(days=89, minutes=1)
    assert await members.following.forget_long_gone(batch=1) == 1
    assert [await members.id_of(name) is None for name in ("o-anna", "o-bert", "o-carl")] == [
        True,
        False,
        False,
    ]


async def test_an_id_is_never_given_out_twice(members: Members, clock: SetClock) -> None:
    anna = (await members.follow("o-anna")).member_id
    await members.unfollow("o-anna")
    clock.forward(days=91)
    await members.following.forget_long_gone()
    assert (await members.follow("o-bert")).member_id > anna


async def test_recipients_are_each_named_once_whatever_the_page(members: Members, database: Database) -> None:
    ids = {}
    for name, tracks in (("a", ["ai"]), ("b", ["ai", "ic"]), ("c", ["ic"]), ("d", []), ("e", ["ai", "nev"])):
        ids[name] = await members.ensure(f"o-{name}")
        await members.subscribe(ids[name], tracks, source=ChangeSource.CHAT)
    await members.prefer(ids["c"], Preferences(general=False))
    await members.ensure("o-f")
    await members.unfollow("o-e")

    def numbers(names: str) -> list[int]:
        return [ids[name] for name in names]

    for page in (1, 2, 3, 100):
        assert await told(members, MemberQuery(tracks=("ai",)), page) == numbers("ab")
        assert await told(members, MemberQuery(tracks=("ai", "ic", "nev")), page) == numbers("abc")
        assert await told(members, MemberQuery(general=True), page) == numbers("ab")
        assert len(await told(members, MemberQuery(everyone=True), page)) == 5
        assert await told(members, MemberQuery(members=tuple(numbers("deb"))), page) == numbers("bd")
    assert await followers(database) == Followers(5, {"ai": 2, "ic": 2, "nev": 0})


def test_an_audience_is_one_thing() -> None:
    for wrong in ({}, {"everyone": True, "general": True}, {"tracks": ("ai",), "members": (1,)}):
        with pytest.raises(ValueError, match="audience"):
            MemberQuery(**wrong)


async def test_preferences_come_back_as_given(members: Members) -> None:
    anna = await members.ensure("o-anna")
    assert (await members.profile(anna)).preferences.effective_lead_days == (30, 14, 7, 3, 1)
    wish = Preferences((1, 7, 3, 7), 22 * 60, 9 * 60, Digest.WEEKLY, general=False)
    await members.prefer(anna, wish)
    profile = await members.by_openid("o-anna")
    assert profile is not None
    assert profile.preferences == wish
    assert profile.preferences.lead_days == (7, 3, 1)
    await members.prefer(anna, Preferences(()))
    assert (await members.profile(anna)).preferences.effective_lead_days == ()


@pytest.mark.parametrize(
    "wrong",
    [{"lead_days": (0,)}, {"lead_days": (181,)}, {"lead_days": tuple(range(1, 12))}, {"quiet_from": 1440}],
)
def test_a_wish_that_cannot_be_kept_is_told_in_a_sentence(wrong: dict[str, object]) -> None:
    with pytest.raises(PreferenceError) as told_why:
        Preferences(**wrong)
    assert told_why.value.sentence.endswith("。")


@pytest.mark.parametrize(
    "wrong",
    [
        {"following": False},
        {"company_confirmed": True},
        {"message_left": 6},
        {"action_left": -1},
        {"digest": "hourly"},
    ],
)
async def test_the_database_refuses_wrong_states(
    members: Members, database: Database, clock: SetClock, wrong: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            session.add(Member(openid="o-anna", followed_at=clock.now, **wrong))
            await session.flush()
