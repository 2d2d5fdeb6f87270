"""绑定企业: a claim until an operator confirms it, and nothing of colleagues before."""

import pytest

from handlers.commands.company_words import CompanyWords, read_company
from subscriptions.companies.bindings import Removal
from subscriptions.companies.companies import ClaimChangedError, CompanyCount
from subscriptions.members.track_subscriptions import ChangeSource
from tests.handlers.commands.town import Person, Town
from tests.kit.clocks import SetClock

CODE = "91350100M000100Y43"
NAME = "青岛某某海洋科技有限公司"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{NAME} {CODE}", CompanyWords(CODE, NAME)),
        (f"{CODE.lower()}，{NAME}", CompanyWords(CODE, NAME)),
        (f"企业名称：{NAME}\n统一社会信用代码：{CODE}", CompanyWords(CODE, NAME)),
        ("9135 0100 M000 100Y 43", CompanyWords(CODE)),
        (NAME, CompanyWords(name=NAME)),
        ("名称 海之星", CompanyWords(name="海之星")),
        (f"我们公司叫{NAME}，统一社会信用代码{CODE}", CompanyWords(CODE, NAME)),
        (f"{NAME}，代码是{CODE}", CompanyWords(CODE, NAME)),
        (f"我们是{NAME} 代码：{CODE}", CompanyWords(CODE, NAME)),
        (f"公司全称是{NAME}", CompanyWords(name=NAME)),
        ("首台套", CompanyWords()),
        ("第22条", CompanyWords()),
        ("高新技术企业认定补多少", CompanyWords()),
        ("我们公司能申报什么", CompanyWords()),
    ],
)
def test_what_a_message_says_of_a_company(text: str, words: CompanyWords) -> None:
    assert read_company(text) == words


@pytest.mark.parametrize("order", [[f"{NAME} {CODE}"], [NAME, CODE], [CODE, NAME], [CODE, "海之星科技"]])
async def test_name_and_code_together_or_apart(anna: Person, order: list[str]) -> None:
    await anna.says("绑定企业")
    for text in order:
        reply = await anna.says(text)
    assert f"统一社会信用代码：{CODE}\n状态：待工作人员确认" in reply.text
    assert "待工作人员确认" in (await anna.says("我的企业")).text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("91350100M000100Y44", "第 18 位（校验码）"),
        ("91350100MO00100Y43", "第 10 位“O”不对"),
        ("91350100M000100Y4", "您输入的是 17 位"),
    ],
)
async def test_a_wrong_code_names_its_wrong_part_and_the_dialogue_goes_on(
    anna: Person, wrong: str, says: str
) -> None:
    await anna.says("绑定企业")
    await anna.says(NAME)
    assert says in (await anna.says(wrong)).text
    assert "第4条" in (await anna.says("首台套")).text
    assert "已登记" in (await anna.says(CODE)).text


async def test_before_confirmation_nothing_of_the_company_or_colleagues_is_shown(town: Town) -> None:
    anna, bert = town.person("o-anna"), town.person("o-bert")
    await anna.says("订阅 海水淡化 人工智能")
    await anna.says(f"绑定企业 {NAME} {CODE}")
    anna_id = await anna.id()
    assert anna_id is not None
    await town.confirms(anna_id)
    assert "海水淡化" in (await anna.says("我的企业")).text

    await bert.says(f"绑定企业 自称某公司 {CODE}")
    for text in ("我的企业", "我的订阅", "导出我的数据", "绑定企业"):
        reply = await bert.says(text)
        assert NAME not in reply.text
        assert "海水淡化" not in reply.text
        assert "成员" not in reply.text
    assert await bert.tracks() == set()


async def test_a_confirmed_member_begins_from_the_companys_tracks_and_then_chooses_freely(town: Town) -> None:
    anna, bert, carl = (town.person(f"o-{name}") for name in ("anna", "bert", "carl"))
    await anna.says("订阅 海水淡化 人工智能")
    await carl.says("订阅 远洋渔业")
    for person in (anna, bert, carl):
        await person.says(f"绑定企业 {NAME} {CODE}")
        member_id = await person.id()
        assert member_id is not None
        await town.confirms(member_id)
    assert await bert.tracks() == {"desalination", "ai"}
    assert await carl.tracks() == {"distant-fishing", "desalination", "ai"}, "beside their own"
    await bert.says("退订 人工智能")
    assert await anna.tracks() == {"desalination", "ai"}
    assert "其他成员：2 位" in (await bert.says("我的企业")).text
    history = (await town.members.record(await bert.id() or 0)).changes
    assert [change.source for change in history] == [
        ChangeSource.CHAT,
        ChangeSource.COMPANY,
        ChangeSource.COMPANY,
    ]


