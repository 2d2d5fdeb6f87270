"""A person follows, asks, and gets the right clause."""

from tests.handlers.chat import Chat


async def test_from_following_to_the_clause(chat: Chat) -> None:
    welcome = await chat.follows()
    assert {"最近能申报什么", "我们公司能拿什么", "高企首次认定补多少", "人工"} <= set(welcome.taps)
    assert (await chat.taps("高企首次认定补多少")).clauses[0] == 10

    by_word = await chat.says("首台套")
    assert by_word.clauses[0] == 4
    assert "保险补偿政策" in by_word.text

    by_number = await chat.says("第22条")
    assert by_number.clauses == [22]
    assert "按照年度设备投资额的12%给予最高600万元奖补" in by_number.text
    assert "青政发〔2024〕11号" in by_number.text
    assert "部门：区工信局" in by_number.text
    assert any(address.endswith("/p/22") for address in by_number.links.values())

    listed = await chat.says("工信局有哪些政策")
    assert 22 in listed.clause_ids | (await chat.everything("工信局有哪些政策"))

    by_question = await chat.says("海水淡化能补多少")
    assert by_question.clauses[0] == 45

    declined = await chat.says("海参怎么泡发")
    assert not declined.clauses
    assert {"首台套", "第22条", "工信局有哪些政策", "人工"} <= set(declined.taps)

    assert "不客气" in (await chat.says("谢谢")).text


async def test_the_confidential_part_is_the_query_offices(chat: Chat) -> None:
    reply = await chat.says("涉密的那部分政策怎么看")
    for words in (
        "青岛古镇口核心区管委",
        "融合路681号",
        "13210876217",
        "https://qddxcyqgx.xihaian.gov.cn:9001",
    ):
        assert words in reply.text


async def test_a_long_list_is_paged_and_a_number_picks(chat: Chat) -> None:
    first = await chat.says("市海洋发展局")
    assert len(first.clauses) == 10
    assert "第1/2页" in first.text
    second = await chat.taps("下一页")
    assert first.clause_ids | second.clause_ids == set(range(35, 50))
    assert not first.clause_ids & second.clause_ids
    assert (await chat.taps("上一页")).clauses == first.clauses
    assert (await chat.says("38")).clauses == [38]
    assert (await chat.says("下一页")).clauses == second.clauses


async def test_before_the_first_and_after_the_last_page(chat: Chat) -> None:
    await chat.says("市海洋发展局")
    assert "已经是第一页" in (await chat.says("上一页")).text
    await chat.says("下一页")
    assert "已经是最后一页" in (await chat.says("下一页")).text


async def test_turning_a_page_without_a_list_says_what_to_do(chat: Chat) -> None:
    assert "再发一次" in (await chat.says("下一页")).text


async def test_two_needs_are_answered_as_two(chat: Chat) -> None:
    reply = await chat.says("算力券，还有充电桩")
    assert {29, 19} <= reply.clause_ids
