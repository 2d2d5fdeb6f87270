"""The answer to a question that is out of scope: no clause of the library matches it.

`policies/search/scope.py` decides this: `Decision.intent` is then `Intent.NONE`. The question is recorded
(`gap`), so that operators can teach words or add clauses.
"""

from dataclasses import replace

from handlers.answers.courtesies.small_talk import greet
from handlers.answers.courtesies.welcome_and_help import titles, tried, try_these
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.taps import tap
from policies.search.deciding import LINK, PLACEHOLDER
from policies.search.decision import Decision, Intent
from policies.search.index import PolicyIndex
from policies.search.words.normalise import compact, make_simplifier, normalise


def answer(decision: Decision, text: str, edition: Edition) -> Answer:
    """Say that nothing matches, and offer three examples and 人工.

    A text of only emoji and marks is answered with a greeting. A clause number that does not exist is not
    recorded as a gap.
    """
    if not compact(normalise(text, make_simplifier())):
        return replace(greet(edition.index), asked=False)
    library = edition.index.library
    if decision.reasons and decision.reasons[0].stage in {PLACEHOLDER, LINK}:
        return replace(_nothing_to_read(decision.reasons[0].stage), asked=False)
    if not library.policies:
        said = f"这里还没有发布政策，问题已记下。需要人帮忙请回复 {tap('人工')}。"
        return replace(Answer.of(Intent.NONE, said), gap=True)
    if decision.reasons and decision.reasons[-1].stage in {"number", "section"}:
        return replace(_no_such_number(edition.index), asked=False)
    said = (
        f"{titles(library)}里没有找到与此对应的条款，问题已记下。\n"
        f"{try_these(edition.index, '可以换个说法，或试试：')}"
        f"需要人帮忙请回复 {tap('人工')}；以后有对应的政策想收到提醒，点 {tap('有新的就告诉我')}。"
    )
    return replace(Answer.of(Intent.NONE, said), gap=True).offering(tried(edition.index))


def _nothing_to_read(stage: str) -> Answer:
    """Answer a message that WeChat could not show, or a bare address. It asks nothing."""
    if stage == LINK:
        said = "链接我打不开，麻烦把想了解的内容用文字发给我。"
    else:
        said = "这条消息的内容我没有收到，麻烦用文字说说想了解的政策。"
    return Answer.of(Intent.NONE, said)


def _no_such_number(index: PolicyIndex) -> Answer:
    library = index.library
    document = library.default_document
    known = ""
    if document and document.policies:
        first, last = (library.name(document.policies[at]) for at in (0, -1))
        known = f"条款编号是{first}到{last}，分{len(document.sections)}个部分。"
    example = f"，例如 {tap(index.examples.word)}" if index.examples.word else ""
    text = f"没有这一条。{known}\n可以看 {tap('目录')}，或直接说想了解的事{example}。"
    return Answer.of(Intent.NONE, text)
