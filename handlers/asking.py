"""A question from the command line, by the road a WeChat message from a fresh user takes."""

import json
from collections.abc import AsyncIterator, Iterable
from typing import Any

from handlers.framework.answer import Answer
from handlers.framework.session import Session
from handlers.router import Router
from wechat.push.messages import Inbound


class BatchLineError(Exception):
    """A line of a batch is not an object with `id` and `q`; `number` counts from 1."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(f"line {number}: {message}")
        self.number = number


async def ask(router: Router, text: str, person: str = "fresh") -> Answer:
    """What a person who has never written before would be answered; `person` stands for the openid."""
    typed = text.encode("utf-8", "ignore").decode()  # a lone surrogate comes by JSON only, never by WeChat
    inbound = Inbound(kind="text", openid=person, account="", sent_at=0, text=typed)
    return await router.respond(inbound, Session())


async def ask_batch(router: Router, lines: Iterable[str]) -> AsyncIterator[dict[str, Any]]:
    """Answer each line's question, in order; empty lines are passed over.

    Raises:
        BatchLineError: a line can't be read; the lines before it have been answered.
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
            "clauses": list(answer.clause_ids),
            "reply": answer.text,
        }


def _question(number: int, line: str) -> dict[str, Any]:
    try:
        question = json.loads(line)
    except ValueError as error:
        raise BatchLineError(number, f"not valid JSON: {error}") from None
    if not isinstance(question, dict) or "id" not in question or not isinstance(question.get("q"), str):
        raise BatchLineError(number, 'an object with "id" and "q" is expected')
    return question
