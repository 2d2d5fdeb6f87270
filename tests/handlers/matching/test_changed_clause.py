"""After a clause was changed, no answer gives an amount or words that no longer stand in it."""

from typing import Any

import pytest

from bot.commands.operations.doctor import CHECKS, CheckWarned
from bot.roles.conversation import Conversation
from bot.runtime.services import Services
from policies.publishing.drafts import Drafts
from tests.handlers.chat import Chat

OLD, NEW = "600万元", "700万元"
BENEFITS = next(check for check in CHECKS if check.name == "benefits")


async def publish(
    services: Services, conversation: Conversation, *changes: tuple[str, str], key: int = 22
) -> None:
    """A clause with other words, published, and read by the process as its poll does."""
    drafts = Drafts(services.database, services.clock)
    policy = next(one for one in (await services.store.published()).policies if one.key == key)
    written = policy.model_dump_json()
    for old, new in changes:
        for before, after in ((old, new), (_yuan(old), _yuan(new))):
            written = written.replace(before, after)
    made = await drafts.begin(policy.model_validate_json(written), author="a")
    await drafts.publish([made], publisher="b")
    await conversation.context.knowledge.refresh()
    await conversation.rules_watch.refresh()


def _yuan(words: str) -> str:
    return words.replace(" ", "").replace("万元", "0000")


@pytest.fixture
async def changed(services: Services, conversation: Conversation) -> None:
    await publish(services, conversation, (OLD, NEW))


@pytest.fixture
async def changed_whole(services: Services, conversation: Conversation) -> None:
    await publish(services, conversation, ("50 万元", "80 万元"), key=41)


@pytest.mark.usefixtures("changed")
async def test_a_sum_whose_words_are_gone_is_not_worked_out(chat: Chat) -> None:
    shown = await chat.says("年度设备投资额8000万能补多少")
    assert "第22条“技术改造设备投资奖补”：条文有修改，条件和金额正在核对，暂不测算" in shown.text
    assert OLD not in shown.text
    assert "600万" not in shown.text
    clause = (await chat.taps("第22条")).text
    assert NEW in clause
    assert "“技术改造设备投资奖补”：条文有修改" in clause


@pytest.mark.usefixtures("changed_whole")
@pytest.mark.parametrize("typed", ["算一算 第41条", "船舶海工配套产品首次认证花了60万能补多少"])
async def test_the_clause_is_shown_in_the_place_of_its_sums(chat: Chat, typed: str) -> None:
    shown = await chat.says(typed)
    assert "第41条的条文有修改，条件和金额正在核对，暂不测算，请以条文为准" in shown.text
    assert "最高奖补 80 万元" in shown.text
    assert "50 万元" not in shown.text


@pytest.mark.usefixtures("changed")
async def test_the_match_names_what_is_checked_and_counts_nothing_of_it(chat: Chat) -> None:
    shown = await chat.says("我们在黄岛做海水淡化设备，高企，今年买了3000万设备")
    for _ in range(8):
        if "按您说的" in shown.text:
            break
        shown = await chat.taps("否" if "否" in chat.last.taps else next(iter(chat.last.taps)))
    pages = [shown.text]
    while "下一页" in chat.last.taps:
        pages.append((await chat.taps("下一页")).text)
    whole = "".join(pages)
    assert "第22条“技术改造设备投资奖补”：条文有修改" in whole
    assert "600万" not in whole


@pytest.mark.usefixtures("changed")
async def test_the_pages_say_it_and_the_open_data_leave_it_out(web: Any, conversation: Conversation) -> None:
    told = {"org_kind": "enterprise", "place": "new_area", "equipment_investment_cny": 30_000_000}
    links = conversation.context.fact_links
    page = await (await web.get(f"/match/r/{links.token(told)}")).text()
    assert "“技术改造设备投资奖补”：条文有修改，条件和金额正在核对" in page
    assert OLD not in page
    data = await (await web.get("/match/benefits.json")).json()
    assert {"22a", "22b"} & {one["id"] for one in data["benefits"]} == {"22b"}


async def test_a_benefit_counts_again_once_its_words_stand_again(
    chat: Chat, services: Services, conversation: Conversation
) -> None:
    await publish(services, conversation, (OLD, NEW))
    catalogue = conversation.context.matching.catalogue
    assert "22a" in {one.benefit.id for one in catalogue.stopped[22]}
    with pytest.raises(CheckWarned, match=r"22a.*no longer has their words"):
        await BENEFITS.run(services.settings)
    await publish(services, conversation, (NEW, OLD))
    assert conversation.context.matching.catalogue.stopped == {}
    assert "every quote stands" in await BENEFITS.run(services.settings)
    assert "最高约600万元" in (await chat.says("年度设备投资额8000万能补多少")).text
