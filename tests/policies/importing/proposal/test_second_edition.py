"""An edition is compared with the one before: what changed, what only moved, and what stays as a person left it."""

import re
from pathlib import Path

from policies.importing.document.blocks import ParsedDocument
from policies.importing.files.documents import read_document
from policies.importing.proposal.propose import propose
from policies.library.changes import ChangeKind
from policies.library.models import Department, Document, Policy, TrackList

DOCUMENT = (Path(__file__).parents[3] / "data" / "compendium.txt").read_bytes()


def by_key(document: Document) -> dict[int, Policy]:
    return {policy.key: policy for policy in document.policies}


def test_the_same_document_again_changes_nothing(
    compendium: Document, departments: tuple[Department, ...], tracks: TrackList
) -> None:
    again = propose(
        read_document("compendium.txt", DOCUMENT), compendium, departments=departments, tracks=tracks.tracks
    )
    assert (again.changes, again.surroundings, again.renumbered) == ((), None, ())
    (remark,) = again.remarks
    assert "可能是同一版重新录入" in remark
    assert again.document == compendium


def second_edition() -> ParsedDocument:
    """A changed sum in 2, a changed word in 36, a clause more after 47 (so 48 and 49 move), 14 taken out."""
    text = DOCUMENT.decode()
    text = text.replace("给予最高200万元的专项支持", "给予最高300万元的专项支持")
    text = text.replace("加强海洋人才激励。", "加强海洋人才激励与服务。")
    text = text.replace("49. 鼓励蓝色金融", "50. 鼓励蓝色金融").replace("48. 加快建设", "49. 加快建设")
    added = "48. 支持海洋文旅。对新评定的海洋旅游项目给予最高80万元奖补。(责任单位:市海洋发展局、市财政局)"
    text = text.replace("49. 加快建设现代海洋", f"{added}\n\n49. 加快建设现代海洋")
    return read_document(
        "second.txt", re.sub(r"14\. 按照.*?海域使用金（区海洋发展局）。", "", text, flags=re.DOTALL).encode()
    )


def test_a_second_edition_is_read_as_changes(
    compendium: Document, departments: tuple[Department, ...], tracks: TrackList
) -> None:
    proposal = propose(second_edition(), compendium, departments=departments, tracks=tracks.tracks)
    changes = {change.key: change for change in proposal.changes}
    assert {number: change.kind for number, change in changes.items()} == {
        2: ChangeKind.CHANGED,
        14: ChangeKind.GONE,
        36: ChangeKind.CHANGED,
        48: ChangeKind.CHANGED,  # its number alone
        49: ChangeKind.CHANGED,
        50: ChangeKind.NEW,
    }
    (figure,) = changes[2].moved_figures
    assert (figure.what, figure.before, figure.after) == (
        "三等奖及以上获奖项目",
        "最高200万元",
        "最高300万元",
    )
    assert changes[36].moved_figures == ()
    assert changes[36].fields == ("text",)
    assert proposal.renumbered == (("48", "49"), ("49", "50"))
    assert "“13”之后是“15”，中间的编号没有识别到，请核对" in proposal.remarks
    new = by_key(proposal.document)[50]
    assert new.label == "48"
    assert new.title == "支持海洋文旅"
    assert [amount.max_cny for amount in new.amounts] == [800_000]


def test_what_a_person_added_goes_with_a_renumbered_clause(
    compendium: Document, departments: tuple[Department, ...]
) -> None:
    proposal = propose(second_edition(), compendium, departments=departments)
    moved, known = by_key(proposal.document)[49], by_key(compendium)[49]
    assert moved == known.model_copy(update={"label": "50"})


def test_another_printing_of_the_same_words_is_no_change(
    compendium: Document, departments: tuple[Department, ...]
) -> None:
    text = DOCUMENT.decode().replace(" 万元", "万元").replace(",", "，").replace("(", "（").replace(")", "）")
    proposal = propose(read_document("a.txt", text.encode()), compendium, departments=departments)
    assert (proposal.changes, proposal.surroundings) == ((), None)
