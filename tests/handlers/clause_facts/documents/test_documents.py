"""A document that clauses rest on is told of by its number, its period and its clauses."""

from datetime import date

import pytest

from handlers.clause_facts.documents.basis_facts import of_basis
from handlers.clause_facts.documents.document_facts import collection_asked
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from policies.guides.guide import GuideBook
from tests.handlers.chat import Chat


@pytest.fixture
def edition(context: Context) -> Edition:
    return Edition(context.knowledge.index, (), date(2026, 3, 2), "https://policy.example", GuideBook({}))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("人才强青那份呢 多少号", "青发〔2022〕8号"),
        ("梧桐树那个意见的文号", "青西新人组发〔2024〕2号"),
        ("强化财政支持那份实施方案的文号是多少", "青政办字〔2025〕13号"),
        ("强化财政支持那份方案管到哪年", "2025年至2027年"),
        ("科技强市那个行动计划到哪年", "2024年至2028年"),
        ("创新券细则是几号文", "青科字〔2022〕20号"),
        ("古镇口那个管理办法文号发我", "青西新管办发〔2023〕26号"),
        ("先进制造业若干措施的文号是多少", "青政发〔2024〕11号"),
        ("经济稳健向好那份清单 文号给一下", "鲁政发〔2024〕15号"),
        ("海洋经济高质量发展那个文件是哪年的", "青政办发〔2025〕10号"),
        ("梧桐树那份还有效吗", "没有收录它的有效期"),
        ("创新券细则是谁发的", "发文单位：青岛市科技局、财政局"),
        ("梧桐树那份文件哪里能看到", "没有收录它的原文"),
        ("青政发〔2024〕11号有效期到什么时候", "没有收录它的有效期"),
        ("青政发[2024]11号还作数吗", "没有收录它的有效期"),
        ("青政发2024年11号的全称", "青岛市加快先进制造业高质量发展若干政策措施"),
    ],
)
def test_a_document_is_known_by_a_part_of_its_title(edition: Edition, typed: str, told: str) -> None:
    answer = of_basis(typed, (), edition)
    assert answer is not None
    assert told in answer.text


def test_of_two_documents_that_are_called_so_both_are_told(edition: Edition) -> None:
    answer = of_basis("数字经济那份实施方案文号多少", (), edition)
    assert answer is not None
    assert "青财经委发〔2023〕3号" in answer.text
    assert "青工信字〔2023〕83号" in answer.text


@pytest.mark.parametrize(
    ("typed", "shown", "told"),
    [
        ("这个行动计划管到哪年", (10,), "2024年至2028年"),
        ("那个文件哪年到期", (10,), "2024年至2028年"),
        ("这份措施执行到哪一年", (5,), "没有收录它的有效期"),
        ("这个细则文号是多少", (27,), "青科字〔2022〕20号"),
        ("那个意见是哪年的", (2,), "青西新人组发〔2024〕2号"),
        ("这个文件谁发的", (22,), "发文单位：青岛市政府"),
        ("这个办法文号发我", (15,), "青科字〔2024〕15号"),
        ("文号发我", (4, 6, 12), "青政办字〔2025〕13号"),
    ],
)
def test_a_document_of_the_shown_clauses_can_be_pointed_at(
    edition: Edition, typed: str, shown: tuple[int, ...], told: str
) -> None:
    answer = of_basis(typed, shown, edition)
    assert answer is not None
    assert told in answer.text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("这个方案我们怎么写", (4,)),
        ("我们的实施方案什么时候交", ()),
        ("项目管理办法到哪下载", ()),
        ("高企认定文号是多少", ()),
        ("这个行动计划管到哪年", (27,)),
        ("科技成果转化那条的文号是多少", ()),
        ("文号发我", (1, 2)),
        ("2024年11号文是啥", ()),
        ("管到啥时候", (16,)),
        ("厂房合同管到哪年", (16,)),
        ("第16条依据的又是哪个文件", ()),
    ],
)
def test_what_means_no_document_is_left_to_others(
    edition: Edition, typed: str, shown: tuple[int, ...]
) -> None:
    assert of_basis(typed, shown, edition) is None


@pytest.mark.parametrize(
    "typed",
    [
        "你这份摘编是什么时候出的",
        "哪家编的",
        "这个摘编谁编的",
        "摘编是哪年的",
        "你们这个汇编哪个单位出的",
        "你这资料是什么时候的版本",
        "这本东西哪年出的",
        "这份摘编多少条",
        "你这数据更新到什么时候",
        "谁编的这本摘编",
        "摘编最新版是哪年的",
        "你的政策是哪年的",
    ],
)
def test_the_collection_tells_who_made_it_and_of_when_it_is(edition: Edition, typed: str) -> None:
    assert collection_asked(typed, edition) is edition.index.library.default_document


@pytest.mark.parametrize(
    "typed",
    [
        "我们的资料什么时候交",
        "这份资料谁出",
        "什么时候出的结果",
        "哪家评的",
        "预算谁编制",
        "摘编里海洋的有几条讲养殖",
        "材料什么时候出",
        "这个数据哪里填",
        "名单什么时候出的",
        "你们什么时候更新我的材料",
    ],
)
def test_what_is_not_of_the_collection_is_left_to_others(edition: Edition, typed: str) -> None:
    assert collection_asked(typed, edition) is None


async def test_a_talk_of_documents_stays_with_the_document(chat: Chat) -> None:
    await chat.says("第10条依据的啥文件")
    assert "2028年" in (await chat.says("这个行动计划管到哪年")).text
    assert "青政字〔2024〕20号" in (await chat.says("文号发我")).text
    assert "2027年12月31日" in [await chat.says("第16条"), await chat.says("管到啥时候")][1].text
    assert "高校理事会秘书处" in (await chat.says("哪家编的")).text


@pytest.mark.parametrize(
    ("typed", "clause"),
    [("青政办字2024年53号是哪条", 15), ("鲁政发2024年15号呢", 11), ("青发2022年8号", 32)],
)
async def test_a_number_typed_with_the_year_in_words_finds_its_clauses(
    chat: Chat, typed: str, clause: int
) -> None:
    assert (await chat.says(typed)).clauses == [clause]
    assert "没有收录文号" in (await chat.says("青政发2030年99号是哪条")).text
