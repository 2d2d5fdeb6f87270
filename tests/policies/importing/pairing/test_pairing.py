"""Two editions are compared over the whole document: by what the clauses say first, by their numbers last."""

import itertools
import re
from collections.abc import Sequence

import pytest

from policies.importing.pairing.assignment import best_assignment
from policies.importing.pairing.pair_clauses import pairs_of
from policies.importing.pairing.pairs import Choices, Pair, PairKind, PlacedClause
from policies.library.library_file import load_library
from tests.kit.properties import example, examples, given, st

DOCUMENT = load_library().documents[0]
TITLES = {section.number: section.title for section in DOCUMENT.sections}
SEED = tuple(PlacedClause(one.label, TITLES[one.section], one.text) for one in DOCUMENT.policies)
NO_CHOICES = Choices()
QUIET = {PairKind.UNCHANGED, PairKind.MOVED, PairKind.RENUMBERED}


def numbered(clauses: Sequence[PlacedClause]) -> list[PlacedClause]:
    return [PlacedClause(str(at), one.section, one.text) for at, one in enumerate(clauses, 1)]


def told(
    before: Sequence[PlacedClause], after: Sequence[PlacedClause], choices: Choices = NO_CHOICES
) -> list[tuple[str, str, str]]:
    """Every pair but those unchanged in place."""
    pairs = pairs_of(before, after, choices)
    return [
        (pair.old.label if pair.old else "", pair.new.label if pair.new else "", pair.kind.value)
        for pair in pairs
        if not pair.in_place
    ]


def mains(pairs: Sequence[Pair]) -> dict[str, str]:
    return {pair.new.label: pair.old.label for pair in pairs if pair.continues and pair.new and pair.old}


def raised(text: str) -> str:
    """The text with its last sum ten times as high."""
    return re.sub(r"(\d)( ?)万元(?!.*万元)", r"\g<1>0\2万元", text, flags=re.DOTALL)


@examples(40)
@given(st.permutations(SEED))
def test_an_edition_that_only_puts_its_clauses_elsewhere_changes_none(order: list[PlacedClause]) -> None:
    pairs = pairs_of(SEED, numbered(order))
    assert {pair.kind for pair in pairs} <= QUIET
    texts = {one.label: one.text for one in SEED}
    assert all(texts[old] == order[int(new) - 1].text for new, old in mains(pairs).items())


@examples(40)
@given(
    st.sets(st.integers(0, 48), max_size=10),
    st.sets(st.integers(0, 48), max_size=10),
    st.sets(st.integers(0, 48), max_size=4),
)
@example({26}, {27}, set())  # clause 28 says most of what 27 says
def test_gone_edited_and_new_clauses_are_told_apart_wherever_they_stand(
    gone: set[int], edited: set[int], before_which_new: set[int]
) -> None:
    strange = "鼓励夜间集市安排流动厕所与母婴室，对摊主免收首季度摊位费，由街道统一保洁。序号"
    after: list[PlacedClause] = []
    truth: dict[int, int | None] = {}
    for at, one in enumerate(SEED):
        if at in before_which_new:
            truth[len(after)] = None
            after.append(PlacedClause("", one.section, strange + "甲乙丙丁"[len(truth) % 4] * (at + 1)))
        if at not in gone:
            truth[len(after)] = at
            after.append(PlacedClause("", one.section, raised(one.text) if at in edited else one.text))
    pairs = pairs_of(SEED, numbered(after))
    assert mains(pairs) == {str(new + 1): SEED[old].label for new, old in truth.items() if old is not None}
    for pair in pairs:
        if pair.old is None:
            assert pair.kind is PairKind.NEW
        elif pair.new is None:
            assert pair.kind is PairKind.GONE
            assert int(pair.old.label) - 1 in gone
        elif raised(pair.old.text) == pair.new.text != pair.old.text:
            assert pair.kind in {PairKind.CHANGED, PairKind.CHANGED_AND_MOVED}
        else:
            assert pair.kind in QUIET


