"""What a short message says of what was shown: a table of wordings, and what must stay a question of its own."""

import pytest

from handlers.clause_facts.facts import Fact
from handlers.conversation.reading.follow_up import ALL, PIECES, FollowUpReader
from policies.search.words.normalise import make_simplifier

READER = FollowUpReader(("首批次新材料", "绿色建材", "高企", "海水淡化"), range(1, 50), make_simplifier())


@pytest.mark.parametrize(
    ("typed", "facts"),
    [
        ("电话多少", (Fact.PHONE,)),
        ("电话和地址发我一下", (Fact.PHONE, Fact.PLACE)),
        ("哪个部门管啊", (Fact.OFFICE,)),
        ("要什么材料", (Fact.MATERIALS,)),
        ("怎麼申請", (Fact.STEPS,)),
        ("去哪儿办", (Fact.PLACE,)),
        ("有网址吗", (Fact.ENTRY,)),
        ("还有几天", (Fact.TIME,)),
        ("到几号结束", (Fact.TIME,)),
        ("依据是什么", (Fact.BASIS,)),
        ("最高多少", (Fact.AMOUNT,)),
        ("有效期到什么时候", (Fact.VALIDITY,)),
        ("多久能到账", (Fact.PAYOUT,)),
        ("再发一遍", (Fact.WHOLE,)),
        ("跟去年比有什么变化", (Fact.CHANGES,)),
        ("具体数呢", (Fact.WHOLE, Fact.AMOUNT)),
        ("一共能给几个钱", (Fact.AMOUNT,)),
        ("顶格拿得到多少", (Fact.AMOUNT,)),
        ("要什么证", (Fact.MATERIALS,)),
        ("跟谁联系", (Fact.PHONE,)),
        ("多长时间能批", (Fact.PAYOUT,)),
        ("几号截", (Fact.TIME,)),
        ("能报了吗", (Fact.TIME,)),
        ("也快到期了吧", (Fact.TIME,)),
        ("又归谁", (Fact.OFFICE,)),
        ("归哪个管", (Fact.OFFICE,)),
        ("结束日期呢", (Fact.TIME,)),
        ("起止时间", (Fact.TIME,)),
        ("找谁报", (Fact.OFFICE,)),
    ],
)
def test_a_fact_is_asked_of_what_is_on_the_screen(typed: str, facts: tuple[Fact, ...]) -> None:
    said = READER.read(typed)
    assert said is not None
    assert (said.facts, said.rest) == (facts, "")


@pytest.mark.parametrize(
    ("typed", "rest"),
    [("高企什么时候截止", "高企"), ("海水淡化的申报什么时候开始", "海水淡化"), ("你们领导电话多少", "领导")],
)
def test_a_subject_of_its_own_is_told_apart_from_the_fact(typed: str, rest: str) -> None:
    said = READER.read(typed)
    assert said is not None
    assert said.rest == rest


@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        ("那小企业呢", "小企业"),
        ("省级的呢", "省级"),
        ("换成超低温金枪鱼呢", "超低温金枪鱼"),
        ("不在海岛呢", "不在海岛"),
        ("小企业也一样吗", "小企业"),
        ("入了库的呢", "入库"),
        ("别的鱼", "别的鱼"),
        ("专家的那种", "专家"),
    ],
)
def test_the_last_question_is_carried_on(typed: str, rest: str) -> None:
    said = READER.read(typed)
    assert said is not None
    assert (said.rest, said.goes_on) == (rest, True)


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("第二个", (2,)),
        ("最后一个", (-1,)),
        ("倒数第二个", (-2,)),
        ("头一个", (1,)),
        ("第三个讲的什么", (3,)),
        ("中间那个", (0,)),
        ("回到第二个", (2,)),
    ],
)
def test_a_place_in_the_list(typed: str, places: tuple[int, ...]) -> None:
    said = READER.read(typed)
    assert said is not None
    assert (said.places, said.rest) == (places, "")


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        ("下一条", 1),
        ("再上一条", -1),
        ("前面那个", -1),
        ("后面那条", 1),
        ("再往下", 1),
        ("退回去", -1),
        ("往回退一条", -1),
        ("往回倒", -1),
        ("退回上一条", -1),
        ("退回到上一条", -1),
        ("往上翻，上一条", -1),
    ],
)
def test_a_step(typed: str, step: int) -> None:
    said = READER.read(typed)
    assert said is not None
    assert said.step == step


