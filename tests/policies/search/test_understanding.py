"""Messages as people write them: what they ask for, and what they don't."""

import pytest

from policies.district.models import District
from policies.library.library import Library
from policies.search.decision import Intent
from policies.search.index import PolicyIndex
from policies.search.known.prototypes import Prototype, Prototypes
from policies.search.reading.comparisons import compared_things
from policies.search.reading.yes_no import deciding_words
from policies.search.thresholds import learnt
from policies.search.words.language import load_language


@pytest.mark.parametrize(
    "typed",
    ["第廿二条", "第贰拾贰条", "第二十二条", "22", "https://policy.example.cn/p/22", "看 /p/22?from=wx"],
)
def test_a_clause_is_found_however_its_number_is_written(index: PolicyIndex, typed: str) -> None:
    decision = index.decide(typed)
    assert (decision.intent, decision.clauses) == (Intent.CLAUSE, (22,))


@pytest.mark.parametrize("typed", ["12%", "百分之十二"])
def test_a_percentage_is_no_clause_number(index: PolicyIndex, typed: str) -> None:
    decision = index.decide(typed)
    assert (decision.intent, decision.clauses) == (Intent.AMOUNT, (22,))


@pytest.mark.parametrize("typed", ["下一条", "上一条", "另一条", "每天几点发"])
def test_what_names_no_clause_and_no_office_is_not_answered_with_one(index: PolicyIndex, typed: str) -> None:
    assert index.decide(typed).intent is Intent.NONE


@pytest.mark.parametrize(
    "typed",
    ["【收到不支持的消息类型，暂无法显示】", "[图片]", "[动画表情]", "https://mp.weixin.qq.com/s/abc"],
)
def test_what_wechat_puts_in_place_of_a_message_asks_nothing(index: PolicyIndex, typed: str) -> None:
    assert index.decide(typed).intent is Intent.NONE


@pytest.mark.parametrize(
    ("typed", "first"),
    [("青政办字〔2025〕13号", 4), ("青科字2022 20号", 27), ("青岛市科技创新券管理实施细则", 27)],
)
def test_a_basis_document_is_found_by_number_and_title(index: PolicyIndex, typed: str, first: int) -> None:
    decision = index.decide(typed)
    assert decision.intent is Intent.SEARCH
    assert decision.clauses[0] == first


def test_all_clauses_of_a_basis_document_are_listed(index: PolicyIndex, library: Library) -> None:
    based = {
        policy.key
        for policy in library.policies
        if any(basis.doc_no == "青政办字〔2025〕13号" for basis in policy.basis)
    }
    assert set(index.decide("青政办字[2025]13号").clauses) == based


@pytest.mark.parametrize(
    "typed", ["财政管哪些", "税务", "工信那边负责什么", "税务都有啥", "人社有哪些", "发改那边的都有什么"]
)
def test_an_office_is_known_by_its_short_name(index: PolicyIndex, typed: str) -> None:
    assert index.decide(typed).intent is Intent.DEPARTMENT


@pytest.mark.parametrize("typed", ["海洋有哪些", "人才有什么", "技改都有啥"])
def test_a_matter_that_an_office_is_named_after_is_the_matter(index: PolicyIndex, typed: str) -> None:
    assert index.decide(typed).intent is not Intent.DEPARTMENT


@pytest.mark.parametrize("typed", ["电话多少", "联系方式", "座机有没有", "热线"])
def test_a_telephone_of_no_office_is_nobodys(index: PolicyIndex, typed: str) -> None:
    decision = index.decide(typed)
    assert (decision.intent, decision.subject) == (Intent.CONTACT, "")


def test_a_departments_telephone_is_not_that_of_the_query_office(index: PolicyIndex) -> None:
    assert index.decide("工信局电话").intent is Intent.DEPARTMENT


def test_a_sum_belongs_to_the_need_beside_it(index: PolicyIndex) -> None:
    decision = index.decide("设备更新花了60万元，能补多少")
    assert (decision.intent, decision.clauses[0]) == (Intent.SEARCH, 21)


