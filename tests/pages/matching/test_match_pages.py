"""`/match`: a form without sign-in, a result with an address of its own, nothing kept."""

from datetime import date
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from multidict import MultiDict
from sqlalchemy import func, select

from bot.runtime.services import Services
from handlers.framework.context import Context
from pages.matching.fields import told_in_form
from policies.company_facts.fact_links import BadFactLinkError, FactLinks
from policies.matching.facts import load_facts
from policies.windows.window_fields import WindowFields
from subscriptions.profiles.tables import CompanyProfile, ProfileConsent
from subscriptions.tables import Member
from tests.handlers.chat import Chat
from tests.handlers.phone_browser import Phone
from tests.kit.properties import given, st

FACTS = load_facts()
LINKS = FactLinks(b"s" * 32, "https://policy.example")
FORM = {
    "org_kind": "enterprise",
    "place": "new_area",
    "tracks": "desalination",
    "equipment_investment_cny": "3000",
    "linked_with_holder": "yes",
}
Web = TestClient[Any, Any]


async def test_a_form_leads_to_a_result_that_opens_again_and_keeps_nothing(
    web: Web, services: Services
) -> None:
    async with web.get("/match") as page:
        assert page.status == 200
        assert "我们公司能拿什么" in await page.text()
    async with web.post("/match", data=FORM, allow_redirects=False) as sent:
        assert sent.status == 303
        address = sent.headers["Location"]
    for _ in range(2):
        async with web.get(address) as result:
            text = await result.text()
            assert result.headers["Referrer-Policy"] == "no-referrer"
    assert "最高约360万元（3000万×12% = 360万 ≤ 上限 600万）" in text
    assert text.count("以主管部门审定为准") == 1
    assert "再回答" in text
    async with services.database.read() as session:
        for table in (Member, CompanyProfile, ProfileConsent):
            assert await session.scalar(select(func.count()).select_from(table)) == 0


async def test_the_form_asks_only_what_benefits_need_and_the_result_shows_only_words_that_decide(
    web: Web,
) -> None:
    async with web.get("/match") as page:
        assert "是小微企业" not in await page.text()
    async with web.post("/match", data={**FORM, "hightech_status": "first"}) as result:
        text = await result.text()
    assert "首次认定的高新技术企业" in text
    assert "行动计划（2024—2028年）》</li>" not in text


async def test_a_few_more_answers_go_on_from_the_result(web: Web) -> None:
    async with web.post("/match", data=FORM, allow_redirects=False) as sent:
        token = sent.headers["Location"].rpartition("/")[2]
    more = {"f": token, "key_breakthrough_project": "yes"}
    async with web.post("/match", data=more) as result:
        text = await result.text()
    assert "重大技改项目支持" in text
    assert "只能选一项，金额不能相加" in text


async def test_a_sentence_is_read_into_the_form(web: Web) -> None:
    story = {"story": "我们公司在黄岛做海水淡化设备，今年技改设备投资3000万，对接了一家持有单位"}
    async with web.post("/match", data=story) as result:
        text = await result.text()
    assert "360万元" in text
    assert "海水淡化" in text


@pytest.mark.parametrize(
    ("form", "said"),
    [({}, "还没有填写"), ({"equipment_investment_cny": "三千"}, "填得不对"), ({"place": "moon"}, "填得不对")],
)
async def test_what_cannot_be_read_is_said_and_the_rest_stays(
    web: Web, form: dict[str, str], said: str
) -> None:
    async with web.post("/match", data=form) as answer:
        assert answer.status == 422
        assert said in await answer.text()


@pytest.mark.parametrize("token", ["x", "A" * 40, "_" * 3999])
async def test_an_address_that_we_did_not_make_shows_a_way_on(web: Web, token: str) -> None:
    async with web.get(f"/match/r/{token}") as answer:
        assert answer.status == 404
        assert "从头再填" in await answer.text()
    async with web.get("/match", params={"f": token}) as answer:
        assert answer.status == 404


