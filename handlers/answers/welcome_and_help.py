"""Welcome and help: what can be asked here."""

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.menu import Key
from handlers.framework.registry import Command, EventHandler, Turn
from handlers.framework.taps import tap
from policies.library.library import Library

EXAMPLES = ("首台套", "第22条", "工信局有哪些政策")


def titles(library: Library) -> str:
    """What can be asked about: 《…》, or 《…》等3份文件."""
    first = library.default_document
    more = f"等{len(library.documents)}份文件" if len(library.documents) > 1 else ""
    return f"《{first.title}》{more}" if first else "政策文件"


def three_to_try() -> str:
    """Three questions to tap, a line each."""
    return "\n".join(f"· {tap(example)}" for example in EXAMPLES)


async def welcome(turn: Turn, context: Context) -> Answer:
    """What a new follower reads first."""
    library = context.knowledge.index.library
    text = (
        f"您好，欢迎关注。这里可以查{titles(library)}的{len(library.policies)}条政策，"
        f"回答都是条款原文。\n先试试：\n{three_to_try()}\n"
        f"也可以 {tap('订阅')} 所在赛道，申报截止前会提醒您。"
    )
    return Answer.of("subscribe", text)


async def usage(turn: Turn, context: Context) -> Answer:
    """Every way of asking, with an example each."""
    lines = (
        "可以这样问我：",
        f"· 条号：{tap('第22条')}、{tap('第五部分')}",
        f"· 部门：{tap('工信局有哪些政策')}",
        f"· 金额：{tap('最高2000万的政策')}",
        f"· 赛道或关键词：{tap('海水淡化')}、{tap('首台套')}",
        f"· 一句话：{tap('高企首次认定补多少')}",
        f"提醒：{tap('订阅')}、{tap('我的订阅')}、{tap('近期可申报')}",
        f"涉密内容与产品目录：{tap('查询窗口')}；需要人帮忙：{tap('人工')}",
    )
    return Answer.of("help", "\n".join(lines))


COMMANDS = (
    Command("help", usage, words=("帮助", "使用帮助", "菜单", "help", "怎么用", "功能"), menu_key=Key.HELP),
)
EVENTS = (EventHandler("subscribe", welcome),)
