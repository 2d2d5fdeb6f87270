"""A clause's answer: everything the contract promises, verbatim, in messages WeChat takes."""

import re
from datetime import date

import pytest

from bot.runtime.services import Services
from handlers.answers.clause import basis_text, clause_text
from handlers.application_windows.window_lines import open_line
from handlers.commands.paging import parts_of
from handlers.framework.context import Context
from policies.library.library_file import load_library
from policies.library.models import Basis, Policy
from policies.windows.window import Window
from policies.windows.window_fields import WindowFields
from tests.handlers.chat import Chat
from tests.kit.properties import given, st

POLICIES = load_library().policies
TODAY = date(2026, 3, 2)
ADDRESS = "https://policy.example/p/1"
MORE = re.compile(r"\n（未完，<a [^>]+>下一页</a>继续）$")
APPLYING = open_line(
    Window(
        1, 22, "2026年技改奖补", date(2026, 3, 1), date(2026, 4, 30), "https://apply.example/22", sample=False
    ),
    TODAY,
)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: str(policy.key))
def test_each_clause_of_the_compendium_fits_into_one_message(policy: Policy) -> None:
    text = clause_text(policy, f"第{policy.label}条", [], TODAY, ADDRESS)
    assert parts_of(text) == [text]
    assert text.startswith(f"第{policy.key}条 {policy.title}\n{policy.text}\n")
    assert all(f"《{basis.title}》" in text and basis.doc_no in text for basis in policy.basis)
    assert f"部门：{'、'.join(policy.departments)}" in text
    assert f'<a href="{ADDRESS}">' in text


@given(
    policy=st.builds(
        Policy,
        key=st.integers(1, 10**6),
        label=st.integers(1, 10**6).map(str),
        document=st.just("xihaian"),
        section=st.just(1),
        title=st.text(min_size=1, max_size=80),
        text=st.text(
            st.sampled_from("按照支持给予最高奖补，。；（）、0123456789万元%<a\n海洋"),
            min_size=1,
            max_size=6000,
        ),
        basis=st.just((Basis(title="实施方案", doc_no="青政办字〔2025〕13号"),)),
        departments=st.lists(st.text(min_size=1, max_size=20), max_size=12).map(tuple),
    )
)
def test_any_clause_leaves_in_parts_that_together_are_verbatim(policy: Policy) -> None:
    text = clause_text(policy, f"第{policy.label}条", [APPLYING], TODAY, ADDRESS)
    parts = parts_of(text)
    assert all(len(part.encode()) <= 2048 for part in parts)
    shown = "".join(MORE.sub("", part) for part in parts)
    assert "".join(shown.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("basis", "shown"),
    [
        (Basis(title="若干政策措施", doc_no="青政发〔2024〕11号"), "《若干政策措施》（青政发〔2024〕11号）"),
        (Basis(title="若干政策措施"), "《若干政策措施》"),
    ],
)
def test_a_basis_is_named_with_its_number_where_it_has_one(basis: Basis, shown: str) -> None:
    assert basis_text(basis) == shown


@pytest.mark.parametrize(
    ("today", "said"), [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2030, 1, 1), True)]
)
def test_a_period_that_is_over_is_said_from_the_day_after(today: date, said: bool) -> None:
    text = clause_text(POLICIES[10], "第11条", [], today, ADDRESS)
    assert ("期限（至2025年12月31日）已过，是否继续执行请向区工信局、区自然资源局确认" in text) is said
    assert "失效" not in text


async def test_an_open_window_stands_in_the_answer(chat: Chat, services: Services, context: Context) -> None:
    row = WindowFields(22, date(2026, 3, 1), date(2026, 4, 30), "2026年技改奖补", "https://apply.example/22")
    await context.windows.put([row])
    reply = await chat.says("第22条")
    assert "正在申报：2026年技改奖补，2026年4月30日截止" in reply.text
    assert reply.links["申报入口"] == "https://apply.example/22"


async def test_a_sample_window_says_that_it_is_one(chat: Chat, services: Services, context: Context) -> None:
    row = WindowFields(22, date(2026, 3, 1), date(2026, 4, 30), "2026年技改奖补", "")
    await context.windows.put([row], sample=True)
    assert "正在申报（示例）" in (await chat.says("第22条")).text