@examples(60)
@given(
    st.lists(st.sampled_from(SEED), max_size=12, unique=True), st.lists(st.sampled_from(SEED), max_size=12)
)
def test_every_clause_of_both_editions_is_told_once(old: list[PlacedClause], new: list[PlacedClause]) -> None:
    before, after = numbered(old), numbered(new)
    pairs = pairs_of(before, after)
    assert {id(pair.old) for pair in pairs if pair.old} == {id(one) for one in before}
    assert {id(pair.new) for pair in pairs if pair.new} == {id(one) for one in after}
    going_on = [pair.old.label for pair in pairs if pair.continues and pair.old]
    assert len(going_on) == len(set(going_on)), "no clause goes on twice"


@pytest.mark.parametrize("clause", [one for one in SEED if "万元" in one.text], ids=lambda one: one.label)
def test_a_sum_that_changes_is_a_change(clause: PlacedClause) -> None:
    assert told([clause], [PlacedClause(clause.label, clause.section, raised(clause.text))]) == [
        (clause.label, clause.label, "changed")
    ]


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ("对企业给予1.5万元奖励", "对企业给予15万元奖励", "changed"),
        ("对企业给予10%、20%补助", "对企业给予10%-20%补助", "changed"),
        ("对企业给予5%补助", "对企业给予5‰补助", "changed"),
        ("对企业，给予“一次性”奖励；每家1万元。", "对企业给予一次性奖励,每家 1 万元", "unchanged"),
        ("2025—2027年对企业给予奖励", "2025-2027年对企业给予奖励", "unchanged"),
    ],
)
def test_marks_between_words_are_no_change_and_marks_of_figures_are(was: str, now: str, kind: str) -> None:
    [pair] = pairs_of([PlacedClause("1", "", was)], [PlacedClause("1", "", now)])
    assert pair.kind == kind


def halves(text: str) -> tuple[str, str]:
    """A text cut after the sentence end nearest to its middle."""
    cut = min(
        (match.end() for match in re.finditer("[。；;]", text[:-1])), key=lambda at: abs(at - len(text) / 2)
    )
    return text[:cut], text[cut:]


LONG = [at for at, one in enumerate(SEED) if all(len(half) > 60 for half in halves(one.text + "。"))]


@pytest.mark.parametrize("at", LONG, ids=lambda at: SEED[at].label)
def test_a_clause_that_is_split_and_two_that_are_joined(at: int) -> None:
    one = SEED[at]
    first, second = (PlacedClause("", one.section, half) for half in halves(one.text))
    split = numbered([*SEED[:at], first, second, *SEED[at + 1 :]])
    parts = [pair for pair in pairs_of(SEED, split) if pair.kind is PairKind.SPLIT]
    assert [(pair.old, pair.new) for pair in parts] == [(one, split[at]), (one, split[at + 1])]
    assert sum(pair.continues for pair in parts) == 1
    joined = [pair for pair in pairs_of(split, SEED) if pair.kind is PairKind.JOINED]
    assert [(pair.old, pair.new) for pair in joined] == [(split[at], one), (split[at + 1], one)]
    assert sum(pair.continues for pair in joined) == 1
    rest = {pair.kind for pair in (*pairs_of(SEED, split), *pairs_of(split, SEED))}
    assert rest <= QUIET | {PairKind.SPLIT, PairKind.JOINED}


def test_two_sections_that_change_places_change_no_clause() -> None:
    third = [one for one in SEED if one.section == TITLES[3]]
    fourth = [one for one in SEED if one.section == TITLES[4]]
    at = SEED.index(third[0])
    after = numbered([*SEED[:at], *fourth, *third, *SEED[at + len(third) + len(fourth) :]])
    assert {kind for *_, kind in told(SEED, after)} == {"renumbered"}


def test_a_part_under_another_name_moves_nothing_and_a_clause_in_another_part_does() -> None:
    renamed = [PlacedClause(one.label, one.section.replace("用地", "土地"), one.text) for one in SEED]
    assert told(SEED, renamed) == []
    moved = [PlacedClause("9", TITLES[1], one.text) if one.label == "9" else one for one in SEED]
    assert told(SEED, moved) == [("9", "9", "moved")]


