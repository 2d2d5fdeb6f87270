"""企业对照 at the desk: a clause's sentences beside their conditions, changed by one person and approved by another."""

import html
import re
from typing import Any

import pytest

from policies.company_facts.match_service import load_match_service
from policies.company_facts.rules_watch import RulesWatch
from policies.district.models import DistrictPart
from policies.district.store import DistrictStore
from policies.importing.imports import Imports
from policies.library.library_file import load_library
from policies.matching.catalogue import load_catalogue
from policies.matching.drafting import drafted
from policies.matching.sums import Share
from policies.publishing.drafts import Drafts
from policies.publishing.store import PolicyStore
from storage.clock import system_clock
from storage.sql.database import Database
from subscriptions.directory import Members
from subscriptions.profiles.profiles import Profiles
from tests.console.conftest import tokens_of

HOME = "/console/matching"
NEW_DOCUMENT = """滨江区扶持办法
第一条 对企业新建数字车间的，给予最高30万元奖励（区工信局）。
第二条 对新认定的孵化器，给予50万元一次性奖励（区科技局）。
"""
SERVICE = load_match_service()
FITS = {
    "org_kind": "enterprise",
    "place": "new_area",
    "equipment_investment_cny": 30_000_000,
    "linked_with_holder": True,
}


async def fields_of(client: Any, clause: int, benefit: str) -> dict[str, str]:
    """The form of a benefit as the page fills it in."""
    page = await (await client.get(f"{HOME}/clauses/{clause}")).text()
    forms = re.findall(r"<form method=\"post\" action=\"/console/matching/clauses.*?</form>", page, re.DOTALL)
    [form] = [form for form in forms if f'name="id" value="{benefit}"' in form]
    inputs = re.findall(r'<input (?=[^>]*name="(\w+)")(?![^>]*checkbox)[^>]*value="([^"]*)"', form)
    areas = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form, re.DOTALL)
    selected = re.findall(r'<select[^>]*name="(\w+)".*?<option value="(\w+)" selected', form, re.DOTALL)
    return {name: html.unescape(value) for name, value in (*inputs, *areas, *selected)}


async def test_every_sentence_stands_beside_its_condition(editor: Any) -> None:
    page = await (await editor.get(f"{HOME}/clauses/22")).text()
    assert "22a 技术改造设备投资奖补" in page
    assert re.search(
        r"<td class=\"name\">年度设备投资额</td><td class=\"lines\">年度技改设备投资额 大于 0", page
    )
    overview = await (await editor.get(HOME)).text()
    assert "第22条" in overview
    assert "还没有成员保存公司情况" in overview


async def test_a_benefit_is_tried_on_a_company_told_in_a_sentence(editor: Any) -> None:
    story = "我们公司在黄岛，技改设备投资3000万元，对接了一家持有单位"
    page = await (await editor.get(f"{HOME}/clauses/22", params={"story": story})).text()
    assert "看起来符合" in page
    assert "3,600,000" in page


async def test_a_change_is_in_effect_after_a_second_person_looked_at_it(
    editor: Any, approver: Any, sqlite_database: Database
) -> None:
    store = PolicyStore(sqlite_database, system_clock)
    catalogue = load_catalogue(await store.rules())
    watch = RulesWatch(store, lambda *now: catalogue.become(load_catalogue(*now)))
    await watch.refresh()
    typed = await fields_of(editor, 22, "22a") | {"title": "技改设备奖补（改）"}
    saved = await editor.post(f"{HOME}/clauses/22", data=typed)
    assert "另一位同事审批后生效" in await saved.text()
    assert await watch.refresh() is False
    own = await (await editor.get(f"{HOME}/clauses/22")).text()
    assert "有您本人的修改" in own
    page = await (await approver.get(f"{HOME}/clauses/22")).text()
    assert "技改设备奖补（改）" in page
    tokens = await tokens_of(approver, f"{HOME}/clauses/22", f"{HOME}/approve")
    done = await approver.post(f"{HOME}/approve", data=tokens)
    assert "已生效" in await done.text()
    assert await watch.refresh() is True
    (changed,) = [one for one in catalogue.benefits if one.id == "22a"]
    (before,) = [one for one in SERVICE.catalogue.benefits if one.id == "22a"]
    assert changed.title == "技改设备奖补（改）"
    assert (changed.conditions, changed.sum) == (before.conditions, before.sum)


async def test_conditions_that_were_sent_back_wait_for_their_authors(editor: Any, approver: Any) -> None:
    typed = await fields_of(editor, 22, "22a") | {"title": "技改设备奖补（改）"}
    await editor.post(f"{HOME}/clauses/22", data=typed)
    assert "1 份测算条件的修改等待审批" in await (await editor.get("/console/")).text()
    back = await tokens_of(approver, f"{HOME}/clauses/22", f"{HOME}/return")
    await approver.post(f"{HOME}/return", data=back | {"reason": "标题有误"})
    overview = await (await editor.get("/console/")).text()
    assert "1 份测算条件已退回，等待修改" in overview
    assert "份测算条件的修改等待审批" not in overview


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"conditions": "注册（工作）所在地｜是｜已在西海岸新区注册｜视情况而定"}, "不在条文里"),
        ({"conditions": "颜色｜是｜红｜支持新区企业"}, "没有“颜色”这个事实"),
        ({"conditions": "支持新区企业"}, "应写成"),
        ({"sum": "600万"}, "金额标准应写成"),
        ({"excludes": "22z"}, "不存在"),
    ],
)
async def test_what_the_clause_does_not_bear_out_is_not_saved_and_stays_typed(
    editor: Any, wrong: dict[str, str], said: str
) -> None:
    answer = await editor.post(f"{HOME}/clauses/22", data=await fields_of(editor, 22, "22a") | wrong)
    assert answer.status == 422
    page = html.unescape(await answer.text())
    assert said in page
    assert next(iter(wrong.values())) in page