@pytest.mark.parametrize(
    "typed",
    ["1、高企怎么补 2、技改怎么补", "我想问两件事：一是高企怎么补，二是技改怎么补"],
)
def test_numbered_needs_are_answered_one_by_one(index: PolicyIndex, typed: str) -> None:
    decision = index.decide(typed)
    assert decision.intent is Intent.MULTI
    assert set(decision.clauses[:2]) == {10, 22}


def test_two_things_of_one_clause_are_compared_in_it(index: PolicyIndex) -> None:
    decision = index.decide("概念验证和中试哪个给得多")
    assert (decision.intent, decision.clauses, decision.compared) == (
        Intent.SEARCH,
        (26,),
        ("概念验证", "中试"),
    )


def test_two_things_of_two_clauses_are_compared_as_two(index: PolicyIndex) -> None:
    decision = index.decide("算力券跟创新券有什么区别")
    assert decision.intent is Intent.MULTI
    assert decision.compared == ("算力券", "创新券")


@pytest.mark.parametrize(
    "typed",
    [
        "单项冠军和小巨人，评下来哪个给得多",
        "评单项冠军还是评小巨人划算",
        "单项冠军多还是小巨人多",
        "是单项冠军给得高，还是小巨人给得高",
        "单项冠军跟小巨人一样多吗",
    ],
)
def test_a_comparison_says_no_more_than_its_two_things(typed: str) -> None:
    assert compared_things(typed) == ("单项冠军", "小巨人")


@pytest.mark.parametrize(
    "typed",
    [
        "青政办发〔2025〕10号里头都包哪些",
        "青政办发2025 10号那份里面写了些啥",
        "青政办发〔2025〕10号底下有几条",
    ],
)
def test_what_a_document_named_by_its_number_holds_is_listed(index: PolicyIndex, typed: str) -> None:
    decision = index.decide(typed)
    assert len(decision.clauses) > 10
    assert "青政办发〔2025〕10号" in decision.subject


@pytest.mark.parametrize(
    "typed", ["青政办发〔2025〕10号里鱿鱼补多少", "青政办发〔2025〕10号里关于渔船的有哪些"]
)
def test_a_matter_beside_the_number_of_a_document_is_no_list_of_it(index: PolicyIndex, typed: str) -> None:
    assert not index.decide(typed).groups


@pytest.mark.parametrize(
    ("typed", "things"),
    [
        ("国家智能工厂跟市级智能工厂,奖金一样不", ("国家智能工厂", "市级智能工厂")),
        ("省级5g推广中心跟市级智能工厂,钱一样多不", ("省级5g推广中心", "市级智能工厂")),
        ("创新券入库的跟没入库的比例各多少?上限一样吗", ("创新券入库", "创新券未入库")),
        ("创新券入库的跟非入库的哪个多", ("创新券入库", "创新券非入库")),
        ("创新券跟算力券比，哪个封顶高", ("创新券", "算力券")),
    ],
)
def test_a_comparison_is_read_beside_its_measure_and_with_a_shared_head(
    typed: str, things: tuple[str, str]
) -> None:
    assert compared_things(typed) == things


@pytest.mark.parametrize(
    "typed",
    [
        "高企认定有什么补贴",
        "哪个部门管算力券",
        "金枪鱼和鱿鱼都补吗",
        "个体户补的标准也一样吗",
        "奖金一样不",
    ],
)
def test_what_compares_nothing_is_no_comparison(typed: str) -> None:
    assert compared_things(typed) is None


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("没进全国科技型中小企业那个库，付了高校的检测费能补吗", 28),
        ("我们不在科技型中小企业信息库，送去高校检测的费用报吗", 28),
        ("进了全国科技型中小企业那个库，付了高校的检测费能补吗", 27),
    ],
)
def test_what_a_firm_is_not_leads_to_the_clause_for_those(index: PolicyIndex, typed: str, first: int) -> None:
    assert index.decide(typed).clauses[0] == first


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("我们这个不是海水淡化，海域使用金能免多少", 14),
        ("我们不属于先进制造业集群，设备投资能补吗", 22),
        ("我们不是科技型中小企业，做检测的钱能报吗", 28),
        ("我们不是高新技术企业，能申请吗", 10),
    ],
)
def test_what_somebody_says_they_are_not_is_not_what_they_ask_for(
    index: PolicyIndex, typed: str, first: int
) -> None:
    """Unless a clause is for just those, or nothing else is asked."""
    assert index.decide(typed).clauses[0] == first


