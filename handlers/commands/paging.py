"""下一页 and 上一页: long replies are sent in parts, long lists in pages."""

from dataclasses import replace
from functools import lru_cache

from handlers.framework import list_pages
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.registry import Command, Turn
from handlers.framework.session import Session
from handlers.framework.taps import tap
from policies.search.index import PolicyIndex
from wechat.replies import Text
from wechat.texts import TEXT_LIMIT, cut_to_bytes, fits, size_in_bytes

_MORE = f"（未完，{tap('下一页')}继续）"
_PART_BYTES = TEXT_LIMIT - len(f"\n{_MORE}".encode())
_LONG_KEPT = 500


def parts_of(text: str) -> list[str]:
    """Split a text into messages of at most 2,048 bytes (UTF-8). Each one but the last ends with a link 下一页.

    A paragraph that fits into one message stays whole. A longer one is cut between sentences.
    """
    if fits(text):
        return [text]
    parts: list[str] = []
    for paragraph in text.split("\n\n"):
        joined = f"{parts[-1]}\n\n{paragraph}" if parts else paragraph
        if size_in_bytes(joined) <= _PART_BYTES:
            parts[-1:] = [joined]
        elif size_in_bytes(paragraph) <= _PART_BYTES:
            parts.append(paragraph)
        else:
            parts[-1:] = cut_to_bytes(joined, _PART_BYTES)
    return [f"{part.rstrip()}\n{_MORE}" for part in parts[:-1]] + parts[-1:]


def first_part(answer: Answer, session: Session) -> Answer:
    """Return the part that fits into one message. The session keeps the other parts for 下一页."""
    if answer.reply is None or fits(answer.reply.content):
        return answer
    first, *session.pending = _parts(answer.reply.content)
    return replace(answer, reply=Text(first))


@lru_cache(
    maxsize=_LONG_KEPT
)  # many people get the same text, and cutting it costs more than the rest of an answer
def _parts(text: str) -> tuple[str, ...]:
    return tuple(parts_of(text))


async def next_page(turn: Turn, context: Context) -> Answer:
    """Show the next part of a long reply, or the next page of the list."""
    session = turn.session
    if session.pending:
        part = session.pending.pop(0)
        return Answer.of("page", part)
    return turned(session, context.knowledge.index, by=1)


async def previous_page(turn: Turn, context: Context) -> Answer:
    """Show the previous page of the list."""
    return turned(turn.session, context.knowledge.index, by=-1)


def turned(session: Session, index: PolicyIndex, by: int) -> Answer:
    """Show another page of the list on the screen."""
    pages = list_pages.pages(session, index)
    if not pages:
        example = index.examples.department
        again = f"，例如 {tap(example)}" if example else ""
        return Answer.of("page", f"没有可以翻的内容了。列表在半小时后会收起，请把问题再发一次{again}。")
    if not 0 <= session.page + by < len(pages):
        edge = "已经是最后一页了" if by > 0 else "已经是第一页了"
        return Answer.of("page", f"{edge}。回复条号（如 {session.listing[0]}）可看全文。")
    session.page += by
    page = pages[session.page]
    return replace(Answer.of(session.intent, page.text, page.clause_ids), about=0)


COMMANDS = (
    Command("page", next_page, words=("下一页", "下页", "继续", "更多")),
    Command("page", previous_page, words=("上一页", "上页")),
)
