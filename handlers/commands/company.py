"""绑定企业, 换绑, 解绑, 我的企业.

A binding is a claim until an operator confirms it. Until then the member sees only what they typed themselves,
nothing about the company or colleagues.
"""

import re
from pathlib import Path

from handlers.commands.company_words import CompanyWords, read_company
from handlers.commands.track_choice import listed, names_of
from handlers.framework import dialogue_timeout
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.last_act import note_other
from handlers.framework.menu import Key
from handlers.framework.phrases import asks
from handlers.framework.registry import Command, Dialogue, Turn
from handlers.framework.taps import tap, taps
from policies.search.decision import Intent
from policies.search.words.pattern_files import read_patterns
from subscriptions.companies.bindings import Binding
from wechat.texts import escape_typed

_SAID = read_patterns(Path(__file__).with_name("commands.txt"))
BIND = "bind_company"
UNBIND = "unbind_company"
MY_COMPANY = "my_company"

_ASK_BOTH = (
    "请发送企业全称和 18 位统一社会信用代码，可以一起发，也可以先发其中一个。\n"
    "例如：某某科技有限公司 91XXXXXXXXXXXXXXXX\n不办理请回复“取消”。"
)
_CODE_ASKED = re.compile(r"代码.{0,6}(?:什么|哪|啥|怎么|多少)|(?:什么|啥|哪里|哪儿|怎么).{0,8}代码")
_AGAIN = ("绑定", "换绑", "更换企业")
_OF_BINDING = re.compile(r"绑|代码|(?:谁|怎么|多久|什么时候).{0,4}确认")
_LONGEST_ASKED = 24
_YES = frozenset({"是", "是的", "确认", "确定", "解绑", "确认解绑", "对", "好", "好的"})


async def bind(turn: Turn, context: Context) -> Answer:
    """Begin a binding. A name or code in the same message is used at once."""
    bound = await _bound(turn, context)
    if bound is not None and not turn.rest and not turn.text.startswith(("换绑", "更换")):
        return await my_company(turn, context)
    dialogue_timeout.begin(turn, context, BIND)
    said = read_company(turn.rest, name_expected=True) if turn.rest else CompanyWords()
    if said.says_something:
        return await _take(turn, context, said)
    return Answer.of(BIND, _ASK_BOTH)


async def complete(turn: Turn, context: Context) -> Answer | None:
    """Take a name or a code for the current binding. Return None for other messages."""
    step = turn.session.step
    if turn.text.startswith(_AGAIN):
        return None  # the command once more, with what follows it
    if _CODE_ASKED.search(turn.text):
        return Answer.of(
            BIND, f"统一社会信用代码是营业执照上的 18 位代码。手边没有可以先不填，回复 {tap('取消')} 即可。"
        )
    expected = bool(step.get("uscc")) and not turn.inbound.by_menu_tap
    said = read_company(turn.text, name_expected=expected and not _is_asked(turn, context))
    if not said.says_something:
        return None
    if dialogue_timeout.is_expired(turn, context):
        turn.session.leave_dialogue()
        return Answer.of(BIND, f"等待时间较长，上次的绑定已结束。请重新开始：{tap('绑定企业')}")
    return await _take(turn, context, said)


_NO_QUESTION = frozenset({Intent.NONE, Intent.MAYBE})


def _is_asked(turn: Turn, context: Context) -> bool:
    """Whether a message that could be a name is a question, because the library knows its subject.

    Clauses that are only offered do not make it a question (海之星科技 shares a word with some).
    """
    return asks(turn.text) or context.knowledge.index.decide(turn.text).intent not in _NO_QUESTION


async def _take(turn: Turn, context: Context, said: CompanyWords) -> Answer:
    step = turn.session.step
    name = said.name or step.get("name", "")
    uscc = said.uscc or step.get("uscc", "")
    dialogue_timeout.begin(turn, context, BIND, name=name, uscc=uscc)
    if said.problem:
        return Answer.of(BIND, f"{escape_typed(said.problem)}\n请核对后重新发送，或回复“取消”。")
    if not uscc:
        return Answer.of(BIND, f"企业：{escape_typed(name)}\n请再发送 18 位统一社会信用代码。")
    if not name:
        return Answer.of(BIND, f"统一社会信用代码：{uscc}\n请再发送企业全称。")
    turn.session.leave_dialogue()
    member_id = await context.members.ensure(turn.inbound.openid)
    binding = await context.members.companies.bind(member_id, uscc, name)
    note_other(turn, "解绑")
    if binding.confirmed:
        return Answer.of(BIND, f"您已绑定这家企业，无需重复办理。\n{_lines(binding)}")
    return Answer.of(
        BIND,
        f"已登记：\n{_lines(binding)}\n工作人员确认后会通知您，并为您加上企业关注的赛道；"
        f"您自己的订阅不受影响。\n{taps('我的订阅', '订阅', '解绑')}",
    )


