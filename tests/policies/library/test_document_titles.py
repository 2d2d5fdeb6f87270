"""What stands before a clause's number where there are several documents: short enough for a phone, each another one."""

import pytest

from policies.library.document_titles import short_name
from policies.library.library import Library
from tests.policies.second_document import second_document


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("临港新城促进现代服务业高质量发展若干措施", "现代服务业若干措施"),
        ("某市人民政府关于进一步支持生物医药产业创新发展的若干政策措施", "生物医药产业若干政策措施"),
        ("某区人民政府关于印发《某区人才安居办法》的通知", "某区人才安居办法"),
        ("先进技术产品转化应用试点政策摘编", "先进技术产品转化应用试点政策摘编"),
        ("云岭县惠企政策", "云岭县惠企政策"),
        ("青山区二〇二六年惠企利民政策汇编（第一批）", "二〇二六年惠企利民政策汇编（第一批）"),
        ("澜江市临江区文旅产业发展专项资金使用管理暂行办法", "文旅产业发展专项资金使用管理暂行办法"),
        (
            "城市更新行动中老旧厂区改造利用与产业导入支持政策实施细则",
            "城市更新行动中老旧厂…入支持政策实施细则",
        ),
        (
            "青山新区海洋经济高质量发展专项资金管理办法实施细则（试行）",
            "海洋经济高质量发展专…金管理办法实施细则",
        ),
    ],
)
def test_a_long_title_is_called_by_its_subject_and_kind(title: str, name: str) -> None:
    assert short_name(title) == name


def test_documents_that_would_be_called_the_same_are_told_apart() -> None:
    first = second_document()
    other = first.model_copy(
        update={"id": "b", "title": first.title.replace("临港新城", "滨湖新城"), "policies": ()}
    )
    later = first.model_copy(update={"id": "c", "edition": "2027年3月", "policies": ()})
    titles = {one.id: one.title for one in (first, other)}
    assert Library.of([first, other]).short_names == titles
    assert Library.of([first, later]).short_names == {
        "lingang": f"{first.title}（{first.edition}）",
        "c": f"{first.title}（2027年3月）",
    }
    named = later.model_copy(update={"short_name": "明年的措施"})
    assert Library.of([first, named]).short_names == {"lingang": "现代服务业若干措施", "c": "明年的措施"}
