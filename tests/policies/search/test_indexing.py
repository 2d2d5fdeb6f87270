"""An index that follows another reads only what changed, and answers as one that read everything."""

import gc
import weakref
from collections.abc import Iterable

import pytest

from policies.district.models import District
from policies.library.library import Library
from policies.library.models import Policy
from policies.search.index import PolicyIndex
from policies.search.indexing import Taught
from policies.search.known.prototypes import Prototype
from policies.search.words.language import load_language

QUESTIONS = (
    "人才补贴",
    "技改怎么补",
    "第22条",
    "海水淡化最高多少",
    "量子纠缠芯片首次量产",
    "老字号",
    "500万以上的",
    "区财政局",
)


def edited(library: Library, dropped: Iterable[int], changed: Iterable[int], *, turned: bool) -> Library:
    """The library without some clauses, with other words in some, with its last clauses first."""
    document = library.documents[0]
    gone, changes = set(dropped), set(changed)
    policies = [policy for policy in document.policies if policy.key not in gone]
    policies = [_with_new_words(policy) if policy.key in changes else policy for policy in policies]
    if turned:
        policies = [*policies[20:], *policies[:20]]
    return Library.of([document.model_copy(update={"policies": tuple(policies)})])


def _with_new_words(policy: Policy) -> Policy:
    text = f"{policy.text}对量子纠缠芯片首次量产的企业同样支持。"
    return policy.model_copy(update={"title": "量子纠缠芯片", "text": text})


def postings_in(index: PolicyIndex) -> dict[str, dict[str, list[int]]]:
    held = index._finder._ranker._postings  # all that ranking reads
    parts = {"rows": held._rows, "strengths": held._strengths, "pairs": held._pairs}
    return {name: {term: list(rows) for term, rows in part.items()} for name, part in parts.items()}


@pytest.mark.parametrize(
    ("dropped", "changed", "turned", "taught"),
    [({12}, {7, 49}, False, False), ({1, 49}, {20}, True, True)],
)
def test_an_index_after_another_is_the_one_that_reads_everything(
    library: Library,
    district: District,
    dropped: set[int],
    changed: set[int],
    turned: bool,
    taught: bool,
) -> None:
    words = [Taught(7, "鲲鹏工程")] if taught else []
    asked = [Prototype("鲲鹏怎么补", 9)] if taught else []
    before = PolicyIndex.build(library, district)
    now = edited(library, dropped, changed, turned=turned)
    after = PolicyIndex.build(now, district, words, prototypes=asked, before=before)
    data = load_language()  # `build` would give the index that is in use
    afresh = PolicyIndex(now, district, words, prototypes=asked, data=data, before=None)
    assert postings_in(after) == postings_in(afresh)
    assert [after.decide(one) for one in QUESTIONS] == [afresh.decide(one) for one in QUESTIONS]


def test_an_index_that_is_replaced_goes_without_the_garbage_collector(
    library: Library, district: District
) -> None:
    """What is built beside the collector is freed by its last reference, or never."""
    index = PolicyIndex(library, district, (), prototypes=(), data=load_language(), before=None)
    index.decide("人才补贴")
    gone = [weakref.ref(index), weakref.ref(index._finder), weakref.ref(index._decider._reader.vocabulary)]
    gc.disable()
    try:
        del index
        assert [one() for one in gone] == [None, None, None]
    finally:
        gc.enable()
