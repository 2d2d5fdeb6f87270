"""Each consent pays for one send."""

import asyncio

import pytest

from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.messaging_rights.grants import GrantCount, Grants, answers, give_back, spend, void


@pytest.fixture
def grants(database: Database) -> Grants:
    return Grants(database)


async def test_a_consent_pays_for_one_send(grants: Grants, members: Members, database: Database) -> None:
    anna = await members.ensure("o-anna")
    await grants.accept(anna, ["A", "A", "B"])

    async def send() -> bool:
        async with database.write() as session:
            return anna in await spend(session, "A", [anna])

    assert sorted(await asyncio.gather(*(send() for _ in range(5)))) == [False] * 3 + [True] * 2
    async with database.write() as session:
        await give_back(session, "A", [anna])
    assert await send()
    assert await grants.of_member(anna) == {"A": GrantCount(2, 2, 0), "B": GrantCount(1, 0, 0)}


async def test_revoking_voids_what_is_left_and_a_new_consent_counts_again(
    grants: Grants, members: Members, database: Database
) -> None:
    anna, bert = await members.ensure("o-anna"), await members.ensure("o-bert")
    await grants.accept(anna, ["A", "A", "A"])
    await grants.accept(bert, ["A"])
    async with database.write() as session:
        assert await spend(session, "A", [anna]) == {anna}
    await grants.revoke(anna, ["A", "never granted"])
    async with database.write() as session:
        assert await spend(session, "A", [anna, bert]) == {bert}
    await grants.accept(anna, ["A"])
    count = (await grants.of_member(anna))["A"]
    assert (count.granted, count.spent, count.revoked, count.remaining) == (4, 1, 2, 1)
    assert await grants.of_member(bert) == {"A": GrantCount(1, 1, 0)}
    async with database.write() as session:
        await void(session, "A", [anna])  # WeChat: 43101
    assert (await grants.of_member(anna))["A"].remaining == 0


def test_an_event_names_each_template_with_its_answer() -> None:
    raw = {
        "SubscribeMsgPopupEvent": {
            "List": [
                {"TemplateId": "A", "SubscribeStatusString": "accept", "PopupScene": "2"},
                {"TemplateId": "B", "SubscribeStatusString": "reject", "PopupScene": "2"},
                {"SubscribeStatusString": "accept"},
            ]
        }
    }
    assert answers(raw, "SubscribeMsgPopupEvent") == [("A", True), ("B", False)]
    assert answers({}, "SubscribeMsgChangeEvent") == []
    assert answers({"SubscribeMsgChangeEvent": None}, "SubscribeMsgChangeEvent") == []
