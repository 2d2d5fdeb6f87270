"""Lists to browse from the menu: parts, departments, amounts, tracks."""

from collections.abc import Sequence

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.menu import Key
from handlers.framework.registry import Command, Turn
from handlers.framework.taps import tap
from policies.search.reading.numerals import in_chinese
from policies.search.structured import section_asked

_AMOUNTS = (
    "最高2000万的政策",
    "1000万以上的政策",
    "500万以上的政策",
    "100万以上的政策",
    "30万以上的政策",
    "不设上限的政策",
)
"""Those for which there are clauses are shown."""
_MOST_AMOUNTS = 5
_NOTHING_YET = "这里还没有发布政策。"


async def sections(turn: Turn, context: Context) -> Answer:
    """The parts of each document; those of the default one are asked for by number, the others by title."""
    library = context.knowledge.index.library
    lines: list[str] = []
    for document in library.documents:
        lines += filter(None, [library.document_name(document.id)])
        lines += [
            tap(
                f"{in_chinese(section.number)}、{section.title}", section_asked(library, document.id, section)
            )
            for section in document.sections
        ]
    return _listed("点一个部分看它的条款：", lines)


async def departments(turn: Turn, context: Context) -> Answer:
    """The departments that are responsible for clauses, by level (district, city)."""
    levels: dict[str, list[str]] = {}
    index = context.knowledge.index
    for department in (one for one in index.departments if index.of_department(one.name)):
        levels.setdefault(department.level, []).append(tap(department.name))
    blocks = ["\n".join((f"【{level}】", *names)) for level, names in levels.items()]
    return _listed("点一个部门看它负责的条款：", blocks, "\n\n")


async def amounts(turn: Turn, context: Context) -> Answer:
    """A few amounts to begin with."""
    index = context.knowledge.index
    lines = [tap(amount) for amount in _AMOUNTS if index.decide(amount).clauses]
    return _listed("点一个，或直接说金额，例如“奖励300万以上”：", lines[:_MOST_AMOUNTS])


async def tracks(turn: Turn, context: Context) -> Answer:
    """The industry tracks."""
    listed = context.knowledge.index.tracks
    note = "（目录为暂定，以主管部门公布为准）" if listed.provisional else ""
    lines = [tap(track.name) for track in listed.tracks]
    if not lines and context.knowledge.index.library.policies:
        return Answer.of("browse", f"这里的条款不分赛道，各行业都适用。可以看 {tap('目录')}。")
    return _listed(f"点一个赛道看它的条款{note}：", lines)


def _listed(heading: str, lines: Sequence[str], between: str = "\n") -> Answer:
    return Answer.of("browse", between.join((heading, *lines)) if lines else _NOTHING_YET)


COMMANDS = (
    Command("browse", sections, words=("目录", "分类", "政策目录", "按部分浏览"), menu_key=Key.SECTIONS),
    Command("browse", departments, words=("部门", "所有部门", "按部门查"), menu_key=Key.DEPARTMENTS),
    Command("browse", amounts, words=("金额", "按金额查")),
    Command(
        "browse", tracks, words=("赛道", "所有赛道", "赛道目录", "按产业查", "按赛道查"), menu_key=Key.TRACKS
    ),
)
