"""`policybot ask` and `talk`: answers texts from the command line like WeChat messages from a new follower."""

from collections import deque
from collections.abc import AsyncIterator, Iterable
from typing import Any, NamedTuple

from handlers.framework.answer import Answer
from handlers.framework.session import Session
from handlers.order import ORDER
from handlers.router import Router, StepTried, Tried
from policies.library.library import Library
from storage.files.json_text import parse_json
from wechat.push.messages import Inbound


class BatchLineError(Exception):
    """A line of a batch is not a JSON object with `id` and `q`. `number` is the line's number, from 1."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(f"line {number}: {message}")
        self.number = number


async def ask(router: Router, text: str, person: str = "fresh", tried: Tried | None = None) -> Answer:
    """Answer a person who writes for the first time. `person` stands in for the openid; `tried` gets the steps tried."""
    typed = text.encode("utf-8", "ignore").decode()  # a lone surrogate comes by JSON only, never by WeChat
    inbound = Inbound(kind="text", openid=person, account="", sent_at=0, text=typed)
    return await router.respond(inbound, Session(), tried)


async def talk(
    router: Router, lines: Iterable[str], person: str = "fresh", tried: Tried | None = None
) -> AsyncIterator[Answer]:
    """Hold a conversation with one new follower: the welcome, then the answer to each line. Empty lines are skipped.

    `tried` holds the steps in which the last line was tried.
    """
    session = Session()
    followed = Inbound(kind="event", openid=person, account="", sent_at=0, event="subscribe")
    yield await router.respond(followed, session)
    for line in lines:
        if typed := line.strip():
            inbound = Inbound(kind="text", openid=person, account="", sent_at=0, text=typed)
            if tried is not None:
                tried.clear()
            yield await router.respond(inbound, session, tried)


async def ask_batch(router: Router, lines: Iterable[str]) -> AsyncIterator[dict[str, Any]]:
    """Answer the question in each line, in order. Empty lines are skipped.

    Raises:
        BatchLineError: a line cannot be read. The lines before it have been answered.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        question = _question(number, line)
        answer = await ask(router, question["q"], f"fresh-{number}")
        yield {
            "id": question["id"],
            "q": question["q"],
            "intent": answer.intent,
            **clauses_of(answer, router.context.knowledge.index.library),
            "reply": answer.text,
        }


def clauses_of(answer: Answer, library: Library) -> dict[str, list[Any]]:
    """Return the clauses of an answer. `clauses` are labels, as numbers where possible; `refs` also name the document."""
    policies = [policy for key in answer.clause_ids if (policy := library.get(key))]
    return {
        "clauses": [int(one.label) if one.label.isdecimal() else one.label for one in policies],
        "refs": [f"{one.document}/{library.reference(one)}" for one in policies],
    }


class StepTaken(NamedTuple):
    """What became of a step of `handlers.order`; `step` is "" for a part that was passed over."""

    part: str
    step: str
    became: str


def steps_taken(tried: Tried) -> list[StepTaken]:
    """Tell the walk of an answered message. The last step answered it."""
    left, taken = deque(tried), list[StepTaken]()
    for part in ORDER:
        if not left:
            return taken
        if left[0].part is not part and not any(one.part == part.name and one.step for one in taken):
            taken.append(StepTaken(part.name, "", f"only if {part.when.words}"))
        while left and left[0].part is part:
            taken.append(_became(left.popleft(), answers=not left))
    return taken


def _became(tried: StepTried, *, answers: bool) -> StepTaken:
    step = tried.step
    became = "only reads" if step.reads_only else "declined"
    if tried.answer is not None:
        became = f"answers: {step.says}" if answers else "its doubtful answer is kept"
    return StepTaken(tried.part.name, step.name, became)


def _question(number: int, line: str) -> dict[str, Any]:
    try:
        question = parse_json(line)
    except ValueError as error:
        raise BatchLineError(number, str(error)) from None
    if not isinstance(question, dict) or "id" not in question or not isinstance(question.get("q"), str):
        raise BatchLineError(number, 'an object with "id" and "q" is expected')
    return question
