"""A cell of a file of windows names clauses by their printed labels, in the document beside it."""

import pytest

from policies.library.library import Library
from policies.windows.clause_cells import ClauseCells
from policies.windows.window_fields import FieldError
from tests.policies.second_document import NAME, TITLE, second_document


@pytest.fixture(scope="module")
def cells(library: Library) -> ClauseCells:
    second = second_document()
    policies = tuple(policy.model_copy(update={"key": 1000 + policy.key}) for policy in second.policies)
    anew = second.model_copy(
        update={
            "id": "anew",
            "title": "另一份清单",
            "policies": tuple(
                policy.model_copy(
                    update={
                        "key": 2000 + at,
                        "document": "anew",
                        "label": "（一）",
                        "path": f"{'一二三四'[policy.section - 1]}（一）",
                    }
                )
                for at, policy in enumerate(second.policies[::3])
            ),
        }
    )
    return ClauseCells.of(
        Library.of([*library.documents, second.model_copy(update={"policies": policies}), anew])
    )


@pytest.mark.parametrize(
    ("cell", "document", "keys"),
    [
        ("22", "", [22]),
        ("第22条、45", "", [22, 45]),
        ("２２", "", [22]),
        ("22.0", "xihaian", [22]),
        ("第三条", "lingang", [1003]),
        ("3", f"《{TITLE}》", [1003]),
        ("第三条；第5条", TITLE, [1003, 1005]),
        ("第三条", NAME, [1003]),
        ("一（一）", "另一份清单", [2000]),
        ("第二十二条", "", [22]),
    ],
)
def test_a_label_is_read_as_its_document_prints_it(
    cells: ClauseCells, cell: str, document: str, keys: list[int]
) -> None:
    assert cells.keys(cell, document) == keys


@pytest.mark.parametrize(
    ("cell", "document", "field", "said"),
    [
        ("99", "", "policy_id", "没有第 99 条"),
        ("第十条", "lingang", "policy_id", "没有第十条"),
        ("三", "lingang", "policy_id", "没有“三”；如果是指第三条，请写成“第三条”"),
        ("（十）", "", "policy_id", "没有“（十）”；如果是指第10条，请写成“10”"),
        ("技改", "", "policy_id", "“技改”不是条款号"),
        ("", "", "policy_id", "请填写条款号"),
        ("22", "无此文件", "document", "没有“无此文件”这份文件；现有：xihaian、lingang、anew"),
        ("（一）", "anew", "policy_id", "有 3 个“（一）”，请写明是哪一个：一(一)、二(一)、三(一)"),
    ],
)
def test_what_is_no_clause_or_several_is_said(
    cells: ClauseCells, cell: str, document: str, field: str, said: str
) -> None:
    with pytest.raises(FieldError) as caught:
        cells.keys(cell, document)
    assert (caught.value.field, caught.value.message) == (field, said)