def _facts() -> st.SearchStrategy[dict[str, Any]]:
    def value(kind: str, options: list[str]) -> st.SearchStrategy[Any]:
        return {
            "bool": st.booleans(),
            "choice": st.sampled_from(options) if options else st.nothing(),
            "multi": st.lists(st.sampled_from(options), unique=True, max_size=4) if options else st.nothing(),
        }.get(kind, st.integers(0, 10**6))

    return st.fixed_dictionaries(
        {}, optional={fact.id: value(fact.type, sorted(fact.option_ids)) for fact in FACTS.all}
    )


@given(_facts())
def test_a_link_gives_back_the_facts_it_was_made_of_and_no_other_makes_one(raw: dict[str, Any]) -> None:
    told = FACTS.read(raw)
    token = LINKS.token(told)
    assert LINKS.read(token, FACTS) == told
    assert LINKS.page(told).endswith(token)
    with pytest.raises(BadFactLinkError):
        FactLinks(b"t" * 32, "https://policy.example").read(token, FACTS)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_a_link(typed: str) -> None:
    with pytest.raises(BadFactLinkError):
        LINKS.read(typed, FACTS)


@given(st.dictionaries(st.sampled_from([fact.id for fact in FACTS.all]), st.text(max_size=20), max_size=8))
def test_no_form_breaks_the_reading(fields: dict[str, str]) -> None:
    told, wrong = told_in_form(MultiDict(fields), FACTS)
    assert FACTS.read(told) == told
    assert all(sentence for sentence in wrong)


async def test_the_members_own_view_shows_what_fits_what_is_open_and_what_was_applied_for(
    web: Web, chat: Chat, context: Context
) -> None:
    await context.windows.put([WindowFields(22, date(2026, 3, 1), date(2026, 3, 31), "技改奖补申报", "")])
    member_id = await context.members.ensure(chat.openid)
    await context.profiles.keep(
        member_id,
        {
            "org_kind": "enterprise",
            "place": "new_area",
            "equipment_investment_cny": 30_000_000,
            "linked_with_holder": True,
        },
    )
    (window,) = await context.windows.all()
    await chat.says(f"已申报 {window.id}")
    shown = await chat.says("我的订阅")
    await chat.says("导出我的数据")
    (address,) = [link for link in chat.last.links.values() if "/me?t=" in link]
    token = address.partition("?t=")[2]
    async with web.post("/me/enter", data={"t": token}, allow_redirects=False) as entered:
        cookie = entered.cookies
    assert shown is not None
    async with web.get("/me/company", cookies={name: value.value for name, value in cookie.items()}) as page:
        text = await page.text()
    assert page.status == 200
    for said in ("对得上、正在申报的", "技改奖补申报", "已申报的", "360万元", "删除保存的公司情况"):
        assert said in text
    form = text.partition('name="form" value="')[2].partition('"')[0]
    async with web.post(
        "/me/company",
        data={"form": form, "do": "erase"},
        cookies={name: value.value for name, value in cookie.items()},
        allow_redirects=False,
    ) as erased:
        assert erased.status == 303
    assert await context.profiles.of_member(member_id) is None


@pytest.mark.browser
async def test_the_form_and_the_result_are_in_order_on_a_phone(phone: Phone) -> None:
    await phone.opens("/match")
    await phone.is_in_order()
    await phone.keeps("match-form")
    await phone.page.fill(
        "#story", "我们公司在黄岛做海水淡化设备，高企，技改设备投资3000万元，对接了一家持有单位"
    )
    await phone.page.click("text=看看能拿什么")
    await phone.page.wait_for_selector("text=很可能符合")
    await phone.is_in_order()
    await phone.keeps("match-result")
    await phone.page.check("input[name=national_tech_upgrade_pilot][value=yes]")
    await phone.page.click("text=再对一遍")
    await phone.page.wait_for_selector("text=国家制造业新型技术改造试点")
