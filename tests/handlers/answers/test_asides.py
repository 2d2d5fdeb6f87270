"""Thanks with more words, and what is said to somebody else."""

import pytest

from tests.handlers.chat import Chat


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "谢谢了啊 我这就去办",
            "嗯谢谢，刚才急了点",
            "好嘞，辛苦啦，回头再找你",
            "妥了，多谢",
            "行了够用了谢谢",
        ),
        *("多谢指点", "谢谢，那我先忙了", "ok谢啦拜", "刚才急了点 别见怪", "好嘞谢谢啊", "麻烦你了就这样"),
    ],
)
async def test_thanks_with_more_words_are_thanks(chat: Chat, typed: str) -> None:
    await chat.says("第10条")
    reply = await chat.says(typed)
    assert "不客气" in reply.text
    assert not reply.clauses


@pytest.mark.parametrize(
    "typed",
    [
        "谢谢，第22条呢",
        "谢谢 技改补多少",
        "多谢，海水淡化",
        "谢谢，下一条",
        "感谢信怎么写",
        "辛苦费有补贴吗",
        "谢谢 退订吧",
    ],
)
async def test_thanks_beside_a_question_or_a_wish_are_not_all(chat: Chat, typed: str) -> None:
    await chat.says("第10条")
    assert "不客气" not in (await chat.says(typed)).text


@pytest.mark.parametrize(
    "typed", ["王姐在不", "小李在吗", "刘科长在不在", "李主任您好", "你是王姐吗", "这是我们公司群吗"]
)
async def test_whoever_calls_for_a_colleague_is_told_who_answers(chat: Chat, typed: str) -> None:
    reply = await chat.says(typed)
    assert "您要找的人不在这里" in reply.text
    assert "人工" in reply.taps


@pytest.mark.parametrize("typed", ["发错群了", "噢发错群了", "不好意思发错人了", "哎呀找错人了"])
async def test_a_slip_is_no_question(chat: Chat, typed: str) -> None:
    assert "没关系" in (await chat.says(typed)).text


@pytest.mark.parametrize(
    "typed", ["高工补贴", "金总部企业", "安全总监培训", "马老师傅培养基地", "白酒老板能拿什么"]
)
async def test_a_matter_is_nobodys_name(chat: Chat, typed: str) -> None:
    assert "您要找的人" not in (await chat.says(typed)).text