@pytest.mark.parametrize(
    "typed", ["新材料怎么补", "绿色建材政府采购", "造一条养殖工船", "同一条船的两个补贴", "海参怎么泡发"]
)
def test_words_of_a_fact_inside_other_words_ask_for_nothing(typed: str) -> None:
    said = READER.read(typed)
    assert said is None or (said.rest and not said.clauses and not said.goes_on)


@pytest.mark.parametrize("typed", ["刚才第一个问的那条 再发下", "最开始那个", "一开始查的"])
def test_the_clause_with_which_the_conversation_began(typed: str) -> None:
    said = READER.read(typed)
    assert said is not None
    assert (said.earliest, said.rest) == (True, "")


@pytest.mark.parametrize("typed", ["都说说", "挨个讲讲", "全部展开"])
def test_the_whole_list(typed: str) -> None:
    said = READER.read(typed)
    assert said is not None
    assert (said.together, said.rest) == (ALL, "")


def test_no_piece_is_empty() -> None:
    """An empty piece would be found for ever."""
    assert [pattern for kind, pattern in PIECES if pattern.search("") is not None] == []


@pytest.mark.parametrize(
    "typed", ["不是这个", "我问的不是这条", "不是这个意思", "我要的不是这个", "都不是这些"]
)
def test_what_was_shown_is_not_what_was_meant(typed: str) -> None:
    said = READER.read(typed)
    assert said is not None
    assert said.denied


@pytest.mark.parametrize("typed", ["这个是不是要交材料", "不是这个区的企业能报吗"])
def test_a_question_with_such_words_denies_nothing(typed: str) -> None:
    said = READER.read(typed)
    assert said is None or not said.denied


@pytest.mark.parametrize(
    ("typed", "fact"),
    [
        ("手机上能弄吗", Fact.ENTRY),
        ("用跑一趟现场不", Fact.ENTRY),
        ("一般啥时候才有啊", Fact.TIME),
        ("这还赶趟不", Fact.TIME),
        ("该找哪个衙门", Fact.OFFICE),
        ("要盖章不", Fact.MATERIALS),
        ("从哪儿下表", Fact.MATERIALS),
        ("这钱能花哪儿", Fact.USE),
        ("拿了钱能干啥", Fact.USE),
        ("俩一样多啊", Fact.AMOUNT),
        ("合着国家和市里一个价？", Fact.AMOUNT),
        ("封顶分几种", Fact.AMOUNT),
    ],
)
def test_a_fact_is_asked_in_single_words(typed: str, fact: Fact) -> None:
    said = READER.read(typed)
    assert said is not None
    assert (set(said.facts), said.rest) == ({fact}, "")


@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        ("要是算重大项目", "重大项目"),
        ("万一评上重点实验室", "重点实验室"),
        ("算重大项目的话", "重大项目"),
        ("如果是算力券呢", "算力券"),
    ],
)
def test_a_case_is_supposed(typed: str, rest: str) -> None:
    said = READER.read(typed)
    assert said is not None
    assert (said.supposes, said.rest) == (True, rest)


@pytest.mark.parametrize("typed", ["市一级", "那市里那档呢", "到市这一级", "只评上市级"])
def test_a_level_is_named_in_other_words(typed: str) -> None:
    said = READER.read(typed)
    assert said is not None
    assert (said.rest, said.goes_on) == ("市级", True)


@pytest.mark.parametrize("typed", ["不是那种", "这种那种"])
def test_that_kind_alone_carries_nothing_on(typed: str) -> None:
    said = READER.read(typed)
    assert said is None or not said.goes_on
