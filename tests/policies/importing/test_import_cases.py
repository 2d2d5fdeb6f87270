"""Documents in the shapes that cities really use are read as a careful official reads them."""

import json
from pathlib import Path

import pytest

from bench.import_cases import pair_faults, read_case, score
from policies.library.models import Document

CASES = Path(__file__).parents[2] / "data" / "import"
TRUTHS = sorted((CASES / "truth").glob("[!e]*.json"))
EDITIONS = sorted((CASES / "truth").glob("edition-*.json"))


@pytest.mark.parametrize("path", TRUTHS, ids=lambda path: path.stem)
def test_a_document_is_read_clause_by_clause(path: Path, compendium: Document) -> None:
    truth = json.loads(path.read_text(encoding="utf-8"))
    proposal, refused = read_case(CASES / truth["file"], compendium)
    found = score(truth, proposal, refused)
    assert found.remarks == []
    assert found.good


@pytest.mark.parametrize("path", EDITIONS, ids=lambda path: path.stem)
def test_an_edition_is_paired_by_what_it_says(path: Path, compendium: Document) -> None:
    truth = json.loads(path.read_text(encoding="utf-8"))
    proposal, _ = read_case(CASES / truth["file"], compendium)
    assert proposal is not None
    assert pair_faults(truth, proposal["pairs"]) == []


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("d1b.docx", {"numbered_by_import", "inner_numbers", "merged_cells", "columns_left_out"}),
        ("d2c.docx", {"restart"}),
        ("d3.docx", {"tracked", "hidden", "table_inside", "text_box", "footnote", "content_control"}),
        ("d5.docx", {"footnote"}),
        ("t1.txt", {"attachment"}),
        ("t10.txt", {"notice", "restart", "part_left_out"}),
        ("t13.txt", {"note"}),
        ("t15.txt", {"contents"}),
        ("t16.txt", {"gap"}),
        ("t3.txt", {"no_departments"}),
        ("t4b.txt", {"closing"}),
        ("t9.txt", {"restart", "departments_inherited"}),
        ("e6.txt", {"new_department", "department_gone"}),
    ],
)
def test_what_the_operator_has_to_know_is_said(name: str, codes: set[str], compendium: Document) -> None:
    proposal, _ = read_case(CASES / name, compendium)
    assert proposal is not None
    assert codes <= {warning["code"] for warning in proposal["warnings"]}


@pytest.mark.parametrize("file", sorted(CASES.glob("*.*")), ids=lambda file: file.name)
def test_every_line_is_in_a_clause_a_heading_or_the_list_of_what_was_left_out(
    file: Path, compendium: Document
) -> None:
    from policies.importing.files.documents import read_document

    proposal, _ = read_case(file, compendium)
    assert proposal is not None
    heads = [clause["label"] for clause in proposal["clauses"]]
    said = [text for one in proposal["clauses"] for text in (one["text"], "、".join(one["departments"]))]
    kept = squeezed("\n".join([*proposal["sections"], *proposal["not_clauses"], *said]))
    for text in read_document(file.name, file.read_bytes()).texts():
        for line in text.split("\n"):
            rest = squeezed(line).lstrip("★")
            assert any(
                rest.removeprefix(squeezed(cut)).lstrip(".、。．：:") in kept for cut in ("", *heads)
            ), line


def squeezed(text: str) -> str:
    return "".join(text.split())