@pytest.mark.parametrize("typed", ["出口信用保险保费补贴怎么申请", "市长质量奖给多少", "渔船燃油补贴怎么领"])
def test_a_near_miss_is_not_answered_with_its_neighbour(index: PolicyIndex, typed: str) -> None:
    assert index.decide(typed).intent in {Intent.NONE, Intent.MAYBE}


def test_a_word_of_another_matter_does_not_veto_what_the_library_knows(index: PolicyIndex) -> None:
    assert index.decide("上班的厂子买了台首台套设备，保险费有补贴吗").clauses[0] == 4


@pytest.mark.parametrize(
    ("typed", "clause"),
    [("搏士后进站给多少钱", 32), ("知识产全质亚贷款有贴西吗", 16), ("元洋渔业补多少", 39)],
)
def test_several_words_misheard_in_one_sentence_are_put_right(
    index: PolicyIndex, typed: str, clause: int
) -> None:
    assert index.decide(typed).clauses[0] == clause


@pytest.mark.parametrize("typed", ["创业故事", "养猪补贴"])
def test_words_that_make_sense_are_not_taken_for_mistyped(index: PolicyIndex, typed: str) -> None:
    assert not any(reason.stage == "repair" for reason in index.decide(typed).reasons)


def test_clauses_are_found_by_the_words_of_their_text_alone(library: Library) -> None:
    """No keyword, no title, no saying, no known question: as a document is when it was just imported."""
    [document] = library.documents
    bare = document.model_copy(
        update={
            "id": "elsewhere",
            "policies": tuple(
                policy.model_copy(update={"document": "elsewhere", "keywords": (), "title": policy.text[:6]})
                for policy in document.policies
            ),
        }
    )
    index = PolicyIndex.build(Library.of([bare]), District())
    asked = {
        "海域使用金能不能减免": 14,
        "深水钻井平台研发": 42,
        "考核前10%的博士后站给多少": 32,
        "水下采油树": 42,
    }
    assert {typed: index.decide(typed).clauses[:1] for typed in asked} == {
        typed: (key,) for typed, key in asked.items()
    }


def test_a_prototype_speaks_for_questions_worded_alike() -> None:
    prototypes = Prototypes(
        (Prototype("翡翠湾计划怎么报", 3), Prototype("海参怎么泡发", None), Prototype("船票", 9))
    )
    assert prototypes.alike("翡翠湾计划怎么报名").clauses[3] > 0.8
    assert prototypes.alike("海参怎么泡发").declined == 1.0
    assert not prototypes.alike("完全无关").clauses


def test_the_words_that_decide_are_the_sentence_about_what_is_asked() -> None:
    clause = "对省级集聚区给予100万元支持；对市级集聚区给予50万元支持。其他按规定执行。"
    assert deciding_words(clause, "市级集聚区是不是给50万") == "对市级集聚区给予50万元支持"
    assert deciding_words("只有一句话", "一句话吗") == ""


def test_a_library_whose_clauses_have_little_in_common_answers_from_a_lower_score_on(
    index: PolicyIndex, library: Library
) -> None:
    scope = load_language().scope
    assert learnt(index._finder, library.policies, scope) == scope  # the clauses of the seed overlap
    apart = [policy for policy in library.policies if policy.key in {1, 10, 14, 20, 26, 29, 32, 39, 43, 46}]
    [document] = library.documents
    few = Library.of([document.model_copy(update={"policies": tuple(apart)})])
    own = PolicyIndex.build(few, District())
    moved = learnt(own._finder, few.policies, scope)
    assert scope.by_words.answer - 1.0 <= moved.by_words.answer < scope.by_words.answer
