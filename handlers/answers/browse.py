"""Lists to browse from the menu: parts, departments, amounts, tracks."""

from collections.abc import Sequence

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.menu import Key
from handlers.framework.registry import Command, Turn
from handlers.framework.taps import tap
from policies.library.clause_lines import basis_text
from policies.library.library import Library
from policies.numbers.written import in_chinese
from policies.search.structured import section_asked
from wechat.texts import escape_typed

_AMOUNTS = (
    "最高2000万的政策",
    "1000万以上的政策",
    "500万以上的政策",
    "100万以上的政策",
    "30万以上的政策",
    "不设上限的政策",
)
"""Only amounts that some clause states are shown."""
_MOST_AMOUNTS = 5
_MOST_DOCUMENTS = 20
_DOCUMENTS_ASKED = (
    # 你们收录了哪些文件
    r"(?:你们|你|您|这|这里|这边|里面|现在|目前|一共|总共|都){0,4}"
    r"(?:收录|收集|收|登记|录入|能查|可以查|能看|可以看|查得到|有){1,2}(?:了|到)?(?:的)?(?:都)?(?:有|是)?"
    r"(?:哪些|哪几份|哪几个|什么|啥|几份|几个|多少份?|多少个)(?:政策)?"
    r"(?:文件|文档|汇编|红头文件)(?:可以查|可查|能查)?",
    # 所有文件的清单
    r"(?:所有|全部)(?:的)?(?:政策)?文件(?:有)?(?:哪些|列表|清单|目录|列一下)?"
    r"|(?:政策)?文件(?:列表|清单|目录|有哪些|都有哪些|都有啥|都有什么)",
    # 你查的是哪些文件
    r"(?:你|您|你们)?(?:查|回答|答|说)的(?:是|都是)(?:哪些|哪份|哪个|什么|啥)(?:政策)?文件",
)
_NOTHING_YET = "这里还没有发布政策。"


async def sections(turn: Turn, context: Context) -> Answer:
    """List the parts of each document. Those of the default document are asked for by number, the others by title."""
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
    asked = [section_asked(library, one.id, section) for one in library.documents for section in one.sections]
    return _listed("点一个部分看它的条款：", lines).offering(asked)


async def documents(turn: Turn, context: Context) -> Answer:
    """List the documents with their numbers of clauses, and say how to see what is in them."""
    library = context.knowledge.index.library
    lines = [
        f"《{escape_typed(one.title)}》{f'（{escape_typed(one.edition)}）' if one.edition else ''}，{len(one.policies)}条"
        for one in library.documents
        if one.policies
    ]
    if not lines:
        return Answer.of("browse", _NOTHING_YET)
    shown = lines[:_MOST_DOCUMENTS] + ([f"等共 {len(lines)} 份"] if len(lines) > _MOST_DOCUMENTS else [])
    said = f"这里能查的文件{f'，共{len(lines)}份' if len(lines) > 1 else ''}："
    ways = f"各部分的条款看 {tap('目录')}；每条写明的依据文件，看条款时会一起列出。"
    return Answer.of("browse", "\n".join((*_basis_of_shown(turn, library), said, *shown, ways)))


def _basis_of_shown(turn: Turn, library: Library) -> Sequence[str]:
    """Return the basis documents of the clause in focus. 有什么文件 may ask for them."""
    policy = library.get(turn.session.clause) if turn.session.clause else None
    if policy is None or not policy.basis:
        return ()
    return (f"{library.name(policy)}的依据文件：", *map(basis_text, policy.basis), "")


async def departments(turn: Turn, context: Context) -> Answer:
    """List the departments that are responsible for clauses, by level (district, city)."""
    named: dict[str, list[str]] = {}
    index = context.knowledge.index
    for department in (one for one in index.departments if index.of_department(one.name)):
        named.setdefault(department.level, []).append(department.name)
    blocks = ["\n".join((f"【{level}】", *map(tap, names))) for level, names in named.items()]
    listed = _listed("点一个部门看它负责的条款：", blocks, "\n\n")
    return listed.offering(name for names in named.values() for name in names)


async def amounts(turn: Turn, context: Context) -> Answer:
    """List a few amounts to begin with."""
    index = context.knowledge.index
    lines = [tap(amount) for amount in _AMOUNTS if index.decide(amount).clauses]
    listed = _listed("点一个，或直接说金额，例如“奖励300万以上”：", lines[:_MOST_AMOUNTS])
    return listed.offering([one for one in _AMOUNTS if index.decide(one).clauses][:_MOST_AMOUNTS])


async def tracks(turn: Turn, context: Context) -> Answer:
    """List the industry tracks."""
    listed = context.knowledge.index.tracks
    note = "（目录为暂定，以主管部门公布为准）" if listed.provisional else ""
    lines = [tap(track.name) for track in listed.tracks]
    if not lines and context.knowledge.index.library.policies:
        return Answer.of("browse", f"这里的条款不分赛道，各行业都适用。可以看 {tap('目录')}。")
    return _listed(f"点一个赛道看它的条款{note}：", lines).offering(track.name for track in listed.tracks)


def _listed(heading: str, lines: Sequence[str], between: str = "\n") -> Answer:
    return Answer.of("browse", between.join((heading, *lines)) if lines else _NOTHING_YET)


COMMANDS = (
    Command(
        "browse",
        sections,
        words=("目录", "分类", "政策目录", "按部分浏览"),
        menu_key=Key.SECTIONS,
        phrases=(
            r"(?:返回|回到|退回|回|看看?|打开|查看|显示|列出)(?:到)?(?:一下|下)?(?:政策|主)?(?:目录|分类|菜单)",
        ),
    ),
    Command("browse", documents, words=("文件", "所有文件", "文件目录"), phrases=_DOCUMENTS_ASKED),
    Command("browse", departments, words=("部门", "所有部门", "按部门查"), menu_key=Key.DEPARTMENTS),
    Command("browse", amounts, words=("金额", "按金额查")),
    Command(
        "browse", tracks, words=("赛道", "所有赛道", "赛道目录", "按产业查", "按赛道查"), menu_key=Key.TRACKS
    ),
)