def test_a_person_corrects_a_pair() -> None:
    before = [PlacedClause(str(at), "", SEED[at].text) for at in (1, 2, 3)]
    after = [
        PlacedClause("1", "", SEED[1].text),
        PlacedClause("2", "", SEED[4].text),
        PlacedClause("3", "", SEED[3].text),
    ]
    assert told(before, after) == [("2", "", "gone"), ("", "2", "new")]
    assert told(before, after, Choices({"2": "2"})) == [("2", "2", "changed")]
    assert told(before, after, Choices(endings={"2": "2"})) == [("2", "2", "changed")]
    assert told(before, after, Choices({"1": None}, {"1": None})) == [
        ("1", "", "gone"),
        ("", "1", "new"),
        ("2", "", "gone"),
        ("", "2", "new"),
    ]
    swapped = told(before, after, Choices({"1": "3", "3": "1"}))
    assert ("3", "1", "changed+moved") in swapped
    assert ("1", "3", "changed+moved") in swapped
    assert told(before, after, Choices(endings={"2": "1"})) == [
        ("1", "1", "joined"),
        ("2", "1", "joined"),
        ("", "2", "new"),
    ]
    assert told(before, after, Choices({"2": "1"})) == [
        ("1", "1", "split"),
        ("2", "", "gone"),
        ("1", "2", "split"),
    ]


@examples(60)
@given(
    st.dictionaries(st.integers(0, 8), st.none() | st.integers(0, 8), max_size=6),
    st.dictionaries(st.integers(0, 8), st.none() | st.integers(0, 8), max_size=6),
)
@example({0: 0, 1: 0}, {1: 0})
def test_a_persons_word_holds(origins: dict[int, int | None], endings: dict[int, int | None]) -> None:
    before, after = SEED[:9], numbered(SEED[1:10])

    def named(
        keys: Sequence[PlacedClause], values: Sequence[PlacedClause], chosen: dict[int, int | None]
    ) -> dict[str, str | None]:
        return {
            keys[key].label: None if value is None else values[value].label for key, value in chosen.items()
        }

    choices = Choices(named(after, before, origins), named(before, after, endings))
    pairs = pairs_of(before, after, choices)
    said = {(pair.old.label if pair.old else None, pair.new.label if pair.new else None) for pair in pairs}
    wanted = {(old, new) for new, old in choices.origins.items() if old} | {
        (old, new) for old, new in choices.endings.items() if new
    }
    assert said >= wanted
    for new, old in choices.origins.items():
        if old is None and new not in choices.endings.values():
            assert (None, new) in said
    for ended, into in choices.endings.items():
        if into is None and ended not in choices.origins.values():
            assert (ended, None) in said


@examples(200)
@given(st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.floats(0.01, 2.1), max_size=14))
def test_the_assignment_is_the_best_of_all(scores: dict[tuple[int, int], float]) -> None:
    def worth(pairs: dict[int, int]) -> float:
        return sum(scores.get(pair, 0.0) ** 3 for pair in pairs.items())

    best = max(worth(dict(enumerate(columns))) for columns in itertools.permutations(range(5)))
    found = best_assignment(scores)
    assert set(found.items()) <= set(scores)
    assert len(set(found.values())) == len(found)
    assert worth(found) == pytest.approx(best)


def test_two_alike_clauses_that_became_one_are_joined_by_their_figures() -> None:
    """Each says what the other says but for the level and the sum; the new one has both sums."""
    apart = [
        PlacedClause("6", "", "对新认定的国家级绿色工厂，给予60万元奖励。（区发改局）"),
        PlacedClause("7", "", "对新认定的省级绿色工厂，给予30万元奖励。（区发改局）"),
    ]
    joined = [
        PlacedClause("6", "", "对新认定的国家级、省级绿色工厂，分别给予60万元、30万元奖励。（区发改局）")
    ]
    assert {pair.kind for pair in pairs_of(apart, joined)} == {PairKind.JOINED}
    assert {pair.kind for pair in pairs_of(joined, apart)} == {PairKind.SPLIT}
    dropped = [PlacedClause("6", "", "对新认定的国家级绿色工厂，给予80万元奖励。（区发改局）")]
    assert [pair.kind for pair in pairs_of(apart, dropped)] == [PairKind.CHANGED, PairKind.GONE]