async def test_the_first_to_claim_does_not_name_the_company(town: Town) -> None:
    stranger, anna = town.person("o-stranger"), town.person("o-anna")
    await stranger.says(f"绑定企业 胡乱起名有限公司 {CODE}")
    await anna.says(f"绑定企业 {NAME} {CODE}")
    anna_id = await anna.id() or 0
    await town.confirms(anna_id)
    assert {company.name for company in await town.members.companies.counts()} == {NAME}
    assert [claim.as_typed for claim in await town.members.companies.claims(confirmed=False)] == [
        "胡乱起名有限公司"
    ]


async def test_an_operator_removes_a_member(town: Town) -> None:
    anna = town.person()
    await anna.says("订阅 人工智能")
    await anna.says(f"绑定企业 {NAME} {CODE}")
    member_id = await anna.id() or 0
    seen = await town.confirms(member_id)
    (counted,) = await town.members.companies.counts()
    assert counted == CompanyCount(counted.company_id, CODE, NAME, 1, 1)
    await town.members.companies.remove(member_id, seen)
    assert "还没有绑定企业" in (await anna.says("我的企业")).text
    assert await anna.tracks() == {"ai"}
    assert (await town.members.companies.counts())[0].members == 0
    with pytest.raises(ClaimChangedError):
        await town.members.companies.confirm(member_id, seen, "王秘书")


async def test_a_refused_claim_leaves_the_earlier_company_as_it_was(town: Town) -> None:
    anna = town.person()
    await anna.says(f"绑定企业 {NAME} {CODE}")
    member_id = await anna.id() or 0
    await town.confirms(member_id)
    other = "深圳某某公司 9144030071526726XG"
    assert f"原来绑定的“{NAME}”仍然有效" in (await anna.says(f"换绑 {other}")).text
    await anna.says(f"换绑 另称{other}")  # claimed twice before anyone looked
    [claim] = await town.members.companies.claims(confirmed=False)
    removed = await town.members.companies.remove(member_id, claim.seen)
    assert removed == Removal("另称深圳某某公司", refused=True, restored=NAME)
    mine = await anna.says("我的企业")
    assert NAME in mine.text
    assert "已确认" in mine.text
    await anna.says(f"换绑 {other}")
    assert "已绑定这家企业" in (await anna.says(f"换绑 {NAME} {CODE}")).text, "their own way back"
    await anna.says(f"换绑 {other}")
    await town.confirms(member_id)
    assert "深圳某某公司" in (await anna.says("我的企业")).text
    [claim] = await town.members.companies.claims()
    removed = await town.members.companies.remove(member_id, claim.seen)
    assert removed == Removal("深圳某某公司", refused=False), "a confirmed one takes the earlier one's place"


async def test_rebinding_and_unbinding(anna: Person) -> None:
    await anna.says(f"绑定企业 {NAME} {CODE}")
    assert "待工作人员确认" in (await anna.says("绑定企业")).text
    await anna.says("换绑")
    assert "9144030071526726XG" in (await anna.says("深圳某某公司 9144030071526726XG")).text
    await anna.says("解绑")
    await anna.taps("取消")
    assert "企业：深圳某某公司" in (await anna.says("我的企业")).text
    await anna.says("解绑")
    assert "已解除绑定" in (await anna.taps("确认解绑")).text
    assert "还没有绑定" in (await anna.says("解绑")).text


async def test_what_people_type_makes_no_link(anna: Person) -> None:
    await anna.says("绑定企业")
    reply = await anna.says(f'<a href="https://evil.example">点我</a>公司 {CODE}')
    assert "＜a href=" in reply.raw
    assert '<a href="https' not in reply.raw


async def test_a_binding_that_waited_too_long_says_so(anna: Person, clock: SetClock) -> None:
    await anna.says("绑定企业")
    clock.forward(minutes=20)
    assert "等待时间较长" in (await anna.says(CODE)).text


@pytest.mark.parametrize(
    "typed",
    [
        "先不绑公司了",
        "这个先放放",
        "绑定的事先不办了",
        "订阅先不弄了",
        "不弄这个了",
        "公司的事以后再说",
        "绑定的事先搁一搁",
        "先不管公司了",
        "退出绑定",
    ],
)
async def test_a_binding_is_put_off_in_many_words(anna: Person, typed: str) -> None:
    await anna.says("绑定企业")
    assert "好的，已取消" in (await anna.says(typed)).text
    await anna.says("绑定企业")
    assert "好的，已取消" not in (await anna.says("公司要满足什么条件")).text
