"""跟去年比: what the present edition changed is told with old and new words; without an edition before that is said."""

import pytest

from bot.runtime.services import Services
from handlers.framework.context import Context
from policies.library.changes import changes_between
from policies.library.models import Policy
from policies.publishing.drafts import Drafts
from policies.publishing.imported import Imported
from tests.handlers.chat import Chat


@pytest.fixture
async def next_edition(services: Services, context: Context) -> None:
    """An edition in which clause 2 gives 300万元 where it gave 200万元, clause 48 is 50, and 49 is gone."""
    library = context.knowledge.index.library
    after = [_in_next(policy) for policy in library.policies if policy.key != 49]
    around = library.documents[0].surroundings.model_copy(update={"edition": "2027年1月"})
    drafts = Drafts(services.database, services.clock)
    made = await drafts.begin_all(
        Imported(changes_between(library.policies, after), around), author="a", note="新版"
    )
    await drafts.publish(made, publisher="b")
    await context.knowledge.refresh()


def _in_next(policy: Policy) -> Policy:
    if policy.key == 48:
        return policy.model_copy(update={"label": "50"})
    if policy.key != 2:
        return policy
    amount = policy.amounts[0]
    raised = amount.model_copy(
        update={"quote": amount.quote.replace("200万元", "300万元"), "max_cny": 3_000_000}
    )
    return policy.model_copy(
        update={"text": policy.text.replace("最高200万元", "最高300万元"), "amounts": (raised,)}
    )


async def test_one_edition_is_said_to_be_the_only_one(chat: Chat) -> None:
    await chat.says("第22条")
    for asked in ("跟去年比有什么变化", "去年有没有"):
        reply = await chat.says(asked)
        assert "没有收录上一版" in reply.text, asked
        assert "年度设备投资额的12%" in reply.text


@pytest.mark.usefixtures("next_edition")
async def test_what_changed_is_told_with_old_and_new_words(chat: Chat) -> None:
    await chat.says("第2条")
    told = (await chat.says("跟去年比有什么变化")).text
    for words in (
        "与上一版（2026年1月）相比，这一条有改动",
        "最高200万元 → 最高300万元",
        "原来写的是",
        "现在写的是",
    ):
        assert words in told
    await chat.says("第22条")
    assert "与上一版（2026年1月）相比，这一条的内容没有变化。" in (await chat.says("去年有没有")).text
    await chat.says("第50条")
    assert "内容没有变化，编号由第48条变为第50条" in (await chat.says("和以前一样吗")).text


@pytest.mark.usefixtures("next_edition")
async def test_without_a_clause_the_whole_document_is_compared(chat: Chat) -> None:
    reply = await chat.says("跟去年比有什么变化")
    assert "与上一版（2026年1月）相比：改动 1 条" in reply.text
    assert "不再有的：第49条" in reply.text
    assert reply.clauses == [2]
