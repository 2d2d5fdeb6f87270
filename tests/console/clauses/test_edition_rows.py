"""The pairs of an edition as the desk lists them, and what a form corrects of them."""

from datetime import UTC, datetime

from console.clauses.edition_rows import SHOWN, EditionView
from policies.importing.edition_import import EditionImport, ImportState
from policies.importing.files.documents import read_document
from policies.importing.pairing.pairs import NO_CHOICES, Choices, PairKind
from policies.importing.proposal.propose import propose
from policies.importing.structure.outline import Structure
from tests.policies.importing.editions import Parts, as_text, seed


def view(parts: Parts, choices: Choices = NO_CHOICES) -> EditionView:
    document, _ = seed()
    proposal = propose(read_document("a.txt", as_text(document, parts)), document, choices=choices)
    at = datetime(2026, 11, 2, tzinfo=UTC)
    return EditionView(
        EditionImport(
            1,
            document.id,
            "a.txt",
            Structure.AUTO,
            ImportState.OPEN,
            document,
            proposal,
            choices,
            {},
            1,
            "li",
            at,
        )
    )


def form_of(one: EditionView) -> dict[str, str]:
    """The form as a browser sends it when nothing was typed."""
    return {
        row.field: row.typed
        for group in one.groups()
        for row in group.rows
        if group.kind is not PairKind.UNCHANGED
    }


def mixed() -> Parts:
    """4 and 5 are joined, 38 is split, 12 is gone, one is new."""
    _, parts = seed()
    texts = parts[11][2]
    cut = texts[3].index("。", len(texts[3]) // 3) + 1
    texts[3:4] = [texts[3][:cut], texts[3][cut:]]
    parts[2][2][0] += parts[2][2].pop(1)
    parts[4][2].pop(1)
    parts[5][2].append("鼓励夜间集市安排流动厕所与母婴室，对摊主免收首季度摊位费（区商务局）。")
    return parts


def test_a_form_sent_as_it_came_corrects_nothing() -> None:
    one = view(mixed())
    assert {
        kind: n for kind, n in one.counts.items() if kind not in {PairKind.UNCHANGED, PairKind.RENUMBERED}
    } == {
        PairKind.SPLIT: 2,
        PairKind.JOINED: 2,
        PairKind.GONE: 1,
        PairKind.NEW: 1,
    }
    rows = [row for group in one.groups() for row in group.rows]
    assert len({row.field for row in rows}) == len(rows), "each pair has a field of its own"
    assert one.corrected(form_of(one), NO_CHOICES) == (NO_CHOICES, [])


def test_each_of_the_joined_clauses_can_be_taken_out() -> None:
    one = view(mixed())
    joined = next(group for group in one.groups() if group.kind is PairKind.JOINED)
    part = next(row for row in joined.rows if row.asks_ending)
    choices, wrong = one.corrected({**form_of(one), part.field: ""}, NO_CHOICES)
    assert part.old is not None
    assert (choices, wrong) == (Choices({}, {part.old.label: None}), [])
    again = view(mixed(), choices)
    assert PairKind.JOINED not in again.counts
    assert again.counts[PairKind.GONE] == 2


def test_clauses_are_typed_as_people_write_them_and_what_is_none_is_told() -> None:
    one = view(mixed())
    [new] = next(group.rows for group in one.groups() if group.kind is PairKind.NEW)
    assert new.new is not None
    assert one.corrected({new.field: " 第 12 条"}, NO_CHOICES) == (Choices({new.new.label: "12"}, {}), [])
    assert one.corrected({new.field: "第九十九条"}, NO_CHOICES) == (NO_CHOICES, ["第九十九条"])


def test_a_kind_with_many_pairs_goes_on_on_the_next_page() -> None:
    document, parts = seed()
    many = [(title, preamble, [f"{text}甲" for text in texts * 2]) for title, preamble, texts in parts]
    one = view(many)
    assert document.policies
    [group] = one.groups("new")
    assert (group.count, len(group.rows), group.folded) == (49, 49, False)
    assert [len(group.rows) for group in one.groups("new", 40)] == [9]
    assert SHOWN >= 49
