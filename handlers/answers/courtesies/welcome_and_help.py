"""Welcome and help: what can be asked here."""

from pathlib import Path

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.menu import Key
from handlers.framework.registry import Command, EventHandler, Turn
from handlers.framework.taps import tap
from policies.library.library import Library
from policies.search.index import PolicyIndex
from policies.search.words.pattern_files import read_patterns

_SAID = read_patterns(Path(__file__).with_name("courtesies.txt"))


def titles(library: Library) -> str:
    """Say what can be asked about: 《…》, or 《…》等3份文件."""
    first = library.default_document
    if first is None:
        return "政策文件"
    count = len(library.documents)
    return f"《{library.short_names[first.id]}》等{count}份文件" if count > 1 else f"《{first.title}》"


def three_to_try(index: PolicyIndex) -> str:
    """Return three questions to tap, one a line; "" while nothing is published."""
    return "\n".join(f"· {tap(example)}" for example in tried(index))


def tried(index: PolicyIndex) -> tuple[str, ...]:
    """Return the three questions."""
    examples = index.examples
    return tuple(filter(None, (examples.word, examples.clause, examples.department)))


def try_these(index: PolicyIndex, words: str) -> str:
    """Return the questions to tap under some words (先试试：), with a newline at the end; "" while nothing is published."""
    listed = three_to_try(index)
    return f"{words}\n{listed}\n" if listed else ""


async def welcome(turn: Turn, context: Context) -> Answer:
    """Welcome a new follower with the district's own words, or the usual ones, and questions to try."""
    index = context.knowledge.index
    library, texts = index.library, index.district.texts
    if not library.policies:
        return Answer.of(
            "subscribe", f"您好，欢迎关注。政策正在录入，录入后就可以在这里查。有事请回复 {tap('人工')}。"
        )
    usual = "您好，欢迎关注。这里可以查{document}的{clauses}条政策，回答都是条款原文。"
    said = (texts.welcome or usual).format(
        document=titles(library), clauses=len(library.policies), district=texts.district
    )
    wanted = ["最近能申报什么"]
    if context.matching.catalogue.by_clause:
        wanted.append("我们公司能拿什么")
    wanted += [example for example in (index.examples.sentence or index.examples.word,) if example]
    listed = "\n".join(f"· {tap(one)}" for one in wanted)
    follow = f"{tap('订阅')} 所在赛道，申报截止前会提醒您；" if index.tracks.tracks else ""
    ways = f"{follow}需要人帮忙请回复 {tap('人工')}。"
    return Answer.of("subscribe", f"{said}\n想问什么直接说，例如：\n{listed}\n{ways}").offering(wanted)


async def usage(turn: Turn, context: Context) -> Answer:
    """Show every way of asking, with an example for each."""
    index = context.knowledge.index
    examples = index.examples
    ways = (
        ("条号", (examples.clause, examples.section)),
        ("部门", (examples.department,)),
        ("金额", (examples.amount,)),
        ("赛道或关键词" if examples.track else "关键词", (examples.track, examples.word)),
        ("一句话", (examples.sentence,)),
    )
    asked = [f"· {name}：{'、'.join(map(tap, filter(None, shown)))}" for name, shown in ways if any(shown)]
    hidden = "涉密内容与不公开的目录" if index.district.texts.confidential.lists else "涉密内容"
    lines = (
        *(("可以这样问我：", *asked) if asked else ("政策正在录入，录入后就可以在这里查。",)),
        f"提醒：{tap('订阅')}、{tap('我的订阅')}、{tap('近期可申报')}",
        f"{hidden}：{tap('查询窗口')}；需要人帮忙：{tap('人工')}",
    )
    return Answer.of("help", "\n".join(lines))


COMMANDS = (
    Command(
        "help",
        usage,
        words=("帮助", "使用帮助", "菜单", "help", "怎么用", "功能"),
        phrases=_SAID["help"],
        menu_key=Key.HELP,
    ),
)
EVENTS = (EventHandler("subscribe", welcome),)
