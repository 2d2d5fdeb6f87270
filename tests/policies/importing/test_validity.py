"""When a document is in force is read from its closing words, wherever they stand; its clauses carry the last day."""

from datetime import date

import pytest

from policies.importing.files.documents import read_document
from policies.importing.proposal.propose import Proposal, propose
from policies.library.validity import closes_a_document, validity_in

ISSUED = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        (
            "本措施自2026年4月1日起施行，有效期至2029年3月31日，由区工信局负责解释。",
            "2026-04-01",
            "2029-03-31",
        ),
        ("本办法自印发之日起施行，有效期五年。", "2026-03-09", "2031-03-08"),
        ("自发布之日起试行，试行期6个月", "2026-03-09", "2026-09-08"),
        ("本政策有效期为2026年1月1日至2028年12月31日。", "2026-01-01", "2028-12-31"),
        ("现印发给你们，请抓好落实。有效期至2026年12月31日。", None, "2026-12-31"),
        ("本办法自2026年7月1日起施行。", "2026-07-01", None),
    ],
)
def test_the_period_of_a_document_in_every_form(text: str, begins: str | None, ends: str | None) -> None:
    found = validity_in(text, ISSUED)
    assert found is not None
    assert [str(found.begins), str(found.ends)] == [str(begins), str(ends)]


@pytest.mark.parametrize(
    "text",
    [
        "对取得证书（有效期3年）的企业给予奖励。",
        "合同有效期至2028年1月1日的给予补贴。",
        "自2026年1月1日起实施的技改项目，给予10万元补助。",
        "由区商务局负责解释。",
    ],
)
def test_the_period_of_something_else_is_none_of_the_document(text: str) -> None:
    assert validity_in(text, ISSUED) is None


def proposed(*lines: str) -> Proposal:
    return propose(read_document("a.txt", "\n".join(("双城县若干措施", *lines)).encode()))


ARTICLES = ("第一条 对首次入规企业给予10万元奖励。", "第二条 对技改给予8%补助。")


@pytest.mark.parametrize(
    "closing", ["第三条 本措施自2026年4月1日起施行，有效期3年。", "本措施自2026年4月1日起施行，有效期3年。"]
)
def test_every_clause_carries_the_last_day_of_its_document(closing: str) -> None:
    made = proposed(*ARTICLES, closing)
    assert {policy.valid_until for policy in made.document.policies} == {date(2029, 3, 31)}
    assert "validity" in {warning.code for warning in made.report.warnings}


def test_an_article_that_only_closes_a_document_stays_a_clause_and_is_no_support() -> None:
    made = proposed(*ARTICLES, "第三条 本措施由县工信局负责解释。")
    assert [policy.label for policy in made.document.policies] == ["第一条", "第二条", "第三条"]
    [said] = [warning for warning in made.report.warnings if warning.code == "closing_article"]
    assert said.where == "第三条"
    assert not closes_a_document("本条由县工信局负责解释，给予10万元奖励。")


def test_two_sets_of_rules_in_one_file_have_periods_of_their_own() -> None:
    first = ("一、民宿办法", *ARTICLES, "第三条 本办法自2026年7月1日起施行，有效期2年。")
    second = ("二、养老办法", *ARTICLES, "第三条 本办法自2026年1月1日起施行，有效期5年。")
    ends = [policy.valid_until for policy in proposed("县政府", *first, *second).document.policies]
    assert ends == [date(2028, 6, 30)] * 3 + [date(2030, 12, 31)] * 3