async def ask_unbind(turn: Turn, context: Context) -> Answer:
    """Ask for confirmation, because an operator would have to confirm a new binding again."""
    bound = await _bound(turn, context)
    if bound is None:
        return Answer.of(UNBIND, f"您还没有绑定企业。需要时可以{tap('绑定企业')}。")
    dialogue_timeout.begin(turn, context, UNBIND)
    return Answer.of(
        UNBIND,
        f"要解除与“{escape_typed(bound.name or bound.uscc)}”的绑定吗？您的订阅会保留。\n"
        f"回复 {tap('确认解绑')} 或 {tap('取消')}。",
    )


async def unbind(turn: Turn, context: Context) -> Answer | None:
    """Unbind after a yes. Return None for other messages."""
    if turn.text.strip("。.") not in _YES:
        return None
    over = dialogue_timeout.is_expired(turn, context)
    turn.session.leave_dialogue()
    if over:
        return Answer.of(UNBIND, f"等待时间较长，没有解除绑定。需要请重新发送：{tap('解绑')}")
    member_id = await context.members.ensure(turn.inbound.openid)
    await context.members.companies.unbind(member_id)
    note_other(turn, "绑定企业")
    return Answer.of(UNBIND, f"已解除绑定，您的订阅没有变化。{taps('我的订阅', '绑定企业')}")


async def my_company(turn: Turn, context: Context) -> Answer:
    """Show the member's company. Tracks and the number of colleagues are shown once the binding is confirmed."""
    bound = await _bound(turn, context)
    if bound is None:
        facts = await _facts_line(turn, context)
        return Answer.of(MY_COMPANY, f"您还没有绑定企业。需要时可以{tap('绑定企业')}。\n{facts}")
    lines = [_lines(bound)]
    if bound.confirmed:
        member_id = await context.members.ensure(turn.inbound.openid)
        colleagues = await context.members.companies.colleagues(member_id)
        tracks = await context.members.companies.tracks(bound.company_id)
        if tracks:
            lines.append(f"企业关注的赛道：{listed(names_of(context), tracks)}")
        lines.append(f"同企业的其他成员：{colleagues or 0} 位")
    lines.append(taps("换绑", "解绑", "我的订阅"))
    lines.append(await _facts_line(turn, context))
    return Answer.of(MY_COMPANY, "\n".join(lines))


async def _facts_line(turn: Turn, context: Context) -> str:
    """Say what is kept of the company's situation, and where to see, change and erase it."""
    kept = await context.profiles.by_openid(turn.inbound.openid)
    if kept is None:
        return f"还没有保存公司情况，可以先看看{tap('我们公司能拿什么')}。"
    whose = "，由企业已确认的成员共用" if kept.shared else ""
    return f"已保存公司情况 {len(kept.facts)} 项{whose}：{taps('公司情况', '修改情况', '删除公司情况')}"


def _lines(binding: Binding) -> str:
    state = "已确认" if binding.confirmed else "待工作人员确认"
    code = f"\n统一社会信用代码：{binding.uscc}" if binding.uscc else ""
    earlier = f"\n如未通过，原来绑定的“{escape_typed(binding.earlier)}”仍然有效。" if binding.earlier else ""
    return f"企业：{escape_typed(binding.name or binding.uscc)}{code}\n状态：{state}{earlier}"


async def _bound(turn: Turn, context: Context) -> Binding | None:
    profile = await context.members.by_openid(turn.inbound.openid)
    return profile.binding if profile else None


def speaks_of_binding(text: str) -> bool:
    """Whether a short message is about being bound to a company."""
    return len(text) <= _LONGEST_ASKED and _OF_BINDING.search(text) is not None


async def about_binding(turn: Turn, context: Context) -> Answer:
    """Answer a question about binding in other words than a command."""
    return Answer.of(
        BIND,
        "绑定后，工作人员确认了会为您加上企业关注的赛道，同一企业的成员可以一起收到提醒；不绑定也能查政策、订阅提醒。"
        f"绑定需要企业全称和统一社会信用代码，随时可以解绑。\n{taps('绑定企业', '我的企业')}",
    )


COMMANDS = (
    Command(
        BIND,
        bind,
        words=("绑定企业", "绑定", "企业绑定", "绑定公司", "换绑", "换绑企业", "更换企业", "怎么绑定企业"),
        phrases=_SAID["bind_company"],
        prefixes=("绑定企业", "绑定公司", "绑定", "换绑企业", "换绑"),
        menu_key=Key.BIND_COMPANY,
    ),
    Command(UNBIND, ask_unbind, words=("解绑", "解除绑定", "解绑企业", "取消绑定", "解绑公司")),
    Command(
        MY_COMPANY,
        my_company,
        words=("我的企业", "我的公司", "查看企业", "查看绑定"),
        phrases=_SAID["my_company"],
    ),
)
DIALOGUES = (Dialogue(BIND, complete), Dialogue(UNBIND, unbind))
