"""A long reply leaves in parts that WeChat takes, and nothing of it is lost."""

import re

from handlers.commands.paging import first_part, parts_of
from handlers.framework.answer import Answer
from handlers.framework.session import Session
from handlers.framework.taps import tap
from tests.kit.properties import given, st

SENTENCES = st.lists(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="<>"), max_size=300
    ).map(lambda text: text + "。"),
    max_size=40,
)
MORE = re.compile(r"\n（未完，<a [^>]+>下一页</a>继续）$")


@given(
    sentences=SENTENCES,
    taps=st.lists(st.integers(1, 49), max_size=30),
    gap=st.sampled_from(["", "\n", "\n\n"]),
)
def test_every_part_fits_and_together_they_are_the_reply(
    sentences: list[str], taps: list[int], gap: str
) -> None:
    links = "\n".join(tap(f"第{number}条", str(number)) for number in taps)
    text = gap.join(sentences) + "\n\n" + links
    parts = parts_of(text)
    assert all(len(part.encode()) <= 2048 for part in parts)
    shown = [MORE.sub("", part) for part in parts]
    assert "".join("".join(shown).split()) == "".join(text.split())
    for part in shown:
        assert part.count("<a ") == part.count("</a>"), "a link is cut"


def test_a_part_ends_at_a_sentence() -> None:
    text = "对符合条件的企业给予奖补，单个企业最高奖补500万元。" * 60
    parts = parts_of(text)
    assert len(parts) > 1
    assert all(MORE.sub("", part).endswith("。") for part in parts)


def test_what_does_not_fit_waits_in_the_session_for_the_next_page() -> None:
    session = Session()
    answer = first_part(Answer.of("clause", "条款原文。" * 300, (22,)), session)
    assert answer.clause_ids == (22,)
    assert "下一页" in answer.text
    assert session.pending


def test_a_short_reply_leaves_the_session_alone() -> None:
    session = Session(pending=["上一条回答的后半"])
    assert first_part(Answer.of("clause", "短"), session).text == "短"
    assert session.pending == ["上一条回答的后半"]