async def test_the_desk_sees_how_many_companies_a_clause_fits_and_what_they_lack(
    editor: Any, sqlite_database: Database
) -> None:
    members, profiles = Members(sqlite_database, system_clock), Profiles(sqlite_database, system_clock)
    fitting, other = [await members.ensure(openid) for openid in ("oFits", "oOther")]
    await profiles.keep(fitting, FITS)
    await profiles.want_alerts(fitting, wanted=True)
    await profiles.keep(other, {"place": "elsewhere", "org_kind": "enterprise"})
    page = await (await editor.get(f"{HOME}/clauses/22")).text()
    assert "2 位成员保存了公司情况，其中 1 位与这一条对得上；1 位选择了按情况提醒" in page
    assert "国家制造业新型技术改造试点" in await (await editor.get(HOME)).text()
    own = await (await editor.get(f"{HOME}/members/{fitting}")).text()
    assert "最高约360万元" in own
    assert "年度技改设备投资额" in own


def test_amounts_of_a_new_clause_give_benefits_to_complete() -> None:
    policies = {policy.key: policy for policy in load_library().policies}
    found = drafted(policies[8], SERVICE.facts)
    assert [one.id for one in found] == ["8a", "8b", "8c"]
    assert all(one.sum is not None and one.sum.quote in policies[8].text for one in found)
    assert all(one.draft and not one.conditions for one in found)
    shares = [one.sum for key in (22, 39, 45) for one in drafted(policies[key], SERVICE.facts) if one.sum]
    bases = {base for rule in shares if isinstance(rule, Share) for base in rule.of}
    assert bases == {
        "equipment_investment_cny",
        "distant_vessel_price_cny",
        "desalination_fixed_investment_cny",
    }


async def test_an_import_drafts_benefits_of_its_new_clauses_and_giving_it_up_takes_them_back(
    editor: Any, approver: Any, sqlite_database: Database
) -> None:
    store, drafts = PolicyStore(sqlite_database, system_clock), Drafts(sqlite_database, system_clock)
    district = DistrictStore(sqlite_database, system_clock)
    imports = Imports(sqlite_database, system_clock, store, drafts)

    async def waiting() -> dict[str, Any]:
        proposal = (await district.parts())[DistrictPart.BENEFITS].proposal
        found = proposal.content.root["benefits"] if proposal else []  # type: ignore[attr-defined]
        return {one["id"]: one for one in found if one.get("draft")}

    import_id = await imports.read("新.txt", NEW_DOCUMENT.encode(), document="town", new=True, author="li")
    one = await imports.get(import_id)
    assert one is not None
    assert [benefit.sum.cny for benefit in one.proposal.benefits] == [300_000, 500_000]  # type: ignore[union-attr]
    made = await imports.make_drafts(one, author="li")
    key = next(draft.policy.key for draft in made if draft.policy and "数字车间" in draft.policy.text)
    assert f"{key}a" in await waiting()
    assert not load_catalogue(await store.rules()).by_clause.get(key)
    typed = await fields_of(editor, key, f"{key}a")
    assert typed["sum"].startswith("最高｜30万元｜")
    refused = await editor.post(f"{HOME}/clauses/{key}", data=typed)
    assert "请至少写一个条件" in await refused.text()
    done = typed | {"conditions": "主体类型｜是｜企业（公司）｜对企业"}
    await editor.post(f"{HOME}/clauses/{key}", data=done)
    assert f"{key}a" not in await waiting()
    again = await imports.get(import_id)
    assert again is not None
    await imports.give_up(again)
    assert await waiting() == {}


async def test_a_broadcast_by_condition_says_how_many_it_reaches(
    editor: Any, sqlite_database: Database
) -> None:
    members, profiles = Members(sqlite_database, system_clock), Profiles(sqlite_database, system_clock)
    for number, facts in enumerate((FITS, FITS, {"place": "elsewhere"})):
        member_id = await members.ensure(f"o{number}")
        await profiles.keep(member_id, facts)
        await profiles.want_alerts(member_id, wanted=number != 1)
    tokens = await tokens_of(editor, "/console/broadcasts/new", "")
    typed = {
        "title": "技改说明会",
        "body": "周五下午",
        "url": "",
        "channel": "auto",
        "audience": "fits",
        "clause": "22",
    }
    times = {"send_at": "", "last_at": ""}
    phone = await editor.post("/console/broadcasts/phone", data=tokens | typed | times)
    assert "将发给 <strong>1</strong> 人" in await phone.text()
    tokens = await tokens_of(editor, "/console/broadcasts/new", "")
    made = await editor.post("/console/broadcasts/new", data=tokens | typed | times)
    assert "公司情况与第22条对得上" in await made.text()
    tokens = await tokens_of(editor, "/console/broadcasts/new", "")
    none = await editor.post("/console/broadcasts/new", data=tokens | typed | times | {"clause": ""})
    assert "请选择按哪一条的条件发送" in await none.text()
