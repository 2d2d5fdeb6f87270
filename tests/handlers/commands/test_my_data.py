"""What is kept of a person: what they asked is not; who sees it; and erasure waits for 确认删除."""

import pytest

from tests.handlers.commands.town import Person


@pytest.mark.parametrize(
    "typed",
    [
        *("把我问过的记录都清了吧", "我问过的东西能删掉不", "把我的聊天记录清空", "聊天记录都删了吧"),
        *("我之前问的那些删干净", "清掉我的咨询记录", "历史记录清一下", "把我问的全抹了"),
        *(
            "我的提问记录不想留，删了",
            "能不能把我的使用痕迹清掉",
            "把我说过的话都忘了吧",
            "我的聊天记录你们保存多久",
        ),
    ],
)
async def test_what_was_asked_is_not_kept_and_the_rest_can_be_erased(anna: Person, typed: str) -> None:
    heard = await anna.says(typed)
    assert "不记在您名下" in heard.text
    assert "删除我的数据" in heard.taps


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "我们老板看得到吗",
            "我问的这些我们老板看得到吗",
            "我问你的东西别人能看见不",
            "公司里的人能看到我查了啥吗",
        ),
        *("聊天内容工作人员看得到吗", "领导会知道我问过这些吗", "我同事能看到我的订阅吗"),
        *("你会告诉税务局我问过什么吗", "查询记录谁能看"),
    ],
)
async def test_who_sees_what_was_asked_is_told(anna: Person, typed: str) -> None:
    await anna.says("第10条")
    assert "别人看不到" in (await anna.says(typed)).text


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "老设备清掉换新的补多少",
            "固定资产清理的记录要不要交",
            "检验记录清空了怎么办",
            "把问过的设备供应商都删掉",
        ),
        *(
            "客户问过的问题清单要不要提交",
            "我们老板看得到政策原文吗",
            "公示的名单哪里看得到",
            "老板看到这个政策了，高企给多少",
        ),
        *("我们单位能看到补贴标准吗", "老板看不懂条文，说人话", "记录保存年限要几年"),
    ],
)
async def test_other_records_and_other_sights_are_not_of_the_writers_data(anna: Person, typed: str) -> None:
    heard = await anna.says(typed)
    assert "不记在您名下" not in heard.text
    assert "别人看不到" not in heard.text


@pytest.mark.parametrize(
    "typed",
    [
        *("哦那先不删了，留着吧", "哦那算了，先留着", "再想想，先不删了", "留着吧还是", "那别删，我还要用"),
        *("先放着吧 不动", "那不清了", "啊不清了不清了", "还是保留吧", "先不注销了"),
    ],
)
async def test_whoever_keeps_the_data_ends_the_erasure(anna: Person, typed: str) -> None:
    await anna.says("订阅 海水淡化")
    await anna.says("删除我的数据")
    await anna.says(typed)
    await anna.says("确认删除")
    assert await anna.tracks() == {"desalination"}


@pytest.mark.parametrize("typed", ["哦那要多久", "删了还能恢复吗", "22"])
async def test_a_question_beside_it_leaves_the_erasure_open(anna: Person, typed: str) -> None:
    await anna.says("订阅 海水淡化")
    await anna.says("删除我的数据")
    await anna.says(typed)
    await anna.says("确认删除")
    assert await anna.tracks() == set()


@pytest.mark.parametrize("typed", ["哦那先不删了，留着吧", "啊不清了不清了", "算了不删了"])
async def test_whoever_gives_up_an_erasure_that_was_only_offered_hears_that_nothing_is_erased(
    anna: Person, typed: str
) -> None:
    assert "没有删除任何数据" in (await anna.says(typed)).text


async def test_whoever_gives_up_something_else_hears_nothing_of_data(anna: Person) -> None:
    assert "数据" not in (await anna.says("算了不办了")).text


@pytest.mark.parametrize("typed", ["那帮我把资料全删干净", "把我的信息通通清掉吧", "帮我把数据全部删光"])
async def test_an_erasure_in_plain_words_asks_for_its_confirmation(anna: Person, typed: str) -> None:
    await anna.says("订阅 海水淡化")
    assert "确认删除" in (await anna.says(typed)).taps
    assert await anna.tracks() == {"desalination"}
    await anna.says("确认删除")
    assert await anna.tracks() == set()


async def test_a_confirmation_that_nothing_awaits_is_asked_for_first(anna: Person) -> None:
    await anna.says("订阅 海水淡化")
    assert "将永久删除" in (await anna.says("确认删除")).text
    assert await anna.tracks() == {"desalination"}


@pytest.mark.parametrize("typed", ["资料清单", "资料都删了还能申报吗", "客户资料全删干净了"])
async def test_other_papers_that_are_gone_erase_nothing(anna: Person, typed: str) -> None:
    assert "将永久删除" not in (await anna.says(typed)).text


@pytest.mark.parametrize(
    "typed", ["你们后台都存了我哪些东西", "你们到底存了我什么信息", "系统都收集了我哪些资料"]
)
async def test_what_is_kept_is_told(anna: Person, typed: str) -> None:
    assert "我们只保存提醒所需的信息" in (await anna.says(typed)).text


@pytest.mark.parametrize(
    "typed", ["刚才说的公司情况你会记下来不", "我跟你说的这些会不会保存", "我们说的话你们会存着吗"]
)
async def test_whoever_asks_hears_whether_what_was_told_is_kept(anna: Person, typed: str) -> None:
    heard = await anna.says(typed)
    assert "不记在您名下" in heard.text
    assert "公司情况要您同意才保存" in heard.text


@pytest.mark.parametrize("typed", ["刚才说的公司情况记下来", "申报的资料会保存吗"])
async def test_what_is_to_be_kept_and_papers_of_an_application_are_no_such_question(
    anna: Person, typed: str
) -> None:
    assert "不记在您名下" not in (await anna.says(typed)).text


async def test_second_thoughts_end_the_erasure(anna: Person) -> None:
    await anna.says("订阅 海水淡化")
    await anna.says("删除我的数据")
    assert "没有删除任何数据" in (await anna.says("啊别，反悔了，先不删")).text
