"""How to apply, asked in one breath with the policy; the department's other clauses, asked of the clause on the screen."""

import pytest

from handlers.framework.context import Context
from tests.handlers.chat import Chat


@pytest.mark.parametrize(
    ("typed", "office"),
    [
        ("第22条怎么申请", "区工信局"),
        ("首台套怎么报", "区工信局"),
        ("高企认定怎么办理", "区新质生产力促进中心"),
        ("第10条申报流程", "区新质生产力促进中心"),
        ("怎么申请小巨人", "区工商联"),
    ],
)
async def test_it_is_said_under_the_clause(chat: Chat, typed: str, office: str) -> None:
    shown = (await chat.says(typed)).text
    assert f"文件没有写申报流程、材料和电话，请向{office}" in shown


@pytest.mark.parametrize("typed", ["新材料怎么补", "第22条", "创新券怎么用"])
async def test_other_questions_are_not_answered_so(chat: Chat, typed: str) -> None:
    assert "文件没有写申报流程" not in (await chat.says(typed)).text


@pytest.mark.parametrize(
    "typed",
    [
        "那个部门还有别的吗",
        "这个局还有什么政策",
        "该部门还管哪些",
        "他们还有别的政策吗",
        "负责的部门还有其他补贴吗",
    ],
)
async def test_the_department_of_the_clause_has_its_list(chat: Chat, context: Context, typed: str) -> None:
    await chat.says("第22条")
    count = len(context.knowledge.index.of_department("区工信局"))
    assert f"区工信局负责的条款，共{count}条" in (await chat.says(typed)).text


@pytest.mark.parametrize(
    ("typed", "said"), [("负责部门有哪些", "负责部门：区工信局"), ("还有别的吗", "相近的还有")]
)
async def test_who_is_responsible_and_what_is_alike_stay_what_they_are(
    chat: Chat, typed: str, said: str
) -> None:
    await chat.says("第22条")
    assert said in (await chat.says(typed)).text
